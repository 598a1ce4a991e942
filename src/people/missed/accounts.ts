import type { TransactionSql } from 'postgres';
import type { ActEntry } from '../../model/index.ts';
import { detailText } from '../../store/actFollower.ts';
import { endAll } from '../accounts/invitations.ts';
import type { MissedApplier } from './missed.ts';

type Again = (tx: TransactionSql, act: ActEntry, id: string, at: Date) => Promise<number>;

/** What was ended or taken from accounts, by the word of its act. `on` is the account, its token or its session, or a directory. */
const again: Readonly<Record<string, Again>> = {
  accountDisabled: disableAgain,
  accountIdle: disableAgain,
  leaverRemoved: disableAgain,
  async accountEnabled(tx, _act, id, at) {
    return (await tx`
      update account a set disabled_at = null, disabled_why = null, disabled_by = null, enabled_at = ${at}, version = version + 1 where id = ${id} and disabled_at is not null
        and not exists (select from account b where b.id <> a.id and b.kind = 'local' and a.kind = 'local' and lower(b.login) = lower(a.login) and b.disabled_at is null)`).count;
  },
  async lockedOut(tx, _act, id, at) {
    return (await tx`update account set locked_at = ${at} where id = ${id} and locked_at is null`).count;
  },
  async unlocked(tx, _act, id) {
    return (await tx`update account set locked_at = null where id = ${id} and locked_at is not null`).count;
  },
  async roleTaken(tx, act, id, at) {
    return (await tx`
      update role_grant set ended_at = ${at}, ended_by = ${act.who} where account = ${id} and role = ${detailText(act, 'role')} and scope = ${detailText(act, 'scope')} and ended_at is null`).count;
  },
  async tokenRevoked(tx, _act, id, at) {
    return (await tx`update service_token set revoked_at = ${at} where id = ${id} and revoked_at is null`).count;
  },
  async directoryRevoked(tx, _act, id, at) {
    return (await tx`update directory set revoked_at = ${at} where id = ${id} and revoked_at is null`).count;
  },
  signedOut: endSession,
  sessionEnded: endSession,
  screenLocked: endSession,
  // The secret of before is dead since all factors were shown; the one after is not in this database.
  freshSignIn: endSession,
  /** Another password was set, which is not known here: the one of before is good no more. */
  async passwordChanged(tx, _act, id, at) {
    const done = await tx`update account set password = null, version = version + 1 where id = ${id} and password is not null`;
    await endAll(tx, { id }, at);
    return done.count;
  },
  /** Which passkey was taken away is not on the record: none of those from before is good any more. */
  async factorRemoved(tx, _act, id, at) {
    const done = await tx`delete from passkey where account = ${id}`;
    if (done.count > 0) await endAll(tx, { id }, at);
    return done.count;
  },
  /** The account was taken up anew, with factors that are not known here. */
  async invitationUsed(tx, _act, id, at) {
    const done = await tx`update account set password = null, totp = null, version = version + 1 where id = ${id} and (password is not null or totp is not null)`;
    await tx`delete from passkey where account = ${id}`;
    await endAll(tx, { id }, at);
    return done.count;
  },
  async invitationMade(tx, _act, id, at) {
    return (await tx`update invitation set expires_at = ${at} where account = ${id} and used_at is null and expires_at > ${at}`).count;
  },
};

/** Accounts, roles, sessions, tokens, factors and directories: what an older copy of the database would let somebody do who may not any more. */
export const missedAccounts: MissedApplier = {
  words: Object.keys(again),
  async apply(tx, entry) {
    if (entry.type !== 'act' || entry.on === null) return 0;
    return await again[entry.act]?.(tx, entry, entry.on, new Date(entry.at)) ?? 0;
  },
};

async function disableAgain(tx: TransactionSql, { act, who }: ActEntry, id: string, at: Date): Promise<number> {
  const why = act === 'leaverRemoved' ? 'left' : 'disabled after the copy of the database that was brought back';
  const done = await tx`update account set disabled_at = ${at}, disabled_why = ${why}, disabled_by = ${who}, version = version + 1 where id = ${id} and disabled_at is null`;
  await endAll(tx, { id }, at);
  return done.count;
}

async function endSession(tx: TransactionSql, _act: ActEntry, id: string, at: Date): Promise<number> {
  return (await tx`update session set ended_at = ${at} where id = ${id} and ended_at is null`).count;
}
