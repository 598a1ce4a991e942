import type { ContextWord, OwnerWriter } from '../../src/insight/archive/types.ts';
import { allJurisdictions, type Jurisdiction, type RequesterAttributes } from '../../src/vocabulary/index.ts';
import { factsOf } from '../jurisdictions.ts';
import type { AskerColumns } from './askerColumns.ts';
import type { Asker } from './askers.ts';
import { groups, type Group } from './works.ts';
import { attributesAt, type Ground } from './ground.ts';
import { closeness, areNeighbours } from './neighbours.ts';
import { ownerKey } from './persons.ts';
import { plant, type Planted } from './planted.ts';
import type { OwnerTotals } from './plan.ts';
import { policiesOf, type YearPolicy } from './policies.ts';
import { strataOf, type Stratum } from './strata.ts';
import { judgeOf, type Judge } from './verdicts.ts';

const hour = 3_600_000;

/** One owner's year, worked out but not written: who asks when, what is planted, and how it is decided. */
export interface OwnerYear {
  readonly owner: Jurisdiction;
  readonly totals: OwnerTotals;
  readonly key: number;
  readonly policies: readonly YearPolicy[];
  readonly judge: Judge;
  readonly strata: readonly Stratum[];
  readonly planted: Planted;
  /** How many persons with a licence or a vehicle there are to ask about. */
  readonly people: number;
  /** When the owner could not look, by hour of the year: how many of 65,536. */
  readonly down: Uint16Array;
  /** The first index of each month, and the number of all. */
  readonly starts: readonly number[];
}

/** What a dictionary of the archive takes, to be told apart from writing. */
export type WordBook = Pick<OwnerWriter, 'attributes' | 'requester' | 'context' | 'outcome'>;

/** Works out the year of an owner of the plan. */
export function ownerYear(ground: Ground, owner: Jurisdiction): OwnerYear {
  const { plan, askers, columns, habits, weights, registry } = ground;
  const totals = plan.owners.find((one) => one.owner === owner);
  if (totals === undefined) throw new RangeError(`the plan has no owner ${owner}`);
  const policies = policiesOf(owner, plan.months);
  const [from = 0, to = 0] = [plan.months[0], plan.months.at(-1)];
  const judge = judgeOf(policies, to, { registryVersion: registry.version, registryHash: registry.hash }, ground.known(owner));
  const due = dueOf(owner, columns, totals);
  const key = ownerKey(plan.seed, owner);
  const people = Math.max(500, Math.round((factsOf(owner).drivers * 1000) / plan.scale));
  const blocked = blockedSince(policies);
  const planted = plant({ owner, seed: plan.seed, key, months: plan.months, totals, askers, due, habits, firstFree: people + 10_000, blockedSince: blocked });
  const left = Object.fromEntries(groups.map((group) => [group, totals[group] - planted.rows.filter(({ asker }) => askers[asker]?.group === group).length])) as Record<Group, number>;
  const strata = strataOf({ owner, seed: plan.seed, columns, due, totals: left, weights, curve: curveOf(owner, from, (to - from) / hour, blocked) });
  return { owner, totals, key, policies, judge, strata, planted, people, down: outages(plan.seed, owner, (to - from) / hour), starts: startsOf(plan.months, strata, planted) };
}

/** How many queries of an owner each asker is due: the total of its group by its weight and how near it is. */
function dueOf(owner: Jurisdiction, { weight, seat }: AskerColumns, totals: OwnerTotals): Float64Array {
  const near = Float64Array.from(groups.flatMap((group) => allJurisdictions.map((state) => nearness(group, state, owner))));
  const sums = new Float64Array(near.length);
  const due = new Float64Array(weight.length);
  for (let i = 0; i < due.length; i++) {
    const at = seat[i] as number;
    due[i] = (weight[i] as number) * (near[at] as number);
    sums[at] = (sums[at] as number) + (due[i] as number);
  }
  const size = allJurisdictions.length;
  const factors = near.map((_, at) => {
    const group = Math.floor(at / size);
    const sum = sums.subarray(group * size, (group + 1) * size).reduce((all, one) => all + one, 0);
    return sum === 0 ? 0 : totals[groups[group] as Group] / sum;
  });
  for (let i = 0; i < due.length; i++) due[i] = (due[i] as number) * (factors[seat[i] as number] as number);
  return due;
}

/** Federal offices ask most about where they are seated, and about everywhere else. */
function nearness(group: Group, state: Jurisdiction, owner: Jurisdiction): number {
  if (group === 'local') return closeness(state, owner);
  const [here, near, far] = group === 'cbp' ? [9, 2.5, 0.2] : [7, 2, 0.5];
  return state === owner ? here : areNeighbours(state, owner) ? near : far;
}

/** Since when ICE is refused by a version that came within the year; null where there is none. */
function blockedSince(policies: readonly YearPolicy[]): number | null {
  return policies.find(({ version, owner }) => version > 1 && owner !== 'NY')?.since ?? null;
}

/**
 * How the weeks of a group change over the year. Where ICE is cut off within it, its attempts go on and decline slowly, while CBP asks more;
 * elsewhere ICE asks a little more each month. All of it is invented but for the direction, which is Washington's.
 */
function curveOf(owner: Jurisdiction, from: number, hours: number, blocked: number | null): (group: Group, at: number) => number {
  const turn = blocked === null ? Infinity : (blocked - from) / hour;
  const strength = owner === 'WA' ? 1 : 0.5;
  return (group, at) => {
    const after = (at - turn) / hours;
    if (group === 'ero' || group === 'hsi') return after < 0 ? 0.9 + (0.25 * at) / hours : (group === 'ero' ? 0.95 : 0.85) * Math.exp(-2.4 * strength * after);
    if (group === 'cbp') return after < 0 ? 1 : 1 + strength * Math.min(0.55, 0.15 + 3 * after);
    return 1;
  };
}

/** Hours in which the owner's records cannot be reached: a few breakdowns and some nights of upkeep, about a thousandth and a half of the year, and hardly any query else. */
function outages(seed: number, owner: Jurisdiction, hours: number): Uint16Array {
  const down = new Uint16Array(hours).fill(13);
  let state = ownerKey(seed ^ 0x0dd, owner);
  const below = (n: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 4294967296) * n);
  };
  for (let i = 0; i < 4; i++) down.fill(60_000, ...stretch(below(hours - 8), 1 + below(4)));
  for (let month = 0; month < 12; month += 2) down.fill(40_000, ...stretch(Math.floor(((month + 0.5) / 12) * hours / 168) * 168 + 9, 1));
  return down;
}

function stretch(from: number, length: number): [number, number] {
  return [from, from + length];
}

function startsOf(months: readonly number[], strata: readonly Stratum[], { rows }: Planted): readonly number[] {
  return months.map((month) => {
    const at = (month - (months[0] ?? 0)) / hour;
    return strata.reduce((all, { before }) => all + (before[at] ?? 0), 0) + rows.filter((row) => row.at < month).length;
  });
}

/** What a context means for a row. */
export interface ContextFacts {
  readonly context: ContextWord;
  /** 0 a driver, 1 a plate, 2 a name, 3 part of a plate. */
  readonly about: number;
  readonly namesUser: boolean;
}

export function factsOfContext(context: ContextWord): ContextFacts {
  const about = context.kind === 'nameSearch' ? 2 : context.kind === 'plateSearch' ? 3 : context.key.startsWith('R') ? 1 : 0;
  return { context, about, namesUser: context.format !== 'legacy' };
}

/** The attributes of an asker on a day of the year. */
export function askerAttributes(ground: Ground, owner: string, asker: number, at: number): RequesterAttributes {
  return attributesAt(ground.registry, (ground.askers[asker] as Asker).ori, owner, at);
}
