import type { Review } from '../../model/index.ts';
import { caps, type Afterwards, type LimitPeriod } from '../document.ts';
import { quote } from '../findings.ts';
import { parseDay } from '../quantity.ts';
import { unseen } from '../reader.ts';
import { Book, fixed } from './book.ts';
import type { Cursor } from './cursor.ts';

const units = new Book([['minute', 60], ['minutes', 60], ['hour', 3_600], ['hours', 3_600], ['day', 86_400], ['days', 86_400]]);
const times = new Book<LimitPeriod>((['hour', 'day', 'week', 'month'] as const).flatMap((per) => ['time', 'times'].map((time) => [`${time} ${per === 'hour' ? 'an' : 'a'} ${per}`, per] as const)));
const looks = fixed('looks at it afterwards, within');
const named = fixed(', and the officer must be named');
const decides = fixed('decides within');
const otherwise = fixed(', else');
const timeouts = new Book<Review['onTimeout']>([['refuse', 'deny'], ['give', 'release']]);

/** `4 hours`, in seconds. */
export function readDuration(cursor: Cursor): number | null {
  const number = cursor.token('word', /^\d+$/, '4 hours') ?? cursor.unexpected();
  const unit = number && cursor.need(units);
  if (number === null || unit === null) return null;
  const seconds = Number(number.text) * unit;
  if (seconds >= 60 && seconds <= caps.seconds) return seconds;
  return cursor.fail('badDuration', number.at, `${quote(number.text)} is not a number of that unit`, 'write a time from 1 minute to 366 days');
}

/** `50 times a day`. */
export function readMax(cursor: Cursor): { readonly count: number; readonly per: LimitPeriod } | null {
  const number = cursor.token('word', /^\d+$/, '50 times a day') ?? cursor.unexpected();
  const per = number && cursor.need(times);
  if (number === null || per === null) return null;
  const count = Number(number.text);
  if (count >= 1 && count <= caps.count) return { count, per };
  return cursor.fail('badLimit', number.at, `${quote(number.text)} is not a limit`, `write a whole number from 1 to ${caps.count}`);
}

/** A day of the calendar. */
export function readDay(cursor: Cursor): string | null {
  const day = cursor.token('word', /^[\d-]+$/, '2026-03-01') ?? cursor.unexpected();
  if (day === null || parseDay(day.text) !== null) return day && day.text;
  return cursor.fail('badDate', day.at, `${quote(day.text)} is not a date`, 'write a day of the calendar such as 2026-03-01');
}

/** `"privacyDesk" decides within 4 hours, else refuse`. Null without a fault where no desk stands here. */
export function readReview(cursor: Cursor): Review | null {
  const desk = readDesk(cursor, '"privacyDesk" decides within 4 hours, else refuse');
  if (desk === null || cursor.need(decides) === null) return null;
  const withinSeconds = readDuration(cursor);
  if (withinSeconds === null || cursor.need(otherwise) === null) return null;
  const onTimeout = cursor.need(timeouts);
  return onTimeout === null ? null : { by: desk, withinSeconds, onTimeout };
}

/** `"privacyDesk" looks at it afterwards, within 1 day, and the officer must be named`. Null without a fault where no desk stands here. */
export function readAfterwards(cursor: Cursor): Afterwards | null {
  const desk = readDesk(cursor, '"privacyDesk" looks at it afterwards, within 1 day, and the officer must be named');
  if (desk === null || cursor.need(looks) === null) return null;
  const withinSeconds = readDuration(cursor);
  return withinSeconds === null || cursor.need(named) === null ? null : { by: desk, withinSeconds };
}

function readDesk(cursor: Cursor, example: string): string | null {
  const desk = cursor.token('quoted', /^/, example);
  if (desk === null) return null;
  if (desk.text.trim() !== '' && desk.text.length <= caps.deskLength && !unseen.test(desk.text)) return desk.text;
  return cursor.fail('badText', desk.at, 'the name of the desk is empty, too long, or has control characters', `write at most ${caps.deskLength} visible characters`);
}
