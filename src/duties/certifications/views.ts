import { dayOf, textOfDay } from '../../registry/index.ts';
import { dayMs, iso, type Room } from '../parts.ts';
import type { CertificationView } from '../types.ts';
import { certificationTexts } from './texts.ts';

/** A signature in the database. Days come as `YYYY-MM-DD`. */
export interface CertificationRow {
  readonly id: string;
  readonly owner: string;
  readonly certification: string;
  readonly ori: string;
  readonly organisation: string;
  readonly text_version: number;
  readonly text_hash: string;
  readonly account: string;
  readonly signer: string | null;
  /** The signed statement, sealed, where the account of the signer is not known any more. */
  readonly statement: string | null;
  readonly signed_at: Date;
  readonly since: string;
  readonly until: string;
  readonly remind_days: number[];
  readonly replaced_at: Date | null;
  readonly revoked_at: Date | null;
  readonly revoked_why: string | null;
}

/** Days before the end from which a certification counts as lapsing, where its text names no reminders. */
const lapsingDays = 30;

/**
 * The certifications to an owner, newest first; or those of an agency towards every owner that has a text, and what it has not signed yet. A signature that was renewed is not
 * listed. An agency is the organisation of the office: its other offices see the same.
 */
export async function listCertifications(room: Room, of: { readonly owner: string } | { readonly ori: string }): Promise<readonly CertificationView[]> {
  const { sql, registry, now } = room;
  if ('owner' in of) {
    const rows = await select(room, sql`c.owner = ${of.owner} and c.replaced_at is null`);
    return rows.map((row) => certificationView(room, row, now()));
  }
  const organisation = (await registry()).requester(of.ori)?.organisation ?? null;
  if (organisation === null) return [];
  const signed = (await select(room, sql`c.organisation = ${organisation} and c.replaced_at is null`)).map((row) => certificationView(room, row, now()));
  const texts = await certificationTexts(sql, null);
  const open = texts.filter(({ owner, certification }) => !signed.some((one) => one.owner === owner && one.certification === certification && one.state !== 'revoked'));
  return [...signed, ...open.map(({ owner, certification, version, hash }): CertificationView => ({
    id: '', owner, certification, ori: of.ori, organisation, textVersion: version, textHash: hash, state: 'unsigned', signedAt: null, signedBy: null, until: null, revokedAt: null, revokedWhy: null,
  }))];
}

/** Signatures with the names of their signers. `where` speaks of `c`. */
export async function select({ sql }: Room, where: ReturnType<Room['sql']>): Promise<CertificationRow[]> {
  return await sql<CertificationRow[]>`
    select c.id, c.owner, c.certification, c.ori, c.organisation, c.text_version, c.text_hash, c.account, p.name as signer, case when p.name is null then c.statement end as statement, c.signed_at, c.since::text, c.until::text, c.remind_days, c.replaced_at, c.revoked_at, c.revoked_why
    from certification c left join account a on a.id = c.account left join person p on p.id = a.person
    where ${where} order by c.signed_at desc, c.id limit 25000`;
}

/** As it stands at `now`, milliseconds since 1970. The last day counts to its end, UTC, as the registry has it. */
export function certificationView({ unseal }: Pick<Room, 'unseal'>, row: CertificationRow, now: number): CertificationView {
  const { id, owner, certification, ori, organisation } = row;
  return {
    id, owner, certification, ori, organisation, textVersion: row.text_version, textHash: row.text_hash, state: stateOf(row, now), signedAt: row.signed_at.toISOString(), signedBy: row.signer ?? typedName(unseal, row),
    until: row.until, revokedAt: iso(row.revoked_at), revokedWhy: row.revoked_why === null ? null : unseal(owner, row.revoked_why),
  };
}

/** Whose account went with a lost database is named as they signed. */
function typedName(unseal: Room['unseal'], { owner, statement }: CertificationRow): string | null {
  if (statement === null) return null;
  try {
    return (JSON.parse(unseal(owner, statement)) as { readonly typedName?: string }).typedName ?? null;
  } catch {
    return null;
  }
}

/** The instant at which nothing of it is in force any more, milliseconds since 1970. */
export function endOf(until: string): number {
  return Date.parse(until) + dayMs;
}

function stateOf({ revoked_at: revoked, until, remind_days: days }: CertificationRow, now: number): CertificationView['state'] {
  if (revoked !== null) return 'revoked';
  if (until < textOfDay(dayOf(new Date(now)))) return 'lapsed';
  return endOf(until) - now <= Math.max(0, ...(days.length === 0 ? [lapsingDays] : days)) * dayMs ? 'lapsing' : 'inForce';
}
