import type { TransactionSql } from 'postgres';

import { scopeText } from '../roles/index.ts';
import { holdAccount } from './attempts.ts';
import { AccountError } from './errors.ts';
import { checkGrant, endGrant, putGrant } from './grants.ts';
import { endAll } from './invitations.ts';
import { settle, type Context } from './parts.ts';
import { checkPerson, personFor, setPerson } from './persons.ts';
import { newNumber } from './secrets.ts';
import type { Accounts, Actor } from './types.ts';

type Request = Parameters<Accounts['provision']>[0];

/** The issuer of the personas of a demonstration: an account of it is of the kind `persona`, and its roles of that source. No provider has it, as theirs are addresses. */
export const personaIssuer = 'persona';

/**
 * Finds or makes the account of a subject at a provider or in a directory, and sets what is said of it. `grants`: exactly these from that source, those that a person gave stay; null lets roles be.
 * Not active: disabled as a leaver, sessions and tokens with it. Active again: only where the same actor had disabled it, so that a sign-in at a provider does not undo what a directory or an official did.
 * Acts tell only of what changed. `ACCOUNT_FIELD`, `ACCOUNT_ROLE`, `ACCOUNT_TAKEN`.
 */
export async function provision(context: Context, request: Request, actor: Actor): Promise<{ readonly account: string }> {
  const person = checkPerson(request.person);
  const { issuer, subject, externalId, login, grants, active } = request;
  for (const [text, what] of [[issuer, 'the issuer'], [subject, 'the subject'], [login, 'the login'], [externalId ?? '-', 'the external number']] as const) {
    if (text === '' || text.length > 500 || /\p{Cc}/u.test(text)) throw new AccountError('ACCOUNT_FIELD', `${what} cannot be taken`, 'Give 1 to 500 characters.');
  }
  if (actor.who.startsWith('A-')) throw new AccountError('ACCOUNT_ROLE', 'a directory provisions people, and not an account', 'Invite the person.');
  for (const grant of grants ?? []) checkGrant(context, grant);
  const source = issuer === personaIssuer ? 'persona' : 'directory';
  return await settle<{ readonly account: string }>(context.sql, async (tx) => {
    // One at a time for a subject that is not there yet.
    await tx`select pg_advisory_xact_lock(hashtext(${`weir subject ${issuer} ${subject}`}))`;
    const [found] = await tx<{ id: string }[]>`select id from account where issuer = ${issuer} and subject = ${subject}`;
    const made = found === undefined ? await make(tx, context, request, actor) : null;
    if (made instanceof AccountError) return made;
    const id = made ?? found?.id ?? '';
    const account = await holdAccount(tx, id);
    if (account === null) throw new Error('an account was lost in its own transaction');
    const said = await setPerson(tx, account.person, person);
    if (said instanceof AccountError) return said;
    const renamed = await tx`update account set login = ${login}, external_id = coalesce(${externalId}, external_id), version = version + 1
      where id = ${id} and (login <> ${login} or coalesce(external_id, '') <> coalesce(${externalId}, external_id, ''))`;
    const changed = made !== null || said || renamed.count > 0;
    const switched = await setActive(tx, context, id, active, actor);
    const given = grants === null ? false : await setGrants(tx, context, id, grants, source, actor);
    if (changed || switched || given) {
      await context.acts.put(tx, { act: 'provisioned', owner: null, who: actor.who, role: actor.role, on: id, detail: { made: made === null ? 0 : 1, active: active ? 1 : 0 } });
    }
    return { account: id };
  });
}

async function make(tx: TransactionSql, context: Context, { person, issuer, subject, externalId, login }: Request, actor: Actor): Promise<string | AccountError> {
  const whose = await personFor(tx, context, checkPerson(person));
  if (whose instanceof AccountError) return whose;
  const id = newNumber('A');
  const kind = issuer === personaIssuer ? 'persona' : 'oidc';
  await tx`
    insert into account (id, person, kind, login, issuer, subject, external_id, created_at) values (${id}, ${whose}, ${kind}, ${login}, ${issuer}, ${subject}, ${externalId}, ${new Date(context.now())})`;
  await context.acts.put(tx, { act: 'accountMade', owner: null, who: actor.who, role: actor.role, on: id, detail: { kind } });
  return id;
}

async function setActive(tx: TransactionSql, { acts, now }: Context, id: string, active: boolean, actor: Actor): Promise<boolean> {
  const at = new Date(now());
  if (active) {
    const done = await tx`
      update account set disabled_at = null, disabled_why = null, disabled_by = null, enabled_at = ${at}, version = version + 1 where id = ${id} and disabled_at is not null and disabled_by = ${actor.who}`;
    if (done.count === 1) await acts.put(tx, { act: 'accountEnabled', owner: null, who: actor.who, role: actor.role, on: id });
    return done.count === 1;
  }
  const done = await tx`update account set disabled_at = ${at}, disabled_why = 'left', disabled_by = ${actor.who}, version = version + 1 where id = ${id} and disabled_at is null`;
  if (done.count === 0) return false;
  const ended = await endAll(tx, { id }, at);
  await acts.put(tx, { act: 'leaverRemoved', owner: null, who: actor.who, role: actor.role, on: id, detail: { ...ended } });
  return true;
}

/** Ends the roles of the source that are not listed, and gives those that are missing. */
async function setGrants(tx: TransactionSql, context: Context, id: string, grants: NonNullable<Request['grants']>, source: 'directory' | 'persona', actor: Actor): Promise<boolean> {
  const wanted = new Set(grants.map(({ role, scope }) => `${role} ${scopeText(scope)}`));
  const held = await tx<{ id: string; role: string; scope: string }[]>`select id, role, scope from role_grant where account = ${id} and source = ${source} and ended_at is null order by id`;
  const gone = held.filter(({ role, scope }) => !wanted.has(`${role} ${scope}`));
  for (const { id: grant } of gone) await endGrant(tx, context, id, grant, actor);
  let changed = gone.length > 0;
  for (const grant of grants) changed = await putGrant(tx, context, id, grant, source, actor) || changed;
  return changed;
}
