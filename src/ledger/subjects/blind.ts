import { createHmac } from 'node:crypto';
import type { Entry, Subject } from '../../model/index.ts';

/** What the index needs of the keys. */
export interface SubjectKeys {
  /** 64 hexadecimal digits, equal for equal subjects of one owner. */
  tag(owner: string, subject: Subject): string;
  /** HMAC-SHA-256 under the owner's tag key of `weir-epoch/v1` LF DAY: 32 bytes. */
  epochKey(owner: string, day: string): Buffer;
}

/** Blinds tags for one day: HMAC-SHA-256 under the epoch's key, over the tag's 64 hexadecimal digits as ASCII. 32 bytes. */
export function blinder(epochKey: Buffer): (tag: string) => Buffer {
  return (tag) => createHmac('sha256', epochKey).update(tag, 'latin1').digest();
}

/** The tags under which an entry is found, each once. */
export function tagsOf(entry: Entry): readonly string[] {
  if (entry.type !== 'decision' && entry.type !== 'verdict') return [];
  if (entry.recordTags.length === 0) return entry.subjectTag === null ? [] : [entry.subjectTag];
  return [...new Set(entry.subjectTag === null ? entry.recordTags : [entry.subjectTag, ...entry.recordTags])];
}
