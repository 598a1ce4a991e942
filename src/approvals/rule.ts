import { canonicalJson, sha256 } from './canonical.ts';
import { wrong } from './fields.ts';
import type { Connection } from './parts.ts';
import { defaultApprovalRule, type ApprovalRule, type Effect } from './types.ts';

/** What an owner's rule of approval is now; the default where it was never changed. */
export async function readRule(sql: Connection, owner: string): Promise<ApprovalRule> {
  const [row] = await sql<{ rule: ApprovalRule }[]>`select rule from approval_rule where owner = ${owner}`;
  return row?.rule ?? defaultApprovalRule;
}

const ranges = { widening: [2, 5], narrowing: [1, 5], lapsesAfterDays: [1, 90], emergencyHours: [1, 72] } as const satisfies Readonly<Record<keyof ApprovalRule, readonly [number, number]>>;

const words = { widening: 'approvals of a widening change', narrowing: 'approvals of any other change', lapsesAfterDays: 'days after which a proposal lapses', emergencyHours: 'hours that an emergency change holds' } as const satisfies Readonly<Record<keyof ApprovalRule, string>>;

/** A rule out of a request. Throws `CHANGE_FIELD`. */
export function soundRule(rule: ApprovalRule): ApprovalRule {
  for (const [name, [least, most]] of Object.entries(ranges) as [keyof ApprovalRule, readonly [number, number]][]) {
    const value = rule[name];
    if (!Number.isInteger(value) || value < least || value > most) throw wrong(`the ${words[name]} are not a whole number from ${least} to ${most}`, `Give \`${name}\` a number from ${least} to ${most}.`);
  }
  if (rule.narrowing > rule.widening) throw wrong('a narrowing change would need more approvals than a widening one', 'Let `widening` be at least `narrowing`.');
  const { widening, narrowing, lapsesAfterDays, emergencyHours } = rule;
  return { widening, narrowing, lapsesAfterDays, emergencyHours };
}

export function ruleText(rule: ApprovalRule): string {
  return canonicalJson(rule);
}

export function ruleHash(rule: ApprovalRule): string {
  return sha256(ruleText(rule));
}

/** Looser in any of its four numbers is widening. */
export function ruleEffect(was: ApprovalRule, is: ApprovalRule): Effect {
  if (is.widening < was.widening || is.narrowing < was.narrowing || is.lapsesAfterDays > was.lapsesAfterDays || is.emergencyHours > was.emergencyHours) return 'widening';
  return ruleHash(was) === ruleHash(is) ? 'neutral' : 'narrowing';
}

/** The stricter of two in each number: a proposal keeps to the rule under which it was made and to the one in force. */
export function stricterRule(a: ApprovalRule, b: ApprovalRule): ApprovalRule {
  return {
    widening: Math.max(a.widening, b.widening), narrowing: Math.max(a.narrowing, b.narrowing),
    lapsesAfterDays: Math.min(a.lapsesAfterDays, b.lapsesAfterDays), emergencyHours: Math.min(a.emergencyHours, b.emergencyHours),
  };
}

/** How many approvals, and how many of them by the privacy or legal office. */
export function needsOf(rule: ApprovalRule, effect: Effect): { readonly approvals: number; readonly privacy: number } {
  return effect === 'widening' ? { approvals: rule.widening, privacy: 1 } : { approvals: rule.narrowing, privacy: 0 };
}

/** What changes, for whoever approves it. */
export function ruleWords(was: ApprovalRule, is: ApprovalRule): readonly string[] {
  return (Object.keys(words) as (keyof ApprovalRule)[]).filter((name) => was[name] !== is[name]).map((name) => `${words[name]}: ${is[name]}; before: ${was[name]}`);
}
