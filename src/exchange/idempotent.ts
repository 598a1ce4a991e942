import { hash } from 'node:crypto';
import type { Rejection } from './admit.ts';
import type { Outgoing } from './exchange.ts';
import { inquiryId } from './ids.ts';
import type { Idempotency, IdempotencyClaim, Journal } from './ports.ts';

/** One use of an idempotency key. */
export interface KeyUse {
  readonly requester: string;
  readonly key: string;
  readonly body: Uint8Array;
  readonly id: string;
  readonly at: Date;
  readonly credential: string | null;
}

interface Parts {
  readonly idempotency: Idempotency;
  readonly journal: Journal;
  readonly onFault: (error: unknown) => void;
}

/**
 * Does `work` once for a key of a requester. A retry of the same message gets the kept answer, and the journal says so;
 * another message under the same key is a conflict; a retry while the first is at work is told to come back.
 */
export async function once(
  parts: Parts,
  use: KeyUse,
  work: () => Promise<Outgoing>,
  reject: (rejection: Rejection) => Outgoing,
): Promise<Outgoing> {
  let claim: IdempotencyClaim;
  try {
    claim = await parts.idempotency.claim(use.requester, use.key, hash('sha256', use.body, 'hex'), use.id);
  } catch (error) {
    parts.onFault(error);
    return reject({ code: 'busy', message: 'idempotency keys cannot be checked now', at: null });
  }
  if (claim.state === 'conflict') return reject({ code: 'conflict', message: 'this idempotency key was used for another message', at: null });
  if (claim.state === 'running') return reject({ code: 'busy', message: 'the first request with this idempotency key is still at work', at: null });
  if (claim.state === 'done') return redeliver(parts, use, claim.answer, reject);
  try {
    const outgoing = await work();
    await keep(parts, use, outgoing);
    return outgoing;
  } catch (error) {
    await forget(parts, use);
    throw error;
  }
}

/** The same bytes leave again, so that is on the record before they do. */
async function redeliver(
  parts: Parts,
  use: KeyUse,
  kept: Extract<IdempotencyClaim, { state: 'done' }>['answer'],
  reject: (rejection: Rejection) => Outgoing,
): Promise<Outgoing> {
  try {
    if (kept.owners.length === 0) throw new Error('a kept answer names no owner');
    const id = inquiryId(use.at.getTime());
    await parts.journal.append(kept.owners.map((owner) => ({
      type: 'redelivery', v: 1, id: `${id}/${owner}`, at: use.at.toISOString(), inquiry: kept.inquiry, requester: use.requester, credential: use.credential, owner,
    })));
  } catch (error) {
    parts.onFault(error);
    return reject({ code: 'ledgerUnavailable', message: 'the ledger cannot record now, so nothing is released', at: null });
  }
  return { status: kept.status, contentType: kept.contentType, body: kept.body, id: kept.inquiry, retryAfter: null, outcome: 'redelivered', owners: kept.owners };
}

/** Only an answer is kept: after a fault the caller may try the same key again. */
async function keep(parts: Parts, use: KeyUse, outgoing: Outgoing): Promise<void> {
  const { requester, key } = use;
  try {
    if (outgoing.status !== 200) await forget(parts, use);
    else {
      const body = typeof outgoing.body === 'string' ? Buffer.from(outgoing.body) : outgoing.body;
      await parts.idempotency.complete(requester, key, { inquiry: outgoing.id, owners: outgoing.owners, status: outgoing.status, contentType: outgoing.contentType, body });
    }
  } catch (error) {
    parts.onFault(error);
  }
}

async function forget(parts: Parts, use: KeyUse): Promise<void> {
  try {
    await parts.idempotency.abandon(use.requester, use.key);
  } catch (error) {
    parts.onFault(error);
  }
}
