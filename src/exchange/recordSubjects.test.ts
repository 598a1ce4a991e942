import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type { RecordData } from '../model/index.ts';
import { recordSubjects } from './recordSubjects.ts';

const driver: RecordData = {
  licenceNumber: { number: 'wdl 0000001', jurisdiction: 'WA' }, name: { surname: 'Sample', given: 'Alex', middle: 'Jay' }, birthDate: '1980-02-29',
};
const vehicle: RecordData = { vehicleRegistration: { plate: 'abc 1234', plateType: 'PC', plateYear: '2026', vin: '1ABCD23EFGH456789', make: 'FORD' }, registeredOwner: { name: { surname: 'SAMPLE', given: 'ALEX', middle: '' } } };

describe('subjects of a record that was given', () => {
  it('are the licence and the person of a driver', () => {
    expect(recordSubjects(driver)).toEqual([
      { kind: 'licence', number: 'WDL0000001' },
      { kind: 'person', name: { surname: 'SAMPLE', given: 'ALEX', middle: 'JAY' }, birthDate: '1980-02-29', sex: null },
    ]);
  });

  it('are plate and number of a vehicle, without year, type and make, and not its owner', () => {
    expect(recordSubjects(vehicle)).toEqual([
      { kind: 'plate', plate: 'ABC1234', plateYear: null, plateType: null }, { kind: 'vin', vin: '1ABCD23EFGH456789', make: null, year: null },
    ]);
  });

  it.each<readonly [string, RecordData]>([
    ['a masked number', { licenceNumber: { number: '*****0001', jurisdiction: 'WA' } }],
    ['a birth year', { name: { surname: 'SAMPLE', given: 'ALEX', middle: '' }, birthDate: '1980' }],
    ['initials', { name: { surname: 'S', given: 'A', middle: 'J' }, birthDate: '1980-02-29' }],
    ['a name without a birth date', { name: { surname: 'SAMPLE', given: 'ALEX', middle: '' } }],
    ['an empty plate', { vehicleRegistration: { plate: ' ' } }],
    ['nothing', {}],
  ])('are none of %s', (_what, record) => {
    expect(recordSubjects(record)).toEqual([]);
  });

  it('puts a second given name where inquiries have it', () => {
    const [subject] = recordSubjects({ name: { surname: 'DE LA  SAMPLE', given: 'ALEX JAY', middle: 'JR' }, birthDate: '1980-02-29' });
    expect(subject).toEqual({ kind: 'person', name: { surname: 'DE LA SAMPLE', given: 'ALEX', middle: 'JAY JR' }, birthDate: '1980-02-29', sex: null });
  });

  it('repeats nothing, and gives the same for its own result', () => {
    fc.assert(fc.property(fc.string(), fc.string(), fc.string(), (a, b, c) => {
      const made = recordSubjects({ licenceNumber: { number: a, jurisdiction: 'WA' }, vehicleRegistration: { plate: b, vin: c } });
      expect(new Set(made.map((one) => JSON.stringify(one))).size).toBe(made.length);
      for (const subject of made) {
        const again: RecordData = subject.kind === 'licence' ? { licenceNumber: { number: subject.number, jurisdiction: 'WA' } }
          : subject.kind === 'plate' ? { vehicleRegistration: { plate: subject.plate } } : { vehicleRegistration: { plate: '', vin: subject.kind === 'vin' ? subject.vin : '' } };
        expect(recordSubjects(again)).toEqual([subject]);
      }
    }));
  });
});
