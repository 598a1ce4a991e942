import { randomBytes } from 'node:crypto';
import type { Sql, TransactionSql } from 'postgres';
import type { Act, Acts, NewAct } from '../people/acts/index.ts';
import { factsOf, type Action } from '../people/roles/index.ts';
import { ChangeError, type ChangeActor, type Checks } from './types.ts';

/** Works out what a text would do: away from the thread that answers, because it may take seconds. Implemented where the proofs run. */
export interface Checker {
  /** Validity, claims on the registry in force, the difference in words and the effect. Of the text as it is given; never throws for what the text says. */
  assess(owner: string, text: string): Promise<Omit<Checks, 'backtest'>>;
  /** What it would have done to past requests; null where there is no archive. */
  backtest(owner: string, text: string): Promise<Checks['backtest']>;
}

/** What changes of policies need. */
export interface ChangesParts {
  readonly sql: Sql;
  readonly acts: Acts;
  readonly checker: Checker;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told of what failed in a tick; the rest of the tick goes on, and the next one tries again. */
  readonly onFault: (error: unknown) => void;
}

export type Connection = Sql | TransactionSql;

/** What an act of a person on something tells, for `put`. */
export function actOf(owner: string, actor: ChangeActor, act: Act, on: string | null, rest: Partial<Pick<NewAct, 'hash' | 'detail' | 'words' | 'result'>> = {}): NewAct {
  return { act, owner, who: actor.account, role: actor.role, on, ...rest };
}

/** What time did by itself. */
export function clockAct(owner: string, act: Act, on: string, rest: Partial<Pick<NewAct, 'hash' | 'detail'>> = {}): NewAct {
  return { act, owner, who: 'clock', role: null, on, ...rest };
}

/**
 * Does something in one transaction under the lock of the owner: steps of one owner's changes come one after the other, in whichever process. What is refused is put on
 * the record, with its code, after the transaction was rolled back.
 */
export async function underLock<T>(parts: ChangesParts, owner: string, refused: { readonly act: Act; readonly on: string | null; readonly actor: ChangeActor } | null, work: (tx: TransactionSql) => Promise<T>): Promise<T> {
  return recordingRefusal(parts, owner, refused, async () => {
    const done = await parts.sql.begin(async (tx) => {
      await tx`select pg_advisory_xact_lock(hashtext(${`weir changes ${owner}`}))`;
      return { value: await work(tx) };
    });
    return done.value;
  });
}

/** Puts on the record that something was refused. A field that is wrong, or a number that there is not, is no act. */
export async function recordingRefusal<T>({ sql, acts }: ChangesParts, owner: string, refused: { readonly act: Act; readonly on: string | null; readonly actor: ChangeActor } | null, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (refused !== null && error instanceof ChangeError && error.code !== 'CHANGE_FIELD' && error.code !== 'CHANGE_UNKNOWN') {
      await sql.begin(async (tx) => acts.put(tx, actOf(owner, refused.actor, refused.act, refused.on, { result: 'refused', detail: { code: error.code } })));
    }
    throw error;
  }
}

/** The table of roles holds here too: a way round the gate would not be one round this. */
export function mustBe(actor: ChangeActor, action: Action): void {
  if (!factsOf(action).to.includes(actor.role)) throw new ChangeError('CHANGE_ROLE', `the role ${actor.role} does not allow it`, 'Ask somebody who has a role that does: docs/roles.md.');
}

/** `D-` or `P-` and 60 random bits: nobody guesses one, and it can be read over a telephone. */
export function newId(prefix: 'C' | 'D' | 'P'): string {
  return `${prefix}-${Array.from(randomBytes(12), (byte) => letters[byte & 31]).join('')}`;
}

const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
