import { undeclaredAttributes, type EvidenceFacts } from '../vocabulary/index.ts';
import { joinDecisions } from '../policy/index.ts';
import type { Decision } from '../model/index.ts';
import type { Case } from './case.ts';
import type { OwnerPolicy } from './ports.ts';

/**
 * One owner's decision. Where the request is made for another organisation, both are decided and the stricter wins,
 * class by class, so that neither can borrow the other's access.
 */
export function decide(policy: OwnerPolicy, request: Case, evidence: EvidenceFacts): Decision {
  const { requester, onBehalfOf, purpose, kind, classes, receivedAt } = request;
  const own = policy.decide({ requester: requester.attributes(policy.owner, receivedAt), purpose, evidence, kind, classes });
  if (onBehalfOf === null) return own;
  const other = onBehalfOf.requester?.attributes(policy.owner, receivedAt) ?? undeclaredAttributes;
  return joinDecisions(own, policy.decide({ requester: other, purpose, evidence, kind, classes }));
}
