export { openJournal } from './journal.ts';
export type { FileJournal, JournalOptions, JournalState } from './journal.ts';
export { readEntries } from './read.ts';
export type { StoredEntry } from './read.ts';
export { verifyJournal } from './verify.ts';
export type { JournalReport } from './verify.ts';
export type { Damage, TornTail } from './check.ts';
export type { JournalFs } from './files.ts';
