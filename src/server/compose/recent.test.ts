import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JournalError } from '../../exchange/index.ts';
import { sampleEntry } from '../../ledger/samples.ts';
import type { Entry } from '../../model/index.ts';
import { rememberRecent } from './recent.ts';

const ticket = { id: 't', deadline: '2026-11-22T16:00:00.000Z', by: 'desk', onTimeout: 'deny' } as const;
const limit = { rule: 'ZY-40', key: 'zx', window: '2026-11-22', used: 0, max: 3, counted: true };

function world(before: number) {
  const stored: Entry[] = Array.from({ length: before }, (_, n) => sampleEntry(n));
  let reads = 0;
  let broken = false;
  const recent = rememberRecent({
    get size() { return stored.length; },
    healthy: true,
    witnessed: () => Promise.resolve(),
    append: (entries) => (broken ? Promise.reject(new JournalError('JOURNAL_WRITE', 'full')) : Promise.resolve(entries.map((entry) => {
      const sequence = stored.push(entry) - 1;
      return { sequence, receipt: { log: 'zy', index: sequence, entry: entry.id, hash: '', token: '' } };
    }))),
  }, {
    async *entries(from, { end, where }) {
      reads += 1;
      await Promise.resolve();
      for (const [sequence, entry] of stored.entries()) if (sequence >= from && sequence < end && where(Buffer.from(JSON.stringify(entry)), sequence)) yield { sequence, entry };
    },
  });
  const read = async (from: number, end: number, where: (text: Buffer, index: number) => boolean): Promise<number[]> => {
    const found: number[] = [];
    for await (const { index } of recent.reader.read(from, { end, where })) found.push(index);
    return found;
  };
  return { recent, read, stored, reads: () => reads, broken: () => void (broken = true) };
}

const held = (n: number): Entry => ({ ...sampleEntry(n), ticket });
const counted = (n: number): Entry => ({ ...sampleEntry(n), limits: [limit] });
const owed = (n: number): Entry => ({ ...sampleEntry(n), duties: [{ rule: 'ZY-50', who: 'subject', withinSeconds: 259_200 }] });
const wanted = (text: Buffer): boolean => text.includes('"ticket":{') || text.includes('"counted":true') || text.includes('"duties":[{');

describe('what projections follow', () => {
  it('comes from memory once they have begun, and is what the ledger holds', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.array(fc.constantFrom(sampleEntry, held, counted, owed), { maxLength: 4 }), { maxLength: 8 }), fc.integer({ min: 1, max: 5 }), async (calls, before) => {
      const { recent, read, stored, reads } = world(before);
      await recent.journal.append([sampleEntry(99)]);
      let watermark = recent.reader.size;
      await read(0, watermark, wanted);
      const begun = reads();
      for (const call of calls) {
        await recent.journal.append(call.map((make, n) => make(n)));
        const { size } = recent.reader;
        // As the counters of limits ask: from the entry before the watermark to the last one.
        const where = (text: Buffer, index: number): boolean => index === watermark - 1 || index === size - 1 || wanted(text);
        const truth = stored.map((_, n) => n).filter((n) => n >= watermark - 1 && n < size && where(Buffer.from(JSON.stringify(stored[n])), n));
        expect(await read(watermark - 1, size, where)).toEqual(truth);
        watermark = size;
      }
      expect(reads()).toBe(begun);
    }));
  });

  it('is of the types that are wanted, in the order of the ledger also where calls came back in another', async () => {
    const { recent } = world(1);
    await recent.journal.append([sampleEntry(1)]);
    const from = recent.reader.size;
    const act = { ...sampleEntry(3), type: 'act' } as unknown as Entry;
    await Promise.all([recent.journal.append([held(2), act]), recent.journal.append([counted(4)])]);
    const { size } = recent.reader;
    const read = async (types?: readonly Entry['type'][]): Promise<number[]> => {
      const found: number[] = [];
      for await (const { index } of recent.reader.read(from, { end: size, where: () => true, ...(types === undefined ? {} : { types }) })) found.push(index - from);
      return found;
    };
    expect([await read(), await read(['act']), await read(['decision']), await read(['verdict'])]).toEqual([[0, 1, 2], [1], [0, 2], []]);
  });

  it('is read from the ledger where it lies further back', async () => {
    const { recent, read, reads } = world(3);
    await recent.journal.append([held(3), sampleEntry(4)]);
    expect(await read(0, recent.reader.size, () => true)).toEqual([0, 1, 2, 3, 4]);
    expect(reads()).toBe(1);
  });

  it('holds nothing that was not recorded', async () => {
    const { recent, broken, read } = world(1);
    await recent.journal.append([sampleEntry(1)]);
    const watermark = recent.reader.size;
    broken();
    await expect(recent.journal.append([held(2)])).rejects.toMatchObject({ code: 'JOURNAL_WRITE' });
    expect(recent.reader.size).toBe(watermark);
    expect(await read(watermark, recent.reader.size, () => true)).toEqual([]);
  });
});
