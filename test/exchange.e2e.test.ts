import { readFile, rm, writeFile } from 'node:fs/promises';
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProcess, temporaryFolder, type WeirProcess } from '../bench/weirProcess.ts';
import { landmarkOris, people } from '../demo/landmarks.ts';
import { collect } from '../src/ledger/cases.ts';
import { patientSettings } from './patient.ts';
import { ledgerEntries, readLedger } from './readLedger.ts';
import { emptyExtension, type Entry, type Inquiry } from '../src/model/index.ts';
import { encodeInquiry } from '../src/wire/index.ts';
import { runWeir } from './run.ts';
import { until } from './until.ts';

let folder: string;
let weir: WeirProcess;
const sheriff = landmarkOris.sheriff287g;
const { tessa, dara } = people;

beforeAll(async () => {
  folder = await temporaryFolder();
  await patientSettings(join(folder, 'data'));
  weir = await startProcess({ data: join(folder, 'data'), residents: 5_000, agencies: 3_500 });
});
afterAll(async () => {
  await weir.stop();
  await rm(folder, { recursive: true, force: true });
});

interface OwnerPart { owner: string; policyVersion: number; status: string; records: Record<string, unknown>[]; reasons: string[]; ticket: { id: string } | null; receipt: { index: number; hash: string } }
interface JsonAnswer { id: string; control: string; notice: string; summary: Record<string, number>; answers: OwnerPart[] }

const asking = (over: Partial<Inquiry> = {}): Inquiry => ({
  key: 'DQ', requester: sheriff, destinations: ['WA'], control: 'A1B2C3D4', subject: { kind: 'licence', number: tessa.licenceNumber }, image: null, reason: null,
  legacyPurpose: null, attention: null, extension: emptyExtension, ...over,
});
const types = { json: 'application/json', niem: 'application/xml', legacy: 'text/plain' } as const;
const post = (body: string, type: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${weir.http}/v1/inquiries`, { method: 'POST', body, headers: { 'content-type': type, ...headers } });
const ask = async (over: Partial<Inquiry> = {}): Promise<JsonAnswer> => (await (await post(encodeInquiry('json', asking(over)), types.json)).json()) as JsonAnswer;
const journal = (): Promise<Entry[]> => ledgerEntries(weir.data);

describe('one query', () => {
  it('gives the same answer in the three formats, and echoes the control field', async () => {
    const json = await ask();
    const [owner] = json.answers;
    expect(owner?.status).toBe('answeredInPart');
    expect(json.control).toBe('A1B2C3D4');
    for (const format of ['niem', 'legacy'] as const) {
      const answer = await post(encodeInquiry(format, asking()), types[format]);
      const text = await answer.text();
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toContain(types[format]);
      for (const part of ['A1B2C3D4', tessa.licenceNumber, 'MARROWBY', 'WA-13', 'DEMONSTRATION']) expect(text).toContain(part);
      expect(text).not.toContain('THISTLE');
    }
  });

  it('is answered otherwise to another agency: the owner decides', async () => {
    const ice = (await ask({ requester: landmarkOris.iceEro })).answers[0];
    expect(ice?.status).toBe('refused');
    expect(ice?.records).toEqual([]);
    expect(ice?.reasons.join()).toContain('WA-10');
    expect((await ask({ requester: landmarkOris.cityPolice })).answers[0]?.status).toBe('answered');
  });

  it('is on the record before it is answered, with the attributes, the rules and the hashes', async () => {
    const answer = await ask();
    const receipt = answer.answers[0]?.receipt;
    const entries = await journal();
    const [opened] = (await collect(readLedger(weir.data))).filter(({ log, index }) => log === 'wa' && index === receipt?.index);
    const entry = opened?.entry;
    expect(entry).toMatchObject({
      type: 'decision', inquiry: answer.id, owner: 'WA', key: 'DQ', status: 'answeredInPart', purpose: 'notStated', requester: { ori: sheriff, attributes: { program287g: ['taskForce'] } },
    });
    expect(JSON.stringify(entries)).not.toContain(tessa.licenceNumber);
    expect(JSON.stringify(entries)).not.toContain('MARROWBY');
  });

  it('gives a ticket where a person must decide, and tells its state to the asker', async () => {
    const ticket = (await ask()).answers[0]?.ticket;
    const told = (await (await fetch(`${weir.http}/v1/tickets/${ticket?.id ?? ''}`)).json()) as { status: string; owner: string };
    expect(told).toMatchObject({ status: 'held', owner: 'WA' });
    expect((await fetch(`${weir.http}/v1/tickets/WA-0000-0000-0000-0000`)).status).toBe(404);
  });
});

describe('fan-out', () => {
  it('asks all 56 owners, and every owner is counted once', async () => {
    const answer = await ask({ destinations: ['NL'], requester: landmarkOris.cityPolice, subject: { kind: 'person', name: { surname: dara.surname, given: dara.given, middle: dara.middle }, birthDate: dara.birthDate, sex: 'F' } });
    const { asked, hit, noHit, refused, held, silent } = answer.summary as Record<'asked' | 'hit' | 'noHit' | 'refused' | 'held' | 'silent', number>;
    expect(asked).toBe(56);
    expect(hit + noHit + refused + held + silent).toBe(56);
    expect([hit, refused, silent]).toEqual([9, 1, 0]);
    expect((await journal()).filter((e) => e.type === 'decision' && e.inquiry === answer.id).length).toBe(56);
  });

  it('answers five destinations one by one, each by its own rules', async () => {
    const answer = await ask({ destinations: ['WA', 'OR', 'CA', 'NY', 'TX'], requester: landmarkOris.cityPolice, subject: { kind: 'person', name: dara, birthDate: dara.birthDate, sex: 'F' } });
    expect(answer.answers.map((a) => a.owner)).toEqual(['WA', 'OR', 'CA', 'NY', 'TX']);
    expect(answer.answers.find((a) => a.owner === 'CA')?.status).toBe('refused');
  });
});

describe('every key', () => {
  const police = landmarkOris.cityPolice;
  it.each<[string, Partial<Inquiry>]>([
    ['KQ', { key: 'KQ', subject: { kind: 'licence', number: tessa.licenceNumber } }],
    ['RQ by plate', { key: 'RQ', subject: { kind: 'plate', plate: tessa.plate, plateYear: '2027', plateType: 'PC' } }],
    ['DNQ', { key: 'DNQ', subject: { kind: 'name', name: { surname: 'MARROWBY', given: 'TESSA', middle: '' } } }],
    ['RNQ', { key: 'RNQ', subject: { kind: 'owner', name: { surname: 'MARROWBY', given: 'TESSA', middle: '' } } }],
    ['RPQ', { key: 'RPQ', subject: { kind: 'partialPlate', pattern: 'BKR44*', plateType: null } }],
  ])('%s is decided and answered', async (_name, over) => {
    const answer = await ask({ requester: police, ...over, extension: { ...emptyExtension, purpose: 'criminalInvestigation', caseNumber: '26-004417' } });
    expect(['answered', 'answeredInPart', 'refused', 'held']).toContain(answer.answers[0]?.status);
    expect(answer.answers[0]?.receipt.index).toBeGreaterThan(0);
  });

  it('TQ tells the directory row of an ORI', async () => {
    const answer = await post(`TQ.${police}.OD.*A1.TXT\nORI/${sheriff}`, types.legacy);
    expect(await answer.text()).toMatch(/^TR\./);
  });
});

describe('bad input', () => {
  it.each([
    ['legacy without TXT', types.legacy, 'DQ.WA5010100.WA.OLN/X', 400],
    ['a key that does not exist', types.legacy, 'ZZ.WA5010100.WA.TXT\nOLN/X', 400],
    ['an owner that takes no part', types.legacy, 'DQ.WA5010100.ZQ.TXT\nOLN/X1', 400],
    ['an unknown ORI', types.legacy, 'DQ.WA9999999.WA.TXT\nOLN/X1', 403],
    ['XML with a DTD', types.niem, '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', 400],
    ['JSON that is none', types.json, '{"key":', 400],
    ['another media type', 'application/pdf', '%PDF', 415],
    ['too much', types.json, `{"key":"${'x'.repeat(70_000)}"}`, 413],
  ])('%s gets a clear answer', async (_name, type, body, status) => {
    const answer = await post(body, type);
    const text = await answer.text();
    expect(answer.status).toBe(status);
    expect(text).not.toMatch(/\bat .*\.[jt]s:\d+/);
    expect(text.length).toBeLessThan(2_000);
  });
});

describe('agency systems by mutual TLS', () => {
  const certificates = (ori: string) => join(folder, ori);
  const tls = async (ori: string) => ({
    cert: await readFile(join(certificates(ori), `${ori}.crt`)), key: await readFile(join(certificates(ori), `${ori}.key`)), ca: await readFile(join(certificates(ori), 'authority.crt')),
  });
  const postTls = async (ori: string | null, body: string, type: string): Promise<{ status: number; text: string }> => {
    const files = ori === null ? { ca: (await tls(sheriff)).ca } : await tls(ori);
    return new Promise((resolve, reject) => {
      const sent = httpsRequest(`${weir.https}/v1/inquiries`, { method: 'POST', headers: { 'content-type': type }, ...files, agent: false }, (answer) => {
        let text = '';
        answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
      });
      sent.on('error', reject);
      sent.end(body);
    });
  };

  it('enrols an ORI, and the certificate speaks for that ORI alone, in three formats', async () => {
    expect((await runWeir(['agency', 'enrol', sheriff, '--out', certificates(sheriff), '--data', weir.data])).code).toBe(0);
    await until(() => postTls(sheriff, encodeInquiry('json', asking()), types.json), ({ status }) => status !== 403);
    for (const format of ['json', 'niem', 'legacy'] as const) {
      const answer = await postTls(sheriff, encodeInquiry(format, asking()), types[format]);
      expect(answer.status).toBe(200);
      expect(answer.text).toContain('MARROWBY');
    }
    const other = await postTls(sheriff, encodeInquiry('json', asking({ requester: landmarkOris.cityPolice })), types.json);
    expect(other.status).toBe(403);
    expect(other.text).not.toContain('MARROWBY');
    await expect(postTls(null, encodeInquiry('json', asking()), types.json)).rejects.toThrow();
  });

  it('gives the same from the command line', async () => {
    const at = (name: string): string => join(certificates(sheriff), name);
    const ran = await runWeir([
      'query', 'DQ', '--as', sheriff, '--to', 'WA', '--oln', tessa.licenceNumber, '--server', weir.https,
      '--cert', at(`${sheriff}.crt`), '--key-file', at(`${sheriff}.key`), '--ca', at('authority.crt'), '--json',
    ]);
    expect(ran.code).toBe(0);
    const { answers } = JSON.parse(ran.out) as JsonAnswer;
    expect(answers[0]?.records).toEqual((await ask()).answers[0]?.records);
  });

  it('refuses a certificate once it is revoked, without a restart', async () => {
    const listed = JSON.parse((await runWeir(['agency', 'list', '--json', '--data', weir.data])).out) as unknown;
    const fingerprint = /"([0-9a-f]{64})"/.exec(JSON.stringify(listed))?.[1] ?? '';
    expect((await runWeir(['agency', 'revoke', fingerprint, '--data', weir.data])).code).toBe(0);
    expect((await until(() => postTls(sheriff, encodeInquiry('json', asking()), types.json), ({ status }) => status === 403)).status).toBe(403);
  });
});

describe('a confirmed court order', () => {
  it('opens what the rule asks a warrant for, and only with that order', async () => {
    const warrant = { number: '26-MJ-04417', documentHash: null, court: 'articleThree' as const };
    const asIce = (): Promise<JsonAnswer> => ask({ requester: landmarkOris.iceEro, extension: { ...emptyExtension, purpose: 'criminalInvestigation', caseNumber: 'C-1', warrant } });
    expect((await asIce()).answers[0]?.status).toBe('refused');
    expect((await runWeir(['order', 'confirm', '--owner', 'WA', '--number', warrant.number, '--court', 'articleThree', '--by', 'privacy desk', '--data', weir.data])).code).toBe(0);
    expect((await until(asIce, ({ answers }) => answers[0]?.status !== 'refused')).answers[0]?.status).not.toBe('refused');
  });
});

describe('a new policy', () => {
  it('is in force on the running exchange without a restart, as a whole, and on the record', async () => {
    const shown = await runWeir(['policy', 'show', 'OR', '--data', weir.data]);
    const file = join(folder, 'or.yaml');
    await writeFile(file, shown.out.replace(/^version: 1$/m, 'version: 2'));
    expect((await ask({ destinations: ['OR'] })).answers[0]?.policyVersion).toBe(1);
    expect((await runWeir(['policy', 'activate', file, '--data', weir.data])).code).toBe(0);
    expect((await until(() => ask({ destinations: ['OR'] }), ({ answers }) => answers[0]?.policyVersion === 2)).answers[0]?.policyVersion).toBe(2);
    const activated = { type: 'system', event: 'policyActivated', subject: 'OR 2' };
    expect(await until(journal, (entries) => entries.some((entry) => entry.type === 'system' && entry.event === activated.event && entry.subject === activated.subject))).toContainEqual(expect.objectContaining(activated));
  });
});

describe('health and counters', () => {
  it('tells that it is ready, and counts without naming anybody', async () => {
    expect((await fetch(`${weir.http}/healthz`)).status).toBe(200);
    expect((await fetch(`${weir.http}/readyz`)).status).toBe(200);
    const metrics = await (await fetch(`${weir.http}/metrics`)).text();
    expect(metrics).toContain('weir_owner_answers_total');
    for (const marker of ['MARROWBY', tessa.licenceNumber, sheriff, '26-004417']) expect(metrics).not.toContain(marker);
  });
});

describe('an idempotency key', () => {
  it('gives the same answer again after a restart, and the record says so', async () => {
    const body = encodeInquiry('json', asking({ control: 'IDEM1' }));
    const first = await (await post(body, types.json, { 'idempotency-key': 'k-1' })).text();
    expect(await weir.stop()).toBe(0);
    weir = await startProcess({ data: weir.data });
    expect(await (await post(body, types.json, { 'idempotency-key': 'k-1' })).text()).toBe(first);
    const inquiry = (JSON.parse(first) as JsonAnswer).id;
    expect((await journal()).filter((e) => (e.type === 'decision' || e.type === 'redelivery') && e.inquiry === inquiry).map((e) => e.type)).toEqual(['decision', 'redelivery']);
  });
});
