import { messageKeys, type DataClass } from '../vocabulary/index.ts';
import type { Answer, ClassDecision, Clocks, DecisionEntry, OwnerAnswer, RecordData, StatedWarrant, Subject, Verdict } from '../model/index.ts';
import { fetchFrom } from './fetch.ts';
import type { Reducer, Sealer, Source } from './ports.ts';
import { recordSubjects } from './recordSubjects.ts';
import { releasedHash } from './releasedHash.ts';
import type { ExchangeSettings } from './settings.ts';
import { shape } from './shape.ts';
import { summarise } from './summary.ts';

/** What of a held request names people, or could: the sealed part of its entry, opened. */
export interface HeldPersonal {
  readonly subject: Subject;
  readonly user: string | null;
  readonly caseNumber: string | null;
  readonly warrant: StatedWarrant | null;
  readonly attention: string | null;
  readonly control: string | null;
}

export interface LateParts {
  readonly settings: ExchangeSettings;
  readonly sealer: Pick<Sealer, 'tag'>;
  readonly reducer: Reducer;
}

/** What was decided on a held request, to be carried out. */
export interface LateOrder {
  readonly entry: DecisionEntry;
  readonly personal: HeldPersonal;
  readonly ticket: string;
  /** Of the classes that were held: `release`, `redact` with its treatment, or `deny`. */
  readonly decisions: readonly ClassDecision[];
  /** The reason of the decision in words, without anything of the note. */
  readonly reason: string;
  readonly policyVersion: number | null;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** For the counter of the line. */
  readonly number: number;
}

/** A late answer before it is encoded, without a receipt, and what its verdict says of it. */
export interface Late {
  readonly verdict: Extract<Verdict, 'released' | 'releasedInPart' | 'refused' | 'noRecord'>;
  readonly answer: Answer;
  readonly released: readonly DataClass[];
  readonly records: number;
  readonly releasedHash: string | null;
  readonly recordTags: readonly string[];
}

/**
 * fetch → shape → answer, for the classes that were held. What the first answer gave is not given again, but for the number, name or vehicle that it gave where nothing else
 * says of whom the late message is. Null where the records cannot be reached: that is never "no record", and a refusal asks for no record at all.
 */
export async function lateAnswer(parts: LateParts, source: Source | null, order: LateOrder): Promise<Late | null> {
  const { entry, decisions } = order;
  const granted = decisions.filter(({ outcome }) => outcome === 'release' || outcome === 'redact');
  if (granted.length === 0) return lateOf(parts, order, 'refused', decisions, [], false);
  const given = [...granted, ...repeated(entry, granted)];
  const found = await fetchFrom(source, { key: entry.key, subject: order.personal.subject, classes: given.map(({ dataClass }) => dataClass), limit: parts.settings.matchLimit });
  if (found.status === 'unavailable') return null;
  if (found.status === 'none') return lateOf(parts, order, 'noRecord', decisions, [], false);
  const records = await Promise.all(found.records.map((record) => Promise.resolve(shape(record, given, parts.reducer))));
  const whole = decisions.every(({ outcome }) => outcome === 'release');
  return lateOf(parts, order, whole ? 'released' : 'releasedInPart', [...decisions, ...given.slice(granted.length)], records, found.more);
}

const naming: ReadonlySet<DataClass> = new Set<DataClass>(['licenceNumber', 'name', 'vehicleRegistration']);

function repeated({ decisions, released }: DecisionEntry, granted: readonly ClassDecision[]): readonly ClassDecision[] {
  if (granted.some(({ dataClass }) => naming.has(dataClass))) return [];
  return decisions.filter(({ dataClass, outcome }) => naming.has(dataClass) && released.includes(dataClass) && (outcome === 'release' || outcome === 'redact'));
}

function lateOf(parts: LateParts, order: LateOrder, verdict: Late['verdict'], classes: readonly ClassDecision[], records: readonly RecordData[], more: boolean): Late {
  const { entry, personal, at, number, policyVersion } = order;
  const one: OwnerAnswer = {
    owner: entry.owner, status: statuses[verdict], records, more, reasons: reasonsOf(order, verdict), policyVersion, ticket: null, receipt: null,
    classes: classes.map(({ dataClass, outcome, treatment, rules }) => ({ dataClass, outcome, treatment, rules })),
  };
  const clocks: Clocks = { received: Date.parse(entry.at), sent: at, receiveNumber: number, sendNumber: number };
  const answer: Answer = {
    id: entry.inquiry, inquiryKey: entry.key, key: messageKeys[entry.key].answer, requester: entry.requester.ori, destinations: [entry.owner], control: personal.control, clocks,
    answers: [one], summary: summarise([one]), merged: false, demonstration: parts.settings.demonstration,
  };
  const tags = new Set(records.flatMap((record) => recordSubjects(record).map((subject) => parts.sealer.tag(entry.owner, subject))));
  return {
    verdict, answer, records: records.length, released: [...new Set(records.flatMap((record) => Object.keys(record) as DataClass[]))],
    releasedHash: records.length === 0 ? null : releasedHash(records), recordTags: [...tags],
  };
}

const statuses = { released: 'answered', releasedInPart: 'answeredInPart', refused: 'refused', noRecord: 'noRecord' } as const;

function reasonsOf({ ticket, reason, decisions }: LateOrder, verdict: Late['verdict']): readonly string[] {
  const first = `this is the late answer to ticket ${ticket}`;
  if (verdict === 'noRecord' || verdict === 'released') return [first];
  const refused = decisions.filter(({ outcome }) => outcome === 'deny').length;
  return refused === 0 ? [first] : [first, `${refused} of ${decisions.length} of what was held ${refused === 1 ? 'is' : 'are'} refused: ${reason}`];
}

