import type { RequesterAttributes } from '../../src/vocabulary/index.ts';
import type { RegistryContent } from '../../src/registry/model.ts';
import { hashContent } from '../../src/registry/hash.ts';
import { createSnapshot, type ContentSnapshot } from '../../src/registry/snapshot.ts';
import { inventNetwork } from '../network.ts';
import { columnsOf, type AskerColumns } from './askerColumns.ts';
import { askersOf, type Asker } from './askers.ts';
import { allHabits, type Habits } from './habits.ts';
import type { YearPlan } from './plan.ts';
import { hourWeights, shiftsOf } from './rhythm.ts';

const day = 86_400_000;

/** All that the years of the owners share: the network, who asks and how, and when. One for each thread. */
export interface Ground {
  readonly plan: YearPlan;
  readonly registry: ContentSnapshot;
  readonly askers: readonly Asker[];
  readonly columns: AskerColumns;
  readonly habits: Habits;
  readonly weights: readonly (readonly Float64Array[])[];
  /** Of each day of the year (from 0): the askers whose attributes may be others from that day on. */
  readonly turns: ReadonlyMap<number, readonly number[]>;
  /** For whom a dispatch centre may ask, by place of the asker. */
  readonly principals: ReadonlyMap<number, Int32Array>;
  /** Of each zone and hour of the year: which of three shifts of eight hours is on. */
  readonly shifts: readonly Uint8Array[];
  /** The attributes of all askers towards an owner on the first day. */
  known(owner: string): readonly RequesterAttributes[];
}

/** Makes the ground of a year: the network of `plan.seed` and `plan.agencies`, as registry version 1. About a second. */
export function groundOf(plan: YearPlan): Ground {
  const content = inventNetwork({ seed: plan.seed, agencies: plan.agencies });
  const registry = createSnapshot(content, 1, hashContent(content));
  const askers = askersOf(content, plan);
  const [from = 0, to = 0] = [plan.months[0], plan.months.at(-1)];
  const named = new Set<string>(content.certifications.map(({ owner }) => owner));
  let towardsOthers: readonly RequesterAttributes[] | null = null;
  const knownTo = (owner: string): readonly RequesterAttributes[] => [...new Set(askers.map(({ ori }) => attributesAt(registry, ori, owner, from)))];
  return {
    plan, registry, askers, columns: columnsOf(askers), habits: allHabits(), weights: hourWeights(from, to), turns: turnsOf(content, registry, askers, from, to), principals: principalsOf(content, askers), shifts: shiftsOf(from, to),
    known: (owner) => (named.has(owner) ? knownTo(owner) : (towardsOthers ??= knownTo(owner))),
  };
}

/** The attributes of an asker towards an owner, as the registry derives them. */
export function attributesAt(registry: ContentSnapshot, ori: string, owner: string, at: number): RequesterAttributes {
  const requester = registry.requester(ori);
  if (requester === null) throw new RangeError(`the network has no ORI ${ori}`);
  return requester.attributes(owner, new Date(at));
}

/** On which days something begins or has ended for an asker: for its organisation, or for one above it. */
function turnsOf(content: RegistryContent, registry: ContentSnapshot, askers: readonly Asker[], from: number, to: number): ReadonlyMap<number, readonly number[]> {
  const days = new Map<string, Set<number>>();
  const note = (organisation: string, since: string, until: string | null): void => {
    for (const at of [Date.parse(since), until === null ? NaN : Date.parse(until) + day]) {
      if (!(at > from && at < to)) continue;
      const known = days.get(organisation) ?? new Set();
      days.set(organisation, known.add((at - from) / day));
    }
  };
  for (const edge of content.affiliations) for (const end of [edge.from, edge.to]) note(end, edge.since, edge.until);
  for (const row of content.certifications) note(row.organisation, row.since, row.until);
  const turns = new Map<number, number[]>();
  for (const asker of askers) {
    const seen = new Set<number>();
    for (let next: string | null = asker.organisation; next !== null; next = registry.index.organisations.get(next)?.parent ?? null) for (const one of days.get(next) ?? []) seen.add(one);
    for (const one of seen) turns.set(one, [...(turns.get(one) ?? []), asker.index]);
  }
  return turns;
}

function principalsOf(content: RegistryContent, askers: readonly Asker[]): ReadonlyMap<number, Int32Array> {
  const places = new Map(askers.map(({ organisation, index }) => [organisation, index]));
  const found = new Map<number, number[]>();
  for (const { kind, from, to } of content.affiliations) {
    const [principal, servant] = [places.get(from), places.get(to)];
    if (kind === 'delegation' && principal !== undefined && servant !== undefined) found.set(servant, [...(found.get(servant) ?? []), principal]);
  }
  return new Map([...found].map(([servant, list]) => [servant, Int32Array.from(list)]));
}
