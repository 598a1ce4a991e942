import type { DataClass, EvidenceFacts, Purpose, QueryKind, RequesterAttributes } from '../vocabulary/index.ts';
import type { ClassDecision, Decision, DecisionEntry, NotifyDuty } from '../model/index.ts';
import { joinDecisions } from './join.ts';
import { applyLimits } from './limits.ts';
import type { PolicyTable } from './table/index.ts';

/** What an entry says was decided, made again from what it says was asked. */
export interface Redecided {
  readonly same: boolean;
  readonly decisions: readonly ClassDecision[];
  readonly duties: readonly NotifyDuty[];
}

/** What a record says was asked, as far as a policy can read it. */
export interface Asked {
  readonly requester: RequesterAttributes;
  /** Of the organisation for which it was asked; null where the asker asked for itself. */
  readonly onBehalfOf: RequesterAttributes | null;
  readonly purpose: Purpose;
  readonly evidence: EvidenceFacts;
  readonly kind: QueryKind;
  readonly classes: readonly DataClass[];
  /** Whether a person was named who asks. */
  readonly named: boolean;
  /** The ids of the limits that were used up. */
  readonly usedUp: ReadonlySet<string>;
}

/**
 * Decides an entry of the journal again by the table that its hash names: the attributes, purpose and papers on the record, and the
 * limits that its raw counters show to be used up. Whoever has the entry and the table needs nothing else (invariant 2).
 */
export function redecide(entry: DecisionEntry, table: PolicyTable): Redecided {
  const { purpose, evidence, kind } = entry;
  const { classes: decisions, duties } = decideAgain({
    requester: entry.requester.attributes, onBehalfOf: entry.onBehalfOf?.attributes ?? null, purpose, evidence, kind,
    classes: entry.decisions.map(({ dataClass }) => dataClass), named: (entry.marks?.user ?? null) !== null, usedUp: limitsUsedUp(entry),
  }, table);
  return { same: equal(decisions, entry.decisions) && equal(duties, entry.duties), decisions, duties };
}

/** What a table decides on what was asked: for both where it was asked for another, and with the limits that were used up. */
export function decideAgain({ requester, onBehalfOf, purpose, evidence, kind, classes, named, usedUp }: Asked, table: PolicyTable): Decision {
  const own = table.decide({ requester, purpose, evidence, kind, classes });
  const decision = onBehalfOf === null ? own : joinDecisions(own, table.decide({ requester: onBehalfOf, purpose, evidence, kind, classes }));
  const limited = usedUp.size === 0 ? decision : applyLimits(decision, table.limits.filter(({ id }) => usedUp.has(id)));
  return named ? limited : { ...limited, classes: unnamed(limited.classes) };
}

/** What is given at once to a named officer only is held where nobody is named. The same list where nothing is. */
export function unnamed(classes: readonly ClassDecision[]): readonly ClassDecision[] {
  const exigent = ({ outcome, review }: ClassDecision): boolean => (outcome === 'release' || outcome === 'redact') && review !== null;
  return classes.some(exigent) ? classes.map((one) => (exigent(one) ? { ...one, outcome: 'hold' as const, treatment: null } : one)) : classes;
}

/** The limits that the raw counters of an entry show to be used up. Entries from before there were limits have none. */
export function limitsUsedUp(entry: DecisionEntry): ReadonlySet<string> {
  const limits = (entry as Partial<DecisionEntry>).limits ?? [];
  return new Set(limits.filter(({ used, max }) => used === null || used >= max).map(({ rule }) => rule));
}

/** Equal as values, whatever the order of members: an entry is read back from text. */
function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => equal((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]));
}
