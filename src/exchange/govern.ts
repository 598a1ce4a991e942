import { noEvidence, type AnswerStatus, type EvidenceFacts } from '../vocabulary/index.ts';
import type { ClassAnswer, Decision, DecisionEntry, OwnerAnswer } from '../model/index.ts';
import type { Case } from './case.ts';
import { decide, releasable } from './decide.ts';
import { makeEntry } from './makeEntry.ts';
import { gradeEvidence } from './evidence.ts';
import type { Confirmations, OwnerPolicy, Reducer, Sealer, Source, SourceResult } from './ports.ts';
import { reasonsOf } from './reasons.ts';
import type { ExchangeSettings } from './settings.ts';
import { shape } from './shape.ts';
import { openTicket } from './ticket.ts';

/** What one owner's part of the pipeline needs. */
export interface GovernParts {
  readonly settings: ExchangeSettings;
  readonly confirmations: Confirmations;
  readonly reducer: Reducer;
  readonly sealer: Sealer;
}

/** One owner's answer, not yet released, with the entry that must be durable before it is. */
export interface Governed {
  readonly answer: OwnerAnswer;
  readonly entry: DecisionEntry;
}

/** decide → fetch → shape → entry, for one owner. A refused or held request never reaches the owner's records. */
export async function govern(parts: GovernParts, request: Case, policy: OwnerPolicy, source: Source | null): Promise<Governed> {
  const { extension } = request.inquiry;
  const evidence: EvidenceFacts =
    extension.warrant === null && extension.caseNumber === null ? noEvidence : gradeEvidence(extension, policy.owner, parts.confirmations);
  const decision = decide(policy, request, evidence);
  const classes = releasable(decision.classes);
  const found = classes.length === 0 ? null : await fetch(source, request, classes, parts.settings.matchLimit);
  const records = found?.status === 'found' ? await Promise.all(found.records.map((record) => shape(record, decision.classes, parts.reducer))) : [];
  const status = statusOf(decision, found);
  const ticket = status === 'held' || status === 'answeredInPart' ? openTicket(policy.owner, decision.classes, request.receivedAt) : null;
  const answer: OwnerAnswer = {
    owner: policy.owner,
    status,
    records,
    more: found?.status === 'found' && found.more,
    classes: decision.classes.map(classAnswer),
    reasons: reasonsOf(policy, decision, status, found),
    policyVersion: decision.policyVersion,
    ticket: ticket === null ? null : { id: ticket.id, deadline: ticket.deadline, onTimeout: ticket.onTimeout },
    receipt: null,
  };
  return { answer, entry: makeEntry(parts, request, decision, evidence, { status, records, ticket }) };
}

async function fetch(source: Source | null, request: Case, classes: Case['classes'], limit: number): Promise<SourceResult> {
  if (source === null) return { status: 'unavailable', why: 'misconfigured' };
  try {
    return await source.lookup({ key: request.inquiry.key, subject: request.inquiry.subject, classes, limit });
  } catch {
    // A source promises not to reject. One that does is down, and never "no record".
    return { status: 'unavailable', why: 'down' };
  }
}

function statusOf(decision: Decision, found: SourceResult | null): AnswerStatus {
  if (found === null) return decision.classes.some((d) => d.outcome === 'hold') ? 'held' : 'refused';
  if (found.status === 'unavailable') return 'unavailable';
  if (found.status === 'none') return 'noRecord';
  return decision.classes.every((d) => d.outcome === 'release') ? 'answered' : 'answeredInPart';
}

function classAnswer({ dataClass, outcome, treatment, rules }: Decision['classes'][number]): ClassAnswer {
  return { dataClass, outcome, treatment, rules };
}
