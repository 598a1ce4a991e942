import { beforeAll, describe, expect, it } from 'vitest';
import { randomEntries, testKey, testLog } from './cases.ts';
import type { TestKey, TestLog } from './cases.ts';
import { concat, utf8 } from './bytes.ts';
import { parseBundle } from './bundle.ts';
import { verifyLog } from './log.ts';
import type { BlockRunner, LogOptions, LogReport, LogState } from './log.ts';
import { verifyBlocks } from './log/blocks.ts';
import { parseState } from './log/state.ts';
import { nodeCrypto } from './nodeCrypto.ts';
import { parsePolicy } from './policy.ts';
import type { TrustPolicy } from './policy.ts';
import { VerifyError } from './types.ts';
import type { Fetch } from './types.ts';
import { webCrypto } from './webCrypto.ts';

const origin = 'weir.example.org/log/wa';
const entries = randomEntries(200_000);
let key: TestKey;
let policy: TrustPolicy;
let large: TestLog;

beforeAll(async () => {
  key = await testKey(origin);
  policy = parsePolicy(`log ${key.vkey}\nquorum none\n`);
  large = testLog(entries, origin, [key]);
});

const look = async (fetch: Fetch, options: Partial<LogOptions> = {}): Promise<LogReport> => await verifyLog(nodeCrypto, fetch, { policy, ...options });
const named = ({ damages }: LogReport): readonly string[] => damages.map(({ at, kind }) => `${kind} ${at}`).sort();
/** The log with some files replaced (null: removed). */
const changed = (log: TestLog, files: Readonly<Record<string, Uint8Array | null>>): Fetch => async (path) => (path in files ? files[path] ?? null : await log.fetch(path));
const flip = (log: TestLog, path: string, at = 40): Uint8Array => {
  const bytes = (log.files.get(path) ?? new Uint8Array()).slice();
  bytes[at] = (bytes[at] ?? 0) ^ 4;
  return bytes;
};

describe('a whole log', () => {
  it.each([0, 1, 2, 255, 256, 257, 511, 512, 1000, 65_535, 65_536, 65_537, 131_072, 200_000])('of %i entries is good, and all of it is read', async (size) => {
    const log = size === 200_000 ? large : testLog(entries.slice(0, size), origin, [key]);
    const read = new Set<string>();
    const report = await look(async (path) => {
      read.add(path);
      return await log.fetch(path);
    });
    expect(named(report)).toEqual([]);
    expect(report.complete).toBe(true);
    expect(report.checkpoint.size).toBe(size);
    for (const path of log.files.keys()) expect(read.has(path), path).toBe(true);
  });

  it('is judged the same hash by hash, as a browser does it', async () => {
    const log = testLog(entries.slice(0, 700), origin, [key]);
    expect(named(await verifyLog(webCrypto, log.fetch, { policy }))).toEqual([]);
    expect(named(await verifyLog(webCrypto, changed(log, { 'tile/entries/001': flip(log, 'tile/entries/001') }), { policy }))).toEqual(['altered tile/entries/001']);
  });

  it('may have entries of any length', async () => {
    const lengths = [0, 1, 31, 32, 33, 255, 256, 65_535, 32, 32];
    const log = testLog(Array.from({ length: 300 }, (_, i) => new Uint8Array(lengths[i % 10] ?? 0).fill(i)), origin, [key]);
    expect(named(await look(log.fetch))).toEqual([]);
  });
});

describe('every damage is named by its file', () => {
  const small = 70_000 + 300;
  let log: TestLog;
  beforeAll(() => {
    log = testLog(entries.slice(0, small), origin, [key]);
  });

  it('for each file of a log, altered, too short, too long and missing', async () => {
    // Every file at the edges, and some in between.
    const paths = [...log.files.keys()].filter((path, i) => path !== 'checkpoint' && (!/^tile\/(entries|0)\/[0-9]{3}$/.test(path) || i % 61 === 0 || path.endsWith('/255') || path.endsWith('/256')));
    expect(paths.some((path) => path.startsWith('tile/2/'))).toBe(true);
    for (const path of paths) {
      const bytes = log.files.get(path) ?? new Uint8Array();
      expect(named(await look(changed(log, { [path]: flip(log, path, bytes.length - 1) }))), path).toEqual([`altered ${path}`]);
      expect(named(await look(changed(log, { [path]: null }))), path).toEqual([`missing ${path}`]);
      expect(named(await look(changed(log, { [path]: bytes.subarray(0, -1) }))), path).toEqual([`short ${path}`]);
      expect(named(await look(changed(log, { [path]: concat(bytes, bytes.slice(0, path.includes('entries') ? 34 : 32)) }))), path).toEqual([`altered ${path}`]);
    }
  });

  it('names all of several, at several levels, and no good one', async () => {
    const files = { 'tile/1/000': flip(log, 'tile/1/000', 32 * 9), 'tile/0/007': flip(log, 'tile/0/007'), 'tile/entries/100': flip(log, 'tile/entries/100'), 'tile/0/009': null };
    expect(named(await look(changed(log, files)))).toEqual(['altered tile/0/007', 'altered tile/1/000', 'altered tile/entries/100', 'missing tile/0/009'].sort());
  });

  it('names a tile at the edge and an entry far below it', async () => {
    const files = { 'tile/2/000.p/1': flip(log, 'tile/2/000.p/1', 3), 'tile/0/274.p/156': flip(log, 'tile/0/274.p/156', 3), 'tile/entries/100': flip(log, 'tile/entries/100') };
    expect(named(await look(changed(log, files)))).toEqual(['altered tile/0/274.p/156', 'altered tile/2/000.p/1', 'altered tile/entries/100']);
  });

  it('names an entry that was exchanged together with its tile', async () => {
    const bundle = flip(log, 'tile/entries/003', 2 + 34 * 5);
    const leaves = (parseBundle(bundle) ?? []).map((entry) => nodeCrypto.sha256(concat(Uint8Array.of(0), entry)));
    expect(named(await look(changed(log, { 'tile/entries/003': bundle, 'tile/0/003': concat(...leaves) })))).toEqual(['altered tile/0/003', 'altered tile/entries/003']);
  });

  it('says which entry is not the one that was logged', async () => {
    const report = await look(changed(log, { 'tile/entries/003': flip(log, 'tile/entries/003', 34 * 5 + 2) }));
    expect(report.damages[0]?.message).toContain(String(3 * 256 + 5));
  });

  it('takes a whole tile for a partial one that is gone', async () => {
    const grown = testLog(entries.slice(0, 70_656), origin, [key]);
    const files = Object.fromEntries([...log.files.keys()].filter((path) => path.includes('.p/')).map((path) => [path, grown.files.has(path.replace(/\.p.*/, '')) ? null : log.files.get(path) ?? null]));
    const fetch: Fetch = async (path) => (path in files ? files[path] ?? null : log.files.get(path) ?? await grown.fetch(path));
    expect(Object.values(files)).toContain(null);
    expect(named(await look(fetch))).toEqual([]);
  });

  it('ends with a log that says it has more entries than any disk', async () => {
    const text = `${origin}\n9007199254740991\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n`;
    const { signNote } = await import('./cases.ts');
    const fetch: Fetch = async (path) => await Promise.resolve(path === 'checkpoint' ? utf8(`${text}\n${signNote(key, text)}`) : null);
    const report = await look(fetch);
    expect(report.complete).toBe(false);
    expect(report.damages.length).toBeGreaterThan(10);
  });
});

describe('the checkpoint', () => {
  it('must be there, of the policy, and signed', async () => {
    const code = async (fetch: Fetch, options: Partial<LogOptions> = {}): Promise<string> => await look(fetch, options).then(() => 'good', (error: unknown) => (error instanceof VerifyError ? error.code : 'other'));
    const log = testLog(entries.slice(0, 10), origin, [key]);
    const other = await testKey(origin);
    expect(await code(log.fetch)).toBe('good');
    expect(await code(changed(log, { checkpoint: null }))).toBe('missing');
    expect(await code(changed(log, { checkpoint: Uint8Array.of(255) }))).toBe('malformed');
    expect(await code(log.fetch, { policy: parsePolicy(`log ${other.vkey}\nquorum none\n`) })).toBe('unsigned');
    expect(await code(changed(log, { checkpoint: utf8(log.note.replace('\n10\n', '\n11\n')) }))).toBe('badSignature');
  });

  it('must contain an older one', async () => {
    const older = testLog(entries.slice(0, 1000), origin, [key]);
    const log = testLog(entries.slice(0, 3000), origin, [key]);
    // Another log, consistent in itself and signed, of which one early entry was exchanged.
    const forged = testLog([...entries.slice(0, 500), new Uint8Array(32), ...entries.slice(501, 3000)], origin, [key]);
    expect(named(await look(log.fetch, { older: { size: 1000, root: older.root } }))).toEqual([]);
    expect(named(await look(forged.fetch))).toEqual([]);
    expect(named(await look(forged.fetch, { older: { size: 1000, root: older.root } }))).toEqual(['inconsistent checkpoint']);
    expect(named(await look(older.fetch, { older: { size: 3000, root: log.root } }))).toEqual(['inconsistent checkpoint']);
  });
});

describe('a look at a log that goes on later', () => {
  it('hashes no block again, keeps what was found, and forgets nothing of the log', async () => {
    const first = await look(large.fetch);
    const state = parseState(JSON.stringify(first.state));
    expect(state.size).toBe(196_608);
    const read: string[] = [];
    const again = await look(async (path) => {
      read.push(path);
      return await large.fetch(path);
    }, { state });
    expect(named(again)).toEqual([]);
    expect(read.filter((path) => path.startsWith('tile/entries/')).length).toBe(Math.ceil((200_000 - 196_608) / 256));
    expect(again.state).toEqual(first.state);
    const forged = testLog([...entries.slice(0, 70_000), new Uint8Array(32), ...entries.slice(70_001)], origin, [key]);
    expect(named(await look(forged.fetch))).toEqual([]);
    expect(named(await look(forged.fetch, { state }))).toEqual(['inconsistent checkpoint']);
    // A change behind the last whole block is seen by the checkpoint that the state has.
    const late = testLog([...entries.slice(0, 199_999), new Uint8Array(32)], origin, [key]);
    expect(named(await look(late.fetch, { state }))).toEqual(['inconsistent checkpoint']);
    expect(named(await look(testLog(entries.slice(0, 100_000), origin, [key]).fetch, { state }))).toEqual(['inconsistent checkpoint']);
    await expect(look(large.fetch, { state: { ...state, origin: 'weir.example.org/log/or' } })).rejects.toMatchObject({ code: 'malformed' });
  });

  it('begins at the first entry that was not yet seen when it was stopped, and remembers damage', async () => {
    const states: LogState[] = [];
    const damaged = changed(large, { 'tile/entries/000': flip(large, 'tile/entries/000') });
    const runner: BlockRunner = async (task) => await verifyBlocks(nodeCrypto, damaged, task);
    let tasks = 0;
    const stopped = await look(damaged, { runners: [runner], onState: (state) => states.push(state), stopped: () => (tasks += 1) > 1 });
    expect(stopped.complete).toBe(false);
    expect(stopped.state).toEqual(states.at(-1));
    expect(stopped.state.checkpoint).toBe(null);
    const rest = await look(large.fetch, { state: stopped.state });
    expect(named(rest)).toEqual(['altered tile/entries/000']);
    expect(rest.complete).toBe(true);
  });

  it('is the same by several runners', async () => {
    const runner: BlockRunner = async (task) => await verifyBlocks(nodeCrypto, large.fetch, structuredClone(task));
    const progress: number[] = [];
    const report = await look(large.fetch, { runners: [runner, runner, runner], onProgress: (verified) => progress.push(verified) });
    expect(named(report)).toEqual([]);
    expect(report.state).toEqual((await look(large.fetch)).state);
    expect(progress.at(-1)).toBe(196_608);
  });

  it.each(['', '{}', 'null', '[]', '{"weir":"verified-log/v1","origin":"a","size":1,"range":[],"checkpoint":null,"damages":[]}', '{"weir":"verified-log/v1","origin":"a","size":0,"range":["x"],"checkpoint":null,"damages":[]}'])('refuses a state that is none: %s', (text) => {
    expect(() => parseState(text)).toThrow(VerifyError);
  });
});
