/** What an office does, so far as its queries show it. */
export type Work = 'patrol' | 'dispatch' | 'investigation' | 'court' | 'jail' | 'licensing' | 'ero' | 'hsi' | 'port' | 'borderPatrol' | 'federal' | 'federalCourt';

/** Whose total an asker's queries count in. */
export type Group = 'local' | 'ero' | 'hsi' | 'cbp' | 'federal';
export const groups: readonly Group[] = ['local', 'ero', 'hsi', 'cbp', 'federal'];
