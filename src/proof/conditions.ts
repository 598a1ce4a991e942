import type { Claim, Condition, OnwardRule, Rule } from '../policy/index.ts';

/** Every condition that a space must tell apart for these items: what they say of askers and of contexts. */
export function conditionsOf(items: { readonly rules?: readonly Rule[]; readonly onward?: readonly OnwardRule[]; readonly claims?: readonly Claim[] }): readonly Condition[] {
  const { rules = [], onward = [], claims = [] } = items;
  return [
    ...rules.flatMap(({ to, for: purpose, when, unless }) => [{ ...(to === undefined ? {} : { to }), ...(purpose === undefined ? {} : { for: purpose }), ...when }, ...unless]),
    ...onward.flatMap(({ allow }) => (typeof allow === 'string' ? [] : [allow])),
    ...claims.flatMap(({ to, for: purpose, without }) => [{ to, ...(purpose === undefined ? {} : { for: purpose }) }, ...without]),
  ];
}
