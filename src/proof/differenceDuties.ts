import { allDataClasses } from '../vocabulary/index.ts';
import type { PolicyTable } from '../policy/index.ts';
import type { ClassPair } from './differencePairs.ts';
import type { RefinedSpace } from './refined.ts';
import type { ProofBasis } from './types.ts';

/** Organisations some of whose requests now give rise to a notice that they did not, or no longer do. */
export interface DutyChange {
  readonly more: number;
  readonly fewer: number;
}

/** Compares whom a request for everything gives notice to, and how soon, in every context. */
export function dutyChanges({ table: before, document: old }: ProofBasis, { table: after, document: now }: ProofBasis, refined: RefinedSpace, pairs: readonly ClassPair[]): DutyChange {
  if (old.notify.length === 0 && now.notify.length === 0) return { more: 0, fewer: 0 };
  const compared = new Map<string, { more: boolean; fewer: boolean }>();
  let [more, fewer] = [0, 0];
  for (const pair of pairs) {
    const key = `${pair.before ?? '-'} ${pair.after ?? '-'}`;
    let found = compared.get(key);
    if (found === undefined) compared.set(key, (found = comparePair(before, after, refined, pair)));
    if (found.more) more += pair.count;
    if (found.fewer) fewer += pair.count;
  }
  return { more, fewer };
}

function comparePair(before: PolicyTable, after: PolicyTable, refined: RefinedSpace, pair: ClassPair): { more: boolean; fewer: boolean } {
  const found = { more: false, fewer: false };
  for (let cell = 0; cell < refined.space.size && !(found.more && found.fewer); cell += 1) {
    if (refined.weight[cell] === 0) continue;
    const was = dutiesIn(before, pair.before, refined.before[cell] ?? 0);
    const is = dutiesIn(after, pair.after, refined.after[cell] ?? 0);
    found.more ||= is.some((one) => !was.includes(one));
    found.fewer ||= was.some((one) => !is.includes(one));
  }
  return found;
}

function dutiesIn(table: PolicyTable, agencyClass: number | null, cell: number): readonly string[] {
  return agencyClass === null ? [] : table.dutiesOf(agencyClass, cell, allDataClasses).map(({ who, withinSeconds }) => `${who} ${withinSeconds}`);
}
