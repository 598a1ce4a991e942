import type { TransactionSql } from 'postgres';
import type { ActEntry } from '../../model/index.ts';
import { detailNumber, detailText, followActs } from '../../store/actFollower.ts';
import type { JournalReader } from '../../store/journalReader.ts';
import { takeChange } from '../settingChanges.ts';
import { addressName, type AddressParts } from './addresses.ts';
import { deliveryKinds } from './types.ts';

type Room = Pick<AddressParts, 'sql' | 'seal' | 'unseal'>;

/**
 * Reads where late answers go, and which of them arrived or were given up, from the ledger, so that after a loss the same secret signs, and nothing that a receiver acknowledged is sent again. An
 * act from before secrets stood in it brings no address back. Returns how many acts were read.
 */
export async function catchUpDeliveries(room: Room, journal: JournalReader): Promise<number> {
  return await followActs(room.sql, journal, {
    name: 'delivery', failed: true, acts: ['deliverySet', 'deliveryRemoved', 'lateAnswerArrived', 'lateAnswerFailed'],
    apply: async (tx, act) => {
      const kind = deliveryKinds.find((one) => one === detailText(act, 'kind'));
      if (act.on === null || kind === undefined) return;
      if (act.act === 'lateAnswerArrived' || act.act === 'lateAnswerFailed') await rebuildDone(tx, act, act.act === 'lateAnswerArrived' ? 'sent' : 'failed');
      else await rebuildAddress(tx, room, act, act.on, kind);
    },
  });
}

async function rebuildAddress(tx: TransactionSql, room: Room, act: ActEntry, ori: string, kind: string): Promise<void> {
  const change = detailNumber(act, 'change');
  const words = act.act === 'deliverySet' ? wordsOf(room, act) : null;
  if (change === null || (act.act === 'deliverySet' && words === null) || !(await takeChange(tx, addressName(ori, kind), change))) return;
  if (words === null) {
    await tx`delete from delivery_address where ori = ${ori} and kind = ${kind}`;
    await tx`update delivery set state = 'dropped', done_at = ${act.at} where ori = ${ori} and kind = ${kind} and state = 'waiting'`;
    return;
  }
  const at = detailText(act, 'at') || act.at;
  const turned = detailText(act, 'newSecret') === 'yes';
  await tx`
    insert into delivery_address (ori, kind, url, secret, ca, set_by, set_at, created_at) values (${ori}, ${kind}, ${room.seal(words.url)}, ${words.secret}, ${words.ca}, ${act.who}, ${at}, ${at})
    on conflict (ori, kind) do update set url = excluded.url, secret = excluded.secret, ca = excluded.ca, set_by = excluded.set_by, set_at = excluded.set_at,
      old_secret = case when ${turned} then delivery_address.secret else delivery_address.old_secret end,
      old_until = case when ${turned} then ${at}::timestamptz + interval '1 day' else delivery_address.old_until end`;
}

/** A delivery that is done, so that it is not queued once more. */
async function rebuildDone(tx: TransactionSql, act: ActEntry, state: 'sent' | 'failed'): Promise<void> {
  const text = (name: string): string => detailText(act, name);
  if (!/^msg_[0-9A-Za-z]{24}$/.test(text('delivery'))) return;
  await tx`
    insert into delivery (id, ticket, ori, kind, owner, inquiry, status, decided_at, queued_at, next_at, attempts, state, done_at)
    values (${text('delivery')}, ${act.on}, ${text('ori')}, ${text('kind')}, ${act.owner}, ${text('inquiry')}, ${text('late')}, ${text('decidedAt')}, ${act.at}, ${act.at}, ${detailNumber(act, 'attempts') ?? 1}, ${state}, ${act.at})
    on conflict (ticket, ori, kind) do update set state = excluded.state, done_at = excluded.done_at, claimed_until = null where delivery.state = 'waiting'`;
}

/** The secret comes as it is kept: sealed. */
function wordsOf({ unseal }: Room, { sealed }: ActEntry): { readonly url: string; readonly secret: string; readonly ca: string | null } | null {
  try {
    const { url, secret, ca } = JSON.parse(unseal(sealed ?? '')) as Readonly<Record<string, string | null>>;
    return typeof url === 'string' && typeof secret === 'string' ? { url, secret, ca: ca ?? null } : null;
  } catch {
    return null;
  }
}
