export { missedAccounts } from './accounts.ts';
export { takeOverMissed, wordOf, type Missed, type MissedApplier, type MissedEntry, type MissedPolicy } from './missed.ts';
export { missedPapers } from './papers.ts';
