import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProcess, temporaryFolder, type WeirProcess } from '../bench/weirProcess.ts';
import { heldByLegacy, persona, type Client } from './peopleClient.ts';
import { runWeir } from './run.ts';
import { until } from './until.ts';

interface Ticket {
  readonly status: string;
  readonly deadline: string;
  readonly questions: readonly { readonly id: string; readonly text: string }[];
}

/** With owners and modes: as root, PostgreSQL runs under another account. */
const copy = (from: string, to: string) => promisify(execFile)('cp', ['-a', from, to]);
const patience = 600_000;
let folder: string;
let data: string;
let weir: WeirProcess;
const start = async (): Promise<void> => { weir = await startProcess({ data, residents: 2_000, agencies: 3_500 }); };
const ticket = async (id: string): Promise<Ticket> => (await (await fetch(`${weir.http}/v1/tickets/${id}`)).json()) as Ticket;
/** The row of a held request comes from the ledger at a turn of the clock. */
const soon = (id: string, status: string): Promise<Ticket> => until(() => ticket(id), (one) => one.status === status);
const actsAbout = async (who: Client, id: string): Promise<readonly string[]> => {
  const { json } = await who.send('GET', `/v1/owners/WA/acts?q=${encodeURIComponent(`on:${id} outcome:done`)}`);
  return ((json as { acts?: readonly { act: string }[] } | null)?.acts ?? []).map(({ act }) => act).sort();
};
const refuse = (who: Client, id: string) => who.send('POST', `/v1/owners/WA/held/${id}/decision`, { decision: 'refuse', reason: 'purposeUnclear', note: 'no purpose' });
const versionOf = async (owner: string): Promise<number | null> => ((await (await fetch(`${weir.http}/v1/policies/${owner}`)).json()) as { version?: number }).version ?? null;
const activate = async (name: string, text: string): Promise<number | null> => {
  await writeFile(`${folder}/${name}`, text);
  return (await runWeir(['policy', 'activate', `${folder}/${name}`, '--data', data])).code;
};
const fsck = () => runWeir(['ledger', 'fsck', '--data', data]);
const person = async (): Promise<{ readonly disabledAt: string | null }> => JSON.parse((await runWeir(['person', 'show', 'lee', '--json', '--data', data])).out) as { disabledAt: string | null };

beforeAll(async () => {
  folder = await temporaryFolder();
  data = `${folder}/data`;
  await start();
}, patience);
afterAll(async () => {
  await weir.stop();
  await rm(folder, { recursive: true, force: true });
}, patience);

describe('the database is lost, and the ledger is not', () => {
  it('held requests come back with their tickets and deadlines, and can be decided once', async () => {
    const [ruth, olive] = [await persona(weir.http, 'Ruth'), await persona(weir.http, 'Olive')];
    const [open, decided, asked] = [await heldByLegacy(weir.http, 'LOST0001'), await heldByLegacy(weir.http, 'LOST0002'), await heldByLegacy(weir.http, 'LOST0003')];
    expect((await refuse(ruth, decided.ticket)).status).toBe(200);
    expect((await ruth.send('POST', `/v1/owners/WA/held/${asked.ticket}/questions`, { text: 'Which case is it for?' })).status).toBe(200);
    const spans = [{ desk: 'privacy desk', account: ruth.account, from: '2030-01-01T00:00:00.000Z', to: '2030-01-08T00:00:00.000Z' }];
    expect((await olive.send('PUT', '/v1/owners/WA/held/rota', { spans, deputies: [] })).status).toBe(200);
    const rota = (await olive.send('GET', '/v1/owners/WA/held/rota')).json;
    const before = { open: await ticket(open.ticket), decided: await soon(decided.ticket, 'refused'), asked: await ticket(asked.ticket), acts: await actsAbout(olive, decided.ticket) };
    expect(before.acts).toContain('verdictGiven');
    await weir.stop();

    await rm(`${data}/postgres`, { recursive: true });
    await start();

    expect(await soon(open.ticket, 'held')).toEqual(before.open);
    expect(await soon(decided.ticket, 'refused')).toEqual(before.decided);
    // A question is of the time of its act: some milliseconds after that of the row which is lost.
    const questions = ({ questions: some }: Ticket) => some.map(({ id, text }) => ({ id, text }));
    const again = await until(() => ticket(asked.ticket), (one) => one.questions.length > 0);
    expect({ ...again, questions: questions(again) }).toEqual({ ...before.asked, questions: questions(before.asked) });
    const [ruthAgain, oliveAgain] = [await persona(weir.http, 'Ruth'), await persona(weir.http, 'Olive')];
    expect(await until(() => actsAbout(oliveAgain, decided.ticket), (acts) => acts.length >= before.acts.length)).toEqual(before.acts);
    expect((await until(() => oliveAgain.send('GET', '/v1/owners/WA/held/rota'), ({ json }) => JSON.stringify(json) === JSON.stringify(rota))).json).toEqual(rota);
    expect((await refuse(ruthAgain, decided.ticket)).status).toBe(409);
    expect((await refuse(ruthAgain, open.ticket)).status).toBe(200);
    expect((await soon(open.ticket, 'refused')).status).toBe('refused');
  }, patience);
});

describe('a database from an older copy is put back', () => {
  it('nobody who left since comes in, no token that was revoked is good, and nothing is decided twice', async () => {
    expect((await runWeir(['person', 'add', 'Lee Sample', '--login', 'lee', '--email', 'lee@example.org', '--owner', 'WA', '--role', 'auditor', '--data', data])).code).toBe(0);
    const aldo = await persona(weir.http, 'Aldo');
    const made = (await aldo.send('POST', '/v1/me/tokens', { name: 'nightly', actions: ['act.search'], days: 30 })).json as { secret: string; token: { id: string } };
    const byToken = async (): Promise<number> => (await fetch(`${weir.http}/v1/owners/WA/acts`, { headers: { authorization: `Bearer ${made.secret}` } })).status;
    expect(await byToken()).toBe(200);
    const { ticket: id } = await heldByLegacy(weir.http, 'OLDER001');
    await weir.stop();
    await copy(`${data}/postgres`, `${folder}/copy`);
    await start();

    expect((await runWeir(['person', 'disable', 'lee', '--why', 'left', '--data', data])).code).toBe(0);
    const narrower = `policy: OR\nversion: ${(await versionOf('OR') ?? 0) + 1}\neffective: 2026-01-01\nrules:\n  - { id: OR-1, release: { data: name, to: { level: municipal } } }\n`;
    expect(await activate('or.yaml', narrower)).toBe(0);
    expect((await person()).disabledAt).not.toBeNull();
    expect((await (await persona(weir.http, 'Aldo')).send('DELETE', `/v1/me/tokens/${made.token.id}`)).status).toBeLessThan(300);
    expect(await byToken()).toBe(401);
    expect((await refuse(await persona(weir.http, 'Ruth'), id)).status).toBe(200);
    expect((await soon(id, 'refused')).status).toBe('refused');
    await weir.stop();

    await rm(`${data}/postgres`, { recursive: true });
    await copy(`${folder}/copy`, `${data}/postgres`);
    await start();
    // The policy of the copy is the wider one: it decides nothing, until what was lost is activated again.
    expect(await versionOf('OR')).toBeNull();
    expect(await activate('wider.yaml', narrower.replace('municipal', 'state'))).not.toBe(0);
    expect(await activate('or.yaml', narrower)).toBe(0);
    await until(() => versionOf('OR'), (version) => version !== null);
    expect(await byToken()).toBe(401);
    expect((await person()).disabledAt).not.toBeNull();
    expect((await soon(id, 'refused')).status).toBe('refused');
    expect((await refuse(await persona(weir.http, 'Ruth'), id)).status).toBe(409);
    const olive = await persona(weir.http, 'Olive');
    expect((await until(() => actsAbout(olive, id), (acts) => acts.includes('verdictGiven'))).filter((act) => act === 'verdictGiven')).toHaveLength(1);
  }, patience);

  it('the ledger is whole after all of it', async () => {
    await weir.stop();
    const { code, out, errors } = await fsck();
    expect(`${code} ${out} ${errors}`).toMatch(/^0 /);
    await start();
  }, patience);
});
