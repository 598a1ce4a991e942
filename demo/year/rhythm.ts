import type { Work } from './works.ts';
import { holidaysOf, offsetAt, zones } from './zones.ts';

const hour = 3_600_000;

/** How a kind of work is spread over a week. All of it is invented. */
export type Rhythm = 'patrol' | 'office' | 'border' | 'raid';
export const rhythms: readonly Rhythm[] = ['patrol', 'office', 'border', 'raid'];

export function rhythmOf(work: Work): Rhythm {
  switch (work) {
    case 'patrol': case 'dispatch': case 'jail': return 'patrol';
    case 'court': case 'licensing': case 'investigation': case 'hsi': case 'federal': case 'federalCourt': return 'office';
    case 'port': case 'borderPatrol': return 'border';
    case 'ero': return 'raid';
  }
}

/** Of each local hour, beside the others. */
const hours: Readonly<Record<Rhythm, readonly number[]>> = {
  patrol: [6, 5, 4.2, 2.8, 1.9, 1.6, 2.2, 3.4, 4.4, 5, 5.2, 5.2, 5, 5.1, 5.4, 5.8, 6.1, 6, 5.8, 6, 6.4, 7, 7.2, 6.8],
  office: [0.2, 0.1, 0.1, 0.1, 0.2, 0.4, 1.2, 4, 9, 11, 11, 10, 7, 9, 10.5, 10, 7, 3, 1.4, 0.8, 0.6, 0.5, 0.4, 0.3],
  border: [2, 1.6, 1.4, 1.5, 2, 3, 4, 5, 5.6, 6, 6.2, 6.2, 6, 6, 6.2, 6.3, 6, 5.5, 5, 4.4, 3.8, 3.3, 2.8, 2.3],
  raid: [0.3, 0.2, 0.2, 0.6, 2.4, 6, 8.5, 9, 9, 8.5, 8, 7, 6, 6.5, 7, 6, 4.5, 3, 2, 1.2, 0.8, 0.6, 0.5, 0.4],
};

/** Of each weekday from Sunday on, and of a federal holiday. */
const days: Readonly<Record<Rhythm, readonly [readonly number[], number]>> = {
  patrol: [[0.92, 0.93, 0.96, 0.98, 1.01, 1.12, 1.08], 0.9], office: [[0.07, 1, 1.08, 1.06, 1.04, 0.9, 0.1], 0.08], border: [[1.05, 0.95, 0.93, 0.95, 1, 1.08, 1.1], 1.15],
  raid: [[0.25, 1, 1.12, 1.12, 1.08, 0.9, 0.4], 0.3],
};

/** Of each month from January on. */
const months: Readonly<Record<Rhythm, readonly number[]>> = {
  patrol: [0.93, 0.94, 1, 1, 1.04, 1.05, 1.08, 1.06, 1.01, 1.01, 0.95, 0.93], office: [1.02, 1.02, 1.04, 1.02, 1, 1, 0.95, 0.97, 1, 1.03, 0.98, 0.9],
  border: [0.86, 0.86, 0.96, 0.97, 1.02, 1.08, 1.2, 1.2, 1, 0.97, 0.94, 0.97], raid: [0.92, 0.94, 0.97, 0.98, 1, 1.02, 1.03, 1.05, 1.05, 1.06, 1.02, 0.96],
};

/** A winter storm that stops traffic in the middle of the country for four days, from the 20th of January. */
function storm(rhythm: Rhythm, zone: string, date: string): number {
  if (zone !== 'Central' || !/-01-2[0-3]$/.test(date)) return 1;
  return rhythm === 'office' ? 0.45 : 0.6;
}

/** The weight of each hour from `from` to `to` for each rhythm and zone: `weights[rhythm][zone][hour]`. */
export function hourWeights(from: number, to: number): readonly (readonly Float64Array[])[] {
  const count = (to - from) / hour;
  const holidays = new Set([from, to].flatMap((at) => [...holidaysOf(new Date(at).getUTCFullYear())]));
  const locals = zones.map((zone) => Array.from({ length: count }, (_, i) => localHour(from + i * hour, offsetAt(zone, from + i * hour), holidays)));
  return rhythms.map((rhythm) => zones.map((zone, z) => Float64Array.from(locals[z] ?? [], ({ clock, weekday, month, date, holiday }) => {
    const [week, feast] = days[rhythm];
    return (hours[rhythm][clock] ?? 0) * (holiday ? feast : (week[weekday] ?? 0)) * (months[rhythm][month] ?? 0) * storm(rhythm, zone.name, date);
  })));
}

/** Which third of the local day it is at each hour from `from` to `to`, by zone: from 22 o'clock, from 6 and from 14. */
export function shiftsOf(from: number, to: number): readonly Uint8Array[] {
  return zones.map((zone) => Uint8Array.from({ length: (to - from) / hour }, (_, i) => Math.floor((new Date(from + (i + offsetAt(zone, from + i * hour) + 2) * hour).getUTCHours()) / 8)));
}

function localHour(at: number, offset: number, holidays: ReadonlySet<string>): { clock: number; weekday: number; month: number; date: string; holiday: boolean } {
  const local = new Date(at + offset * hour);
  const date = local.toISOString().slice(0, 10);
  return { clock: local.getUTCHours(), weekday: local.getUTCDay(), month: local.getUTCMonth(), date, holiday: holidays.has(date) };
}
