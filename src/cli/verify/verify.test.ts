import { sign } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runVerbs, type VerbRun } from '../../../test/runVerbs.ts';
import { commitmentOf, fieldHash, formatProof, formatToken, inclusionProof, noteTypes, receiptLeaf, receiptNote, saltsOf, toBase64, toHex, utf8, nodeCrypto } from '../../verify/index.ts';
import { naivePath, naiveRoot, randomEntries, testKey, testLog, type TestKey, type TestLog } from '../../verify/cases.ts';
import { releasedHash } from '../../exchange/releasedHash.ts';
import { addVerify } from './index.ts';
import { shown } from './verdict.ts';

const prefix = 'weir.example.org';
const origin = `${prefix}/log/wa`;
const entries = randomEntries(700);
let folder: string;
let key: TestKey;
let receipts: TestKey;
let witness: TestKey;
let log: TestLog;
let older: TestLog;

const at = (name: string): string => join(folder, name);
const put = async (name: string, data: string | Uint8Array): Promise<string> => {
  await mkdir(dirname(at(name)), { recursive: true });
  await writeFile(at(name), data);
  return at(name);
};
const putLog = async (name: string, { files }: TestLog): Promise<string> => {
  for (const [path, bytes] of files) await put(`${name}/${path}`, bytes);
  return at(name);
};
const run = async (...args: readonly string[]): Promise<VerbRun> => await runVerbs([addVerify], ['verify', ...args]);
const exit = async (...args: readonly string[]): Promise<number> => (await run(...args, '--quiet')).exit;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-verify-cli-'));
  key = await testKey(origin);
  receipts = await testKey(`${prefix}/receipts`);
  witness = await testKey('w.example.net', noteTypes.cosignature);
  log = testLog(entries, origin, [key, witness]);
  older = testLog(entries.slice(0, 300), origin, [key]);
  await putLog('wa', log);
  await put('old.txt', older.note);
  const base = `log ${key.vkey}\nlog ${receipts.vkey}\nwitness W ${witness.vkey}\n`;
  await put('trust.txt', `${base}quorum W\n`);
  await put('alone.txt', `${base}quorum none\n`);
  await put('other.txt', `log ${(await testKey(origin)).vkey}\nlog ${(await testKey(receipts.name)).vkey}\nquorum none\n`);
  await put('bad.txt', 'quorum G\n');
});
afterAll(async () => { await rm(folder, { recursive: true, force: true }); });

/** A receipt for one entry, as a batch of three makes it. */
function receiptOf(index: number, hash: Uint8Array, entry = '01HVZ'): { log: string; index: number; entry: string; hash: string; token: string } {
  const time = 1_795_000_000_000;
  const leaves = [utf8('a'), utf8(receiptLeaf(origin, index, hash, entry, time)), utf8('b')];
  const signature = sign(null, utf8(receiptNote(receipts.name, leaves.length, naiveRoot(leaves))), receipts.secret);
  return { log: 'wa', index, entry, hash: toHex(hash), token: formatToken({ place: 1, count: 3, time, keyId: receipts.keyId, signature, proof: naivePath(1, leaves) }) };
}

describe('weir verify receipt', () => {
  it('reads a receipt by itself, and in an answer as JSON, NIEM XML and legacy text', async () => {
    const receipt = receiptOf(17, entries[17] ?? new Uint8Array());
    const { log: name, index, entry, hash, token } = receipt;
    const forms = [
      JSON.stringify(receipt), JSON.stringify({ id: 'a', answers: [{ owner: 'WA', receipt }, { owner: 'OR', receipt: null }] }),
      `<?xml version="1.0"?><a><wx:Receipt>\n<wx:Log>${name}</wx:Log><wx:Index>${String(index)}</wx:Index><wx:Entry>${entry}</wx:Entry><wx:Hash>${hash}</wx:Hash><wx:Token>${token}</wx:Token></wx:Receipt></a>`,
      `DR.WAWEIR\r\nWA: HIT\r\nRECEIPT WA ${String(index)} ${entry}\r\nHASH ${hash}\r\n${(token.match(/.{1,64}/g) ?? []).map((part) => `SIGNED ${part}\r\n`).join('')}END\r\n`,
    ];
    for (const form of forms) {
      const file = await put('form', form);
      const good = await run('receipt', file, '--policy', at('trust.txt'), '--json');
      expect(good.exit, form.slice(0, 20)).toBe(0);
      expect(good.out).toContain('"index": 17');
      expect(await exit('receipt', file, '--key', receipts.vkey, '--origin', prefix)).toBe(0);
      expect(await exit('receipt', file, '--policy', at('other.txt'))).toBe(4);
      expect(await exit('receipt', await put('form', form.replace('17', '18')), '--policy', at('trust.txt'))).toBe(4);
    }
  });

  it('says 2 for what is no receipt or no trust, and 3 for what cannot be read', async () => {
    const file = await put('r.json', JSON.stringify(receiptOf(1, new Uint8Array(32))));
    expect(await exit('receipt', await put('none', 'hello'), '--policy', at('trust.txt'))).toBe(2);
    expect(await exit('receipt', await put('none', '{"answers":[]}'), '--policy', at('trust.txt'))).toBe(2);
    expect(await exit('receipt', await put('none', '<wx:Receipt><wx:Receipt>'), '--policy', at('trust.txt'))).toBe(2);
    expect(await exit('receipt', await put('none', Uint8Array.of(0xff, 0xfe)), '--policy', at('trust.txt'))).toBe(2);
    expect(await exit('receipt', file)).toBe(2);
    expect(await exit('receipt', file, '--policy', at('bad.txt'))).toBe(2);
    expect(await exit('receipt', file, '--key', receipts.vkey)).toBe(2);
    expect(await exit('receipt', file, '--key', receipts.vkey, '--origin', 'weir.example')).toBe(2);
    expect(await exit('receipt', at('absent'), '--policy', at('trust.txt'))).toBe(3);
    expect(await exit('receipt', file, '--policy', at('absent'))).toBe(3);
  });
});

describe('weir verify log', () => {
  it('is 0 for a good log, in a folder or over HTTP, and 5 without its witnesses', async () => {
    const good = await run('log', at('wa'), '--policy', at('trust.txt'));
    expect(good).toMatchObject({ exit: 0, error: '' });
    expect(good.out).toContain('cosigned by W');
    expect(await exit('log', at('wa'), '--key', key.vkey, '--origin', prefix, '--threads', '1')).toBe(0);
    expect(await exit('log', await putLog('quiet', testLog(entries, origin, [key])), '--policy', at('trust.txt'))).toBe(5);
    const server = await serve(at('wa'));
    const { port } = server.address() as AddressInfo;
    expect(await exit('log', `http://127.0.0.1:${String(port)}`, '--policy', at('trust.txt'))).toBe(0);
    expect(await exit('log', `http://127.0.0.1:${String(port)}/broken/`, '--policy', at('trust.txt'))).toBe(3);
    await new Promise((resolve) => server.close(resolve));
    expect(await exit('log', `http://127.0.0.1:${String(port)}`, '--policy', at('trust.txt'))).toBe(3);
  });

  it('names damage: 1 for what was altered, 6 for what is missing, 4 for signatures', async () => {
    const copy = await putLog('damaged', log);
    await rm(join(copy, 'tile/0/001'));
    const missing = await run('log', copy, '--policy', at('trust.txt'), '--json');
    expect(missing.exit).toBe(6);
    expect(JSON.parse(missing.out)).toMatchObject({ ok: false, damages: [{ at: 'tile/0/001', kind: 'missing' }] });
    await put('damaged/tile/entries/000', (log.files.get('tile/entries/000') ?? new Uint8Array()).map((byte, i) => (i === 9 ? byte ^ 1 : byte)));
    const altered = await run('log', copy, '--policy', at('trust.txt'));
    expect(altered.exit).toBe(1);
    expect(altered.out).toContain('tile/entries/000');
    expect(await exit('log', at('wa'), '--policy', at('other.txt'))).toBe(4);
    expect(await exit('log', at('nowhere'), '--policy', at('trust.txt'))).toBe(3);
    await rm(join(copy, 'checkpoint'));
    expect(await exit('log', copy, '--policy', at('trust.txt'))).toBe(6);
    expect(await exit('log', at('wa'), '--policy', at('trust.txt'), '--threads', '0')).toBe(2);
  });

  it('holds an older checkpoint against it, and what it saw itself', async () => {
    expect(await exit('log', at('wa'), '--policy', at('trust.txt'), '--from', at('old.txt'), '--resume', at('state'))).toBe(0);
    expect(JSON.parse(await readFile(at('state'), 'utf8'))).toMatchObject({ origin, checkpoint: { size: 700 } });
    expect(await exit('log', at('wa'), '--policy', at('trust.txt'), '--resume', at('state'))).toBe(0);
    const forged = await putLog('forged', testLog([new Uint8Array(32), ...entries.slice(1)], origin, [key, witness]));
    expect(await exit('log', forged, '--policy', at('trust.txt'))).toBe(0);
    expect(await exit('log', forged, '--policy', at('trust.txt'), '--from', at('old.txt'))).toBe(1);
    expect(await exit('log', forged, '--policy', at('trust.txt'), '--resume', at('state'))).toBe(1);
    // Damage that was seen once is remembered.
    expect(await exit('log', at('wa'), '--policy', at('trust.txt'), '--resume', at('state'))).toBe(1);
    expect(await exit('log', at('wa'), '--policy', at('trust.txt'), '--resume', await put('broken', 'x'))).toBe(2);
  });
});

describe('weir verify checkpoints and proof', () => {
  it('shows that a log only grew', async () => {
    const now = await put('new.txt', log.note);
    expect(await exit('checkpoints', at('old.txt'), now, '--log', at('wa'), '--policy', at('trust.txt'))).toBe(0);
    expect(await exit('checkpoints', now, now, '--policy', at('trust.txt'))).toBe(0);
    expect(await exit('checkpoints', at('old.txt'), now, '--policy', at('trust.txt'))).toBe(2);
    expect(await exit('checkpoints', now, at('old.txt'), '--log', at('wa'), '--policy', at('trust.txt'))).toBe(1);
    expect(await exit('checkpoints', at('old.txt'), at('old.txt'), '--policy', at('trust.txt'))).toBe(5);
    const forged = testLog([new Uint8Array(32), ...entries.slice(1, 300)], origin, [key]);
    expect(await exit('checkpoints', await put('forged.txt', forged.note), now, '--log', at('wa'), '--policy', at('trust.txt'))).toBe(1);
    expect(await exit('checkpoints', at('old.txt'), now, '--log', at('nowhere'), '--policy', at('trust.txt'))).toBe(3);
  });

  it('shows that an entry is in a log', async () => {
    const data = entries[17] ?? new Uint8Array();
    const file = await put('17.tlog-proof', formatProof({ index: 17, hashes: await inclusionProof(nodeCrypto, log.fetch, 17, 700), checkpoint: log.note }));
    expect(await exit('proof', file, '--entry', toHex(data), '--policy', at('trust.txt'))).toBe(0);
    expect(await exit('proof', file, '--entry', await put('entry', data), '--policy', at('trust.txt'))).toBe(0);
    expect(await exit('proof', file, '--entry', toHex(entries[18] ?? new Uint8Array()), '--policy', at('trust.txt'))).toBe(1);
    expect(await exit('proof', file, '--entry', at('absent'), '--policy', at('trust.txt'))).toBe(3);
    expect(await exit('proof', at('old.txt'), '--entry', toHex(data), '--policy', at('trust.txt'))).toBe(2);
  });
});

describe('weir verify answer', () => {
  const picture = new Uint8Array(200).map((_, i) => i);
  const records: readonly { readonly [member: string]: unknown; readonly photo?: { readonly mediaType: string; readonly bytes: Uint8Array } }[] = [{ name: { surname: 'M\u00dcLLER "\u2028', given: 'A' }, photo: { mediaType: 'image/png', bytes: picture }, description: { height: 70, sex: 'F' as const }, medical: ['a', 'b'] }, { birthDate: '1990-01-01' }];
  const inJson = (all: typeof records): readonly unknown[] => all.map(({ photo, ...rest }) => ({ ...rest, ...(photo === undefined ? {} : { photo: { mediaType: photo.mediaType, base64: toBase64(photo.bytes) } }) }));

  it('is 0 where the records are those that the log names, 1 where one is another', async () => {
    const seed = new Uint8Array(32).fill(3);
    const commit = async (fields: readonly { name: string; text: string }[]): Promise<{ data: Uint8Array; fields: { name: string; salt: string; text: string }[] }> => {
      const salts = await saltsOf(nodeCrypto, seed, fields.length);
      const opened = fields.map(({ name, text }, i) => ({ name, salt: salts[i] ?? '', text }));
      return { data: await commitmentOf(nodeCrypto, await Promise.all(opened.map(async ({ name, salt, text }) => ({ name, hash: await fieldHash(nodeCrypto, salt, name, text) })))), fields: opened };
    };
    const decision = await commit([
      { name: 'entry', text: JSON.stringify({ type: 'decision', v: 1, id: '01HVA', inquiry: 'q', engine: 'e' }) },
      { name: 'day', text: '{"day":"2026-11-22"}' },
      { name: 'subject', text: JSON.stringify({ subjectTag: null, recordTags: [], releasedHash: releasedHash(records as never), sealed: '' }) },
    ]);
    const { openingIndices } = await import('../../verify/opening.ts');
    const made = '2026-11-22T12:00:00.000Z';
    const opening = await commit([
      { name: 'entry', text: JSON.stringify({ type: 'opening', v: 1, id: '01HVB', owner: 'WA' }) },
      { name: 'day', text: '{"day":"2026-11-22"}' }, { name: 'time', text: JSON.stringify({ at: made }) },
      { name: 'body', text: JSON.stringify({ to: 'agency', who: 'WA0170000', order: null, entries: 1, indices: await openingIndices(nodeCrypto, [5], []), fields: ['day', 'entry', 'subject'], withheld: 0 }) },
    ]);
    const all = [...entries.slice(0, 5), decision.data, opening.data];
    const tree = testLog(all, origin, [key, witness]);
    const entryOf = (index: number, fields: unknown): unknown => ({ index, proof: naivePath(index, all).map(toBase64), fields });
    const bundle = {
      weir: 'opening/v1', origin, to: 'agency', who: 'WA0170000', order: null, made: made, checkpoint: tree.note, entries: [entryOf(5, decision.fields)], withheld: [],
      record: { ...receiptOf(6, opening.data, '01HVB'), proof: naivePath(6, all).map(toBase64), fields: opening.fields },
    };
    const file = await put('opening.json', JSON.stringify(bundle));
    const answer = async (shownRecords: readonly unknown[]): Promise<string> => await put('answer.json', JSON.stringify({ answers: [{ owner: 'WA', records: shownRecords, receipt: receiptOf(5, decision.data, '01HVA') }] }));
    const opened = await run('opening', file, '--policy', at('trust.txt'));
    expect(opened.out).toMatch(/^GOOD/);
    expect(opened.exit).toBe(0);
    expect((await run('answer', await answer(inJson(records)), '--opening', file, '--policy', at('trust.txt'))).out).toMatch(/^GOOD/);
    expect(await exit('answer', await answer(inJson(records).slice(1)), '--opening', file, '--policy', at('trust.txt'))).toBe(1);
    expect(await exit('answer', await answer([]), '--opening', file, '--policy', at('trust.txt'))).toBe(1);
    const otherPicture = inJson([{ ...records[0], photo: { mediaType: 'image/png', bytes: picture.slice(1) } }, ...records.slice(1)]);
    expect(await exit('answer', await answer(otherPicture), '--opening', file, '--policy', at('trust.txt'))).toBe(1);
    expect(await exit('answer', await put('legacy', 'RECEIPT WA 5 01HVA'), '--opening', file, '--policy', at('trust.txt'))).toBe(2);
    expect(await exit('answer', await put('none.json', '{"answers":[]}'), '--opening', file, '--policy', at('trust.txt'))).toBe(6);
    expect(await exit('opening', await put('o.json', JSON.stringify({ ...bundle, who: 'WA0170001' })), '--policy', at('trust.txt'))).toBe(1);
  });
});

describe('what is shown', () => {
  it('has nothing of a file that a terminal would obey', () => {
    expect(shown('a\n\u001b[31mb\u0007\u202e\u009b\td')).toBe('a\n?[31mb????d');
  });
});

async function serve(root: string): Promise<Server> {
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/broken/') === true) {
      response.writeHead(500).end();
      return;
    }
    readFile(join(root, request.url ?? '')).then((bytes) => response.end(bytes), () => response.writeHead(404).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
