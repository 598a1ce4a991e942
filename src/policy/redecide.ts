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

/**
 * Decides an entry of the journal again by the table that its hash names: the attributes, purpose and papers on the record, and the
 * limits that its raw counters show to be used up. Whoever has the entry and the table needs nothing else (invariant 2).
 */
export function redecide(entry: DecisionEntry, table: PolicyTable): Redecided {
  const { purpose, evidence, kind } = entry;
  const classes = entry.decisions.map(({ dataClass }) => dataClass);
  const decideFor = (requester: DecisionEntry['requester']): Decision => table.decide({ requester: requester.attributes, purpose, evidence, kind, classes });
  const own = decideFor(entry.requester);
  const decision = entry.onBehalfOf === null ? own : joinDecisions(own, decideFor(entry.onBehalfOf));
  // Entries from before there were limits have none.
  const limits = (entry as Partial<DecisionEntry>).limits ?? [];
  const usedUp = new Set(limits.filter(({ used, max }) => used === null || used >= max).map(({ rule }) => rule));
  const { classes: decisions, duties } = applyLimits(decision, table.limits.filter(({ id }) => usedUp.has(id)));
  return { same: equal(decisions, entry.decisions) && equal(duties, entry.duties), decisions, duties };
}

/** Equal as values, whatever the order of members: an entry is read back from text. */
function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => equal((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]));
}
