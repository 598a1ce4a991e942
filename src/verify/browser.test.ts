import { sign } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify, { type FastifyInstance } from 'fastify';
import type { Page } from 'playwright-core';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, startChromium, type TestChromium } from '../../test/chromium.ts';
import { style } from '../server/pages/style.ts';
import { addVerifyPage } from '../server/pages/verify.ts';
import { verifyText } from './browser.ts';
import { toHex, utf8 } from './bytes.ts';
import { naivePath, naiveRoot, randomEntries, testKey, testLog } from './cases.ts';
import { noteTypes } from './note.ts';
import { formatProof } from './proof.ts';
import { formatToken, receiptLeaf, receiptNote } from './receipt.ts';

const prefix = 'weir.example.org';
const entries = randomEntries(9);
let files: Readonly<Record<'policy' | 'receipt' | 'otherReceipt' | 'proof' | 'checkpoint' | 'strict', string>>;
const hash = toHex(entries[4] ?? new Uint8Array());

beforeAll(async () => {
  const [log, receipts, witness] = [await testKey(`${prefix}/log/wa`), await testKey(`${prefix}/receipts`), await testKey('w.example.net', noteTypes.cosignature)];
  const leaf = utf8(receiptLeaf(log.name, 4, entries[4] ?? new Uint8Array(), '01HV', 1_795_000_000_000));
  const signature = sign(null, utf8(receiptNote(receipts.name, 1, naiveRoot([leaf]))), receipts.secret);
  const receipt = JSON.stringify({ log: 'wa', index: 4, entry: '01HV', hash, token: formatToken({ place: 0, count: 1, time: 1_795_000_000_000, keyId: receipts.keyId, signature, proof: [] }) });
  const { note } = testLog(entries, log.name, [log, witness]);
  const keys = `log ${log.vkey}\nlog ${receipts.vkey}\nwitness W ${witness.vkey}\n`;
  files = {
    policy: `${keys}quorum W\n`, strict: `${keys}witness V ${(await testKey('v.example.net', noteTypes.cosignature)).vkey}\ngroup G all V W\nquorum G\n`,
    receipt, otherReceipt: receipt.replace('"index":4', '"index":5'), checkpoint: note, proof: formatProof({ index: 4, hashes: naivePath(4, entries), checkpoint: note }),
  };
});

describe('verifyText', () => {
  it('gives a verdict in words by WebCrypto, and never rejects', async () => {
    expect(await verifyText('receipt', files.receipt, files.policy)).toMatchObject({ good: true, code: null });
    expect(await verifyText('receipt', files.otherReceipt, files.policy)).toMatchObject({ good: false, code: 'badSignature' });
    expect(await verifyText('proof', files.proof, files.policy, hash)).toMatchObject({ good: true });
    expect(await verifyText('proof', files.proof, files.policy, hash.replace(/./g, 'a'))).toMatchObject({ good: false, code: 'notIncluded' });
    expect(await verifyText('proof', files.proof, files.policy, 'x')).toMatchObject({ good: false, code: 'malformed' });
    expect(await verifyText('checkpoint', files.checkpoint, files.strict)).toMatchObject({ good: false, code: 'noQuorum' });
    for (const kind of ['receipt', 'answer', 'proof', 'checkpoint', 'opening', 'release', 'report'] as const) {
      expect(await verifyText(kind, 'nonsense', files.policy, '{}')).toMatchObject({ good: false, code: 'malformed' });
      expect(await verifyText(kind, '{}', 'nonsense')).toMatchObject({ good: false, code: 'malformed' });
    }
  });
});

describe.skipIf(!hasChromium)('the page that verifies, in a browser', () => {
  let folder: string;
  let app: FastifyInstance;
  let browser: TestChromium;
  let page: Page;
  let base: string;
  const asked: string[] = [];
  const complaints: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'weir-verify-browser-'));
    // The modules as the build makes them: types away, and `.js` for `.ts`; nothing is bundled.
    await mkdir(join(folder, 'modules'));
    for (const name of (await readdir(import.meta.dirname)).filter((one) => /^[A-Za-z]+\.ts$/.test(one))) {
      const options = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ES2022, verbatimModuleSyntax: true, rewriteRelativeImportExtensions: true };
      const { outputText } = ts.transpileModule(await readFile(join(import.meta.dirname, name), 'utf8'), { compilerOptions: options });
      await writeFile(join(folder, 'modules', name.replace('.ts', '.js')), outputText);
    }
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    app = fastify();
    app.get('/style.css', (_request, reply) => reply.header('content-type', 'text/css').send(style));
    app.addHook('onRequest', async (request) => { asked.push(request.url); await Promise.resolve(); });
    addVerifyPage(app, { demonstration: false, byHand: false, version: '0' }, join(folder, 'modules'));
    base = await app.listen({ host: '127.0.0.1', port: 0 });
    browser = await startChromium();
    page = await (await browser.newContext()).newPage();
    page.on('console', (message) => { if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text()); });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`${base}/verify`, { waitUntil: 'networkidle' });
  });
  afterAll(async () => {
    await browser.close();
    await app.close();
    await rm(folder, { recursive: true, force: true });
  });

  const verdictOf = async (kind: string, file: string, policy = 'policy', entry: string | null = null): Promise<string> => {
    await page.getByLabel('What is it?').selectOption(kind);
    await page.getByLabel('The file', { exact: true }).setInputFiles(join(folder, file));
    await page.getByLabel(/Whom you trust/).setInputFiles(join(folder, policy));
    if (entry !== null) await page.getByLabel(/The hash of the entry/).fill(entry);
    await page.getByRole('button', { name: 'Verify' }).click();
    return await page.locator('#verdict section').innerText();
  };

  it('says of each file whether it is good, and sends none of it anywhere', async () => {
    const before = asked.length;
    expect(await verdictOf('receipt', 'receipt')).toMatch(/^Good[^]*promised entry 01HV at index 4/);
    expect(await verdictOf('receipt', 'otherReceipt')).toMatch(/^Not good: A signature is not good/);
    expect(await verdictOf('proof', 'proof', 'policy', hash)).toMatch(/^Good[^]*at index 4[^]*Cosigned by W/);
    expect(await verdictOf('proof', 'proof', 'policy', hash.replace(/^./, (digit) => (digit === '0' ? '1' : '0')))).toMatch(/^Not good/);
    expect(await verdictOf('checkpoint', 'checkpoint')).toMatch(/^Good/);
    expect(await verdictOf('checkpoint', 'checkpoint', 'strict')).toMatch(/^Not good: Too few witnesses/);
    expect(asked.length).toBe(before);
    expect(complaints).toEqual([]);
  });

  it('gives modules and no other file', async () => {
    for (const path of ['..%2F..%2Fpolicy', 'browser.ts', 'log', '.js', 'absent.js']) expect((await app.inject(`/verify/modules/${path}`)).statusCode, path).toBe(404);
  });
});
