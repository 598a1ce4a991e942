import type { Jurisdiction } from '../../src/vocabulary/index.ts';

/** A zone of time: hours from UTC in winter, and whether it keeps summer time as federal law sets it (15 USC 260a). */
export interface Zone {
  readonly name: string;
  readonly hours: number;
  readonly summer: boolean;
}

export const zones: readonly Zone[] = [
  { name: 'Eastern', hours: -5, summer: true }, { name: 'Central', hours: -6, summer: true }, { name: 'Mountain', hours: -7, summer: true }, { name: 'Arizona', hours: -7, summer: false },
  { name: 'Pacific', hours: -8, summer: true }, { name: 'Alaska', hours: -9, summer: true }, { name: 'Hawaii', hours: -10, summer: false }, { name: 'Atlantic', hours: -4, summer: false },
  { name: 'Chamorro', hours: 10, summer: false }, { name: 'Samoa', hours: -11, summer: false },
];

const byName: Readonly<Record<string, string>> = {
  Central: 'AL AR IA IL KS LA MN MO MS ND NE OK SD TN TX WI', Mountain: 'CO ID MT NM UT WY', Arizona: 'AZ', Pacific: 'CA NV OR WA', Alaska: 'AK', Hawaii: 'HI', Atlantic: 'PR VI',
  Chamorro: 'GU MP', Samoa: 'AS',
};

/** The zone of a state, as a place in `zones`. A state with two has the one in which most people live. */
export function zoneOf(state: Jurisdiction): number {
  return Math.max(0, zones.findIndex(({ name }) => byName[name]?.split(' ').includes(state) ?? false));
}

/** Hours from UTC at an instant, in milliseconds since 1970. Summer time begins and ends at two o'clock on a Sunday, taken here for all zones alike at 10:00 and 9:00 UTC. */
export function offsetAt({ hours, summer }: Zone, at: number): number {
  if (!summer) return hours;
  const year = new Date(at).getUTCFullYear();
  if (year !== known.year) known = { year, from: sunday(year, 2, 2) + 10 * hour, to: sunday(year, 10, 1) + 9 * hour };
  return at >= known.from && at < known.to ? hours + 1 : hours;
}

/** Summer time of the year that was asked for last. */
let known = { year: 0, from: 0, to: 0 };

const hour = 3_600_000;
const day = 24 * hour;

/** The nth Sunday of a month (0 to 11), UTC. */
function sunday(year: number, month: number, nth: number): number {
  const first = Date.UTC(year, month, 1);
  return first + (((7 - new Date(first).getUTCDay()) % 7) + 7 * (nth - 1)) * day;
}

/** The federal holidays of a year (5 USC 6103), as `YYYY-MM-DD`, on the days on which they fall. */
export function holidaysOf(year: number): ReadonlySet<string> {
  const nth = (month: number, weekday: number, n: number): string => {
    const first = Date.UTC(year, month, 1);
    return text(first + (((weekday - new Date(first).getUTCDay() + 7) % 7) + 7 * (n - 1)) * day);
  };
  const lastMonday = (month: number): string => {
    const last = Date.UTC(year, month + 1, 0);
    return text(last - ((new Date(last).getUTCDay() + 6) % 7) * day);
  };
  return new Set([
    `${year}-01-01`, nth(0, 1, 3), nth(1, 1, 3), lastMonday(4), `${year}-06-19`, `${year}-07-04`, nth(8, 1, 1), nth(9, 1, 2), `${year}-11-11`, nth(10, 4, 4), `${year}-12-25`,
  ]);
}

function text(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
