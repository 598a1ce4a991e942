import type { TransactionSql } from 'postgres';

import { AccountError } from './errors.ts';
import type { Context } from './parts.ts';
import { newNumber } from './secrets.ts';
import type { NewPerson } from './types.ts';

/** Facts that are kept of a person (CJIS AC-2). */
const factNames: ReadonlySet<string> = new Set(['sworn', 'lawEnforcementOfficer', 'certifications', 'employerCategory', 'employerState']);

/** Checks what was said of a person, and puts it in the form in which it is kept. Throws `ACCOUNT_FIELD`. */
export function checkPerson({ name, email, employer, employeeNumber, facts }: NewPerson): NewPerson {
  const mail = textOf(email)?.replace(/\.$/, '') ?? null;
  const office = textOf(employer)?.toUpperCase() ?? null;
  const number = textOf(employeeNumber);
  const called = textOf(name);
  if (called === null || called.length > 200 || hasControls(called)) throw field('the name', 'Give a name of 1 to 200 characters.');
  // Letters that look like others, or like nothing, would make a second person of one; hosts are written in ASCII anyhow.
  if (mail !== null && (mail.length > 254 || !/^[\x21-\x3f\x41-\x7e]+@[\x21-\x3f\x41-\x7e]+$/.test(mail))) throw field('the e-mail address', 'Give it as name@host, in the letters of ASCII, or leave it out.');
  if (office !== null && !/^[A-Z0-9]{9}$/.test(office)) throw field('the employer', 'Give its ORI, nine letters or digits, or leave it out.');
  if (number !== null && (number.length > 64 || hasControls(number))) throw field('the employee number', 'Give 1 to 64 characters, or leave it out.');
  const wrong = Object.entries(facts ?? {}).find(([key, value]) => !factNames.has(key) || JSON.stringify(value).length > 500);
  if (wrong !== undefined) throw field('a fact', `Facts are: ${[...factNames].join(', ')}.`);
  return { name: called, email: mail, employer: office, employeeNumber: number, ...(facts === undefined ? {} : { facts }) };
}

/**
 * The person of an account that is to be: the one with this e-mail address, or another of the same mailbox (`name+word@host`), or with this number at this employer, or a new one. One at a time, so that two accounts made at once are of one person.
 * Returns `ACCOUNT_TAKEN` where the address is of one and the number of another.
 */
export async function personFor(tx: TransactionSql, { now }: Context, person: NewPerson): Promise<string | AccountError> {
  await tx`select pg_advisory_xact_lock(hashtext('weir person'))`;
  const found = await same(tx, person);
  if (found.length > 1) return taken();
  const [known] = found;
  const { name, email, employer, employeeNumber, facts } = person;
  if (known !== undefined) {
    await tx`update person set email = coalesce(email, ${email}), employer = coalesce(employer, ${employer}), employee_number = coalesce(employee_number, ${employeeNumber}) where id = ${known}`;
    return known;
  }
  const id = newNumber('U');
  await tx`insert into person (id, name, email, employer, employee_number, facts, created_at) values (${id}, ${name}, ${email}, ${employer}, ${employeeNumber}, ${tx.json(facts ?? {})}, ${new Date(now())})`;
  return id;
}

/** Sets what a directory says of a person; what it does not say stays. Returns whether anything changed, or `ACCOUNT_TAKEN` where the address or number is another person's. */
export async function setPerson(tx: TransactionSql, id: string, person: NewPerson): Promise<boolean | AccountError> {
  await tx`select pg_advisory_xact_lock(hashtext('weir person'))`;
  // Two people of one mailbox, from before mailboxes were looked at, stay as they are: only what is new is held against the others.
  const [as] = await tx`select 1 from person where id = ${id} and lower(email) = lower(${person.email})`;
  if ((await same(tx, person, as !== undefined)).some((one) => one !== id)) return taken();
  const { name, email, employer, employeeNumber, facts } = person;
  const kept = facts === undefined ? null : tx.json(facts);
  const done = await tx`
    update person set name = ${name}, email = coalesce(${email}, email), employer = coalesce(${employer}, employer), employee_number = coalesce(${employeeNumber}, employee_number), facts = coalesce(${kept}::jsonb, facts)
    where id = ${id} and (name, coalesce(email, ''), coalesce(employer, ''), coalesce(employee_number, ''), facts)
      is distinct from (${name}, coalesce(${email}, email, ''), coalesce(${employer}, employer, ''), coalesce(${employeeNumber}, employee_number, ''), coalesce(${kept}::jsonb, facts))`;
  return done.count === 1;
}

async function same(tx: TransactionSql, { email, employer, employeeNumber }: NewPerson, exact = false): Promise<string[]> {
  const rows = await tx<{ id: string }[]>`
    select id from person where (regexp_replace(lower(email), '\\+[^@]*@', '@') = ${email === null ? null : email.toLowerCase().replace(/\+[^@]*@/, '@')}::text and (not ${exact} or lower(email) = lower(${email}))) or (employer = ${employer} and lower(employee_number) = lower(${employeeNumber})) order by created_at, id`;
  return rows.map(({ id }) => id);
}

function textOf(text: string | null): string | null {
  const trimmed = text?.normalize('NFKC').trim() ?? '';
  return trimmed === '' ? null : trimmed;
}

/** Also what is not seen, or turns the direction of a line: a name or number would read as another. */
function hasControls(text: string): boolean {
  return /[\p{Cc}\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u.test(text);
}

function field(what: string, mend: string): AccountError {
  return new AccountError('ACCOUNT_FIELD', `${what} cannot be taken`, mend);
}

function taken(): AccountError {
  return new AccountError('ACCOUNT_TAKEN', 'the e-mail address and the employee number are of two different people', 'Find out which is right before an account is made.');
}
