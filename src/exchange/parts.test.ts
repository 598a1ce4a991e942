import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { defaultLegacyPurposes, treatmentsOf, type DataClass } from '../vocabulary/index.ts';
import { emptyExtension, type RecordData } from '../model/index.ts';
import { inquiry, record } from '../../test/exchangeParts.ts';
import { classesOf } from './classes.ts';
import { inquiryId, ticketId } from './ids.ts';
import { LineCounters } from './lineCounters.ts';
import { purposeOf } from './purpose.ts';
import { releasedHash } from './releasedHash.ts';
import { shape } from './shape.ts';

const whole: Required<Pick<RecordData, 'photo' | 'signature' | 'address' | 'birthDate' | 'licenceNumber' | 'ssn' | 'name' | 'registeredOwner'>> = {
  photo: { mediaType: 'image/png', bytes: Buffer.from('p') }, signature: { mediaType: 'image/png', bytes: Buffer.from('s') },
  address: { street: '12 EXAMPLE RD', city: 'SAMPLETON', county: 'HOLLOW', state: 'ZY', zip: '00000' }, birthDate: '1984-02-29',
  licenceNumber: { number: 'Q4471180023', jurisdiction: 'ZY' }, ssn: '900123456', name: { surname: 'MARROWBY', given: 'TESSA', middle: 'Q' },
  registeredOwner: { name: { surname: 'MARROWBY', given: 'TESSA', middle: 'Q' }, address: { street: '12 EXAMPLE RD', county: 'HOLLOW', state: 'ZY' } },
};

describe('shape', () => {
  const cases = Object.entries(treatmentsOf).flatMap(([c, list]) => list.map((t) => [c as DataClass, t] as const));

  it.each(cases)('%s by %s leaves less than the whole', async (dataClass, treatment) => {
    const out = await shape(whole, [{ dataClass, outcome: 'redact', treatment, rules: [], review: null }], { reduce: () => Promise.resolve(Buffer.from('small')) });
    expect(Object.keys(out)).toEqual([dataClass]);
    expect(JSON.stringify(out)).not.toBe(JSON.stringify({ [dataClass]: whole[dataClass as keyof typeof whole] }));
    for (const marker of ['EXAMPLE RD', 'Q447', '1984-02', '90012', 'TESSA']) {
      if (dataClass === 'registeredOwner' && marker === 'TESSA') continue;
      expect(JSON.stringify(out)).not.toContain(marker);
    }
  });

  it('leaves a class out where the treatment is not one of it, or the picture cannot be reduced', async () => {
    const reducer = { reduce: () => Promise.reject(new Error('no picture')) };
    const decision = { outcome: 'redact', rules: [], review: null } as const;
    expect(await shape(whole, [{ ...decision, dataClass: 'address', treatment: 'year' }, { ...decision, dataClass: 'photo', treatment: 'reduced' }], reducer)).toEqual({});
    expect(await shape(whole, [{ ...decision, dataClass: 'address', treatment: null }], reducer)).toEqual({});
  });
});

describe('released hash', () => {
  it('does not depend on the order of members, and depends on every byte', () => {
    const turned = Object.fromEntries(Object.entries(record).reverse()) as RecordData;
    expect(releasedHash([turned])).toBe(releasedHash([record]));
    expect(releasedHash([{ ...record, photo: { mediaType: 'image/png', bytes: Buffer.from('portrait-markeR') } }])).not.toBe(releasedHash([record]));
    expect(releasedHash([])).toBe(hash('sha256', '[]', 'hex'));
  });
});

describe('purpose', () => {
  it('is as stated, else by reason code, else not stated', () => {
    const of = (over: Parameters<typeof inquiry>[0]): string => purposeOf(inquiry(over), defaultLegacyPurposes);
    expect(of({ extension: { ...emptyExtension, purpose: 'fraud' }, reason: 'T' })).toBe('fraud');
    expect(of({ reason: 'T' })).toBe('trafficEnforcement');
    expect(of({ reason: 'I' })).toBe('notStated');
    expect(of({ key: 'KQ', legacyPurpose: 'C' })).toBe('notStated');
    expect(of({})).toBe('notStated');
  });
});

describe('classes', () => {
  it('asks for a photo only where the image is wanted and the key allows it', () => {
    expect(classesOf(inquiry({ image: null }))).not.toMatchObject({ classes: expect.arrayContaining(['photo']) as unknown });
    expect(classesOf(inquiry({ image: true }))).toMatchObject({ classes: expect.arrayContaining(['photo']) as unknown });
    expect(classesOf(inquiry({ image: true, extension: { ...emptyExtension, wants: ['name'] } }))).toEqual({ classes: ['name', 'photo'] });
    expect(classesOf(inquiry({ key: 'DQ', extension: { ...emptyExtension, wants: ['driverHistory'] } }))).toEqual({ impossible: 'driverHistory' });
  });
});

describe('small parts', () => {
  it('makes ids that sort by time and do not repeat', () => {
    const ids = Array.from({ length: 1000 }, (_, i) => inquiryId(1_700_000_000_000 + i));
    expect([...ids].sort()).toEqual(ids);
    expect(ids.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id))).toBe(true);
    expect(new Set(Array.from({ length: 1000 }, () => ticketId('WA'))).size).toBe(1000);
    expect(ticketId('WA')).toMatch(/^WA(-[0-9A-HJKMNP-TV-Z]{4}){4}$/);
  });

  it('counts to five digits and starts again', () => {
    const counters = new LineCounters(199_998);
    expect([counters.nextReceived(), counters.nextReceived(), counters.nextSent()]).toEqual([99_999, 0, 99_999]);
  });
});
