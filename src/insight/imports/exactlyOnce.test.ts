import { appendFile, copyFile, mkdtemp, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDataset } from '../archive/dataset.ts';
import { sampleSession } from '../archive/sample.ts';
import type { OwnerWriter } from '../archive/types.ts';
import { openWriter } from '../archive/writer.ts';
import { bytesOf, partsOf, testOris, testSealer } from './cases.ts';
import { importFiles } from './importFiles.ts';
import { sampleLog, sampleMapping } from './sampleLog.ts';
import { ImportSession, lacksOf } from './session.ts';
import { stateFolder } from './state.ts';
import { followFile } from './tail.ts';

let folder: string;
let dataset: string;
const never = new Promise<void>(() => undefined);
const mapping = `${sampleMapping}duplicates: { by: line, within: 40 }\n`;
const parts = partsOf(mapping, '');
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-tail-'));
  dataset = await createDataset(folder, { weirArchive: 1, name: 'test', kind: 'imported', label: 'test', lacks: lacksOf(parts.mapping), created: '2026-01-01T00:00:00.000Z', engine: 'test' });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Where a run dies: before or after the archive is sealed for the n-th time, or after what will hold was written. */
interface Death {
  readonly at: number;
  readonly when: 'before' | 'after';
}

async function session<T>(work: (session: ImportSession) => Promise<T>, death?: Death): Promise<T> {
  const writer = await openWriter({ folder: dataset }, 'WA', { monthly: true });
  let seals = 0;
  const seal = async (done?: number): Promise<void> => {
    seals += 1;
    if (death?.at === seals && death.when === 'before') throw new Error('died');
    await writer.seal(done);
    if (death?.at === seals && death.when === 'after') throw new Error('died');
  };
  const dying = Object.create(writer, { seal: { value: seal } }) as OwnerWriter;
  try {
    return await work(await ImportSession.open({ ...parts, folder: dataset, writer: dying }));
  } finally {
    await writer.close();
  }
}

const indices = async (): Promise<readonly number[]> => {
  const reading = await sampleSession(dataset);
  try {
    return (await reading.query<{ index: number }>('SELECT "index" FROM rows ORDER BY "index"')).map(({ index }) => index);
  } finally {
    await reading.close();
  }
};
const tail = (path: string, death?: Death, sealRows = 60): Promise<void> => session((one) => followFile(one, path, { parts, stop: never, once: true, everyMs: 1, sealRows }), death);
const counted = (): Promise<{ read: number; archived: number; duplicates: number; ends: readonly unknown[] }> => session((one) => Promise.resolve({
  read: one.state.sources.reduce((sum, { tally }) => sum + tally.read, 0), archived: one.state.sources.reduce((sum, { tally }) => sum + (tally.counts.archived?.count ?? 0), 0),
  duplicates: one.state.sources.reduce((sum, { tally }) => sum + (tally.counts.duplicate?.count ?? 0), 0), ends: one.state.sources.map(({ end }) => end),
}));
const log = sampleLog({ lines: 400, every: 3, ways: ['duplicate', 'badTime', 'blank'], seed: 4, oris: testOris }, true);
const bytes = bytesOf(log);

describe('killed anywhere, each line is there exactly once', () => {
  for (const when of ['before', 'after'] as const) {
    it(`a whole file, dying ${when} a sealing`, async () => {
      const path = join(folder, 'a.csv');
      await writeFile(path, bytes);
      await session((one) => importFiles(one, [path]), { at: 1, when }).catch(() => undefined);
      await session((one) => importFiles(one, [path]));
      expect(await indices()).toEqual(log.archived);
      expect(await counted()).toMatchObject({ read: 400, archived: log.archived.length, duplicates: log.expected.get('duplicate') });
    });

    it(`a log that is followed, dying ${when} each sealing in turn, with lines cut in the middle`, async () => {
      const path = join(folder, 'a.log');
      await writeFile(path, '');
      let from = 0;
      for (let step = 1; from < bytes.length; step += 1) {
        const to = Math.min(bytes.length, from + 7_001);
        await appendFile(path, bytes.subarray(from, to));
        from = to;
        await tail(path, { at: 1 + (step % 3), when }, 20).catch(() => undefined);
      }
      await tail(path);
      expect(await indices()).toEqual(log.archived);
      expect(await counted()).toMatchObject({ read: 400, archived: log.archived.length, duplicates: log.expected.get('duplicate') });
    });
  }
});

describe('a log that is followed', () => {
  const [a, b] = [sampleLog({ lines: 50, every: 60, ways: ['blank'], seed: 1, oris: testOris }, true), sampleLog({ lines: 50, every: 60, ways: ['blank'], seed: 2, oris: testOris }, true)];
  const [first, second] = [bytesOf(a), bytesOf(b)];

  it('is read on under its new name where it was renamed while nobody looked', async () => {
    const path = join(folder, 'a.log');
    await writeFile(path, first.subarray(0, 3_000));
    await tail(path);
    await appendFile(path, first.subarray(3_000, first.length - 1));
    await rename(path, `${path}.1`);
    await writeFile(path, second);
    await tail(path);
    expect(await counted()).toMatchObject({ read: 100, archived: 98, ends: ['rotated', null] });
    expect(await indices()).toHaveLength(98);
  });

  it('that was emptied is begun anew, also where it has grown beyond again', async () => {
    const path = join(folder, 'a.log');
    await writeFile(path, first);
    await tail(path);
    await copyFile(path, `${path}.bak`);
    await truncate(path, 0);
    await writeFile(path, Buffer.concat([second, bytesOf(sampleLog({ lines: 50, every: 60, ways: ['blank'], seed: 3, oris: testOris })).subarray(110)]));
    expect((await stat(path)).size).toBeGreaterThan(first.length);
    await tail(path);
    const found = await counted();
    expect(found.ends).toEqual(['truncated', null]);
    expect(found.archived).toBe((await indices()).length);
    expect(found.archived).toBeGreaterThan(97);
  });

  it('ends when it is asked to, with everything durable but a line without an end', async () => {
    const path = join(folder, 'a.log');
    await writeFile(path, first.subarray(0, first.length - 1));
    let end: () => void = () => undefined;
    const stop = new Promise<void>((resolve) => { end = resolve; });
    await session((one) => followFile(one, path, { parts: { sealer: testSealer, owner: 'WA' }, stop, everyMs: 1, told: ({ event }) => { if (event === 'waiting') end(); } }));
    expect(await counted()).toMatchObject({ read: 49, archived: 48 });
    await appendFile(path, '\n');
    await tail(path);
    expect(await counted()).toMatchObject({ read: 50, archived: 49 });
  });

  it('does not go with another file, nor with an archive from before', async () => {
    const path = join(folder, 'a.log');
    await writeFile(path, first);
    await tail(path);
    await writeFile(join(folder, 'b.csv'), second);
    await expect(session((one) => importFiles(one, [join(folder, 'b.csv')]))).rejects.toMatchObject({ code: 'IMPORT_STATE' });
    await rm(join(dataset, 'owner=WA'), { recursive: true });
    await expect(tail(path)).rejects.toMatchObject({ code: 'IMPORT_STATE' });
    await rm(stateFolder(dataset, 'WA'), { recursive: true });
    await expect(tail(join(folder, 'nowhere.log'))).rejects.toMatchObject({ code: 'IMPORT_FILE' });
  });
});
