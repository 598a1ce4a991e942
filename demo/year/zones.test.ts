import { describe, expect, it } from 'vitest';
import { holidaysOf, offsetAt, zoneOf, zones } from './zones.ts';

const iana: Readonly<Record<string, string>> = {
  Eastern: 'America/New_York', Central: 'America/Chicago', Mountain: 'America/Denver', Arizona: 'America/Phoenix', Pacific: 'America/Los_Angeles', Alaska: 'America/Anchorage', Hawaii: 'Pacific/Honolulu',
  Atlantic: 'America/Puerto_Rico', Chamorro: 'Pacific/Guam', Samoa: 'Pacific/Pago_Pago',
};

describe('zones of time', () => {
  it.each(zones.map((zone) => [zone.name, zone] as const))('%s agrees with the tables of the system on every noon of three years', (name, zone) => {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: iana[name]!, hour: 'numeric', hourCycle: 'h23' });
    for (let at = Date.UTC(2025, 0, 1, 12); at < Date.UTC(2028, 0, 1); at += 86_400_000) {
      expect((12 + offsetAt(zone, at) + 24) % 24, new Date(at).toISOString()).toBe(Number(format.format(at)));
    }
  });

  it('puts each state into one', () => {
    expect((['WA', 'NY', 'AZ', 'TX', 'GU', 'PR', 'DC'] as const).map((state) => zones[zoneOf(state)]!.name)).toEqual(['Pacific', 'Eastern', 'Arizona', 'Central', 'Chamorro', 'Atlantic', 'Eastern']);
  });
});

it('knows the federal holidays', () => {
  expect([...holidaysOf(2026)].sort()).toEqual(['2026-01-01', '2026-01-19', '2026-02-16', '2026-05-25', '2026-06-19', '2026-07-04', '2026-09-07', '2026-10-12', '2026-11-11', '2026-11-26', '2026-12-25']);
});
