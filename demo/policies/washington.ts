import { fromTemplate } from './fromTemplate.ts';

/** The 2019 act, the block of ICE by name of November 2025, and access of border agencies bound to border work, as asked for since. */
export const washington = (): string => fromTemplate('washington-border', 'WA');
