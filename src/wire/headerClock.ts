import type { Clocks } from '../model/index.ts';
import type { WireSettings } from './settings.ts';

/** The clocks as the headers write them: `MM/DD/CCYY`, `HH:MM`, and five digits for each counter. */
export interface HeaderClock {
  readonly receiveDate: string;
  readonly receiveTime: string;
  readonly sendDate: string;
  readonly sendTime: string;
  readonly receiveNumber: string;
  readonly sendNumber: string;
}

/** In the zone of the settings; minutes are all that the headers carry. */
export function headerClock({ received, sent, receiveNumber, sendNumber }: Clocks, settings: WireSettings): HeaderClock {
  const [receiveDate, receiveTime] = dayAndTime(received, settings);
  const [sendDate, sendTime] = dayAndTime(sent, settings);
  return { receiveDate, receiveTime, sendDate, sendTime, receiveNumber: five(receiveNumber), sendNumber: five(sendNumber) };
}

function dayAndTime(ms: number, { clockOffsetMinutes }: WireSettings): readonly [string, string] {
  const iso = new Date(ms + clockOffsetMinutes * 60_000).toISOString();
  return [`${iso.slice(5, 7)}/${iso.slice(8, 10)}/${iso.slice(0, 4)}`, iso.slice(11, 16)];
}

/** The counters run in five digits and begin again. */
function five(count: number): string {
  return String(count % 100_000).padStart(5, '0');
}
