import { describe, expect, it } from 'vitest';
import type { Missed } from '../../people/missed/index.ts';
import { missedLines } from './missed.ts';

const nothing: Missed = { isNew: false, entries: 12_345, since: null, found: new Map(), done: new Map(), policies: new Map() };
const policies = new Map([['WA', { version: 4, hash: 'ab'.repeat(32), effective: '2026-02-01' }], ['OR', { version: 2, hash: 'cd'.repeat(32), effective: '2026-02-01' }]]);

describe('what a start says of a database that is not the one of its ledger', () => {
  it('says nothing where nothing was missed', () => {
    expect(missedLines(nothing, new Map())).toEqual([]);
  });

  it('says of a lost one what comes back, what does not, and what to do first', () => {
    const text = missedLines({ ...nothing, isNew: true, since: '2026-03-01T10:00:00.000Z', found: new Map([['accountMade', 3], ['policyActivated', 6]]), policies }, new Map([['OR', 2]])).join('\n');
    for (const part of ['NEW', '12,345', '3 accounts made', 'WA version 4 (abababababababab)', 'weir registry import', 'weir person add', 'docs/operations.md']) expect(text).toContain(part);
    expect(text).not.toContain('OR version');
  });

  it('says of an older one since when, what was done again and what to look at', () => {
    const text = missedLines({ ...nothing, since: '2026-03-01T10:00:00.000Z', found: new Map([['leaverRemoved', 1], ['roleGiven', 1]]), done: new Map([['leaverRemoved', 1], ['accountIdle', 1]]) }, new Map()).join('\n');
    for (const part of ['OLDER', '2026-03-01T10:00:00.000Z', '2 accounts disabled', '1 role given', 'weir acts search created:2026-03-01..']) expect(text).toContain(part);
  });

  it('says nothing of acts that came to nothing', () => {
    expect(missedLines({ ...nothing, since: '2026-03-01T10:00:00.000Z', found: new Map([['screenLocked', 1]]) }, new Map())).toEqual([]);
  });
});
