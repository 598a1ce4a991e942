export { missedAccounts } from './accounts.ts';
export { takeOverMissed, wordOf, type Missed, type MissedApplier, type MissedEntry } from './missed.ts';
export { missedPapers } from './papers.ts';
