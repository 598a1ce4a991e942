import { canonicalJson, sha256 } from './canonical.ts';
import type { Aggregate, Approval } from './types.ts';

/** An invented release, in which what must be hidden is hidden. For tests. */
export const sampleAggregate: Aggregate = {
  weirAggregate: 1, owner: 'WA', ownerName: 'Washington', version: 1, period: { from: '2026-10-01', to: '2026-11-01', text: '2026-10' }, timeZone: 'UTC',
  preparedAt: '2026-11-20T10:00:00.000Z', preparedBy: 'Privacy office', engine: '0.1.0', threshold: 10, dataset: { name: 'year', kind: 'invented', label: 'an invented year', lacks: [] },
  newest: '2026-10-31', archivedTo: 4711, earlier: [], corrects: null,
  axes: {
    groups: [{ id: 'immigration', words: 'Immigration and Customs Enforcement (ICE, with HSI)' }, { id: 'ownState', words: 'agencies of this state' }, { id: 'tribal', words: 'tribal agencies' }],
    columns: {
      requests: [{ id: 'answered', words: 'answered in full' }, { id: 'answeredInPart', words: 'answered in part' }, { id: 'held', words: 'held for a person to decide' }, { id: 'refused', words: 'refused' }],
      purposes: [{ id: 'trafficEnforcement', words: 'a traffic stop, crash or citation' }, { id: 'notStated', words: 'the request does not say why it is made' }],
      released: [{ id: 'photo', words: 'photo' }], holds: [],
    },
  },
  tables: [
    { id: 'requests', span: '2026-10', cells: [[{ hidden: 'protects' }, 0, { hidden: 'small' }, 300], [{ hidden: 'protects' }, 200, { hidden: 'protects' }, 40], [0, 0, 0, 0]], rowTotals: [400, 12_400, 0], columnTotals: [12_090, 200, 170, 340], total: 12_800 },
    { id: 'purposes', span: '2026-10', cells: [[100, 300], [400, 12_000], [0, 0]], rowTotals: [400, 12_400, 0], columnTotals: [500, 12_300], total: 12_800 },
    { id: 'released', span: '2026-10', cells: [[50], [6_000], [0]], rowTotals: null, columnTotals: [6_050], total: null },
    { id: 'holds', span: '2026-10', cells: [[], [], []], rowTotals: [{ hidden: 'small' }, { hidden: 'protects' }, 0], columnTotals: [], total: 170 },
  ],
  leftOut: [{ table: 'holds', span: '2026-09', why: 'the log does not say what was held' }],
  policy: { version: 3, hash: 'a'.repeat(64), since: '2026-03-01T00:00:00Z', rules: [{ id: 'WA-1', sentence: 'Refuse <photo> to "anyone" & all.', cites: ['RCW 1.2.3'] }] },
  changes: [{ at: '2026-10-12T00:00:00.000Z', version: 3, hash: 'a'.repeat(64) }], checkpoints: [{ log: 'wa', origin: 'example.org/wa', size: 4711, root: 'AAAA' }],
  review: 'Not yet: this log holds no verdicts of reviewers.', gaps: ['Only requests through this log are counted.'], licence: { name: 'CC0-1.0', title: 'CC0', path: 'https://creativecommons.org/publicdomain/zero/1.0/' },
};

export function sampleApproval(aggregate: Aggregate, changes: Partial<Approval> = {}): Approval {
  return { weirApproval: 1, owner: aggregate.owner, version: aggregate.version, aggregate: sha256(canonicalJson(aggregate)), by: 'Office of the CIO', at: '2026-11-21T10:00:00.000Z', recorded: { log: 'anchor', index: 7 }, ...changes };
}

/** The release after this one, about another month. */
export function followingSample(before: Aggregate, changes: Partial<Aggregate> = {}): Aggregate {
  const span = '2026-11';
  return {
    ...before, version: before.version + 1, period: { from: '2026-11-01', to: '2026-12-01', text: span }, earlier: [...before.earlier, { version: before.version, hash: sha256(canonicalJson(before)) }],
    tables: before.tables.map((table) => ({ ...table, span })), ...changes,
  };
}
