import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestPostgres, type TestPostgres } from '../../../test/postgres.ts';
import { openActs } from '../../people/acts/index.ts';
import { testAuthority } from '../../server/testing/certificates.ts';
import type { Asker, LateAnswer } from '../types.ts';
import { startReceiver, verdict, type Receiver } from './cases.ts';
import { openDelivery, openMessages, verifyWebhook, type Delivery } from './index.ts';
import type { DeliveryParts } from './index.ts';

const ori = 'ZZ0000101';
const actor = { who: 'A-COORDINATOR1', role: 'agencyCoordinator' } as const;
const noon = Date.UTC(2026, 2, 2, 12);
const minute = 60_000;
const late = (ticket: string): LateAnswer => ({ ticket, requester: ori, contentType: 'text/plain; charset=utf-8', body: Buffer.from(`DR.WA0000000.${ori}.*12345\nTHE LATE ANSWER TO ${ticket}`) });

let postgres: TestPostgres;
let receiver: Receiver;
const open: Delivery[] = [];
const receivers: Receiver[] = [];
/** What happened in which order: entries durable, and what was read. */
let order: string[] = [];

beforeAll(async () => { postgres = await startTestPostgres({ migrate: true }); });
afterAll(() => postgres.stop());
beforeEach(async () => {
  await postgres.sql`truncate delivery_address, delivery, delivery_attempt, message_taken, ledger_outbox, act`;
  order = [];
  receiver = await start();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
  await Promise.all(receivers.splice(0).map((one) => one.close()));
});

async function start(tls: { readonly key: string; readonly cert: string } | null = null): Promise<Receiver> {
  const one = await startReceiver(tls);
  receivers.push(one);
  return one;
}

function delivery(change: Partial<DeliveryParts> = {}): Delivery {
  const { sql } = postgres;
  const journal = { append: (entries: readonly { readonly type: string; readonly act?: string }[]) => { order.push(...entries.map(({ act }) => `recorded ${act}`)); return Promise.resolve([]); } };
  const acts = openActs({ sql, sealer: { seal: (owner, plain) => `sealed ${owner} ${plain}` }, journal: journal });
  const made = openDelivery({
    sql, acts, seal: (plain) => `sealed ${plain}`, unseal: (sealed) => sealed.replace('sealed ', ''), read: (ticket) => Promise.resolve(late(ticket)), allow: [], allowLoopback: true, now: () => noon, random: () => 0.5, ...change,
  });
  open.push(made);
  return made;
}

async function set(one: Delivery, kind: 'event' | 'message', url = receiver.url, ca: string | null = null): Promise<string> {
  const { secret } = await one.set(ori, { kind, url, ca }, actor);
  return secret ?? '';
}

async function turn(one: Delivery, now = noon): Promise<number> {
  const begun = await one.tick(now);
  await one.settle();
  return begun;
}

const actsOf = async (act: string): Promise<readonly { readonly about: string | null; readonly result: string; readonly detail: Record<string, unknown> | null }[]> => await postgres.sql`select about, result, detail from act where act = ${act} order by at`;
const statesOf = async (): Promise<readonly { readonly state: string; readonly attempts: number }[]> => await postgres.sql`select state, attempts from delivery order by queued_at, id`;

describe('the address of late answers', () => {
  it('is set with a secret that is given once, changed without one, and taken away; each an act that keeps the address sealed', async () => {
    const one = delivery();
    const first = await one.set(ori, { kind: 'event', url: receiver.url }, actor);
    expect(first.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const again = await one.set(ori, { kind: 'event', url: `${receiver.url}/2` }, actor);
    expect(again).toMatchObject({ secret: null, address: { url: `${receiver.url}/2` } });
    expect(JSON.stringify(await one.addresses(ori))).not.toContain('whsec');
    expect(await one.remove(ori, 'event', actor)).toBe(true);
    expect(await one.remove(ori, 'event', actor)).toBe(false);
    expect(await one.addresses(ori)).toEqual([]);
    expect(await actsOf('deliverySet')).toMatchObject([{ about: ori, detail: { kind: 'event', newSecret: 'yes' } }, { detail: { newSecret: 'no' } }]);
    expect(await actsOf('deliveryRemoved')).toHaveLength(1);
    // The address is in what is sealed, and nowhere else.
    const rows = await postgres.sql`select * from act`;
    expect(rows.map(({ sealed }) => String(sealed)).filter((text) => text.includes(receiver.url))).toHaveLength(2);
    expect(JSON.stringify(rows.map((row) => ({ ...row, sealed: null })))).not.toContain('127.0.0.1');
  });

  it.each([
    [{ kind: 'letter', url: 'https://agency.example.org/' }, 'DELIVERY_KIND'], [{ kind: 'event', url: 'http://agency.example.org/' }, 'DELIVERY_URL'], [{ kind: 'event', url: 'https://10.0.0.1/' }, 'DELIVERY_URL'],
    [{ kind: 'event', url: 'https://agency.example.org/', ca: 'no certificate' }, 'DELIVERY_CA'],
    [{ kind: 'event', url: 'https://agency.example.org/', ca: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' }, 'DELIVERY_CA'],
  ])('is refused: %j', async (address, code) => {
    await expect(delivery().set(ori, address, actor)).rejects.toMatchObject({ code });
    expect(await actsOf('deliverySet')).toEqual([]);
  });

  it('set by 64 at once has one secret', async () => {
    const one = delivery();
    const made = await Promise.all(Array.from({ length: 64 }, () => one.set(ori, { kind: 'event', url: receiver.url }, actor)));
    expect(made.filter(({ secret }) => secret !== null)).toHaveLength(1);
  });

  it('signs with both secrets for a day after a new one was made', async () => {
    const one = delivery();
    const old = await set(one, 'event');
    const { secret } = await one.set(ori, { kind: 'event', url: receiver.url, newSecret: true }, actor);
    await verdict(postgres.sql);
    await turn(one);
    await verdict(postgres.sql);
    await turn(one, noon + 25 * 60 * minute);
    const [first, second] = receiver.got;
    for (const key of [old, secret!]) expect(verifyWebhook(first!.headers, first!.body, key, noon).ok).toBe(true);
    expect(verifyWebhook(second!.headers, second!.body, secret!, noon + 25 * 60 * minute).ok).toBe(true);
    expect(verifyWebhook(second!.headers, second!.body, old, noon + 25 * 60 * minute)).toEqual({ ok: false, why: 'signature' });
  });
});

describe('an event', () => {
  it('says that a ticket was decided and nothing more, signed, once', async () => {
    const one = delivery();
    const secret = await set(one, 'event');
    const ticket = await verdict(postgres.sql, { verdict: 'refused', who: 'clock' });
    expect(await turn(one)).toBe(1);
    const [got] = receiver.got;
    const found = verifyWebhook(got!.headers, got!.body, secret, noon);
    expect(found).toMatchObject({ ok: true, timestamp: noon / 1000 });
    expect(got!.headers['content-type']).toBe('application/cloudevents+json; charset=utf-8');
    expect(JSON.parse(got!.body.toString())).toEqual({
      specversion: '1.0', id: got!.headers['webhook-id'], source: 'urn:weir:owner:WA', type: 'gov.weir.ticket.decided', subject: ticket, time: '2026-03-02T18:00:00.000Z', datacontenttype: 'application/json',
      data: { ticket, inquiry: '01933f5a-7c00-7abc-8def-0123456789ab', owner: 'WA', status: 'expired' },
    });
    expect(await turn(one)).toBe(0);
    expect(await turn(one, noon + 25 * 60 * minute)).toBe(0);
    expect(receiver.got).toHaveLength(1);
    // Sent again by somebody who listened: the receiver refuses it.
    expect(verifyWebhook(got!.headers, got!.body, secret, noon + 6 * minute)).toEqual({ ok: false, why: 'tooOld' });
    expect(verifyWebhook(got!.headers, got!.body, secret, noon, (id) => id === got!.headers['webhook-id'])).toEqual({ ok: false, why: 'replayed' });
  });

  it('waits for the entry in the ledger, and is not made for another agency, long ago, or before there was an address', async () => {
    const one = delivery();
    await verdict(postgres.sql);
    await new Promise((done) => setTimeout(done, 5));
    await set(one, 'event');
    await verdict(postgres.sql, {}, null);
    await verdict(postgres.sql, {}, 'longAgo');
    await verdict(postgres.sql, { requester: 'ZZ0000202' });
    expect(await turn(one)).toBe(0);
    await postgres.sql`update ledger_outbox set recorded_at = now() where recorded_at is null`;
    expect(await turn(one)).toBe(1);
  });

  it('goes over TLS to a receiver whose authority was given, and to no other', async () => {
    const authority = await testAuthority('Agency authority (invented)');
    const secure = await start(await authority.issue('receiver', 'server'));
    const one = delivery();
    await set(one, 'event', secure.url);
    await verdict(postgres.sql);
    await turn(one);
    expect(secure.got).toEqual([]);
    expect((await one.lines(ori, 10))[0]!.attempts).toMatchObject([{ status: null, why: 'certificate' }]);
    await set(one, 'event', secure.url, authority.cert);
    await turn(one, noon + minute);
    expect(secure.got).toHaveLength(1);
    expect(await statesOf()).toEqual([{ state: 'sent', attempts: 2 }]);
  });

  it('is tried again after a failure, with the same id and a new time, and stops after success', async () => {
    const one = delivery();
    const secret = await set(one, 'event');
    await verdict(postgres.sql);
    receiver.answer = () => ({ status: 500 });
    await turn(one);
    expect(await turn(one, noon + 4_999)).toBe(0);
    receiver.answer = () => 'hangUp';
    expect(await turn(one, noon + 5_000)).toBe(1);
    receiver.answer = () => ({ status: 204 });
    expect(await turn(one, noon + 20_000)).toBe(1);
    expect(await turn(one, noon + 60 * minute)).toBe(0);
    const ids = receiver.got.map(({ headers }) => headers['webhook-id']);
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(1);
    expect(verifyWebhook(receiver.got[2]!.headers, receiver.got[2]!.body, secret, noon + 20_000)).toMatchObject({ ok: true });
    const [line] = await one.lines(ori, 10);
    expect(line).toMatchObject({ state: 'sent', nextAt: null });
    expect(line!.attempts.map(({ status, why }) => [status, why])).toEqual([[500, 'status'], [null, 'down'], [204, null]]);
  });

  it('waits no longer than the time for one attempt', async () => {
    const one = delivery({ timeout: 300 });
    await set(one, 'event');
    await verdict(postgres.sql);
    receiver.answer = () => 'silent';
    await turn(one);
    expect((await one.lines(ori, 10))[0]!.attempts).toMatchObject([{ status: null, why: 'timeout' }]);
  });

  it('follows no redirect', async () => {
    const other = await start();
    const one = delivery();
    await set(one, 'event');
    await verdict(postgres.sql);
    receiver.answer = () => ({ status: 307, headers: { location: other.url } });
    await turn(one);
    expect(other.got).toEqual([]);
    expect((await one.lines(ori, 10))[0]!.attempts).toMatchObject([{ status: 307, why: 'redirect' }]);
  });

  it('is given up after a day, or at once where the receiver says that it is gone, with an act', async () => {
    const one = delivery();
    await set(one, 'event');
    await verdict(postgres.sql);
    receiver.answer = () => ({ status: 503, headers: { 'retry-after': '60' } });
    let now = noon;
    for (let i = 0; i < 60; i += 1) {
      const [row] = await postgres.sql<{ next_at: Date; state: string }[]>`select next_at, state from delivery`;
      if (row?.state === 'failed') break;
      now = Math.max(now, row?.next_at.getTime() ?? now);
      await turn(one, now);
    }
    expect(now - noon).toBeLessThanOrEqual(24 * 60 * minute);
    expect(now - noon).toBeGreaterThan(20 * 60 * minute);
    const [, second] = receiver.got;
    expect(Number(second!.headers['webhook-timestamp']) - noon / 1000).toBeGreaterThanOrEqual(60);
    expect(await actsOf('lateAnswerFailed')).toMatchObject([{ result: 'failed', detail: { kind: 'event', why: 'status', status: 503 } }]);
    const gone = await verdict(postgres.sql);
    receiver.answer = () => ({ status: 410 });
    await turn(one, now);
    expect((await actsOf('lateAnswerFailed'))[1]).toMatchObject({ about: gone, detail: { status: 410, attempts: 1 } });
  });

  it('that was sent and not noted is sent again with the same id', async () => {
    const dying = delivery();
    await set(dying, 'event');
    await verdict(postgres.sql);
    // The process ends between the two: nothing after the send is done.
    receiver.answer = () => 'silent';
    await dying.tick(noon);
    while (receiver.got.length === 0) await new Promise((done) => setTimeout(done, 5));
    const next = delivery();
    expect(await turn(next, noon + 30_000)).toBe(0);
    receiver.answer = () => ({ status: 200 });
    expect(await turn(next, noon + 60_000)).toBe(1);
    expect(receiver.got.map(({ headers }) => headers['webhook-id'])).toEqual([receiver.got[0]!.headers['webhook-id'], receiver.got[0]!.headers['webhook-id']]);
    await dying.close();
    expect(await statesOf()).toEqual([{ state: 'sent', attempts: 2 }]);
  });

  it('is sent once though several processes look at once', async () => {
    const many = Array.from({ length: 8 }, () => delivery());
    await set(many[0]!, 'event');
    for (let i = 0; i < 20; i += 1) await verdict(postgres.sql);
    for (let i = 0; i < 12; i += 1) await Promise.all(many.map((one) => turn(one)));
    expect(receiver.got).toHaveLength(20);
    expect(new Set(receiver.got.map(({ headers }) => headers['webhook-id'])).size).toBe(20);
  });

  it('that waits for one slow receiver keeps no other waiting', async () => {
    const one = delivery();
    const slow = await start();
    slow.answer = () => 'silent';
    await set(one, 'event', slow.url);
    await one.set('ZZ0000202', { kind: 'event', url: receiver.url }, actor);
    for (let i = 0; i < 50; i += 1) await verdict(postgres.sql);
    await verdict(postgres.sql, { requester: 'ZZ0000202' });
    await one.tick(noon);
    while (receiver.got.length === 0) await new Promise((done) => setTimeout(done, 5));
    expect(slow.got.length).toBeLessThanOrEqual(4);
  });

  it('is not sent where the settings allow its network no more, and is dropped with its address', async () => {
    const one = delivery();
    await set(one, 'event');
    await verdict(postgres.sql);
    const strict = delivery({ allowLoopback: false });
    await turn(strict);
    expect(receiver.got).toEqual([]);
    expect((await one.lines(ori, 10))[0]!.attempts).toMatchObject([{ why: 'refused' }]);
    await one.remove(ori, 'event', actor);
    expect(await statesOf()).toMatchObject([{ state: 'dropped' }]);
    expect(await turn(one, noon + 60 * minute)).toBe(0);
  });

  it('reads no endless answer', async () => {
    const one = delivery();
    await set(one, 'event');
    await verdict(postgres.sql);
    receiver.answer = () => ({ status: 200, body: 'x'.repeat(10_000_000) });
    await turn(one);
    expect(await statesOf()).toEqual([{ state: 'sent', attempts: 1 }]);
  });
});

describe('a late message', () => {
  it('is the answer as it would come on the line, signed, after its act is durable', async () => {
    const one = delivery({ read: (ticket) => { order.push('read'); return Promise.resolve(late(ticket)); } });
    const secret = await set(one, 'message');
    receiver.answer = () => { order.push('received'); return { status: 200 }; };
    const ticket = await verdict(postgres.sql);
    await turn(one);
    expect(order).toEqual(['read', 'recorded lateAnswerSent', 'received']);
    const [got] = receiver.got;
    expect(got!.body.toString()).toBe(Buffer.from(late(ticket).body).toString());
    expect(got!.headers).toMatchObject({ 'content-type': 'text/plain; charset=utf-8', 'weir-ticket': ticket });
    expect(verifyWebhook(got!.headers, got!.body, secret, noon)).toMatchObject({ ok: true });
    expect(await actsOf('lateAnswerSent')).toMatchObject([{ about: ticket, result: 'done' }]);
  });

  it('is not sent where that cannot be recorded', async () => {
    const { sql } = postgres;
    const acts = openActs({ sql, sealer: { seal: () => '' }, journal: { append: () => Promise.reject(new Error('the journal cannot write')) } });
    const broken = delivery({ acts });
    await set(broken, 'message');
    await verdict(sql);
    await turn(broken);
    expect(receiver.got).toEqual([]);
    expect(await statesOf()).toMatchObject([{ state: 'waiting' }]);
    await turn(delivery(), noon + minute);
    expect(receiver.got).toHaveLength(1);
  });

  it('of another agency is never sent, and a refusal without one is no failure', async () => {
    const one = delivery({ read: (ticket) => Promise.resolve({ ...late(ticket), requester: 'ZZ0000202' }) });
    await set(one, 'message');
    await verdict(postgres.sql);
    await turn(one);
    expect(receiver.got).toEqual([]);
    const none = delivery({ read: () => Promise.resolve(null) });
    await verdict(postgres.sql, { verdict: 'refused' });
    await turn(none, noon + minute);
    expect(await statesOf()).toMatchObject([{ state: 'waiting' }, { state: 'dropped' }]);
    expect(await actsOf('lateAnswerSent')).toEqual([]);
  });

  it('is none after an emergency was reviewed: only its event', async () => {
    const one = delivery();
    await set(one, 'message');
    await set(one, 'event');
    await verdict(postgres.sql, { verdict: 'affirmed', released: [] });
    await turn(one);
    expect(receiver.got.map(({ headers }) => headers['content-type'])).toEqual(['application/cloudevents+json; charset=utf-8']);
  });
});

describe('late messages for a peer that cannot listen', () => {
  const asker: Asker = { oris: new Set([ori]), who: 'certificate 0123456789abcdef', role: null };
  const messages = (without: readonly string[] = []) => openMessages(postgres.sql, {
    answer: (ticket, { oris }) => Promise.resolve(without.includes(ticket) || oris?.has(ori) === false ? null : late(ticket)),
    ticket: (id, { oris }) => Promise.resolve(oris?.has(ori) === false ? null : { answer: !without.includes(id) } as never),
  });

  it('come one by one, oldest first, each until it is taken, and only where they stand in the ledger', async () => {
    const first = await verdict(postgres.sql);
    const second = await verdict(postgres.sql);
    await verdict(postgres.sql, {}, null);
    await verdict(postgres.sql, { verdict: 'affirmed' });
    await verdict(postgres.sql, { requester: 'ZZ0000202' });
    const one = messages();
    expect((await one.next(asker))?.ticket).toBe(first);
    expect((await one.next(asker))?.ticket).toBe(first);
    expect(await one.taken(first, asker)).toBe(true);
    expect(await one.taken(first, asker)).toBe(true);
    expect((await one.next(asker))?.ticket).toBe(second);
    expect(await one.taken(second, { ...asker, oris: new Set(['ZZ0000202']) })).toBe(false);
    expect((await one.next(asker))?.ticket).toBe(second);
    await one.taken(second, asker);
    expect(await one.next(asker)).toBeNull();
  });

  it('are found behind any number that have none, and not given where they were sent', async () => {
    const empty: string[] = [];
    for (let i = 0; i < 120; i += 1) empty.push(await verdict(postgres.sql, { verdict: 'refused' }));
    const last = await verdict(postgres.sql);
    expect((await messages(empty).next(asker))?.ticket).toBe(last);
    await postgres.sql`insert into delivery (id, ticket, ori, kind, owner, inquiry, status, decided_at, queued_at, next_at, state, done_at) values (${'msg_'.padEnd(28, 'a')}, ${last}, ${ori}, 'message', 'WA', 'i', 'released', now(), now(), now(), 'sent', now())`;
    expect(await messages(empty).next(asker)).toBeNull();
  });
});
