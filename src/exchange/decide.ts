import { undeclaredAttributes, type EvidenceFacts } from '../vocabulary/index.ts';
import { joinDecisions } from '../policy/index.ts';
import type { Decision, DecisionInput } from '../model/index.ts';
import type { Case } from './case.ts';
import type { OwnerPolicy } from './ports.ts';

/**
 * One owner's decision. Where the request is made for another organisation, both are decided and the stricter wins,
 * class by class, so that neither can borrow the other's access. `own` is the request as `ownInput` gives it.
 */
export function decide(policy: OwnerPolicy, request: Case, own: DecisionInput): Decision {
  const decision = policy.decide(own);
  const other = otherInput(policy.owner, request, own);
  return other === null ? decision : joinDecisions(decision, policy.decide(other));
}

/** What the policy of an owner can read of a request and its asker. */
export function ownInput(owner: string, { requester, purpose, kind, classes, receivedAt }: Case, evidence: EvidenceFacts): DecisionInput {
  return { requester: requester.attributes(owner, receivedAt), purpose, evidence, kind, classes };
}

/** The same as if the organisation asked for which it is made; null where the asker asks for itself. */
export function otherInput(owner: string, { onBehalfOf, receivedAt }: Case, own: DecisionInput): DecisionInput | null {
  if (onBehalfOf === null) return null;
  return { ...own, requester: onBehalfOf.requester?.attributes(owner, receivedAt) ?? undeclaredAttributes };
}
