import { randomBytes } from 'node:crypto';
import type { SystemEntry } from '../../model/index.ts';
import { newId } from '../subjects/ids.ts';
import type { AnchorFacts, Hold } from '../subjects/facts.ts';
import { RetentionError } from './errors.ts';

const holdKinds: readonly Hold['kind'][] = ['disclosure', 'other', 'all'];

/** The entry that sets a hold: nothing of these days is erased until it is lifted. Throws `RETENTION_INPUT`. */
export function holdEntry({ owner, from, to, order, kind }: Pick<Hold, 'owner' | 'from' | 'to' | 'order' | 'kind'>, now: number): SystemEntry {
  if (!/^[A-Z0-9]{2}$/.test(owner)) throw new RetentionError('RETENTION_INPUT', 'an owner is two letters');
  if (!isDay(from) || !isDay(to) || from > to) throw new RetentionError('RETENTION_INPUT', 'a hold is over two days, YYYY-MM-DD, the first not after the last');
  if (!holdKinds.includes(kind)) throw new RetentionError('RETENTION_INPUT', `a hold is over ${holdKinds.join(', ')}`);
  checkOrder(order);
  const hold = `h-${randomBytes(4).toString('hex')}`;
  return { type: 'system', v: 1, id: newId('hold'), at: new Date(now).toISOString(), event: 'holdSet', subject: owner, hash: null, detail: { hold, from, to, kind, order } };
}

/** The entry that lifts one. Throws `RETENTION_INPUT` where it does not stand. */
export function liftEntry(facts: AnchorFacts, id: string, order: string, now: number): SystemEntry {
  checkOrder(order);
  const hold = facts.holds.find((one) => one.id === id && one.liftedAt === null);
  if (hold === undefined) throw new RetentionError('RETENTION_INPUT', `no hold ${id.slice(0, 40)} stands`);
  return { type: 'system', v: 1, id: newId('lift'), at: new Date(now).toISOString(), event: 'holdLifted', subject: hold.owner, hash: null, detail: { hold: id, order } };
}

/** An order is public once it stands in the anchor log: its number, and no more. */
export function checkOrder(order: string): void {
  if (!/^(?=.*\d)[A-Za-z0-9][A-Za-z0-9./_-]{0,59}$/.test(order)) throw new RetentionError('RETENTION_INPUT', 'an order is named by its number: up to 60 letters, digits, dots, slashes and hyphens, with a digit among them');
}

export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && Number.isFinite(Date.parse(text)) && new Date(Date.parse(text)).toISOString().startsWith(text);
}
