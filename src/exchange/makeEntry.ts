import { undeclaredAttributes, type AnswerStatus, type DataClass, type EvidenceFacts } from '../vocabulary/index.ts';
import type { Decision, DecisionEntry, EntryLimit, RecordData } from '../model/index.ts';
import type { Case } from './case.ts';
import type { Sealer } from './ports.ts';
import { marksOf } from './marks.ts';
import { recordSubjects } from './recordSubjects.ts';
import { releasedHash } from './releasedHash.ts';
import type { ExchangeSettings } from './settings.ts';
import type { OpenTicket } from './ticket.ts';

/** What became of a request at one owner, for the record. */
export interface Outcome {
  readonly status: AnswerStatus;
  readonly records: readonly RecordData[];
  readonly ticket: OpenTicket | null;
  readonly limits: readonly EntryLimit[];
}

/** The entry of one owner's decision (design sections 3 and 7). Whatever names a person is sealed under the owner's key. */
export function makeEntry(
  parts: { readonly settings: ExchangeSettings; readonly sealer: Sealer },
  request: Case,
  decision: Decision,
  evidence: EvidenceFacts,
  outcome: Outcome,
): DecisionEntry {
  const { inquiry, requester, onBehalfOf, registry } = request;
  const { owner } = decision;
  const marks = marksOf(parts.sealer, owner, inquiry, outcome.records);
  return {
    type: 'decision',
    v: 1,
    id: `${request.id}/${owner}`,
    at: request.receivedAt.toISOString(),
    inquiry: request.id,
    owner,
    key: inquiry.key,
    kind: request.kind,
    format: request.format,
    destinations: inquiry.destinations,
    requester: { ori: requester.ori, organisation: requester.organisation, attributes: requester.attributes(owner, request.receivedAt) },
    onBehalfOf: onBehalfOf === null ? null : {
      ori: onBehalfOf.ori,
      organisation: onBehalfOf.requester?.organisation ?? '',
      attributes: onBehalfOf.requester?.attributes(owner, request.receivedAt) ?? undeclaredAttributes,
    },
    delegated: onBehalfOf?.delegated ?? null,
    credential: request.credential,
    purpose: request.purpose,
    evidence,
    status: outcome.status,
    decisions: decision.classes,
    released: releasedClasses(outcome.records),
    records: outcome.records.length,
    releasedHash: outcome.records.length === 0 ? null : releasedHash(outcome.records),
    policyVersion: decision.policyVersion,
    policyHash: decision.policyHash,
    registryVersion: registry.version,
    registryHash: registry.hash,
    tableHash: decision.tableHash,
    duties: decision.duties,
    limits: outcome.limits,
    ticket: outcome.ticket,
    subjectTag: parts.sealer.tag(owner, inquiry.subject),
    recordTags: recordTags(parts.sealer, owner, outcome.records),
    sealed: parts.sealer.seal(owner, JSON.stringify(personal(request))),
    ...(marks === null ? {} : { marks }),
    engine: parts.settings.engine,
  };
}

/** Tags of those whose records were given: a resident finds the entry by them, whatever it was asked by. */
function recordTags(sealer: Sealer, owner: string, records: readonly RecordData[]): readonly string[] {
  if (records.length === 0) return none;
  const tags = records.flatMap((record) => recordSubjects(record).map((subject) => sealer.tag(owner, subject)));
  return records.length === 1 ? tags : [...new Set(tags)];
}

const none: readonly string[] = Object.freeze([]);

/** What names a person, or could: it leaves this function only to be sealed. */
function personal({ inquiry }: Case): unknown {
  const { user, caseNumber, warrant } = inquiry.extension;
  return { subject: inquiry.subject, user, caseNumber, warrant, attention: inquiry.attention, control: inquiry.control };
}

function releasedClasses(records: readonly RecordData[]): readonly DataClass[] {
  if (records.length === 1) return Object.keys(records[0] ?? {}) as DataClass[];
  const seen = new Set<DataClass>();
  for (const record of records) for (const key of Object.keys(record)) seen.add(key as DataClass);
  return [...seen];
}
