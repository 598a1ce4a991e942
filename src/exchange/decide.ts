import { undeclaredAttributes, type DataClass, type EvidenceFacts } from '../vocabulary/index.ts';
import { joinDecisions } from '../policy/index.ts';
import type { ClassDecision, Decision } from '../model/index.ts';
import type { Case } from './case.ts';
import type { OwnerPolicy } from './ports.ts';

/**
 * One owner's decision. Where the request is made for another organisation, both are decided and the stricter wins,
 * class by class, so that neither can borrow the other's access.
 */
export function decide(policy: OwnerPolicy, request: Case, evidence: EvidenceFacts): Decision {
  const { requester, onBehalfOf, purpose, kind, classes, receivedAt } = request;
  const input = { purpose, evidence, kind, classes };
  const own = policy.decide({ ...input, requester: requester.attributes(policy.owner, receivedAt) });
  if (onBehalfOf === null) return own;
  const other = onBehalfOf.requester?.attributes(policy.owner, receivedAt) ?? undeclaredAttributes;
  return joinDecisions(own, policy.decide({ ...input, requester: other }));
}

/** The classes that may be fetched: those of which something may leave now. */
export function releasable(decisions: readonly ClassDecision[]): readonly DataClass[] {
  return decisions.filter((d) => d.outcome === 'release' || d.outcome === 'redact').map((d) => d.dataClass);
}
