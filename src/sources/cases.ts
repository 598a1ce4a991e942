import fc from 'fast-check';
import { expect, it } from 'vitest';
import { until } from '../../test/until.ts';
import type { SourceQuery, SourceResult, Sources } from '../exchange/ports.ts';
import type { PersonName, RecordData, Subject } from '../model/index.ts';
import { allDataClasses, type DataClass } from '../vocabulary/index.ts';
import type { FaultProxy } from './faultProxy.ts';
import { portrait, signature } from './sampleRecords.ts';

/** For sources that are well: a machine with other work may keep them waiting. */
export const patient = { timeoutMs: 60_000 } as const;

/** What every connector must do with the sample records: run on PostgreSQL, on MariaDB and over HTTP. */
export function sourceCases(sources: () => Sources): void {
  const ask = (owner: string, subject: Subject, classes: readonly DataClass[] = allDataClasses, limit = 10): Promise<SourceResult> =>
    sources().of(owner)?.lookup(question(subject, classes, limit)) ?? Promise.reject(new Error('no source'));
  const numbers = async (owner: string, subject: Subject, limit = 10): Promise<(string | undefined)[]> =>
    recordsOf(await ask(owner, subject, ['licenceNumber'], limit)).map(record => record.licenceNumber?.number).sort();
  const plates = async (owner: string, subject: Subject): Promise<(string | undefined)[]> =>
    recordsOf(await ask(owner, subject, ['vehicleRegistration'])).map(record => record.vehicleRegistration?.plate).sort();

  it('reads every class of a driver as the owner wrote it', async () => {
    expect(tidy(await ask('WA', licence('WDL0000001')))).toEqual({ status: 'found', more: false, records: [alex] });
  });

  it('returns the classes asked for and no other member', async () => {
    for (const dataClass of Object.keys(alex) as DataClass[]) {
      const [record] = recordsOf(tidy(await ask('WA', licence('WDL0000001'), [dataClass])));
      expect(record).toEqual({ [dataClass]: alex[dataClass] });
    }
  });

  it('reads a date as the same day wherever the program runs', async () => {
    const zone = process.env['TZ'];
    try {
      for (const place of ['Pacific/Kiritimati', 'Pacific/Pago_Pago']) {
        process.env['TZ'] = place;
        expect(recordsOf(await ask('WA', licence('WDL0000002'), ['birthDate']))).toEqual([{ birthDate: '1999-12-31' }]);
      }
    } finally {
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    }
  });

  it('leaves out what a record does not hold', async () => {
    const [record] = recordsOf(await ask('WA', licence('WDL0000007')));
    expect(record).toEqual({ licenceNumber: { number: 'WDL0000007', jurisdiction: 'WA' }, name: name('BARE'), driverHistory: [] });
  });

  it('says none where the owner has no such record, and never another owner\'s', async () => {
    expect(await ask('OR', licence('WDL0000002'))).toEqual({ status: 'none' });
    expect(await ask('WA', licence("' or 1=1 --"))).toEqual({ status: 'none' });
    const [record] = recordsOf(await ask('OR', licence('WDL0000001')));
    expect(record?.name).toEqual(name('OTHER', 'PAT'));
    expect(record?.driverHistory?.map(event => event.code)).toEqual(['W01']);
  });

  it('finds a person by name and birth date, narrowed by sex only where it is stated', async () => {
    const person = (sex: 'M' | 'F' | 'U' | null, birthDate = '1980-02-29', given = 'ALEX'): Subject => ({ kind: 'person', name: name('SAMPLE', given), birthDate, sex });
    expect(await numbers('WA', person(null))).toEqual(['WDL0000001']);
    expect(await numbers('WA', person('M'))).toEqual(['WDL0000001']);
    expect(await numbers('WA', person('U'))).toEqual(['WDL0000001']);
    expect(await numbers('WA', person('F'))).toEqual([]);
    expect(await numbers('OR', person('F'))).toEqual(['ODL0000004']);
    expect(await numbers('WA', person(null, '1980-02-28'))).toEqual(['WDL0000003']);
    expect(await numbers('WA', person(null, '1999-12-31', ''))).toEqual(['WDL0000002']);
  });

  it('searches by name, where the given name may be cut short and is never a pattern', async () => {
    expect(await numbers('WA', { kind: 'name', name: name('SAMPLE') })).toEqual(['WDL0000001', 'WDL0000002', 'WDL0000003']);
    expect(await numbers('WA', { kind: 'name', name: name('SAMPLE', 'ALEXA') })).toEqual(['WDL0000002']);
    expect(await numbers('WA', { kind: 'name', name: name("O'HARE", 'SAM%') })).toEqual(['WDL0000005']);
    expect(await numbers('WA', { kind: 'name', name: name('%') })).toEqual([]);
  });

  it('cuts a list at the limit and says that there was more', async () => {
    const subject: Subject = { kind: 'name', name: name('SAMPLE') };
    const two = await ask('WA', subject, ['name'], 2);
    expect(two).toMatchObject({ status: 'found', more: true });
    expect(recordsOf(two)).toHaveLength(2);
    expect(await ask('WA', subject, ['name'], 3)).toMatchObject({ status: 'found', more: false });
  });

  it('finds a vehicle by plate, by number and by its owner, with who owns it', async () => {
    expect(await ask('WA', plate('ABC1234'))).toEqual({ status: 'found', more: false, records: [ford] });
    expect(await ask('WA', { kind: 'vin', vin: '1WEIR00000000001A', make: null, year: null })).toEqual({ status: 'found', more: false, records: [ford] });
    expect(await plates('WA', { kind: 'owner', name: name('SAMPLE', 'AL') })).toEqual(['A%C!_99', 'ABC1234', 'ABD1234']);
    expect(recordsOf(await ask('OR', plate('ABC1234'), ['registeredOwner']))[0]?.registeredOwner?.name).toEqual(name('OTHER', 'PAT'));
    expect(recordsOf(await ask('WA', plate('XYZ0001'), ['registeredOwner']))).toEqual([{}]);
    expect(await plates('WA', { kind: 'plate', plate: 'ABC1234', plateYear: '1999', plateType: 'PC' })).toEqual(['ABC1234']);
    expect(await plates('WA', { kind: 'plate', plate: 'ABC1234', plateYear: null, plateType: 'TK' })).toEqual([]);
  });

  it('searches by part of a plate, where only * and ? stand for others', async () => {
    const part = (pattern: string, plateType: string | null = null): Subject => ({ kind: 'partialPlate', pattern, plateType });
    expect(await plates('WA', part('AB*'))).toEqual(['ABC1234', 'ABD1234']);
    expect(await plates('WA', part('?B?1234'))).toEqual(['ABC1234', 'ABD1234']);
    expect(await plates('WA', part('AB*', 'TK'))).toEqual(['ABD1234']);
    expect(await plates('WA', part('A%*'))).toEqual(['A%C!_99']);
    expect(await plates('WA', part('*!_99'))).toEqual(['A%C!_99']);
    expect(await plates('WA', part('_BC1234'))).toEqual([]);
  });

  it('answers many at once as it answers one by one', async () => {
    const one = async ({ owner, subject, classes, limit }: Asked): Promise<SourceResult> => tidy(await ask(owner, subject, classes, limit));
    const single = new Map<string, SourceResult>();
    await fc.assert(fc.asyncProperty(fc.array(asked, { minLength: 1, maxLength: 150 }), async questions => {
      const together = await Promise.all(questions.map(one));
      for (const [i, q] of questions.entries()) {
        const key = JSON.stringify(q);
        if (!single.has(key)) single.set(key, await one(q));
        expect(together[i]).toEqual(single.get(key));
      }
    }), { numRuns: 25 });
  });
}

/** What every connector must do when the wire to its source breaks. The source behind it is well all the time. */
export function faultCases(sources: () => Sources, wire: () => FaultProxy): void {
  const ask = (number = 'WDL0000001'): Promise<SourceResult> =>
    sources().of('WA')?.lookup(question(licence(number), ['name'])) ?? Promise.reject(new Error('no source'));
  /** What it says once it says anything: on a slow machine a source that is well may be late as well. */
  const answer = (number?: string): Promise<SourceResult> => until(() => ask(number), ({ status }) => status !== 'unavailable');
  const recovered = async (): Promise<void> => {
    wire().set('pass');
    expect((await answer()).status).toBe('found');
  };

  for (const [mode, why] of [['cut', ['down', 'open']], ['hold', ['timeout', 'open']], ['garbage', ['down', 'timeout', 'open', 'misconfigured']]] as const) {
    it(`is unavailable while the wire does \`${mode}\`, and comes back by itself`, async () => {
      await recovered();
      wire().set(mode);
      // A number that is not there too: a broken wire must not be taken for "none".
      const during = await Promise.all(Array.from({ length: 40 }, (_, i) => ask(i % 2 === 0 ? 'NOBODY' : 'WDL0000001')));
      for (const result of during) expect(result).toEqual({ status: 'unavailable', why: expect.any(String) as string });
      for (let i = 0; i < 8; i += 1) {
        const result = await ask();
        expect(result.status).toBe('unavailable');
        if (result.status === 'unavailable') expect(why).toContain(result.why);
      }
      await recovered();
      expect(await answer('NOBODY')).toEqual({ status: 'none' });
    });
  }
}

/** A question with everything that the cases do not care about filled in. */
export function question(subject: Subject, classes: readonly DataClass[] = allDataClasses, limit = 10): SourceQuery {
  return { key: 'DQ', subject, classes, limit };
}

export function licence(number: string): Subject {
  return { kind: 'licence', number };
}

function plate(text: string): Subject {
  return { kind: 'plate', plate: text, plateYear: null, plateType: null };
}

function name(surname: string, given = '', middle = ''): PersonName {
  return { surname, given, middle };
}

function recordsOf(result: SourceResult): readonly RecordData[] {
  expect(result.status).not.toBe('unavailable');
  return result.status === 'found' ? result.records : [];
}

/** Pictures as plain arrays, because a Buffer is not equal to a Uint8Array; lists in one order, because SQL leaves it open. */
function tidy(result: SourceResult): SourceResult {
  if (result.status !== 'found') return result;
  const records = result.records.map(record => {
    const plain: Record<string, unknown> = { ...record };
    for (const member of ['photo', 'signature'] as const) {
      const picture = record[member];
      if (picture !== undefined) plain[member] = { mediaType: picture.mediaType, bytes: Uint8Array.from(picture.bytes) };
    }
    return plain;
  });
  return { ...result, records };
}

interface Asked {
  readonly owner: string;
  readonly subject: Subject;
  readonly classes: readonly DataClass[];
  readonly limit: number;
}

const subjects: readonly Subject[] = [
  ...['WDL0000001', 'WDL0000002', 'WDL0000003', 'WDL0000005', 'ODL0000004', 'NOBODY', 'wdl 1'].map(licence),
  { kind: 'person', name: name('SAMPLE', 'ALEX'), birthDate: '1980-02-29', sex: null },
  { kind: 'person', name: name('SAMPLE', 'ALEX'), birthDate: '1980-02-29', sex: 'F' },
  { kind: 'person', name: name('SAMPLE', 'ALEX'), birthDate: '1980-02-28', sex: null },
  { kind: 'name', name: name('SAMPLE', 'A') },
  { kind: 'name', name: name("O'HARE") },
  ...['ABC1234', 'ABD1234', 'XYZ0001', 'NONE'].map(plate),
  { kind: 'vin', vin: '1WEIR00000000002B', make: null, year: null },
  { kind: 'owner', name: name('SAMPLE') },
  { kind: 'partialPlate', pattern: 'A*', plateType: null },
];

const asked: fc.Arbitrary<Asked> = fc.record({
  owner: fc.constantFrom('WA', 'OR'),
  subject: fc.constantFrom(...subjects),
  classes: fc.constantFrom<readonly DataClass[]>(['name', 'registeredOwner'], ['name', 'photo', 'driverHistory', 'vehicleRegistration'], ['ssn']),
  limit: fc.constantFrom(2, 10),
});

const alex: RecordData = {
  licenceStatus: { status: 'LIC', licenceClass: 'D', issued: '2021-03-14', expires: '2027-03-14', restrictions: ['B', 'C'], endorsements: ['M'] },
  licenceNumber: { number: 'WDL0000001', jurisdiction: 'WA' },
  name: name('SAMPLE', 'ALEX', 'JAY'),
  birthDate: '1980-02-29',
  description: { sex: 'M', height: 70, weight: 180, eyes: 'BRO', hair: 'BLK' },
  address: { street: '12 OAK AVE', city: 'RIVERTON', county: 'KING', state: 'WA', zip: '98001' },
  photo: { mediaType: 'image/png', bytes: portrait },
  signature: { mediaType: 'image/jpeg', bytes: signature },
  ssn: '900-12-3456',
  medical: ['INSULIN', 'HEARING AID'],
  immigrationDocuments: [{ type: 'I-551', number: 'A000000001', expires: '2030-12-31' }],
  driverHistory: [
    { date: '2022-01-09', kind: 'accident', code: 'U01', text: 'PROPERTY DAMAGE', jurisdiction: 'OR' },
    { date: '2019-06-02', kind: 'conviction', code: 'S92', text: 'SPEEDING "15 OVER", \\ ZONE', jurisdiction: 'WA' },
  ],
};

const ford: RecordData = {
  vehicleRegistration: {
    plate: 'ABC1234', plateType: 'PC', plateYear: '2026', vin: '1WEIR00000000001A', make: 'FORD', model: 'FUS', style: '4D', colour: 'BLU', year: '2015', expires: '2026-11-30',
  },
  registeredOwner: { name: name('SAMPLE', 'ALEX', 'JAY'), address: { street: '12 OAK AVE', city: 'RIVERTON', county: 'KING', state: 'WA', zip: '98001' } },
};
