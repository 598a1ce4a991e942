/**
 * Where an office stands, by the first two letters of its ORI or the state of the registry, and what time it is there. A state with two time zones
 * counts as the one in which most of its people live.
 */
export function zoneOf(state: string): number {
  const place = zones.findIndex(([, states]) => states.includes(state));
  return place === -1 ? eastern : place;
}

/** Parts of the week, in local time. */
export const parts = { work: 0, evening: 1, night: 2 } as const;

/** The hours from `from` to `to` (milliseconds) in each zone: for each, the part of the week that most of it lies in. `key` is zone × hours + hour since the first. */
export function partsOfHours(from: number, to: number): { readonly hours: number; readonly first: number; readonly key: Int32Array; readonly part: Int32Array } {
  const first = Math.floor(from / hour);
  const hours = Math.max(1, Math.ceil(to / hour) - first);
  const key = new Int32Array(zones.length * hours);
  const part = new Int32Array(zones.length * hours);
  zones.forEach(([name], zone) => {
    let offset = 0;
    for (let h = 0; h < hours; h += 1) {
      // The offset changes on two Sundays of a year, at a whole hour; to ask for every hour would take a second.
      if (h % 6 === 0 || changes(name, (first + h) * hour)) offset = offsetOf(name, (first + h) * hour);
      const local = new Date((first + h) * hour + offset);
      key[zone * hours + h] = zone * hours + h;
      part[zone * hours + h] = partOf(local.getUTCDay(), local.getUTCHours());
    }
  });
  return { hours, first, key, part };
}

/** Working hours are Monday to Friday from 7 to 19; night is from 22 to 6 on any day; the rest is evenings and weekends. */
export function partOf(weekday: number, clock: number): number {
  if (clock >= 22 || clock < 6) return parts.night;
  return weekday >= 1 && weekday <= 5 && clock >= 7 && clock < 19 ? parts.work : parts.evening;
}

const hour = 3_600_000;

const zones: readonly (readonly [string, string])[] = [
  ['America/New_York', 'CT DC DE FL GA IN KY MA MD ME MI NC NH NJ NY OH PA RI SC VA VT WV'],
  ['America/Chicago', 'AL AR IA IL KS LA MN MO MS ND NE OK SD TN TX WI'],
  ['America/Denver', 'CO ID MT NM UT WY'],
  ['America/Phoenix', 'AZ'],
  ['America/Los_Angeles', 'CA NV OR WA'],
  ['America/Anchorage', 'AK'],
  ['Pacific/Honolulu', 'HI'],
  ['America/Puerto_Rico', 'PR VI'],
  ['Pacific/Guam', 'GU MP'],
  ['Pacific/Pago_Pago', 'AS'],
];
const eastern = 0;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Milliseconds that local time is ahead of UTC. */
function offsetOf(zone: string, at: number): number {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' });
    formats.set(zone, format);
  }
  const found = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(found['year'] ?? 0, (found['month'] ?? 1) - 1, found['day'], found['hour'], found['minute']) - at;
}

/** True on the Sundays of March and November, when the clocks of the United States change. */
function changes(zone: string, at: number): boolean {
  const date = new Date(at);
  return zone !== 'America/Phoenix' && (date.getUTCMonth() === 2 || date.getUTCMonth() === 10) && date.getUTCDay() === 0;
}
