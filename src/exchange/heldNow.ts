import { undeclaredAttributes } from '../vocabulary/index.ts';
import { joinDecisions } from '../policy/index.ts';
import { emptyExtension, type ClassDecision, type Decision, type DecisionEntry, type DecisionInput } from '../model/index.ts';
import { gradeEvidence } from './evidence.ts';
import { heldClasses } from './held.ts';
import type { HeldPersonal } from './late.ts';
import type { Confirmations, OwnerPolicy, Policies, Registry } from './ports.ts';

/** What a held request would be decided today. */
export interface HeldNow {
  readonly policy: OwnerPolicy | null;
  /** One for each class that was held, in their order. Where no policy is in force, or the asker is in no registry any more, all are `deny`. */
  readonly classes: readonly ClassDecision[];
}

/**
 * Decides the held classes of an entry again: by the policy, the registry and the confirmed court papers of now. The stricter wins where it was asked for another organisation.
 * Volume limits are not asked: they are why some of it was held.
 */
export function heldNow(parts: { readonly policies: Policies; readonly registry: Registry; readonly confirmations: Confirmations }, entry: DecisionEntry, personal: HeldPersonal, at: Date): HeldNow {
  const held = heldClasses(entry);
  const policy = parts.policies.of(entry.owner);
  const registry = parts.registry.current();
  const requester = registry.requester(entry.requester.ori);
  if (policy === null || requester === null) return { policy, classes: held.map(denied) };
  const evidence = gradeEvidence({ ...emptyExtension, caseNumber: personal.caseNumber, warrant: personal.warrant }, entry.owner, parts.confirmations);
  // All that was asked for, as it was then: what a class is can depend on nothing else, but a policy may look at the whole.
  const own: DecisionInput = { requester: requester.attributes(entry.owner, at), purpose: entry.purpose, evidence, kind: entry.kind, classes: entry.decisions.map(({ dataClass }) => dataClass) };
  const decision = joined(policy, own, entry, registry.requester(entry.onBehalfOf?.ori ?? '')?.attributes(entry.owner, at));
  return { policy, classes: held.map((one) => decision.classes.find(({ dataClass }) => dataClass === one.dataClass) ?? denied(one)) };
}

function joined(policy: OwnerPolicy, own: DecisionInput, entry: DecisionEntry, other: DecisionInput['requester'] | undefined): Decision {
  const decision = policy.decide(own);
  return entry.onBehalfOf === null ? decision : joinDecisions(decision, policy.decide({ ...own, requester: other ?? undeclaredAttributes }));
}

function denied({ dataClass }: ClassDecision): ClassDecision {
  return { dataClass, outcome: 'deny', rules: [], treatment: null, review: null };
}
