import type { NotifyDuty } from '../../model/index.ts';
import type { PolicyTable } from '../../policy/index.ts';
import type { ClassPair } from '../../proof/differencePairs.ts';
import type { RefinedSpace } from '../../proof/refined.ts';
import { allDataClasses, type DataClass } from '../../vocabulary/index.ts';
import type { Leaning } from './leaning.ts';

/**
 * Whether somebody is told less, or later, of any request: compared for a request for each single class, which is exact, because the duties
 * of a request for several are those of its classes together.
 */
export function judgeDuties(before: PolicyTable, after: PolicyTable, refined: RefinedSpace, pairs: readonly ClassPair[]): Leaning {
  const seen = new Set<string>();
  let [fewer, more] = [false, false];
  for (const pair of pairs) {
    const key = `${pair.before ?? '-'} ${pair.after ?? '-'}`;
    if (seen.has(key)) continue;
    seen.add(key);
    for (let cell = 0; cell < refined.space.size && !(fewer && more); cell += 1) {
      if (refined.weight[cell] === 0) continue;
      for (const dataClass of allDataClasses) {
        const was = dutiesIn(before, pair.before, refined.before[cell] ?? 0, dataClass);
        const is = dutiesIn(after, pair.after, refined.after[cell] ?? 0, dataClass);
        fewer ||= !was.every((one) => kept(one, is));
        more ||= !is.every((one) => kept(one, was));
      }
    }
  }
  return { widens: fewer ? ['somebody is no longer told of some requests, or is told later'] : [], narrows: more ? ['somebody is told of requests that nobody was told of, or sooner'] : [] };
}

function dutiesIn(table: PolicyTable, agencyClass: number | null, cell: number, dataClass: DataClass): readonly NotifyDuty[] {
  return agencyClass === null ? [] : table.dutiesOf(agencyClass, cell, [dataClass]);
}

/** The same are told, no later. */
function kept({ who, withinSeconds }: NotifyDuty, duties: readonly NotifyDuty[]): boolean {
  return duties.some((one) => one.who === who && one.withinSeconds <= withinSeconds);
}
