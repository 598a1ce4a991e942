import { describe, expect, it } from 'vitest';
import { dayOf, textOfDay } from '../registry/index.ts';
import { endOf } from './certifications/views.ts';
import { quarterOf, reviewDays, reviewDue } from './reviews/quarter.ts';

const [second, hour, day] = [1_000, 3_600_000, 86_400_000];
const at = (text: string): number => Date.parse(text);

/** Duties go by days of UTC and by time that passes, so that no owner's daylight saving makes one longer or shorter. The moments are those at which clocks in New York, Denver and Seattle change. */
describe('days that are unlike others', () => {
  it.each([
    ['New York, clocks back', '2026-11-01T06:00:00Z'], ['Denver, clocks back', '2026-11-01T08:00:00Z'], ['Seattle, clocks back', '2026-11-01T09:00:00Z'],
    ['New York, clocks forward', '2027-03-14T07:00:00Z'], ['Seattle, clocks forward', '2027-03-14T10:00:00Z'], ['the end of a year', '2027-01-01T00:00:00Z'], ['a leap day', '2028-02-29T12:00:00Z'], ['the day after it', '2028-03-01T00:00:00Z'],
  ])('a review that begins before %s is due after as many times 24 hours as after any other', (_name, change) => {
    for (const before of [second, hour, 12 * hour, 29 * day]) expect(reviewDue(at(change) - before).getTime()).toBe(at(change) - before + reviewDays * day);
  });

  it('a quarter begins and ends at midnight UTC, at the end of a year too', () => {
    expect(['2026-12-31T23:59:59.999Z', '2027-01-01T00:00:00Z', '2027-03-31T23:59:59.999Z', '2027-04-01T00:00:00Z', '2028-02-29T23:59:59Z'].map((text) => quarterOf(at(text)))).toEqual(['2026-Q4', '2027-Q1', '2027-Q1', '2027-Q2', '2028-Q1']);
  });

  it.each([
    ['2026-11-01', '2026-11-02T00:00:00Z'], ['2027-03-14', '2027-03-15T00:00:00Z'], ['2026-12-31', '2027-01-01T00:00:00Z'], ['2028-02-28', '2028-02-29T00:00:00Z'], ['2028-02-29', '2028-03-01T00:00:00Z'], ['2027-02-28', '2027-03-01T00:00:00Z'],
  ])('a certification whose last day is %s ends at %s', (until, end) => {
    expect(endOf(until)).toBe(at(end));
    expect(textOfDay(dayOf(new Date(endOf(until) - 1)))).toBe(until);
    expect(textOfDay(dayOf(new Date(endOf(until))))).toBe(end.slice(0, 10));
  });

  it('a year of 365 days that begins on a leap day ends on the day before the next 28th', () => {
    expect(textOfDay(dayOf(new Date(at('2028-02-29T18:00:00Z'))) + 365 - 1)).toBe('2029-02-27');
  });
});
