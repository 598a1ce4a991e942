import type { RequesterAttributes } from '../vocabulary/index.ts';
import type { Decision, DecisionInput } from '../model/index.ts';
import type { LimitRule, PolicyDocument } from './document.ts';
import { tableFor, type PolicyTable } from './table/index.ts';
import { ruleWords } from './words.ts';

/** The port that the exchange names `OwnerPolicy` (`src/exchange/ports.ts`), matched by shape. */
export interface LiveOwnerPolicy {
  readonly owner: string;
  readonly version: number;
  readonly hash: string;
  readonly document: PolicyDocument;
  /** The compiled table in force now. */
  table(): PolicyTable;
  decide(input: DecisionInput): Decision;
  /** The limits in force that count what this asker gets. */
  limitsFor(input: DecisionInput): readonly LimitRule[];
  words(ruleId: string): string;
}

export interface OwnerPolicyOptions {
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** A table of this very document that was compiled before. */
  readonly table?: PolicyTable | null;
  /** The attributes of the agencies that there are. */
  readonly known?: () => Iterable<RequesterAttributes>;
  /** Told of each table that was compiled here, before anything is decided by it. */
  readonly onCompiled?: (table: PolicyTable) => void;
}

/**
 * The policy of one owner, ready to decide by its compiled table. On a day on which a rule begins or ends the next table is compiled
 * when the first request of that day comes; a request is decided by one table or the other, whole.
 */
export function ownerPolicy(document: PolicyDocument, hash: string, { now = Date.now, table = null, known = () => [], onCompiled }: OwnerPolicyOptions = {}): LiveOwnerPolicy {
  let current = table;
  let from = current?.from ?? -Infinity;
  let before = current === null ? -Infinity : (current.before ?? Infinity);
  const compile = (at: number): PolicyTable => {
    const next = tableFor(document, { hash, at, known: known() });
    onCompiled?.(next);
    current = next;
    from = next.from ?? -Infinity;
    before = next.before ?? Infinity;
    return next;
  };
  const inForce = (): PolicyTable => {
    const at = now();
    return current !== null && at >= from && at < before ? current : compile(at);
  };
  return {
    owner: document.policy,
    version: document.version,
    hash,
    document,
    table: inForce,
    decide: (input) => inForce().decide(input),
    limitsFor: ({ requester }) => {
      const one = inForce();
      return one.limits.length === 0 ? one.limits : one.limitsOf(one.classOf(requester));
    },
    words: (ruleId) => ruleWords(document, ruleId),
  };
}
