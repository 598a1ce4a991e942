import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls, createServer, type TLSSocket } from 'node:tls';

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { startTestPostgres, type TestPostgres } from '../../test/postgres.ts';
import { localAuthority, serverCertificate } from './authority.ts';
import { issue, makeAuthority, type KeyedCertificate } from './certificates.ts';
import { listCredentials, openCredentials } from './credentials.ts';
import { bindExternal, enrol, revoke, type PeopleStore } from './enrol.ts';
import { confirmOrder, listOrders, openConfirmations, withdrawOrder } from './orders.ts';
import { openAuthority } from './tls.ts';
import { addTrust, trustedAuthorities } from './trust.ts';

let postgres: TestPostgres;
let folder: string;
let people: PeopleStore;
beforeAll(async () => {
  postgres = await startTestPostgres({ migrate: true });
  folder = await mkdtemp(join(tmpdir(), 'weir-people-'));
  people = { sql: postgres.sql, keys: join(folder, 'keys') };
});
afterAll(async () => {
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
});

const day = 86_400_000;
const soon = { timeout: 60_000, interval: 10 };

describe('the local authority', () => {
  it('is made once, also where two ask at the same moment, with its key closed to others', async () => {
    const keys = join(folder, 'twice');
    const [one, two] = await Promise.all([localAuthority(keys), localAuthority(keys)]);
    expect(one).toEqual(two);
    expect(await localAuthority(keys)).toEqual(one);
    expect((await stat(join(keys, 'authority', 'authority.key'))).mode & 0o777).toBe(0o600);
    expect(new X509Certificate(one.certificate).ca).toBe(true);
  });

  it('refuses a key that is not that of its certificate, and a certificate that has ended', async () => {
    const keys = join(folder, 'mixed');
    const made = await localAuthority(keys);
    await expect(localAuthority(keys, new Date(Date.now() + 3_700 * day))).rejects.toMatchObject({ code: 'PEOPLE_AUTHORITY' });
    const other = await localAuthority(join(folder, 'other'));
    await writeFile(join(keys, 'authority', 'authority.key'), other.key);
    expect(other.key).not.toBe(made.key);
    await expect(localAuthority(keys)).rejects.toMatchObject({ code: 'PEOPLE_AUTHORITY' });
  });

  it('makes the certificate of the server anew near its end and for a new name, and else keeps it', async () => {
    const keys = join(folder, 'server');
    const first = await serverCertificate(keys);
    expect(first.renewed).toBe(true);
    expect((await serverCertificate(keys)).renewed).toBe(false);
    const named = await serverCertificate(keys, ['weir.example.gov', '192.0.2.7']);
    expect(named.renewed).toBe(true);
    const certificate = new X509Certificate(named.certificate);
    for (const name of ['localhost', 'weir.example.gov']) expect(certificate.checkHost(name)).toBe(name);
    for (const address of ['127.0.0.1', '::1', '192.0.2.7']) expect(certificate.checkIP(address)).toBeDefined();
    expect((await serverCertificate(keys, [], new Date(Date.now() + 360 * day))).renewed).toBe(false);
    expect((await serverCertificate(keys, [], new Date(Date.now() + 370 * day))).renewed).toBe(true);
  });
});

describe('enrol', () => {
  it('issues a certificate that names its ORIs, and remembers it', async () => {
    const made = await enrol(people, { oris: ['wa0170000', 'WA0170100'], days: 30, note: 'test' });
    const certificate = new X509Certificate(made.certificate);
    expect(certificate.subjectAltName).toBe('URI:urn:weir:ori:WA0170000, URI:urn:weir:ori:WA0170100');
    expect(certificate.ca).toBe(false);
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
    expect(certificate.fingerprint256.replaceAll(':', '').toLowerCase()).toBe(made.fingerprint);
    expect(Math.round((made.notAfter.getTime() - Date.now()) / day)).toBe(30);
    const row = (await listCredentials(postgres.sql)).find(({ fingerprint }) => fingerprint === made.fingerprint);
    expect(row).toMatchObject({ oris: ['WA0170000', 'WA0170100'], issuedBy: 'local', operator: false, revokedAt: null, note: 'test' });
    expect(made.key).toContain('PRIVATE KEY');
    expect(JSON.stringify(row)).not.toContain('PRIVATE');
  });

  it.each([
    [{ oris: [] }, 'PEOPLE_ORI'], [{ oris: ['WA017'] }, 'PEOPLE_ORI'], [{ oris: ['WA017\n000'] }, 'PEOPLE_ORI'],
    [{ oris: ['WA0170000'], days: 0 }, 'PEOPLE_DAYS'], [{ oris: ['WA0170000'], days: 1.5 }, 'PEOPLE_DAYS'], [{ oris: ['WA0170000'], days: 5_000 }, 'PEOPLE_DAYS'],
  ])('refuses %j', async (request, code) => {
    await expect(enrol(people, request)).rejects.toMatchObject({ code });
  });
});

describe('the handshake', () => {
  it('takes a certificate of the authority and refuses one of another, none, and a server certificate', async () => {
    const agency = await enrol(people, { oris: ['WA0170000'] });
    const stranger = await makeAuthority('Weir local authority', new Date(Date.now() - day), new Date(Date.now() + day));
    const forged = await issue(stranger, { commonName: 'WA0170000', organisation: 'x', use: 'client', notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + day), names: [] });
    const { server: { key, cert }, trusted } = await openAuthority(people.keys);
    const server = { key, certificate: cert };
    const live = await openCredentials(postgres.sql);
    const door = await openDoor(server, [...trusted], (fingerprint) => live.of(fingerprint) !== null);
    expect(await knock(door.port, agency.authority, agency)).toBe('welcome');
    expect(await knock(door.port, agency.authority, forged)).toBe('refused');
    expect(await knock(door.port, agency.authority, null)).toBe('refused');
    expect(await knock(door.port, agency.authority, server)).toBe('refused');
    expect(await knock(door.port, stranger.certificate, agency)).toBe('refused'); // the client, too, sees a wrong server
    await revoke(postgres.sql, agency.fingerprint);
    await vi.waitFor(() => { expect(live.of(agency.fingerprint)).toBeNull(); }, soon);
    expect(await knock(door.port, agency.authority, agency)).toBe('unknown');
    await live.close();
    await door.close();
  });
});

describe('a certificate of an external authority', () => {
  it('is good only once its authority is trusted and it is bound', async () => {
    const [before, after] = [new Date(Date.now() - day), new Date(Date.now() + 100 * day)];
    const external = await makeAuthority('Example State PKI', before, after);
    const request = { commonName: 'cad.example.gov', organisation: 'Example', notBefore: before, notAfter: after, names: [] };
    const client = await issue(external, { ...request, use: 'client' });
    await expect(bindExternal(people, client.certificate, ['OR0260200'])).rejects.toMatchObject({ code: 'PEOPLE_UNTRUSTED' });
    await expect(addTrust(people.keys, client.certificate)).rejects.toMatchObject({ code: 'PEOPLE_CERTIFICATE' });
    await expect(addTrust(people.keys, 'nothing')).rejects.toMatchObject({ code: 'PEOPLE_CERTIFICATE' });
    expect(await addTrust(people.keys, `text before\n${external.certificate}`)).toHaveLength(1);
    expect(await trustedAuthorities(people.keys)).toHaveLength(2);

    const live = await openCredentials(postgres.sql);
    const fingerprint = new X509Certificate(client.certificate).fingerprint256.replaceAll(':', '').toLowerCase();
    expect(live.of(fingerprint)).toBeNull();
    await bindExternal(people, client.certificate, ['or0260200']);
    await vi.waitFor(() => { expect([...live.of(fingerprint)?.oris ?? []]).toEqual(['OR0260200']); }, soon);
    await live.close();

    await expect(bindExternal(people, client.certificate, ['OR0260300'])).rejects.toMatchObject({ code: 'PEOPLE_KNOWN' });
    await expect(bindExternal(people, external.certificate, ['OR0260300'])).rejects.toMatchObject({ code: 'PEOPLE_CERTIFICATE' });
    await expect(bindExternal(people, 'nothing', ['OR0260300'])).rejects.toMatchObject({ code: 'PEOPLE_CERTIFICATE' });
    const web = await issue(external, { ...request, use: 'server' });
    await expect(bindExternal(people, web.certificate, ['OR0260300'])).rejects.toMatchObject({ code: 'PEOPLE_CERTIFICATE' });
    const old = await issue(external, { ...request, use: 'client', notBefore: new Date(Date.now() - 2 * day), notAfter: before });
    await expect(bindExternal(people, old.certificate, ['OR0260300'])).rejects.toMatchObject({ code: 'PEOPLE_EXPIRED' });
  });

  it('that bears the name of a trusted authority but not its signature is refused', async () => {
    const [before, after] = [new Date(Date.now() - day), new Date(Date.now() + day)];
    const [real, stranger] = [await localAuthority(people.keys), await makeAuthority('Weir local authority', before, after)];
    const client = await issue({ certificate: real.certificate, key: stranger.key }, { commonName: 'x', organisation: 'x', use: 'client', notBefore: before, notAfter: after, names: [] });
    await expect(bindExternal(people, client.certificate, ['OR0260300'])).rejects.toMatchObject({ code: 'PEOPLE_UNTRUSTED' });
  });
});

describe('credentials in memory', () => {
  it('follow the table, keep one object while nothing changes, and know the end of a certificate', async () => {
    let now = Date.now();
    vi.useFakeTimers({ toFake: ['setInterval'] }); // without the look in between, so that it is the note of the table that works
    const live = await openCredentials(postgres.sql, () => now);
    vi.useRealTimers();
    const made = await enrol(people, { oris: ['CA0190000'], days: 10 });
    await vi.waitFor(() => { expect(live.of(made.fingerprint)).not.toBeNull(); }, soon);
    const first = live.of(made.fingerprint);
    await live.refresh();
    expect(live.of(made.fingerprint)).toBe(first);
    now += 11 * day;
    expect(live.of(made.fingerprint)).toBeNull();
    now -= 11 * day;
    expect(live.of('0'.repeat(64))).toBeNull();
    expect(await revoke(postgres.sql, made.fingerprint.slice(0, 16))).toBe(true);
    expect(await revoke(postgres.sql, made.fingerprint)).toBe(false);
    await live.refresh();
    expect(live.of(made.fingerprint)).toBeNull();
    await live.close();
  });

  it('revoke nothing for digits that fit none, all, or are no digits', async () => {
    for (const wanted of ['', 'f'.repeat(64), '%', 'abc']) await expect(revoke(postgres.sql, wanted)).rejects.toMatchObject({ code: 'PEOPLE_UNKNOWN' });
  });

  it('listen again after their connection was cut', async () => {
    const live = await openCredentials(postgres.sql);
    await postgres.sql`select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'listen%' and datname = current_database()`;
    const made = await enrol(people, { oris: ['CA0190001'] });
    await vi.waitFor(() => { expect(live.of(made.fingerprint)).not.toBeNull(); }, soon);
    await live.close();
  });

  it('of an operator need no ORI', async () => {
    const made = await enrol(people, { oris: [], operator: true });
    const live = await openCredentials(postgres.sql);
    expect(live.of(made.fingerprint)).toEqual({ oris: new Set(), operator: true });
    await live.close();
  });
});

describe('court orders', () => {
  const hash = 'ab'.repeat(32);
  const order = { owner: 'WA', number: '26-mc 00012', documentHash: hash, court: 'articleThree', confirmedBy: 'records desk', expiresAt: null };

  it('count for their owner, by number or by hash, until they end', async () => {
    let now = Date.now();
    const live = await openConfirmations(postgres.sql, () => now);
    await confirmOrder(postgres.sql, { ...order, expiresAt: new Date(now + day) });
    await live.refresh();
    expect(live.court('WA', '26-MC00012', null)).toBe('articleThree');
    expect(live.court('WA', ' 26-mc 00012', hash.toUpperCase())).toBe('articleThree');
    expect(live.court('WA', null, hash)).toBe('articleThree');
    expect(live.court('WA', '26-MC00012', 'cd'.repeat(32))).toBeNull();
    expect(live.court('WA', '26-MC00013', hash)).toBeNull();
    expect(live.court('WA', null, null)).toBeNull();
    expect(live.court('OR', '26-MC00012', hash)).toBeNull();
    now += 2 * day;
    expect(live.court('WA', '26-MC00012', hash)).toBeNull();
    expect(live.court('WA', null, hash)).toBeNull();
    await live.close();
  });

  it('are followed, replaced and withdrawn', async () => {
    vi.useFakeTimers({ toFake: ['setInterval'] });
    const live = await openConfirmations(postgres.sql);
    vi.useRealTimers();
    await confirmOrder(postgres.sql, { ...order, number: 'X1', documentHash: null });
    await vi.waitFor(() => { expect(live.court('WA', 'X1', hash)).toBe('articleThree'); }, soon);
    await confirmOrder(postgres.sql, { ...order, number: 'x1', court: 'stateCourt' });
    await vi.waitFor(() => { expect(live.court('WA', 'X1', null)).toBe('stateCourt'); }, soon);
    expect(await withdrawOrder(postgres.sql, 'wa', 'x 1')).toBe(true);
    await vi.waitFor(() => { expect(live.court('WA', 'X1', null)).toBeNull(); }, soon);
    expect(await withdrawOrder(postgres.sql, 'wa', 'x 1')).toBe(false);
    expect((await listOrders(postgres.sql, 'wa')).map(({ number }) => number)).toContain('X1');
    await live.close();
  });

  it.each([
    [{ owner: 'ZZ' }], [{ number: ' ' }], [{ number: 'A\u0000B' }], [{ number: 'N'.repeat(65) }], [{ court: 'notStated' }], [{ court: 'toString' }], [{ documentHash: 'abc' }], [{ confirmedBy: ' ' }],
  ])('with %j are not taken', async (change) => {
    await expect(confirmOrder(postgres.sql, { ...order, ...change })).rejects.toMatchObject({ code: 'PEOPLE_ORDER' });
  });
});

/** A server as the exchange runs it: TLS must prove the certificate, and then the table must know it. */
async function openDoor(server: KeyedCertificate, ca: string[], known: (fingerprint: string) => boolean): Promise<{ port: number; close(): Promise<void> }> {
  const door = createServer({ key: server.key, cert: server.certificate, ca, requestCert: true, rejectUnauthorized: true }, (socket: TLSSocket) => {
    socket.on('error', () => undefined);
    socket.end(known(socket.getPeerX509Certificate()?.fingerprint256.replaceAll(':', '').toLowerCase() ?? '') ? 'welcome' : 'unknown');
  });
  door.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => { door.listen(0, '127.0.0.1', resolve); });
  const address = door.address();
  return {
    port: address !== null && typeof address === 'object' ? address.port : 0,
    close: async () => { await new Promise((resolve) => door.close(resolve)); },
  };
}

async function knock(port: number, ca: string, client: KeyedCertificate | null): Promise<string> {
  return await new Promise((resolve) => {
    let heard = '';
    const socket = connectTls({ port, host: 'localhost', ca, ...(client === null ? {} : { key: client.key, cert: client.certificate }) });
    socket.setEncoding('utf8').on('data', (data: string) => { heard += data; });
    socket.on('error', () => { resolve('refused'); });
    socket.on('close', () => { resolve(heard === '' ? 'refused' : heard); });
  });
}

