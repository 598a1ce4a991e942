import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { JournalError } from '../../exchange/errors.ts';
import { openActs } from '../../people/acts/index.ts';
import { codeIn, problemIn, type TestBrowser } from '../testing/browser.ts';
import { stopAll } from '../testing/server.ts';
import { agencyRole, ownerRole, startTown, type Town, type Townsman } from '../testing/town.ts';

let town: Town;
let folder: string;
let auditor: Townsman;
let coordinator: Townsman;
let user: Townsman;
let milo: TestBrowser;
let ida: TestBrowser;
const run = promisify(execFile);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-test-acts-'));
  town = await startTown();
  auditor = await town.person('Milo Farthing', [ownerRole('auditor')]);
  coordinator = await town.person('Ida Brockett', [agencyRole('agencyCoordinator')]);
  user = await town.person('Bo Quill', [agencyRole('agencyUser')]);
  [milo, ida] = [await town.enter(auditor), await town.enter(coordinator)];
  // The clock of the town runs ahead of that of exports, which hold nothing of what is to come.
  const acts = openActs({ sql: town.sql, sealer: { seal: (_owner, plain) => plain }, journal: null, now: () => Date.now() - 1_000 });
  await acts.record({ act: 'moreAnswered', owner: 'WA', who: user.account, role: 'agencyUser', on: 'WA-T-1', detail: { question: '=1+1' }, words: { text: 'secret words' } });
  await town.people.acts.record({ act: 'paperReceived', owner: 'WA', who: user.account, role: 'agencyUser', on: 'WA-T-1', words: { key: 'secret words' } });
  await acts.record({ act: 'signedIn', owner: null, who: auditor.account });
  await acts.record({ act: 'heldOpened', owner: 'OR', who: auditor.account, role: 'auditor', on: '=cmd' });
});
afterAll(async () => {
  await stopAll();
  await town.stop();
  await rm(folder, { recursive: true });
});

/** Bytes of an answer, by the cookie of a browser. */
function bytesOf(browser: TestBrowser, path: string, body: unknown): Promise<{ readonly status: number; readonly headers: Record<string, unknown>; readonly bytes: Buffer }> {
  const url = new URL(path, town.url);
  return new Promise((resolve, reject) => {
    const sent = httpRequest(url, { method: 'POST', headers: { 'content-type': 'application/json', origin: url.origin, cookie: `weir=${browser.cookies.get('weir') ?? ''}` } }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, bytes: Buffer.concat(chunks) })).on('error', reject);
    });
    sent.on('error', reject).end(JSON.stringify(body));
  });
}

async function unpacked(bytes: Buffer): Promise<(name: string) => Promise<string>> {
  const place = await mkdtemp(join(folder, 'zip-'));
  await writeFile(join(place, 'a.zip'), bytes);
  await run('unzip', ['-q', join(place, 'a.zip'), '-d', place]);
  return (name) => readFile(join(place, name), 'utf8');
}

interface Manifest { readonly rows: number; readonly query: string; readonly place: string; readonly by: string; readonly who: string; readonly why: string; readonly expires: string | null; readonly files: readonly { readonly path: string; readonly bytes: number; readonly sha256: string }[]; readonly recorded: { readonly begun: string; readonly ended: string; readonly sha256: string } }
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const asked = { format: 'csv', who: 'State auditor', why: 'Audit 2026-14' };

describe('an export of acts', () => {
  it('is an archive with a manifest that fits, of what the owner may read and nothing else, and on the record before and after', async () => {
    const got = await bytesOf(milo, '/v1/owners/WA/acts/export', { ...asked, q: '-act:signedIn', expires: '2999-01-31' });
    expect(got.status).toBe(200);
    expect(got.headers['content-disposition']).toMatch(/^attachment; filename="acts-WA-[\d-]+-X-[0-9A-F]{12}\.zip"$/);
    const read = await unpacked(got.bytes);
    const manifest = JSON.parse(await read('manifest.json')) as Manifest;
    expect(manifest).toMatchObject({ query: '-act:signedIn', place: 'owner WA', by: auditor.account, who: 'State auditor', why: 'Audit 2026-14', expires: '2999-01-31' });
    expect(manifest.files.map(({ path }) => path)).toEqual(['asked.json', 'acts.csv']);
    for (const { path, bytes, sha256: hash } of manifest.files) expect([Buffer.byteLength(await read(path)), sha256(await read(path))]).toEqual([bytes, hash]);
    const lines = (await read('acts.csv')).trimEnd().split('\r\n');
    expect(lines[0]).toBe('id,at,owner,act,plain,who,role,about,outcome,hash,detail,words');
    expect(lines).toHaveLength(manifest.rows + 1);
    expect(lines.join('\n')).toContain(`moreAnswered,answered a question,${user.account}`);
    expect(lines.join('\n')).not.toMatch(/secret words|Milo|OR,heldOpened|,signedIn,/);
    // Begun before a byte, with the hash of asked.json; ended with that of the acts.
    const [ended, begun] = await town.sql<{ id: string; act: string; hash: string; about: string; owner: string; detail: { rows: number }; sealed: string | null }[]>`select * from act where act in ('actsExported', 'actsExportEnded') order by at desc, id desc limit 2`;
    expect(begun).toMatchObject({ act: 'actsExported', id: manifest.recorded.begun, hash: sha256(await read('asked.json')), owner: 'WA', detail: { rows: manifest.rows, format: 'csv' } });
    expect(JSON.parse(town.people.unseal('WA', begun?.sealed ?? ''))).toEqual({ query: '-act:signedIn', who: 'State auditor', why: 'Audit 2026-14' });
    expect(ended).toMatchObject({ act: 'actsExportEnded', id: manifest.recorded.ended, about: begun?.about, hash: sha256(await read('acts.csv')), detail: { rows: manifest.rows } });
  });

  it('makes formulas harmless in CSV and leaves JSON Lines as they are', async () => {
    const csv = await unpacked((await bytesOf(milo, '/v1/me/acts/export', { ...asked, q: 'act:heldOpened' })).bytes);
    expect(await csv('acts.csv')).toContain(",'=cmd,");
    const lines = await unpacked((await bytesOf(milo, '/v1/me/acts/export', { ...asked, format: 'jsonl', q: 'act:heldOpened' })).bytes);
    expect(JSON.parse((await lines('acts.jsonl')).trim())).toMatchObject({ about: '=cmd', outcome: 'done', detail: null, words: false, owner: 'OR' });
  });

  it('has every act once, over many reads, while others go on', async () => {
    const at = new Date(Date.now() - 60_000).toISOString();
    await town.sql`insert into act (id, at, owner, act, who, result) select 'act-many-' || lpad(n::text, 6, '0'), ${at}::timestamptz, 'WA', 'heldListed', 'A-000000000000', 'done' from generate_series(1, 4500) n`;
    const read = await unpacked((await bytesOf(milo, '/v1/owners/WA/acts/export', { ...asked, format: 'jsonl', q: 'who:A-000000000000' })).bytes);
    const ids = (await read('acts.jsonl')).trimEnd().split('\n').map((line) => (JSON.parse(line) as { id: string }).id);
    expect([ids.length, new Set(ids).size]).toEqual([4_500, 4_500]);
    expect((JSON.parse(await read('manifest.json')) as Manifest).rows).toBe(4_500);
  });

  it.each([
    [{ format: 'csv', who: 'x' }, 400], [{ ...asked, format: 'xls' }, 400], [{ ...asked, who: ' ' }, 422], [{ ...asked, why: '\u0000' }, 422], [{ ...asked, expires: '2001-01-01' }, 422], [{ ...asked, expires: '2999-02-30' }, 400], [{ ...asked, q: 'name:bob' }, 422], [{ ...asked, more: 1 }, 400],
  ])('%j is refused, and nothing is on the record', async (body, status) => {
    const before = (await town.acts()).length;
    expect((await bytesOf(milo, '/v1/owners/WA/acts/export', body)).status).toBe(status);
    expect((await town.acts()).length).toBe(before);
  });

  it('is not begun where it cannot be recorded, and is refused to others on the record', async () => {
    const people = { ...town.people, acts: { ...town.people.acts, record: () => Promise.reject(new JournalError('FULL' as never, 'the disk is full')) } };
    const url = await town.listen({ people });
    const answer = await fetch(`${url}/v1/owners/WA/acts/export`, { method: 'POST', headers: { 'content-type': 'application/json', origin: url, cookie: `weir=${milo.cookies.get('weir') ?? ''}` }, body: JSON.stringify(asked) });
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain('notRecorded');
    expect(problemIn(await ida.json('POST', '/v1/owners/WA/acts/export', asked))).toBe('notPermitted');
    expect(problemIn(await milo.json('POST', '/v1/owners/OR/acts/export', asked))).toBe('notPermitted');
    expect(problemIn(await milo.json('POST', '/v1/agencies/ZZ0000101/acts/export', asked))).toBe('notPermitted');
  });

  it('that breaks off is on the record as failed, and another can follow', async () => {
    let reads = 0;
    const sql = new Proxy(town.sql, { apply: (target, self, given: unknown[]) => {
      const text = Array.isArray(given[0]) ? (given[0] as string[]).join('') : '';
      if (/select \* from \(/.test(text) && (reads += 1) === 2) throw new Error('the database is gone');
      return Reflect.apply(target, self, given) as unknown;
    } });
    const url = await town.listen({ people: { ...town.people, sql } });
    const answer = fetch(`${url}/v1/owners/WA/acts/export`, { method: 'POST', headers: { 'content-type': 'application/json', origin: url, cookie: `weir=${milo.cookies.get('weir') ?? ''}` }, body: JSON.stringify({ ...asked, q: 'who:A-000000000000' }) }).then((one) => one.arrayBuffer());
    await expect(answer).rejects.toThrow();
    await expect.poll(async () => (await town.acts()).find(({ act }) => act === 'actsExportEnded')).toMatchObject({ result: 'failed', detail: { rows: 2_000 } });
    await expect.poll(async () => (await bytesOf(milo, '/v1/owners/WA/acts/export', asked)).status).toBe(200);
  });

  it('is made once at a time for one account', async () => {
    let goOn = (): void => undefined;
    const gate = new Promise<void>((resolve) => { goOn = resolve; });
    const slow = { ...town.people.acts, record: async (act: Parameters<typeof town.people.acts.record>[0]) => { await gate; return await town.people.acts.record(act); } };
    const url = await town.listen({ people: { ...town.people, acts: slow } });
    const ask = (browser: TestBrowser) => fetch(`${url}/v1/me/acts/export`, { method: 'POST', headers: { 'content-type': 'application/json', origin: url, cookie: `weir=${browser.cookies.get('weir') ?? ''}` }, body: JSON.stringify(asked) }).then(async (answer) => [answer.status, answer.headers.get('retry-after'), (await answer.arrayBuffer()).byteLength > 100] as const);
    let refused = 0;
    const answers = await Promise.all([ask(milo), ask(milo), ask(milo), ask(ida)].map(async (asking) => {
      const answer = await asking;
      if (answer[0] === 429 && (refused += 1) === 2) goOn();
      return answer;
    }));
    expect(answers.map(([status]) => status).sort()).toEqual([200, 200, 429, 429]);
    expect(answers.find(([status]) => status === 429)?.[1]).toBe('10');
    expect((await ask(milo))[0]).toBe(200);
  });

  it('is a form that says how many, and keeps what was typed', async () => {
    const page = await milo.get('/desk/WA/acts/export?q=who:A-000000000000');
    expect(page.body).toMatch(/<strong>4500<\/strong> acts fit now/);
    // A number tells something too.
    expect((await town.acts())[0]).toMatchObject({ act: 'actsSearched', who: auditor.account, owner: 'WA' });
    const wrong = await milo.post('/desk/WA/acts/export', { q: 'who:A-000000000000', format: 'jsonl', who: '', why: 'Audit <b>7</b>', expires: '' });
    expect(wrong.status).toBe(422);
    expect(wrong.body).toContain('value="Audit &lt;b&gt;7&lt;/b&gt;"');
    expect(wrong.body).toContain('role="alert"');
    const done = await milo.post('/desk/WA/acts/export', { q: 'act:heldListed', format: 'jsonl', who: 'State auditor', why: 'Audit 7', expires: '' });
    expect([done.status, done.headers['content-type']]).toEqual([200, 'application/zip']);
  });
});

describe('the acts of an agency', () => {
  it('are its people\'s, for its coordinator alone, without words, and the search is on the record', async () => {
    const { value } = await ida.json('GET', '/v1/agencies/ZZ0000101/acts?q=-act:actsSearched');
    const list = value['acts'] as { act: string; who: string }[];
    expect(list.map(({ act, who }) => `${act} ${who}`)).toContain(`paperReceived ${user.account}`);
    expect(list.map(({ act, who }) => `${act} ${who}`)).toContain(`signedIn ${coordinator.account}`);
    expect(list.filter(({ who }) => who === auditor.account)).toEqual([]);
    expect((await town.acts())[0]).toMatchObject({ act: 'actsSearched', who: coordinator.account, owner: '00', detail: { ori: 'ZZ0000101' } });
    const page = await ida.get('/agency/ZZ0000101/acts?outcome=done');
    expect(page.body).toContain('Bo Quill');
    expect(page.body).not.toContain('Milo');
    expect((await ida.get('/agency/ZZ0000202/acts')).status).toBe(403);
    expect((await (await town.enter(user)).get('/agency/ZZ0000101/acts')).status).toBe(403);
    const read = await unpacked((await bytesOf(ida, '/v1/agencies/ZZ0000101/acts/export', { ...asked, format: 'jsonl' })).bytes);
    expect(await read('acts.jsonl')).not.toContain(auditor.account);
    expect((await town.acts())[0]).toMatchObject({ act: 'actsExportEnded', owner: '00', detail: { ori: 'ZZ0000101' } });
  });
});

describe('a search and its form', () => {
  it('say the same, and what the form cannot say goes with it', async () => {
    const page = await milo.get(`/desk/WA/acts?who=${auditor.account}&notAct=signedIn&outcome=done&from=2026-01-01&to=&q=act:heldOpened+act:paperOpened`);
    expect(page.status).toBe(200);
    const said = `who:${auditor.account} act:heldOpened act:paperOpened -act:signedIn outcome:done created:2026-01-01..`;
    expect(page.body).toContain(`value="${said}"`);
    const again = await milo.get(`/desk/WA/acts?q=${encodeURIComponent(said)}`);
    expect(again.body).toContain('<input type="hidden" name="q" value="act:heldOpened act:paperOpened">');
    expect(again.body).toContain('<option value="signedIn" selected>');
    expect(again.body).toMatch(/id="from"[^>]*value="2026-01-01"/);
  });

  it('shows how the acts divide', async () => {
    const { value } = await milo.json('GET', '/v1/owners/WA/acts?q=act:heldListed');
    expect(value).toMatchObject({ total: 4_500, atLeast: false, facets: { act: [{ value: 'heldListed', count: 4_500 }], outcome: [{ value: 'done', count: 4_500 }], role: [] } });
  });
});

describe('searches that people keep', () => {
  it('are their own: kept, listed, replaced and removed by page and by program', async () => {
    const kept = await milo.post('/desk/WA/acts/searches', { name: 'Refused <i>', q: 'outcome:refused' });
    expect([kept.status, kept.headers.location]).toEqual([303, '/desk/WA/acts?q=outcome%3Arefused']);
    const page = await milo.get('/desk/WA/acts');
    expect(page.body).toContain('<a href="/desk/WA/acts?q=outcome%3Arefused">Refused &lt;i&gt;</a>');
    await milo.json('POST', '/v1/me/searches', { place: 'owner WA', name: 'Refused <i>', query: 'result:failed' });
    const { value } = await milo.json('GET', '/v1/me/searches');
    const [one, ...others] = value['searches'] as { id: string; query: string }[];
    expect([one?.query, others]).toEqual(['outcome:failed', []]);
    expect((await ida.json('GET', '/v1/me/searches')).value).toEqual({ searches: [] });
    expect(problemIn(await ida.json('DELETE', `/v1/me/searches/${one?.id ?? ''}`))).toBe('unknownObject');
    expect((await milo.post('/desk/WA/acts/searches/remove', { id: one?.id ?? '' })).status).toBe(303);
    expect((await milo.json('GET', '/v1/me/searches')).value).toEqual({ searches: [] });
  });

  it.each([[{ place: 'owner wa', name: 'x', query: '' }, 422], [{ place: 'all', name: 'x', query: '' }, 422], [{ place: 'own', name: '\u0007', query: '' }, 422], [{ place: 'own', name: 'x', query: 'bobby' }, 422], [{ place: 'own', name: '', query: '' }, 400]])('%j is not kept', async (body, status) => {
    expect((await milo.json('POST', '/v1/me/searches', body)).status).toBe(status);
  });

  it('are a hundred at most, though many forms come at once', async () => {
    await town.sql`insert into saved_search (id, account, place, name, query) select 'Q-' || lpad(n::text, 12, '0'), ${coordinator.account}, 'own', 'n' || n, '' from generate_series(1, 95) n`;
    const answers = await Promise.all(Array.from({ length: 16 }, (_, n) => ida.json('POST', '/v1/me/searches', { place: 'own', name: `at once ${n}`, query: '' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array<number>(5).fill(200), ...Array<number>(11).fill(409)]);
    expect(codeIn(answers.find(({ status }) => status === 409)!)).toBe('SEARCH_MANY');
    expect((await town.sql<{ n: number }[]>`select count(*)::int as n from saved_search where account = ${coordinator.account}`)[0]?.n).toBe(100);
  });
});
