import { verdicts } from '../../model/index.ts';
import { deciders } from '../archive/types.ts';

/** The word of an entry that has none: an empty list, no version, no verdict needed. And the one where the log does not say. */
export const none = 'none';
export const notRecorded = 'notRecorded';

/** The word of a request that is held and has no verdict on file. */
export const undecided = 'undecided';

/** How a request ended that was held. `none`: it was not. */
export const verdictWords: readonly string[] = [none, undecided, ...verdicts];
export const deciderWords: readonly string[] = [none, undecided, ...deciders];

const minute = 60_000;
/** By the time from the request to the verdict: shorter than so many milliseconds. */
export const bands: readonly (readonly [word: string, below: number])[] = [
  ['under15Minutes', 15 * minute], ['under1Hour', 60 * minute], ['under4Hours', 240 * minute], ['under1Day', 1_440 * minute], ['under3Days', 4_320 * minute], ['over3Days', Infinity],
];
export const reviewTimeWords: readonly string[] = [none, undecided, ...bands.map(([word]) => word)];

/** The word of a time. */
export function reviewTimeOf(milliseconds: number): string {
  return bands.find(([, below]) => milliseconds < below)?.[0] ?? 'over3Days';
}
