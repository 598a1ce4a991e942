import type { DecisionEntry, Entry, OpenedTo, Ori, VerdictEntry } from '../../model/index.ts';

/**
 * Who may see which fields of a decision (docs/ledger.md, "Openings", has the same table).
 * `subject` has tags that are the same for the same person, and a hash that anybody could try records against: only the owner reads it, and an
 * agency that was itself given the records of that very entry (`fieldsFor`). To the public goes nothing by which entries could be linked
 * with a person or a moment: not the instant, not the inquiry (its id has the time in it), not the certificate, not the ticket.
 * Rules read words of the vocabulary only, so that the outcome, holds by a rule included, says nothing of a person.
 */
export const decisionReaders = {
  entry: ['owner', 'agency', 'resident', 'auditor'],
  day: ['owner', 'agency', 'resident', 'auditor', 'public'],
  time: ['owner', 'agency', 'resident', 'auditor'],
  message: ['owner', 'agency', 'resident', 'auditor', 'public'],
  requester: ['owner', 'agency', 'resident', 'auditor', 'public'],
  behalf: ['owner', 'agency', 'resident', 'auditor'],
  reason: ['owner', 'agency', 'resident', 'auditor', 'public'],
  outcome: ['owner', 'agency', 'resident', 'auditor', 'public'],
  duties: ['owner', 'agency', 'auditor'],
  given: ['owner', 'agency', 'resident', 'auditor', 'public'],
  rules: ['owner', 'agency', 'resident', 'auditor', 'public'],
  subject: ['owner'],
} as const satisfies Readonly<Record<string, readonly OpenedTo[]>>;

/** The fields of any other entry. None is for the public: what was opened, withheld or given again is not its matter. */
export const otherReaders = {
  entry: ['owner', 'agency', 'resident', 'auditor'],
  day: ['owner', 'agency', 'resident', 'auditor'],
  time: ['owner', 'agency', 'resident', 'auditor'],
  body: ['owner', 'agency', 'resident', 'auditor'],
} as const satisfies Readonly<Record<string, readonly OpenedTo[]>>;

/** The fields of an act: what people of an owner did is for the owner and who checks it. */
export const actReaders = {
  entry: ['owner', 'auditor'],
  day: ['owner', 'auditor'],
  time: ['owner', 'auditor'],
  body: ['owner', 'auditor'],
} as const satisfies Readonly<Record<string, readonly OpenedTo[]>>;

/** The fields of a verdict on a held request. */
export const verdictReaders = {
  ...otherReaders,
  requester: ['owner', 'agency', 'resident', 'auditor'],
  outcome: ['owner', 'agency', 'resident', 'auditor'],
  given: ['owner', 'agency', 'resident', 'auditor'],
  rules: ['owner', 'agency', 'resident', 'auditor'],
  body: ['owner', 'agency', 'auditor'],
  subject: ['owner'],
} as const satisfies Readonly<Record<string, readonly OpenedTo[]>>;

/** Days after which the public may see a decision, where an owner says nothing else. */
export const publicDelayDays = 30;

/** What decides whether a reader may see an entry. */
export interface Entitlement {
  readonly to: OpenedTo;
  /** The ORIs of the agency. */
  readonly oris?: ReadonlySet<Ori>;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** For the public, in days. */
  readonly delayDays?: number;
  /** Leaf indices that are withheld now: the public does not see those either, nor that they are. */
  readonly withheld?: ReadonlySet<number>;
}

/** The names of the fields that may be opened; null where the reader may not see the entry at all. Which entries are a resident's is for the caller to know. */
export function fieldsFor(entry: Entry, index: number, entitlement: Entitlement): ReadonlySet<string> | null {
  const { to, oris = none, now, delayDays = publicDelayDays, withheld } = entitlement;
  // The anchor log is open as it is.
  if (entry.type === 'system') return null;
  if (to === 'public' && (entry.type !== 'decision' || withheld?.has(index) === true || !isOld(entry.at, now, delayDays))) return null;
  if (to === 'agency' && ownOri(entry, oris) === null) return null;
  const table = tableOf(entry);
  const fields = new Set(Object.keys(table).filter((name) => table[name]?.includes(to) === true));
  if (fields.size === 0) return null;
  if (to === 'agency' && (entry.type === 'decision' || entry.type === 'verdict') && wasGiven(entry, oris)) fields.add('subject');
  return fields;
}

function tableOf(entry: Exclude<Entry, { readonly type: 'system' }>): Readonly<Record<string, readonly OpenedTo[]>> {
  switch (entry.type) {
    case 'decision': return decisionReaders;
    case 'verdict': return verdictReaders;
    case 'act': return actReaders;
    default: return otherReaders;
  }
}

/** The ORI by which an entry is an agency's own: it asked, or somebody asked for it. Null where it is not. */
export function ownOri(entry: Entry, oris: ReadonlySet<Ori>): Ori | null {
  if (entry.type === 'redelivery' || entry.type === 'verdict') return oris.has(entry.requester) ? entry.requester : null;
  if (entry.type !== 'decision') return null;
  if (oris.has(entry.requester.ori)) return entry.requester.ori;
  return entry.onBehalfOf !== null && oris.has(entry.onBehalfOf.ori) ? entry.onBehalfOf.ori : null;
}

/**
 * To hold its answer against the entry an agency needs `releasedHash`, which is in `subject`. It gets that field where it asked itself and was
 * given something. The tags there are then of persons and vehicles whose records it has anyway; they are keyed by the owner, so they cannot be
 * tried on anybody else; and no other reader but the owner ever gets one, so there is nothing to compare them with. Where nothing was given
 * there is nothing to verify, and where another asked for it, it may not know about whom.
 */
function wasGiven({ requester, releasedHash }: DecisionEntry | VerdictEntry, oris: ReadonlySet<Ori>): boolean {
  return releasedHash !== null && oris.has(typeof requester === 'string' ? requester : requester.ori);
}

/** By whole days, so that being there or not says nothing of the hour. */
function isOld(at: string, now: number, delayDays: number): boolean {
  return Date.parse(at.slice(0, 10)) + (delayDays + 1) * 86_400_000 <= now;
}

const none: ReadonlySet<Ori> = new Set();
