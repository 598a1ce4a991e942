export { fsck } from './fsck.ts';
export type { Finding, FindingKind, FsckOptions, FsckReport, LogReport, Remark } from './types.ts';
