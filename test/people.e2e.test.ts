import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProcess, temporaryFolder, type WeirProcess } from '../bench/weirProcess.ts';
import { patientSettings } from './patient.ts';
import { heldByLegacy, persona } from './peopleClient.ts';
import { until } from './until.ts';

/** Does it with the day (UTC) that it is; once more where that day ended meanwhile. */
async function withinOneDay<T>(work: (day: string) => Promise<T>): Promise<T> {
  const today = (): string => new Date().toISOString().slice(0, 10);
  const day = today();
  const done = await work(day);
  return today() === day ? done : work(today());
}

describe('people at a running exchange', () => {
  let folder: string;
  let weir: WeirProcess;
  const start = async (): Promise<void> => { weir = await startProcess({ data: `${folder}/data`, residents: 2_000, agencies: 3_500 }); };
  beforeAll(async () => {
    folder = await temporaryFolder();
    await patientSettings(`${folder}/data`);
    await start();
  });
  afterAll(async () => {
    await weir.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const policy = async (): Promise<{ version: number; hash: string }> => (await (await fetch(`${weir.http}/v1/policies/WA`)).json()) as { version: number; hash: string };

  it('a change of policy goes from draft to force by two others, one of them of the privacy office, and back again', async () => {
    const before = await policy();
    const [adam, petra, priya, ruth] = [await persona(weir.http, 'Adam'), await persona(weir.http, 'Petra'), await persona(weir.http, 'Priya'), await persona(weir.http, 'Ruth')];
    const drafts = '/v1/owners/WA/changes/drafts';
    const begun = await adam.send('POST', drafts, { title: 'Name for everybody' });
    const draft = begun.json as { id: string; etag: number; text: string };
    const text = draft.text.replace(/^version: \d+$/m, `version: ${before.version + 1}`).replace(/^rules:$/m, 'rules:\n  - { id: WA-900, release: { data: licenceStatus } }');
    const saved = await adam.send('PUT', `${drafts}/${draft.id}`, { title: 'Name for everybody', text }, { 'if-match': `"${draft.etag}"` });
    expect(saved.status).toBe(200);
    expect((await adam.send('PUT', `${drafts}/${draft.id}`, { title: 'x', text }, { 'if-match': `"${draft.etag}"` })).status).toBe(412);
    const checks = (await adam.send('POST', `${drafts}/${draft.id}/check`)).json as { ok: boolean; effect: string };
    expect(checks).toMatchObject({ ok: true, effect: 'widening' });
    const proposed = await adam.send('POST', '/v1/owners/WA/changes/proposals', { kind: 'policy', draft: draft.id, etag: (saved.json as { etag: number }).etag, reason: 'the status is public anyway' });
    expect(proposed.status).toBe(200);
    const { id, hash } = proposed.json as { id: string; hash: string };
    const decide = `/v1/owners/WA/changes/proposals/${id}/decision`;
    expect((await adam.send('POST', decide, { hash, decision: 'approve', reason: 'mine' })).status).toBe(403);
    expect((await ruth.send('POST', decide, { hash, decision: 'approve', reason: 'no role' })).status).toBe(403);
    expect((await petra.send('POST', decide, { hash: '0'.repeat(64), decision: 'approve', reason: 'another text' })).json).toMatchObject({ reasonCode: 'CHANGE_STALE' });
    expect((await petra.send('POST', decide, { hash, decision: 'approve', reason: 'read it' })).status).toBe(200);
    expect((await policy()).version).toBe(before.version);
    expect((await petra.send('POST', decide, { hash, decision: 'approve', reason: 'again' })).json).toMatchObject({ reasonCode: 'CHANGE_TWICE' });
    expect((await priya.send('POST', decide, { hash, decision: 'approve', reason: 'the privacy office agrees' })).status).toBe(200);
    expect(await until(policy, ({ version }) => version === before.version + 1)).toMatchObject({ version: before.version + 1, hash });
    const certificate = await until(() => adam.send('GET', `/v1/owners/WA/changes/proposals/${id}/certificate`), ({ json }) => (json as { approvals?: { anchor: number | null }[] } | null)?.approvals?.every(({ anchor }) => anchor !== null) === true);
    expect(certificate.json).toMatchObject({ weir: 'approval/v1', hash, effect: 'widening' });
    const back = await petra.send('POST', '/v1/owners/WA/changes/proposals', { kind: 'stepBack', reason: 'it was a trial' });
    expect(back.status).toBe(403);
    const step = (await adam.send('POST', '/v1/owners/WA/changes/proposals', { kind: 'stepBack', reason: 'it was a trial' })).json as { id: string; hash: string; effect: string };
    expect(step.effect).toBe('narrowing');
    expect((await petra.send('POST', `/v1/owners/WA/changes/proposals/${step.id}/decision`, { hash: step.hash, decision: 'approve', reason: 'back' })).status).toBe(200);
    expect((await until(policy, ({ version }) => version === before.version + 2)).version).toBe(before.version + 2);
  });

  it('a held request is opened on the record, released in part, and comes late with the same control field', async () => {
    const ruth = await persona(weir.http, 'Ruth');
    const { ticket } = await heldByLegacy(weir.http, 'B7C8D9E0');
    expect((await ruth.send('GET', `/v1/owners/OR/held/${ticket}`)).status).toBe(403);
    const detail = await ruth.send('GET', `/v1/owners/WA/held/${ticket}`);
    expect(detail.text).not.toContain('WDL3B7K902XM');
    expect((await ruth.send('POST', `/v1/owners/WA/held/${ticket}/opening`)).json).toMatchObject({ subject: { number: 'WDL3B7K902XM' } });
    const decided = await ruth.send('POST', `/v1/owners/WA/held/${ticket}/decision`, { decision: 'releaseLess', classes: [{ dataClass: 'address', treatment: 'county' }], reason: 'lessSuffices', note: 'the county is enough' });
    expect(decided.json).toMatchObject({ state: 'decided', verdict: 'releasedInPart' });
    const late = await until(async () => fetch(`${weir.http}/v1/tickets/${ticket}/answer`), ({ status }) => status === 200);
    const text = await late.text();
    expect(text).toContain('*B7C8D9E0');
    expect(text).toContain('COUNTY');
    expect(text).not.toContain('IMG');
    const acts = await (await persona(weir.http, 'Aldo')).send('GET', `/v1/owners/WA/acts?q=${encodeURIComponent(`on:${ticket}`)}`);
    for (const act of ['heldOpened', 'verdictGiven', 'lateAnswerTaken']) expect(acts.text).toContain(act);
  });

  it('a decision that is sent behind a locked screen is not done and not lost', async () => {
    const ruth = await persona(weir.http, 'Ruth');
    const { ticket } = await heldByLegacy(weir.http, 'LOCKED01');
    const browser = { accept: 'text/html' };
    const address = `/desk/WA/held/${ticket}/decision`;
    const filled = { decision: 'refuse', reason: 'purposeUnclear', note: 'no purpose & no case' };
    const state = async (): Promise<unknown> => (await ruth.send('GET', `/v1/owners/WA/held/${ticket}`)).json?.['state'];
    expect((await ruth.send('POST', '/lock', new URLSearchParams())).status).toBe(303);
    const led = await ruth.send('POST', address, new URLSearchParams(filled), browser);
    expect([led.status, led.headers.get('location')]).toEqual([303, expect.stringMatching(/^\/unlock\?to=%2Fkept%2F[0-9a-f]{32}$/)]);
    const to = new URL(led.headers.get('location') ?? '', weir.http).searchParams.get('to') ?? '';
    expect((await ruth.send('GET', to, undefined, browser)).status).toBe(303);
    expect((await ruth.send('POST', '/unlock', new URLSearchParams({ with: 'persona', to }))).headers.get('location')).toBe(to);
    expect((await ruth.send('GET', to, undefined, browser)).text).toContain('value="no purpose &amp; no case"');
    const shown = await ruth.send('POST', address, new URLSearchParams({ ...filled, 'weir-show-only': 'yes' }), browser);
    expect([shown.status, shown.text.includes('no purpose &amp; no case</textarea>'), await state()]).toEqual([200, true, 'waiting']);
    expect((await ruth.send('POST', address, new URLSearchParams(filled), browser)).status).toBe(303);
    expect(await state()).toBe('decided');
  });

  it('New York\'s text stands before the coordinator of an agency, to be signed', async () => {
    const nils = await persona(weir.http, 'Nils');
    const page = await nils.send('GET', '/agency/NY5010100/certifications', undefined, { accept: 'text/html' });
    expect(page.text).toContain('I certify for my agency, to the State of New York');
    expect(page.text).toContain('I declare under penalty of perjury');
    const texts = (await (await persona(weir.http, 'Nora')).send('GET', '/v1/owners/NY/certification-texts')).json as { texts: { version: number; validDays: number }[] };
    expect(texts.texts).toMatchObject([{ version: 1, validDays: 365 }]);
  });

  it('what was done before the exchange is killed stands after it, and nothing else', async () => {
    const ruth = await persona(weir.http, 'Ruth');
    const [open, decided] = [await heldByLegacy(weir.http, 'KILL0001'), await heldByLegacy(weir.http, 'KILL0002')];
    expect((await ruth.send('POST', `/v1/owners/WA/held/${decided.ticket}/decision`, { decision: 'refuse', reason: 'purposeUnclear', note: 'no purpose' })).status).toBe(200);
    await weir.kill();
    await start();
    const ticket = async (id: string): Promise<{ status: string }> => (await (await fetch(`${weir.http}/v1/tickets/${id}`)).json()) as { status: string };
    expect((await ticket(decided.ticket)).status).toBe('refused');
    expect((await ticket(open.ticket)).status).toBe('held');
    const again = await persona(weir.http, 'Ruth');
    expect((await again.send('POST', `/v1/owners/WA/held/${decided.ticket}/decision`, { decision: 'releaseAll', reason: 'lawAllows', note: 'too late' })).status).toBe(409);
    expect((await again.send('POST', `/v1/owners/WA/held/${open.ticket}/decision`, { decision: 'releaseAll', reason: 'lawAllows', note: 'all of it' })).json).toMatchObject({ verdict: 'released' });
    const late = await until(async () => fetch(`${weir.http}/v1/tickets/${open.ticket}/answer`), ({ status }) => status === 200);
    expect(await late.text()).toContain('*KILL0001');
  });

  it('a resident asks, is proofed, and is told when the day is not over yet', async () => {
    const olive = await persona(weir.http, 'Olive');
    // No day of the period is over: a report can be shown complete from tomorrow on.
    expect(await withinOneDay(async (today) => {
      const ask = await fetch(`${weir.http}/v1/owners/WA/resident-requests`, {
        method: 'POST', headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ given: { licences: ['WDL3B7K902XM'], people: [{ name: { surname: 'Marrowby', given: 'Tessa', middle: 'Q' }, birthDate: '1988-04-12' }] }, from: today, to: today }),
      });
      const { request: { number }, secret } = (await ask.json()) as { request: { number: string }; secret: string };
      const step = await fetch(`${weir.http}/v1/resident-requests/${number}/steps/recordMatch`, { method: 'POST', headers: { 'content-type': 'application/json', 'weir-secret': secret }, body: '{}' });
      expect(await step.json()).toMatchObject({ state: 'proofing', steps: [{ id: 'recordMatch', done: true }, { id: 'inPerson', done: false }] });
      expect((await olive.send('POST', `/v1/owners/WA/resident-requests/${number}/steps/inPerson`, { confirmed: true, note: 'a passport was seen' })).json).toMatchObject({ state: 'ready' });
      expect((await fetch(`${weir.http}/v1/resident-requests/${number}`, { headers: { 'weir-secret': 'wrong' } })).status).toBe(404);
      return (await olive.send('POST', `/v1/owners/WA/resident-requests/${number}/report`)).json;
    })).toMatchObject({ reasonCode: 'RESIDENT_STATE' });
  });

  it('everything stands in the ledger, which can be verified', async () => {
    const otis = await persona(weir.http, 'Otis');
    expect((await otis.send('GET', '/v1/owners/WA/held')).status).toBe(403);
    expect((await otis.send('GET', '/v1/owners/WA/acts')).status).toBe(403);
    const aldo = await persona(weir.http, 'Aldo');
    const refused = await aldo.send('GET', `/v1/owners/WA/acts?q=${encodeURIComponent(`who:${otis.account} act:refused`)}`);
    expect(refused.text).toContain('refused');
    expect((await aldo.send('POST', '/v1/owners/WA/held/WA-0000-0000-0000-0000/opening')).status).toBe(403);
  });
});
