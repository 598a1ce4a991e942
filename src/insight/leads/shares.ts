import type { Ground, Units } from './ground.ts';
import { shareTail } from './odds.ts';
import { rangeOf } from './peers.ts';
import type { PeerRange } from './types.ts';
import { percent } from './words.ts';

/** Of each unit: `k` of `n` entries are of a kind. */
export interface Shares {
  readonly office: ArrayLike<number>;
  readonly k: ArrayLike<number>;
  readonly n: ArrayLike<number>;
  /** Which units are judged, where not all are; the others still say what is usual at their agency. */
  readonly only?: (unit: number) => boolean;
}

/** What would be expected of each unit, and how improbable what was seen is. */
export interface Judged {
  /** The share expected: of all others at the same agency, drawn towards that of peers where they are few. */
  readonly expected: Float64Array;
  /** ln of the chance of so many or more; 0 where there are too few to judge. */
  readonly lnP: Float64Array;
  /** How far others of the same agency have entries. */
  readonly others: Float64Array;
  /** How steady shares are taken to be for each unit: the concentration of its beta-binomial. */
  readonly steady: Float64Array;
  readonly looked: number;
}

/** So many entries of an agency weigh as much as what its peers do. Fewer where agencies that are alike otherwise have habits of their own. */
export const peersWeigh = { much: 100, little: 20 } as const;

/**
 * Compares the share of each unit with the others of its agency, and of agencies alike. Shares differ from one unit to the next for good reasons
 * (shifts, duties), so a beta-binomial is taken, whose scatter is fitted to all units without the most extreme ones. Units with fewer than
 * `least` entries are not judged.
 */
export function judgeShares({ offices, groups }: Pick<Ground, 'offices' | 'groups'>, { office, k, n, only = () => true }: Shares, least: number, steadyAtMost: number, prior: number = peersWeigh.much): Judged {
  const units = n.length;
  const byOffice = { k: new Float64Array(offices.length), n: new Float64Array(offices.length) };
  const judgedOffice = { k: new Float64Array(offices.length), n: new Float64Array(offices.length) };
  const byGroup = { k: new Float64Array(groups.length), n: new Float64Array(groups.length) };
  let [allK, allN] = [0, 0];
  for (let u = 0; u < units; u += 1) {
    // A unit that does not count has an n of 0, whatever its k.
    if ((n[u] ?? 0) === 0) continue;
    const o = office[u] ?? 0;
    const g = offices[o]?.group ?? 0;
    add(byOffice, o, k[u] ?? 0, n[u] ?? 0);
    // Peers are those that are judged too: where some are not, they have another habit.
    if (!only(u)) continue;
    add(byGroup, g, k[u] ?? 0, n[u] ?? 0);
    add(judgedOffice, o, k[u] ?? 0, n[u] ?? 0);
    allK += k[u] ?? 0;
    allN += n[u] ?? 0;
  }
  const expected = new Float64Array(units);
  const others = new Float64Array(units);
  for (let u = 0; u < units; u += 1) {
    if ((n[u] ?? 0) === 0) continue;
    const o = office[u] ?? 0;
    const g = offices[o]?.group ?? 0;
    // Each level without what the level below already counts.
    const all = share(allK - (byGroup.k[g] ?? 0), allN - (byGroup.n[g] ?? 0), 0.5, 1);
    const group = share((byGroup.k[g] ?? 0) - (judgedOffice.k[o] ?? 0), (byGroup.n[g] ?? 0) - (judgedOffice.n[o] ?? 0), all, peersWeigh.much);
    others[u] = (byOffice.n[o] ?? 0) - (n[u] ?? 0);
    expected[u] = share((byOffice.k[o] ?? 0) - (k[u] ?? 0), others[u] ?? 0, group, prior);
  }
  const steady = Math.min(steadyAtMost, steadiness(k, n, expected, (u) => only(u) && (n[u] ?? 0) >= Math.max(2, least)));
  const lnP = new Float64Array(units);
  const concentration = new Float64Array(units);
  let looked = 0;
  for (let u = 0; u < units; u += 1) {
    if ((n[u] ?? 0) < least || !only(u)) continue;
    looked += 1;
    // Where one agency knows its own share only roughly, that uncertainty scatters too.
    const known = (others[u] ?? 0) + prior;
    concentration[u] = steady === Infinity ? known : (steady * known) / (steady + known);
    if ((k[u] ?? 0) > (n[u] ?? 0) * (expected[u] ?? 0)) lnP[u] = shareTail(k[u] ?? 0, n[u] ?? 0, expected[u] ?? 0, concentration[u] ?? 1);
  }
  return { expected, lnP, others, steady: concentration, looked };
}

/** The share among users of comparable agencies. */
export function peerShares(ground: Pick<Ground, 'offices' | 'groups'>, { office, k, n }: Shares, place: number, least: number): PeerRange {
  const g = ground.offices[place]?.group ?? 0;
  const values: number[] = [];
  for (let u = 0; u < n.length; u += 1) if ((n[u] ?? 0) >= least && ground.offices[office[u] ?? 0]?.group === g) values.push((k[u] ?? 0) / (n[u] ?? 1));
  return rangeOf(values, ground.groups[g] ?? { words: 'agencies of all kinds', offices: [] }, 'users', percent);
}

/** Units of `units` that a detector of persons may look at: their user is known. */
export function ofPersons(units: Units, n: ArrayLike<number>): Int32Array {
  return Int32Array.from({ length: units.length }, (_, u) => units.user[u] === 0n ? 0 : n[u] ?? 0);
}

/** Whether the others of a unit's agency have enough entries to show a habit (`atLeast`), and seldom enough of this kind (`atMost`). */
export function othersHabit(offices: number, office: Int32Array, k: Int32Array, n: Int32Array): (unit: number, atMost: number, atLeast: number) => boolean {
  const [ks, ns] = [new Float64Array(offices), new Float64Array(offices)];
  office.forEach((o, u) => {
    ks[o] = (ks[o] ?? 0) + (k[u] ?? 0);
    ns[o] = (ns[o] ?? 0) + (n[u] ?? 0);
  });
  return (u, atMost, atLeast) => {
    const o = office[u] ?? 0;
    const others = (ns[o] ?? 0) - (n[u] ?? 0);
    return others >= atLeast && (ks[o] ?? 0) - (k[u] ?? 0) <= atMost * others;
  };
}

export function total(values: Int32Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function add(sums: { readonly k: Float64Array; readonly n: Float64Array }, place: number, k: number, n: number): void {
  sums.k[place] = (sums.k[place] ?? 0) + k;
  sums.n[place] = (sums.n[place] ?? 0) + n;
}

function share(k: number, n: number, towards: number, weight: number): number {
  return (k + towards * weight) / (n + weight);
}

/**
 * The concentration of the beta distribution, by the method of moments: what squared deviations exceed the binomial's, over what they would with full
 * correlation. The thousandth of units that deviate most (at least four, or a tenth of few) is left out, because that is what is looked for; half as much scatter again is taken, because
 * leaving them out takes some of the ordinary too.
 */
function steadiness(k: ArrayLike<number>, n: ArrayLike<number>, expected: Float64Array, judged: (unit: number) => boolean): number {
  const terms: { readonly excess: number; readonly full: number; readonly odd: number }[] = [];
  for (let u = 0; u < n.length; u += 1) {
    const size = n[u] ?? 0;
    const p = expected[u] ?? 0;
    if (!judged(u) || p <= 0 || p >= 1) continue;
    const variance = size * p * (1 - p);
    const squared = ((k[u] ?? 0) - size * p) ** 2;
    terms.push({ excess: squared - variance, full: variance * (size - 1), odd: squared / (variance * (1 + (size - 1) * 0.05)) });
  }
  if (terms.length < 20) return Infinity;
  terms.sort((a, b) => a.odd - b.odd);
  const kept = terms.slice(0, terms.length - Math.max(Math.ceil(terms.length / 1000), Math.min(4, Math.ceil(terms.length / 10))));
  const correlation = 1.5 * kept.reduce((sum, { excess }) => sum + excess, 0) / kept.reduce((sum, { full }) => sum + full, 0);
  return correlation <= 0 ? Infinity : Math.max(1, 1 / correlation - 1);
}
