import type { Reviewer, Rota, HeldState } from './types.ts';

/**
 * Whether a reviewer may decide what lies at a desk now. They are of the desk by their grant, or stand in for somebody there; while a span of the rota covers this instant, only those on
 * duty and who stands in for them. What was escalated is for reviewers of all desks.
 */
export function mayDecide({ by, state }: { readonly by: string; readonly state: HeldState }, { account, role, desks }: Reviewer, { spans, deputies }: Rota, now: number): boolean {
  if (role !== 'reviewer') return false;
  if (state === 'escalated') return desks.length === 0;
  const standsFor = deputies.filter(({ desk, deputy, until }) => desk === by && deputy === account && now < Date.parse(until)).map((one) => one.account);
  if (desks.length > 0 && !desks.includes(by) && standsFor.length === 0) return false;
  const onDuty = spans.filter(({ desk, from, to }) => desk === by && Date.parse(from) <= now && now < Date.parse(to)).map((one) => one.account);
  return onDuty.length === 0 || onDuty.includes(account) || standsFor.some((one) => onDuty.includes(one));
}
