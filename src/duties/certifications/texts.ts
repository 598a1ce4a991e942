import { isCertification } from '../../registry/index.ts';
import { isJurisdiction } from '../../vocabulary/index.ts';
import type { Sql } from '../../store/index.ts';
import type { TransactionSql } from 'postgres';
import { sha256, wordsOf, type Room } from '../parts.ts';
import { DutyError, type CertificationText, type DutyActor } from '../types.ts';

interface TextRow {
  readonly owner: string;
  readonly certification: string;
  readonly version: number;
  readonly text: string;
  readonly hash: string;
  readonly valid_days: number;
  readonly remind_days: number[];
  readonly perjury: boolean;
}

/** The longest time for which a signature holds, and the most reminders. */
export const mostValidDays = 366;
const mostReminders = 10;
/** The most bytes of a text: its act must fit into one entry of the ledger. */
const mostBytes = 30_000;

/** The texts in force: the newest version of each. Of one owner, or of all. */
export async function certificationTexts(sql: Sql, owner: string | null): Promise<readonly CertificationText[]> {
  const rows = await sql<TextRow[]>`
    select distinct on (owner, certification) owner, certification, version, text, hash, valid_days, remind_days, perjury from certification_text
    ${owner === null ? sql`` : sql`where owner = ${owner}`} order by owner, certification, version desc`;
  return rows.map(textOf);
}

/** The newest text, locked until the transaction ends: one signature of it is taken after the other. Null where there is none. */
export async function lockedText(tx: TransactionSql, owner: string, certification: string): Promise<CertificationText | null> {
  await tx`select pg_advisory_xact_lock(${lockClass}, hashtext(${`${owner} ${certification}`}))`;
  const [row] = await tx<TextRow[]>`
    select owner, certification, version, text, hash, valid_days, remind_days, perjury from certification_text
    where owner = ${owner} and certification = ${certification} order by version desc limit 1 for update`;
  return row === undefined ? null : textOf(row);
}

/**
 * Sets the text by which agencies certify from now on. Signatures of the text before hold to their end. Setting the same again changes nothing.
 * Throws `DUTY_FIELD`. An official of the owner controls the input.
 */
export async function setCertificationText({ sql, acts, now, caughtUp }: Room, owner: string, given: Omit<CertificationText, 'owner' | 'version' | 'hash'>, actor: DutyActor): Promise<CertificationText> {
  if (!isJurisdiction(owner)) throw new DutyError('DUTY_FIELD', 'the owner is not one of the 56 jurisdictions', 'Give two letters, such as CO.');
  const { certification, validDays, perjury } = given;
  if (typeof certification !== 'string' || !isCertification(certification)) throw new DutyError('DUTY_FIELD', 'the field certification is no word of the vocabulary', 'See /v1/vocabulary, certified.');
  const text = wordsOf(given.text, 'text', 20, 20_000);
  if (Buffer.byteLength(text) > mostBytes) throw new DutyError('DUTY_FIELD', 'the field text is too long', `Give at most 20,000 characters, and ${mostBytes} bytes in UTF-8.`);
  if (!isWhole(validDays, 1, mostValidDays)) throw new DutyError('DUTY_FIELD', 'the field validDays is out of its range', `Give a whole number from 1 to ${mostValidDays}.`);
  if (typeof perjury !== 'boolean') throw new DutyError('DUTY_FIELD', 'the field perjury is missing', 'Say whether it is signed under penalty of perjury.');
  const remindDays = reminders(given.remindDays, validDays);
  await caughtUp();
  return await sql.begin(async (tx) => {
    const known = await lockedText(tx, owner, certification);
    const next = { owner, certification, text, hash: sha256(text), validDays, remindDays, perjury };
    if (known !== null && known.hash === next.hash && known.validDays === validDays && known.perjury === perjury && known.remindDays.join() === remindDays.join()) return known;
    const version = (known?.version ?? 0) + 1;
    await tx`insert into certification_text ${tx({
      owner, certification, version, text, hash: next.hash, valid_days: validDays, remind_days: [...remindDays], perjury, set_by: actor.account, set_at: new Date(now()),
    })}`;
    await acts.put(tx, { act: 'certificationTextSet', owner, who: actor.account, role: actor.role, on: certification, hash: next.hash, detail: { version, validDays }, words: { text, remindDays: remindDays.join(), perjury: perjury ? 'yes' : 'no' } });
    return { ...next, version };
  });
}

/** One of the two numbers of an advisory lock: "wc". The other is of the owner and certification. */
const lockClass = 0x7763;

/** The most days first, each once. */
function reminders(given: unknown, validDays: number): readonly number[] {
  const days: readonly unknown[] = Array.isArray(given) ? given : [];
  const good = Array.isArray(given) && days.length <= mostReminders && days.every((one) => isWhole(one, 1, validDays - 1));
  if (!good) throw new DutyError('DUTY_FIELD', 'the field remindDays is no list of days before the end', `Give at most ${mostReminders} whole numbers, each below validDays.`);
  return [...new Set(days)].sort((a, b) => b - a);
}

function isWhole(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
}

function textOf({ valid_days: validDays, remind_days: remindDays, ...row }: TextRow): CertificationText {
  const { owner, certification, version, text, hash, perjury } = row;
  return { owner, certification, version, text, hash, validDays, remindDays, perjury };
}
