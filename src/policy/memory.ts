import type { DataClass, RequesterAttributes } from '../vocabulary/index.ts';
import type { Decision, DecisionInput } from '../model/index.ts';
import { decide, type PreparedPolicy } from './interpret.ts';

/**
 * The interpreter with a memory: the same question on the same day has the same answer, because a decision reads nothing but its
 * input and the periods of the rules (invariant 6). The registry gives equal attributes as one frozen object, so they are told
 * apart by identity; what is not that very object is simply decided again. Forgets everything when a rule begins or ends.
 */
export function rememberingDecider(policy: PreparedPolicy, most = 50_000): (input: DecisionInput, at: number) => Decision {
  const edges = [policy, ...policy.rules, ...policy.notify].flatMap(({ period }) => [period.from, period.before]).sort((a, b) => a - b);
  let known = new WeakMap<RequesterAttributes, WeakMap<readonly DataClass[], Map<string, Decision>>>();
  let count = 0;
  let from = Number.POSITIVE_INFINITY;
  let before = Number.NEGATIVE_INFINITY;

  return (input, at) => {
    if (at < from || at >= before || count >= most) {
      known = new WeakMap();
      count = 0;
      from = edges.findLast((edge) => edge <= at) ?? Number.NEGATIVE_INFINITY;
      before = edges.find((edge) => edge > at) ?? Number.POSITIVE_INFINITY;
    }
    if (!Object.isFrozen(input.requester)) return decide(policy, input, at);
    const kept = keptFor(known, input);
    const { purpose, evidence, kind } = input;
    const key = `${purpose} ${evidence.warrant} ${evidence.court} ${evidence.caseNumber} ${kind}`;
    const found = kept.get(key);
    if (found !== undefined) return found;
    const made = frozen(decide(policy, input, at));
    kept.set(key, made);
    count += 1;
    return made;
  };
}

function keptFor(known: WeakMap<RequesterAttributes, WeakMap<readonly DataClass[], Map<string, Decision>>>, { requester, classes }: DecisionInput): Map<string, Decision> {
  let byClasses = known.get(requester);
  if (byClasses === undefined) known.set(requester, (byClasses = new WeakMap()));
  let kept = byClasses.get(classes);
  if (kept === undefined) byClasses.set(classes, (kept = new Map<string, Decision>()));
  return kept;
}

/** Many answers share one decision, so nobody may change it. */
function frozen(decision: Decision): Decision {
  for (const one of decision.classes) Object.freeze(Object.freeze(one).rules);
  Object.freeze(decision.classes);
  Object.freeze(decision.duties);
  return Object.freeze(decision);
}
