import { createCipheriv, createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DecisionEntry, SystemEntry } from '../../model/index.ts';
import { commitmentOf as verified, fieldHash, saltsOf } from '../../verify/commitment.ts';
import { nodeCrypto } from '../../verify/nodeCrypto.ts';
import { codeOf } from '../cases.ts';
import { dayOf, leafData, recordHead } from '../record.ts';
import { sampleEntry } from '../samples.ts';
import type { Field, StoredRecord } from '../types.ts';
import { memoryDays, ownerEntries } from './cases.ts';
import { commitmentOf, saltedFields } from './commit.ts';
import { fieldsOf } from './fields.ts';
import { openRecord } from './open.ts';
import { partsOf, prepareEntry, prepareReady } from './prepare.ts';

const now = Date.parse('2026-03-01T12:00:00.000Z');
const day = dayOf(now);
const days = memoryDays();
const decision: DecisionEntry = { ...sampleEntry(1, 'full'), recordTags: ['a'.repeat(64)] };
const system: SystemEntry = { type: 'system', v: 1, id: 's1', at: '2026-03-01T12:00:00.000Z', event: 'started', subject: 'ZÖ "1"', hash: null, detail: { a: 1 } };

function stored(log: string, record: Buffer): StoredRecord {
  return { sequence: 5, index: 3, log, record };
}

/** The commitment as the format document says it, step by step and by other calls. */
function naive(fields: readonly Field[], seed: Buffer): string {
  const stream = createCipheriv('aes-256-ctr', seed, Buffer.alloc(16)).update(Buffer.alloc(16 * fields.length));
  const all = createHash('sha256').update('weir-entry/v1\n');
  fields.forEach(({ name, text }, place) => {
    const salt = stream.subarray(16 * place, 16 * place + 16);
    all.update(`${name} `).update(createHash('sha256').update(salt.toString('hex')).update('\n').update(name).update('\n').update(Buffer.from(text)).digest('hex')).update('\n');
  });
  return all.digest('latin1' as 'binary');
}

describe('the commitment', () => {
  it('is what the format document says, for any entry and seed', () => {
    fc.assert(fc.property(ownerEntries, fc.uint8Array({ minLength: 32, maxLength: 32 }), (entry, bytes) => {
      const fields = fieldsOf(entry);
      expect(commitmentOf(fields, Buffer.from(bytes))).toBe(naive(fields, Buffer.from(bytes)));
    }));
  });

  it('has a fixed value for a fixed entry and seed, so that no release of Weir changes it unseen', () => {
    const fields = [{ name: 'entry', text: '{"type":"withheld","v":1,"id":"w1","owner":"ZY"}' }, { name: 'day', text: '{"day":"2026-03-01"}' }];
    expect(Buffer.from(commitmentOf(fields, Buffer.alloc(32, 7)), 'latin1').toString('hex')).toBe('5e076aa6c3401713997759b3fbc288796737ea805d5c1a90997989e94097f668');
  });

  it('is what a verifier makes of the opened fields', async () => {
    const seed = Buffer.alloc(32, 9);
    const fields = fieldsOf(decision);
    const salts = await saltsOf(nodeCrypto, seed, fields.length);
    const hashes = await Promise.all(fields.map(async ({ name, text }, place) => ({ name, hash: await fieldHash(nodeCrypto, salts[place] ?? '', name, text) })));
    expect(Buffer.from(await verified(nodeCrypto, hashes)).toString('latin1')).toBe(commitmentOf(fields, seed));
    expect(saltedFields(fields, seed).map(({ salt, hash }) => ({ salt, hash }))).toEqual(hashes.map(({ hash }, place) => ({ salt: salts[place], hash })));
  });

  it('is made of salted hashes, one salt a field', () => {
    const fields = fieldsOf(decision);
    const salted = saltedFields(fields, Buffer.alloc(32, 1));
    expect(new Set(salted.map(({ salt }) => salt)).size).toBe(12);
    for (const { name, text, salt, hash } of salted) expect(hash).toBe(createHash('sha256').update(`${salt}\n${name}\n${text}`).digest('hex'));
  });
});

describe('a record', () => {
  it('opens to the entry, its fields and the seed that makes its commitment', async () => {
    await fc.assert(fc.asyncProperty(ownerEntries, async (entry) => {
      const made = prepareEntry(entry, days, now);
      if (made === null) throw new Error('the key is held');
      expect(made).toMatchObject({ log: entry.owner.toLowerCase(), id: entry.id });
      const opened = await openRecord(stored(made.log, made.record), days);
      expect(opened?.entry).toEqual(entry);
      expect(opened).toMatchObject({ sequence: 5, index: 3, log: made.log });
      expect(commitmentOf(opened!.fields, opened!.seed!)).toBe(leafData(made.record).toString('latin1'));
      expect(made.record.includes(entry.at)).toBe(false);
    }));
  });

  it('of the anchor log is the entry as it is', async () => {
    const made = prepareEntry(system, days, now)!;
    expect(made.log).toBe('anchor');
    expect(leafData(made.record).toString()).toBe(JSON.stringify(system));
    expect(await openRecord(stored('anchor', made.record), days)).toMatchObject({ entry: system, seed: null, fields: [] });
  });

  it('says openly its kind, log and day, and whether a projection must know it', () => {
    const kindOf = (entry: Parameters<typeof partsOf>[0]): unknown => recordHead(prepareEntry(entry, days, now)!.record);
    expect(kindOf(decision)).toEqual({ kind: 'disclosure', log: 'zy', day, projected: false });
    expect(kindOf({ ...decision, records: 0 })).toMatchObject({ kind: 'disclosure' });
    expect(kindOf({ ...decision, released: [] })).toMatchObject({ kind: 'disclosure' });
    expect(kindOf({ ...decision, records: 0, released: [] })).toMatchObject({ kind: 'other' });
    const limit = { rule: 'L-1', key: '*', window: '2026-03-01', used: 0, max: 5, counted: true };
    expect(kindOf({ ...decision, limits: [limit] })).toEqual({ kind: 'disclosure', log: 'zy', day, projected: true });
    expect(kindOf({ ...decision, limits: [{ ...limit, counted: false }] })).toMatchObject({ projected: false });
    expect(kindOf({ ...decision, ticket: { id: 't', deadline: decision.at, by: 'desk', onTimeout: 'deny' } })).toMatchObject({ projected: true });
    expect(kindOf({ ...decision, duties: [{ rule: 'ZY-50', who: 'subject', withinSeconds: 259_200 }] })).toMatchObject({ projected: true });
    expect(kindOf({ type: 'redelivery', v: 1, id: 'r', at: decision.at, inquiry: 'q', requester: 'ZX0010000', credential: null, owner: 'ZY' })).toMatchObject({ kind: 'disclosure' });
    expect(kindOf({ type: 'withheld', v: 1, id: 'w', at: decision.at, index: 1, until: decision.at, order: 'o', owner: 'ZY' })).toMatchObject({ kind: 'other' });
  });

  it('never has a seed, nonce or commitment twice', async () => {
    const seen = new Set<string>();
    for (let n = 0; n < 3_000; n += 1) {
      const { record } = prepareEntry(decision, days, now)!;
      seen.add(`c${record.toString('hex', 5, 37)}`).add(`n${record.toString('hex', 37, 49)}`);
      if (n % 10 === 0) seen.add(`s${(await openRecord(stored('zy', record), days))!.seed!.toString('hex')}`);
    }
    expect(seen.size).toBe(6_300);
  });

  it('with any bit altered, or cut, is refused', async () => {
    const { record } = prepareEntry({ ...decision, decisions: [], released: ['photo'] }, days, now)!;
    for (let bit = 0; bit < record.length * 8; bit += 1) {
      const altered = Buffer.from(record);
      altered[bit >> 3]! ^= 1 << (bit & 7);
      // Kind 1 with a bit more is kind 3, whose key is another one; kinds 0 and 5 and more are none, and the code of another owner is not of this log.
      expect(await codeOf(openRecord(stored('zy', altered), days)), `bit ${bit}`).toMatch(/^ENTRY_(ALTERED|FORMAT)$/);
    }
    for (let length = 0; length < record.length; length += 1) expect(await codeOf(openRecord(stored('zy', record.subarray(0, length)), days))).toMatch(/^ENTRY_(ALTERED|FORMAT)$/);
  });

  it('of another log, or no entry of the anchor log, is refused', async () => {
    const { record } = prepareEntry(decision, days, now)!;
    expect(await codeOf(openRecord(stored('zx', record), days))).toBe('ENTRY_FORMAT');
    expect(await codeOf(openRecord(stored('anchor', record), days))).toBe('ENTRY_FORMAT');
    expect(await codeOf(openRecord(stored('anchor', Buffer.from('\u0002\u0000\u0000{"type":"decision"}')), days))).toBe('ENTRY_FORMAT');
    expect(await codeOf(openRecord(stored('anchor', Buffer.from('\u0002\u0000\u0000{')), days))).toBe('ENTRY_FORMAT');
  });

  it('whose day key was destroyed is erased', async () => {
    const { record } = prepareEntry(decision, days, now)!;
    expect(await openRecord(stored('zy', record), memoryDays(new Set([`ZY ${day} disclosure`])))).toBeNull();
    expect(await openRecord(stored('zy', record), memoryDays(new Set([`ZY ${day} other`])))).not.toBeNull();
  });

  it('waits for its key where it is not in memory, and takes the day that it is then', async () => {
    let at = now;
    const asked: number[] = [];
    const ready = new Set<number>();
    const slow = { ...days, held: (owner: string, wanted: number, kind: 'disclosure' | 'other') => (ready.has(wanted) ? days.held(owner, wanted, kind) : null) };
    const made = await prepareReady(decision, { ...slow, ready: (owner, wanted, kind) => { asked.push(wanted); ready.add(wanted); at = now + 86_400_000; return days.ready(owner, wanted, kind); } }, { now: () => at });
    expect(prepareEntry(decision, { ...slow, held: () => null }, now)).toBeNull();
    expect(asked).toEqual([day, day + 1]);
    expect(recordHead(made.record)?.day).toBe(day + 1);
  });
});
