import type { AnswerStatus } from '../vocabulary/index.ts';
import type { Decision, DecisionEntry, OwnerAnswer, Receipt, RecordData } from '../model/index.ts';
import type { Case } from './case.ts';
import { decide, ownInput } from './decide.ts';
import { makeEntry } from './makeEntry.ts';
import { gradeEvidence } from './evidence.ts';
import { fetchFrom } from './fetch.ts';
import { entryLimits, leaves, limitsAsked, noClaims, noReadings, takeLimits } from './limits.ts';
import type { Confirmations, LimitClaim, Limits, OwnerPolicy, Reducer, Sealer, Source, SourceResult } from './ports.ts';
import { reasonsOf } from './reasons.ts';
import type { ExchangeSettings } from './settings.ts';
import { shape } from './shape.ts';
import { namedOnly, openTicket } from './ticket.ts';
import { told, type Told } from './told.ts';

/** What one owner's part of the pipeline needs. */
export interface GovernParts {
  readonly settings: ExchangeSettings;
  readonly confirmations: Confirmations;
  readonly reducer: Reducer;
  readonly sealer: Sealer;
  readonly limits: Limits;
  /** Told of a fault inside the exchange; never of what a message said. */
  readonly onFault: (error: unknown) => void;
}

/** One owner's answer, not yet released, with the entry that must be durable before it is. */
export interface Governed {
  /** Its receipt is filled in once the entry is durable. */
  readonly answer: OwnerAnswer & { receipt: Receipt | null };
  readonly entry: DecisionEntry;
  /** Taken of counters, to be given back where the entry cannot be made durable. */
  readonly taken: readonly LimitClaim[];
}

/** decide → count → fetch → shape → entry, for one owner. A refused or held request never reaches the owner's records. */
export async function govern(parts: GovernParts, request: Case, policy: OwnerPolicy, source: Source | null): Promise<Governed> {
  const evidence = gradeEvidence(request.inquiry.extension, policy.owner, parts.confirmations);
  const own = ownInput(policy.owner, request, evidence);
  const decided = decide(policy, request, own);
  const asked = limitsAsked(policy, request, own, decided);
  const limited = asked.length === 0 ? null : await takeLimits(parts.limits, parts.onFault, decided, asked);
  const decision = namedOnly(limited?.decision ?? decided, request.inquiry.extension.user);
  const taken = limited?.taken ?? noClaims;
  try {
    const facts = told(decision.classes);
    const found = facts.releasable.length === 0 ? null : await fetchFrom(source, { key: request.inquiry.key, subject: request.inquiry.subject, classes: facts.releasable, limit: parts.settings.matchLimit });
    const records = found?.status === 'found' ? await shaped(found.records, decision, parts.reducer) : [];
    const status = statusOf(facts, found);
    const ticket = facts.anyReview && (status === 'held' || leaves(status)) ? openTicket(policy.owner, decision.classes, request.receivedAt) : null;
    const readings = limited?.readings ?? noReadings;
    const answer: Governed['answer'] = {
      owner: policy.owner,
      status,
      records,
      more: found?.status === 'found' && found.more,
      classes: facts.classes,
      reasons: reasonsOf(policy, decision, status, found, readings),
      policyVersion: decision.policyVersion,
      // What was given at once has nothing to wait for: the ticket of its review is the owner's matter.
      ticket: ticket === null || ticket.exigent === true ? null : { id: ticket.id, deadline: ticket.deadline, onTimeout: ticket.onTimeout },
      receipt: null,
    };
    const entry = makeEntry(parts, request, decision, evidence, { status, records, ticket, limits: entryLimits(readings, status) });
    if (taken.length === 0 || leaves(status)) return { answer, entry, taken };
    parts.limits.giveBack(policy.owner, taken);
    return { answer, entry, taken: noClaims };
  } catch (error) {
    if (taken.length > 0) parts.limits.giveBack(policy.owner, taken);
    throw error;
  }
}

/** Without a picture to reduce nothing is waited for. */
function shaped(records: readonly RecordData[], decision: Decision, reducer: Reducer): readonly RecordData[] | Promise<readonly RecordData[]> {
  const shapes = records.map((record) => shape(record, decision.classes, reducer));
  const ready = shapes.filter((one): one is RecordData => !(one instanceof Promise));
  return ready.length === shapes.length ? ready : Promise.all(shapes.map((one) => Promise.resolve(one)));
}

function statusOf(facts: Told, found: SourceResult | null): AnswerStatus {
  if (found === null) return facts.anyHeld ? 'held' : 'refused';
  if (found.status === 'unavailable') return 'unavailable';
  if (found.status === 'none') return 'noRecord';
  return facts.allReleased ? 'answered' : 'answeredInPart';
}
