import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { police } from '../../../test/exchangeParts.ts';
import type { JournalReader } from '../../store/journalReader.ts';
import { asker, heldWorld, holdPhoto, refuse, releaseAll, reviewer, type HeldWorld } from '../cases.ts';
import { startReceiver, type Receiver } from './cases.ts';
import { openDelivery, openMessages, verifyWebhook, type Delivery, type DeliveryParts } from './index.ts';

const actor = { who: 'A-COORDINATOR1', role: 'agencyCoordinator' } as const;
const tables = 'ticket, late_answer, delivery_attempt, delivery, delivery_address, message_taken, setting_change, projection';
let w: HeldWorld;
let receiver: Receiver;
beforeAll(async () => {
  w = await heldWorld();
  receiver = await startReceiver();
});
afterAll(async () => {
  await receiver.close();
  await w.stop();
});
beforeEach(async () => {
  await lose();
  w.world.entries.length = 0;
  receiver.got.length = 0;
  receiver.answer = () => ({ status: 200 });
  Object.assign(w, { at: Date.now(), decide: holdPhoto, source: null });
});

/** Everything but the ledger. What waits in the outbox is recorded first: what is not is in no ledger. */
async function lose(): Promise<void> {
  await w.drain();
  await w.sql.unsafe(`truncate ${tables}, ledger_outbox`);
}

function open(change: Partial<DeliveryParts> = {}): Delivery {
  return openDelivery({
    sql: w.sql, acts: w.parts.acts, seal: (plain) => w.parts.sealer.seal('00', plain), unseal: (sealed) => w.parts.sealer.unseal('00', sealed), read: (ticket) => w.review.late(ticket), allow: [], allowLoopback: true,
    recorded: w.parts.recorded, now: () => w.at, random: () => 0.5, ...change,
  });
}

/** One turn of everything, as a process that starts has it. */
async function turn(delivery: Delivery): Promise<void> {
  await w.bent({}).tick(w.at);
  await delivery.tick(w.at);
  await delivery.settle();
  await w.drain();
}

/** The ledger, broken off after so many entries of each reading. */
function broken(most: number): JournalReader {
  return {
    get size() { return w.parts.recorded?.size ?? 0; },
    async *read(from, options) {
      let left = most;
      for await (const one of w.parts.recorded?.read(from, options) ?? []) {
        if (left-- <= 0) throw new Error('killed');
        yield one;
      }
    },
  };
}

describe('after the database was lost', () => {
  it('an address is what it was, with the secret that signs and the one before; and taken away what was', async () => {
    const one = open();
    const first = await one.set(police, { kind: 'event', url: receiver.url }, actor);
    const second = await one.set(police, { kind: 'event', url: `${receiver.url}/two`, newSecret: true }, actor);
    await one.set(police, { kind: 'event', url: `${receiver.url}/three` }, actor);
    await one.set(police, { kind: 'message', url: receiver.url }, actor);
    await one.set('ZZ0000909', { kind: 'event', url: receiver.url }, actor);
    await one.remove('ZZ0000909', 'event', actor);
    await one.remove(police, 'message', actor);
    await one.set(police, { kind: 'message', url: `${receiver.url}/again` }, actor);
    const before = [await one.addresses(police), await one.addresses('ZZ0000909')];
    for (const kill of [0, 1, 3, 100]) {
      await lose();
      await open({ recorded: broken(kill) }).tick(w.at).catch(() => undefined);
      const again = open();
      await again.tick(w.at);
      expect([await again.addresses(police), await again.addresses('ZZ0000909')]).toEqual(before);
    }
    const ticket = await w.hold();
    await w.review.decide('ZY', ticket, refuse, reviewer);
    await w.drain();
    await turn(open());
    const got = receiver.got.find(({ path }) => path.endsWith('/three'));
    expect([first.secret, second.secret, 'whsec_'.padEnd(50, 'A')].map((secret) => verifyWebhook(got?.headers ?? {}, got?.body ?? '', secret ?? '', w.at).ok)).toEqual([true, true, false]);
    expect(w.entries().acts.filter(({ act }) => act === 'deliverySet').map(({ sealed }) => w.parts.sealer.unseal('00', sealed ?? '')).join('')).not.toContain('whsec_');
  });

  it('what did not arrive is sent with the same number, and what arrived is not', async () => {
    const one = open();
    const { secret } = await one.set(police, { kind: 'event', url: receiver.url }, actor);
    await one.set(police, { kind: 'message', url: receiver.url }, actor);
    const arrived = await w.hold();
    await w.review.decide('ZY', arrived, releaseAll, reviewer);
    await w.drain();
    await turn(one);
    expect(receiver.got).toHaveLength(2);
    receiver.answer = () => ({ status: 503 });
    const [late, clock] = [await w.hold(), await w.hold()];
    await w.review.decide('ZY', late, releaseAll, reviewer);
    await w.drain();
    await turn(one);
    const tried = receiver.got.slice(2);
    expect(tried).toHaveLength(2);
    // Decided while nobody sends.
    await w.review.decide('ZY', clock, releaseAll, reviewer);
    await lose();
    receiver.got.length = 0;
    receiver.answer = () => ({ status: 200 });
    // The tickets are read in turns, and so is what arrived.
    await open({ recorded: broken(2) }).tick(w.at).catch(() => undefined);
    expect(receiver.got).toHaveLength(0);
    await turn(open());
    const ids = (got: typeof tried): unknown[] => got.map(({ headers }) => headers['webhook-id']).sort();
    expect(receiver.got).toHaveLength(4);
    expect(ids(receiver.got)).toEqual(expect.arrayContaining(ids(tried)));
    expect(new Set(ids(receiver.got)).size).toBe(4);
    for (const { headers, body } of receiver.got) expect(verifyWebhook(headers, body, headers['weir-ticket'] === undefined ? (secret ?? '') : 'x', w.at).ok || headers['weir-ticket'] !== undefined).toBe(true);
    expect(receiver.got.flatMap(({ headers }) => headers['weir-ticket'] ?? []).sort()).toEqual([late, clock].sort());
    expect(w.entries().acts.filter(({ act }) => act === 'lateAnswerArrived').map(({ on }) => on).sort()).toEqual([arrived, arrived, late, late, clock, clock].sort());
    // Everything arrived by now: after another loss nothing is sent.
    await lose();
    await turn(open());
    await turn(open());
    expect(receiver.got).toHaveLength(4);
    expect((await open().lines(police, 50)).map(({ state }) => state)).toEqual(['sent', 'sent', 'sent', 'sent', 'sent', 'sent']);
  });

  it('what was given up is not begun again, and a late message waits for who fetches it', async () => {
    const one = open();
    await one.set(police, { kind: 'event', url: receiver.url }, actor);
    receiver.answer = () => ({ status: 410 });
    const ticket = await w.hold();
    await w.review.decide('ZY', ticket, releaseAll, reviewer);
    await w.drain();
    await turn(one);
    expect(w.entries().acts.filter(({ act }) => act === 'lateAnswerFailed')).toHaveLength(1);
    await lose();
    await turn(open());
    expect(receiver.got).toHaveLength(1);
    const messages = openMessages(w.sql, w.review);
    expect((await messages.next(asker))?.ticket).toBe(ticket);
    expect(await messages.taken(ticket, asker)).toBe(true);
    expect(await messages.next(asker)).toBeNull();
    expect(await messages.next({ ...asker, oris: new Set(['ZZ0000909']) })).toBeNull();
  });
});
