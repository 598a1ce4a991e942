import type { Acts } from '../../people/acts/index.ts';
import type { Sql } from '../../store/index.ts';
import type { JournalReader } from '../../store/journalReader.ts';
import { listAddresses, openAddress, removeAddress, setAddress, type AddressParts, type OpenAddress } from './addresses.ts';
import { openNetwork, type NetworkOptions } from './network.ts';
import { claimDue, deliveryLines, dropJob, forgetOld, giveBack, noteTried, queueRebuilt, queueVerdicts, type Job, type Tried } from './queue.ts';
import { catchUpDeliveries } from './rebuild.ts';
import { eventOf, post, type Parcel } from './send.ts';
import { DeliveryError, type Delivery, type ReadLate, type SendFault } from './types.ts';

export { openMessages, type Messages } from './messages.ts';
export { DeliveryError, deliveryKinds, type Delivery, type DeliveryAddress, type DeliveryErrorCode, type DeliveryKind, type DeliveryLine, type NewAddress, type ReadLate } from './types.ts';
export { verifyWebhook, webhookTolerance, type WebhookVerdict } from './webhook.ts';

/** What deliveries need. */
export interface DeliveryParts extends NetworkOptions {
  readonly sql: Sql;
  readonly acts: Acts;
  /** Under the exchange's own key (`00`). */
  readonly seal: (plain: string) => string;
  readonly unseal: (sealed: string) => string;
  /** Null at the command line, where nothing is sent. */
  readonly read: ReadLate | null;
  /** The ledger as far as it is durable; null, or left out, where nothing is read from it. */
  readonly recorded?: JournalReader | null;
  readonly now?: () => number;
  readonly random?: () => number;
  /** For one attempt, in milliseconds; 10,000 unless told. */
  readonly timeout?: number;
  /** Told where an attempt failed within: it is tried again after a minute. */
  readonly onFault?: (error: unknown) => void;
}

/** On their way at once in one process. */
const mostAtOnce = 32;
/** How often the ledger is read for what the rows do not have, in milliseconds. */
const readEvery = 30_000;

/** Opens the deliveries of late answers. Throws `DELIVERY_URL` for a network in `allow` that is none. */
export function openDelivery(parts: DeliveryParts): Delivery {
  const { sql, acts, seal, unseal, now: clock = Date.now, random = Math.random, timeout = 10_000, onFault } = parts;
  const network = openNetwork(parts);
  const addresses: AddressParts = { sql, acts, seal, unseal, network };
  const onTheWay = new Set<Promise<void>>();
  const stop = new AbortController();
  const stopped = (): boolean => stop.signal.aborted;
  let forgotten = 0;
  let read = -Infinity;
  /** What the ledger says of addresses and of what arrived comes before anything is sent or set. Seldom after the first time. */
  const caughtUp = async (): Promise<boolean> => {
    if (parts.recorded === undefined || parts.recorded === null || performance.now() - read < readEvery) return false;
    await catchUpDeliveries({ sql, seal, unseal }, parts.recorded);
    read = performance.now();
    return true;
  };

  /** `message`: no byte before the act that says so is durable. */
  const parcelOf = async (job: Job): Promise<Parcel | SendFault> => {
    if (job.kind === 'event') return eventOf(job);
    const answer = await parts.read?.(job.ticket, job.ori) ?? null;
    if (answer === null || answer.requester !== job.ori) return 'answer';
    try {
      await acts.record({ act: 'lateAnswerSent', owner: job.owner, who: 'clock', on: job.ticket, detail: { attempt: job.n } });
    } catch (error) {
      onFault?.(error);
      return 'record';
    }
    return { contentType: answer.contentType, body: answer.body, headers: { 'weir-ticket': job.ticket, 'weir-inquiry': job.inquiry } };
  };
  const attempt = async (job: Job, now: number): Promise<void> => {
    const unsent = (why: SendFault, final = false): Tried => ({ at: now, ms: 0, status: null, why, final, retryAfter: null });
    const address = await addressOf(addresses, job, now);
    if (address === null) { await dropJob(sql, job, now); return; }
    const parcel = address === 'refused' ? address : await parcelOf(job);
    if (stopped()) { await giveBack(sql, job, now); return; }
    // A refusal may have no message of its own: the event and the ticket say it.
    if (parcel === 'answer' && (job.status === 'refused' || job.status === 'expired')) { await dropJob(sql, job, now); return; }
    const tried = typeof parcel === 'string' || address === 'refused' ? unsent(parcel === 'answer' || parcel === 'record' ? parcel : 'refused') : await post(address, job, parcel, { network, now, timeout, stop: stop.signal });
    // What was broken off here says nothing of the receiver.
    if (stopped() && tried.why !== null) { await giveBack(sql, job, now); return; }
    await noteTried(sql, acts, job, tried, random);
  };
  const begin = (job: Job, now: number): void => {
    const going = attempt(job, now).catch((error: unknown) => onFault?.(error)).finally(() => onTheWay.delete(going));
    onTheWay.add(going);
  };
  return {
    addresses: (ori) => listAddresses(addresses, ori),
    async set(ori, address, actor) {
      await caughtUp();
      return await setAddress(addresses, ori, address, actor, clock());
    },
    async remove(ori, kind, actor) {
      await caughtUp();
      return await removeAddress(addresses, ori, kind, actor, clock());
    },
    lines: (ori, limit) => deliveryLines(sql, ori, limit),
    async tick(now = clock()) {
      if (stopped() || parts.read === null) return 0;
      if (await caughtUp()) await queueRebuilt(sql, now);
      await queueVerdicts(sql, now);
      if (now - forgotten > 3_600_000) {
        forgotten = now;
        await forgetOld(sql, now);
      }
      const free = mostAtOnce - onTheWay.size;
      const jobs = free <= 0 ? [] : await claimDue(sql, now, free);
      for (const job of jobs) begin(job, now);
      return jobs.length;
    },
    async settle() {
      while (onTheWay.size > 0) await Promise.all(onTheWay);
    },
    async close() {
      stop.abort();
      await this.settle();
    },
  };
}

/** `refused`: the settings do not allow the address any more. */
async function addressOf(parts: AddressParts, { ori, kind }: Job, now: number): Promise<OpenAddress | 'refused' | null> {
  try {
    return await openAddress(parts, ori, kind, now);
  } catch (error) {
    if (error instanceof DeliveryError) return 'refused';
    throw error;
  }
}
