import { describe, expect, it } from 'vitest';
import { deskOf, doneAt, workOn } from './desks.ts';

const minute = 60_000;
const at = (text: string): number => Date.parse(text);
const text = (moment: number): string => new Date(moment).toISOString().slice(0, 16);

describe('a desk', () => {
  it.each([
    ['within its hours', 'OR', '2026-01-06T18:00:00Z', 90, '2026-01-06T19:30'],
    ['before it opens, at eight Pacific time', 'OR', '2026-01-06T10:00:00Z', 90, '2026-01-06T17:30'],
    ['after it closed', 'OR', '2026-01-07T02:00:00Z', 30, '2026-01-07T16:30'],
    ['over the night', 'OR', '2026-01-07T00:30:00Z', 60, '2026-01-07T16:30'],
    ['over a weekend', 'OR', '2026-01-10T00:30:00Z', 60, '2026-01-12T16:30'],
    ['on a Sunday where somebody sits there', 'CA', '2026-01-11T20:00:00Z', 15, '2026-01-11T20:15'],
    ['in summer time', 'NY', '2026-07-06T08:00:00Z', 10, '2026-07-06T10:10'],
    ['for longer than a day of it', 'OR', '2026-01-06T16:00:00Z', 600, '2026-01-07T17:00'],
  ] as const)('works %s', (_, owner, came, minutes, done) => {
    expect(text(doneAt(owner, at(came), minutes * minute))).toBe(done);
  });

  it('takes its median for the middle of chance, and never less than a minute', () => {
    const desk = deskOf('CA');
    const times = Array.from({ length: 256 }, (_, byte) => workOn(desk, (byte * 0x1010101) >>> 0));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times[0]).toBeGreaterThanOrEqual(minute);
    expect(Math.abs((times[127] ?? 0) / (desk.median * minute) - 1)).toBeLessThan(0.02);
  });
});
