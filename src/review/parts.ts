import type { JSONValue } from 'postgres';
import type { Confirmations, ExchangeSettings, Policies, Reducer, Registry, Sealer, Sources } from '../exchange/index.ts';
import type { HeldPersonal } from '../exchange/late.ts';
import { JournalError } from '../exchange/errors.ts';
import type { DecisionEntry, VerdictEntry } from '../model/index.ts';
import type { Acts } from '../people/acts/index.ts';
import type { Sql } from '../store/connect.ts';
import type { JournalReader } from '../store/journalReader.ts';
import type { PeerSettings, WireSettings } from '../wire/index.ts';
import { HeldError, type HeldKind, type HeldState } from './types.ts';

/** What held requests need of other rooms. */
export interface ReviewParts {
  readonly sql: Sql;
  readonly acts: Acts;
  /** The keys of owners: `unseal` throws where another owner sealed it, or a byte was altered. */
  readonly sealer: Sealer & { unseal(owner: string, sealed: string): string };
  readonly policies: Policies;
  readonly sources: Sources;
  readonly registry: Registry;
  readonly confirmations: Confirmations;
  readonly reducer: Reducer;
  readonly settings: ExchangeSettings;
  readonly wire: WireSettings;
  /** How a peer that knows only the published codes is answered. */
  readonly peer: (ori: string) => PeerSettings;
  /** The ledger as far as it is durable, to catch up from; null where nothing is read from it (a command beside the exchange). */
  readonly recorded: JournalReader | null;
  /** The name of an office; null where the registry has none. */
  readonly agencyName: (ori: string) => string | null;
  /** The organisation above an organisation; null at a root, and for one that is not known. */
  readonly parentOf: (organisation: string) => string | null;
  /** Where papers are kept, encrypted: made where it is not there. */
  readonly papersFolder: string;
  /** Milliseconds since 1970: the clock by which deadlines are told (`steadyClock`). */
  readonly now?: () => number;
  /** What has passed for certain (`steadyClock`): nothing is erased before it; left out, by the time of the turn. */
  readonly sure?: () => number;
  /** How long a turn of the clock but the first waits for what is still to be read of the ledger, in milliseconds; left out: until all is read. */
  readonly patience?: number;
  /** Told of what fails in the background: never of what a request said. */
  readonly onFault?: (error: unknown) => void;
}

/** The parts with what was left out filled in. */
export type Parts = Required<ReviewParts>;

/** A ticket as its row has it. `document` is null long after the verdict. */
export interface TicketRow {
  readonly id: string;
  readonly owner: string;
  readonly requester: string;
  readonly inquiry: string;
  readonly created_at: Date;
  readonly deadline: Date;
  readonly on_timeout: 'deny' | 'release';
  readonly by: string;
  readonly classes: readonly string[];
  readonly document: DecisionEntry | null;
  readonly kind: HeldKind;
  readonly state: HeldState;
  readonly harm: 0 | 1 | 2;
  readonly verdict: VerdictEntry['verdict'] | null;
  readonly reason: string | null;
  readonly decided_by: string | null;
  readonly decided_at: Date | null;
  readonly verdict_id: string | null;
  readonly verdict_document: VerdictEntry | null;
  readonly verdict_sequence: string | null;
  readonly outbox: string | null;
  readonly overdue_at: Date | null;
}

/** The columns of a ticket, as text for a query: no input of anybody. */
export const ticketColumns = `t.id, t.owner, t.requester, t.inquiry, t.created_at, t.deadline, t.on_timeout, t.by, t.classes, t.document, t.kind, t.state, t.harm, t.verdict, t.reason, t.decided_by, t.decided_at,
  t.verdict_id, t.verdict_document, t.verdict_sequence, t.outbox, t.overdue_at`;

/** What of an entry names people. Throws where it was altered. */
export function personalOf({ sealer }: Pick<Parts, 'sealer'>, entry: DecisionEntry): HeldPersonal {
  return JSON.parse(sealer.unseal(entry.owner, entry.sealed)) as HeldPersonal;
}

/** A ledger that cannot record becomes the error of this room; anything else goes on as it is. */
export async function recorded<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof JournalError) throw new HeldError('HELD_LEDGER', 'this cannot be recorded now, so nothing was done or shown', 'Try again in a minute; if it stays so, tell the operator.', { cause: error });
    throw error;
  }
}

/** A value for a JSON column. */
export function json(sql: Pick<Sql, 'json'>, value: unknown): ReturnType<Sql['json']> {
  return sql.json(value as JSONValue);
}

/** There is none, or none for this owner or agency: the two are not told apart. */
export function unknownTicket(): HeldError {
  return new HeldError('HELD_UNKNOWN', 'there is no such held request here', 'Look at the number of the ticket again.');
}

/** Decided in the meantime, by a person or the clock. */
export function wrongState(): HeldError {
  return new HeldError('HELD_STATE', 'this was decided already, by somebody else or by its clock', 'Load the request again to see how it ended.');
}
