import { X509Certificate } from 'node:crypto';
import type { TransactionSql } from 'postgres';
import type { Actor } from '../../people/accounts/types.ts';
import type { Acts } from '../../people/acts/index.ts';
import type { Sql } from '../../store/index.ts';
import { nextChange } from '../settingChanges.ts';
import type { Network } from './network.ts';
import { deliveryKinds, DeliveryError, type DeliveryAddress, type DeliveryKind, type NewAddress } from './types.ts';
import { newWebhookSecret } from './webhook.ts';

/** What keeps the addresses. `seal` and `unseal` are under the exchange's own key. */
export interface AddressParts {
  readonly sql: Sql;
  readonly acts: Acts;
  readonly seal: (plain: string) => string;
  readonly unseal: (sealed: string) => string;
  readonly network: Network;
}

/** An address with what signs for it: the new secret first, and for a day the one before. */
export interface OpenAddress {
  readonly url: URL;
  readonly ca: string | null;
  readonly secrets: readonly string[];
}

interface Row {
  readonly ori: string;
  readonly kind: DeliveryKind;
  readonly url: string;
  readonly secret: string;
  readonly old_secret: string | null;
  readonly old_until: Date | null;
  readonly ca: string | null;
  readonly set_by: string;
  readonly set_at: Date;
}

/** The addresses of an agency, without their secrets. */
export async function listAddresses({ sql, unseal }: AddressParts, ori: string): Promise<readonly DeliveryAddress[]> {
  const rows = await sql<Row[]>`select * from delivery_address where ori = ${ori} order by kind`;
  return rows.map((row) => addressOf(row, unseal));
}

/** Sets one address, with its act. Throws `DeliveryError`. */
export async function setAddress(parts: AddressParts, ori: string, given: NewAddress, { who, role }: Actor, now: number): Promise<{ readonly address: DeliveryAddress; readonly secret: string | null }> {
  const { sql, acts, seal, unseal, network } = parts;
  if (!/^[A-Z0-9]{9}$/.test(ori)) throw new DeliveryError('DELIVERY_ORI', 'this is no ORI', 'An ORI is nine letters or digits in upper case.');
  const kind = kindOf(given.kind);
  const url = network.check(given.url.trim()).href;
  const ca = checkCa(given.ca ?? null);
  return await sql.begin(async (tx) => {
    // Two at once: the second waits here, and finds the first one's.
    await lockAddress(tx, ori, kind);
    const [known] = await tx<Row[]>`select * from delivery_address where ori = ${ori} and kind = ${kind} for update`;
    const secret = known === undefined || given.newSecret === true ? newWebhookSecret() : null;
    const sealed = secret === null ? (known?.secret ?? '') : seal(secret);
    const old = secret === null ? (known?.old_secret ?? null) : (known?.secret ?? null);
    const until = secret === null ? (known?.old_until ?? null) : new Date(now + 86_400_000);
    const [row] = await tx<Row[]>`
      insert into delivery_address (ori, kind, url, secret, old_secret, old_until, ca, set_by, set_at)
      values (${ori}, ${kind}, ${seal(url)}, ${sealed}, ${old}, ${old === null ? null : until}, ${ca}, ${who}, ${new Date(now)})
      on conflict (ori, kind) do update set url = excluded.url, secret = excluded.secret, old_secret = excluded.old_secret, old_until = excluded.old_until, ca = excluded.ca,
        set_by = excluded.set_by, set_at = excluded.set_at
      returning *`;
    if (row === undefined) throw new Error('an address was not kept');
    const change = await nextChange(tx, addressName(ori, kind));
    // The secret stays sealed once more, so that who reads the words of the act does not have it.
    await acts.put(tx, {
      act: 'deliverySet', owner: null, who, role, on: ori, detail: { kind, newSecret: secret === null ? 'no' : 'yes', change, at: new Date(now).toISOString() }, words: { url, ca, secret: sealed },
    });
    return { address: addressOf(row, unseal), secret };
  });
}

/** Takes an address away, with its act; what waits for it is dropped. */
export async function removeAddress({ sql, acts }: AddressParts, ori: string, kind: string, { who, role }: Actor, now: number): Promise<boolean> {
  const known = kindOf(kind);
  return await sql.begin(async (tx) => {
    await lockAddress(tx, ori, known);
    const gone = await tx`delete from delivery_address where ori = ${ori} and kind = ${known}`;
    if (gone.count === 0) return false;
    await tx`update delivery set state = 'dropped', done_at = ${new Date(now)} where ori = ${ori} and kind = ${known} and state = 'waiting'`;
    const change = await nextChange(tx, addressName(ori, known));
    await acts.put(tx, { act: 'deliveryRemoved', owner: null, who, role, on: ori, detail: { kind: known, change } });
    return true;
  });
}

/** The name under which changes of an address are counted. */
export function addressName(ori: string, kind: string): string {
  return `delivery ${ori} ${kind}`;
}

async function lockAddress(tx: TransactionSql, ori: string, kind: string): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${addressName(ori, kind)}, 0))`;
}

/** The address to send to now; null where it was taken away. Checked again: the settings may allow less than when it was set. Throws `DELIVERY_URL`. */
export async function openAddress({ sql, unseal, network }: AddressParts, ori: string, kind: DeliveryKind, now: number): Promise<OpenAddress | null> {
  const [row] = await sql<Row[]>`select * from delivery_address where ori = ${ori} and kind = ${kind}`;
  if (row === undefined) return null;
  const old = row.old_secret !== null && row.old_until !== null && row.old_until.getTime() > now ? [unseal(row.old_secret)] : [];
  return { url: network.check(unseal(row.url)), ca: row.ca, secrets: [unseal(row.secret), ...old] };
}

function addressOf({ ori, kind, url, ca, set_by: setBy, set_at: setAt }: Row, unseal: (sealed: string) => string): DeliveryAddress {
  return { ori, kind, url: unseal(url), ca, setBy, setAt };
}

function kindOf(text: string): DeliveryKind {
  const kind = deliveryKinds.find((one) => one === text);
  if (kind === undefined) throw new DeliveryError('DELIVERY_KIND', 'there is no such kind of late answer', 'Use `event` for a signed note, or `message` for the answer itself.');
  return kind;
}

/** One to five certificates in PEM, 16 KiB at most. */
function checkCa(text: string | null): string | null {
  if (text === null || text.trim() === '') return null;
  const wrong = (cause?: unknown): DeliveryError => new DeliveryError('DELIVERY_CA', 'the authority is not given as certificates in PEM', 'Give one to five, each beginning with -----BEGIN CERTIFICATE-----, in at most 16 KiB.', { cause });
  const found = text.length > 16_384 ? null : text.match(/-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g);
  if (found === null || found.length > 5) throw wrong();
  try {
    for (const one of found) new X509Certificate(one);
  } catch (cause) {
    throw wrong(cause);
  }
  return `${found.join('\n')}\n`;
}
