import type { Jurisdiction } from '../../src/vocabulary/index.ts';
import { allJurisdictions } from '../../src/vocabulary/index.ts';
import { defaultAgencies, defaultSeed, demonstrationDay } from '../landmarks.ts';
import { apportion, nearest } from './apportion.ts';
import { driversByOwner } from './neighbours.ts';

/** What the network carried in the year to 1 October 2025, by the letters of November 2025: more than 290 million, of which these. */
export const fullYear = { queries: 290_000_000, ero: 292_114, hsi: 605_116 } as const;

/** At most: beyond it too few queries are left for every owner to have some. */
export const mostScale = 100_000;

/** What makes one invented year. The same numbers make the same year, row by row. */
export interface YearOptions {
  /** 1 for the full year, 1000 for a thousandth. */
  readonly scale: number;
  /** The last month, `YYYY-MM`. */
  readonly ending: string;
  readonly seed: number;
  /** How many agencies the network has from which the year is invented. */
  readonly agencies: number;
}

export const defaultYear: YearOptions = { scale: 1, ending: demonstrationDay.slice(0, 7), seed: defaultSeed, agencies: defaultAgencies };

/** How many queries of an owner's records there are, by who asks. They add up to `total`. */
export interface OwnerTotals {
  readonly owner: Jurisdiction;
  readonly total: number;
  /** ICE without HSI. */
  readonly ero: number;
  readonly hsi: number;
  readonly cbp: number;
  readonly federal: number;
  /** Everybody else: state, local, tribal and other. */
  readonly local: number;
}

export interface YearPlan extends YearOptions {
  /** Milliseconds since 1970: the beginning of the twelve months and of the month after the last. */
  readonly months: readonly number[];
  readonly totals: { readonly queries: number; readonly ero: number; readonly hsi: number };
  readonly owners: readonly OwnerTotals[];
}

/**
 * Works out what the year holds, to the unit: the totals at full scale divided by `scale` and rounded (a half goes up), shared out among
 * the 56 owners by licensed drivers, and those of ICE and HSI by drivers and how many live there whom ICE looks for (invented), each by largest remainder.
 * @throws RangeError where an option is none.
 */
export function planYear(options: YearOptions): YearPlan {
  const { scale, ending } = options;
  if (!Number.isInteger(scale) || scale < 1 || scale > mostScale) throw new RangeError(`a scale is a whole number from 1 to ${mostScale.toLocaleString('en-US')}`);
  if (!/^(19|20)\d\d-(0[1-9]|1[0-2])$/.test(ending)) throw new RangeError('the last month is a year and a month, such as 2026-10');
  const totals = { queries: nearest(fullYear.queries, scale), ero: nearest(fullYear.ero, scale), hsi: nearest(fullYear.hsi, scale) };
  const owners = driversByOwner();
  const all = apportion(totals.queries, owners.map(({ drivers }) => drivers));
  const ero = apportion(totals.ero, owners.map(({ owner, drivers }) => drivers * (sought[owner] ?? 1)));
  const hsi = apportion(totals.hsi, owners.map(({ owner, drivers }) => drivers * Math.sqrt(sought[owner] ?? 1)));
  return {
    ...options,
    months: monthsTo(ending),
    totals,
    owners: owners.map(({ owner }, place) => shareOf(owner, all[place] ?? 0, ero[place] ?? 0, hsi[place] ?? 0)),
  };
}

function shareOf(owner: Jurisdiction, total: number, ero: number, hsi: number): OwnerTotals {
  const rest = total - ero - hsi;
  const [cbpShare, federalShare] = federalShares[owner] ?? [0.03, 0.035];
  const cbp = Math.max(0, Math.min(rest, Math.round(total * cbpShare)));
  const federal = Math.max(0, Math.min(rest - cbp, Math.round(total * federalShare)));
  return { owner, total, ero, hsi, cbp, federal, local: rest - cbp - federal };
}

/**
 * What CBP and all other federal agencies but ICE have of an owner's queries. Washington's are set so that the full year has about as many
 * federal queries as were published (2,671,776 in eleven months); all others are invented.
 */
const federalShares: Partial<Readonly<Record<Jurisdiction, readonly [cbp: number, federal: number]>>> = {
  WA: [0.318, 0.0818], TX: [0.16, 0.05], AZ: [0.2, 0.06], CA: [0.11, 0.05], NM: [0.18, 0.08], NY: [0.08, 0.05], MI: [0.12, 0.04], ME: [0.16, 0.04], VT: [0.18, 0.04], MT: [0.14, 0.06],
  ND: [0.16, 0.05], MN: [0.06, 0.04], ID: [0.06, 0.05], AK: [0.1, 0.1], FL: [0.07, 0.05], DC: [0.02, 0.3], MD: [0.03, 0.09], VA: [0.03, 0.09], PR: [0.2, 0.1], GU: [0.2, 0.2], VI: [0.2, 0.1],
  AS: [0.1, 0.1], MP: [0.2, 0.1], HI: [0.08, 0.1],
};

/** How much more than their drivers say ICE asks for some owners, invented: less where it was refused long before. */
const sought: Partial<Readonly<Record<Jurisdiction, number>>> = {
  TX: 1.8, FL: 1.6, CA: 1.3, AZ: 1.5, GA: 1.4, WA: 1.6, OR: 1.3, NJ: 1.2, MD: 1.2, VA: 1.2, NV: 1.3, TN: 1.2, NC: 1.2, IL: 1.2, NY: 0.3, MA: 0.4, MN: 0.4, CO: 0.6,
};

/** The beginnings of the twelve months up to and with `ending`, and of the one after. */
function monthsTo(ending: string): readonly number[] {
  const [year = 0, month = 0] = ending.split('-').map(Number);
  return Array.from({ length: 13 }, (_, i) => Date.UTC(year, month - 12 + i, 1));
}

/** Owners as they are written on a command line, `WA,OR`; null where one of them is none. */
export function ownersIn(text: string): readonly Jurisdiction[] | null {
  const asked = text.toUpperCase().split(/[\s,]+/).filter((word) => word !== '');
  const known = allJurisdictions.filter((owner) => asked.includes(owner));
  return asked.length > 0 && known.length === new Set(asked).size ? known : null;
}
