import { allDataClasses, type DataClass, type RequesterAttributes } from '../vocabulary/index.ts';
import { emptyPlane, meet, type Condition, type DenyRule, type Matcher, type PolicyDocument, type Rule } from '../policy/index.ts';
import { unknownOf, type ClaimCase } from './claimFilter.ts';
import { planLayers } from './layers.ts';

/**
 * A rule that refuses what a claim says nobody may obtain directly: in the words of the claim, for the classes that are given against it
 * and those that reveal them, and for agencies of which the registry does not know enough where such obtain it too. Null where nobody
 * obtains it by a request of their own.
 */
export function suggestedRule(document: PolicyDocument, one: ClaimCase): Rule | null {
  const { given, unknown } = givenDirectly(one);
  if (given.size === 0) return null;
  const { claim } = one;
  const body = {
    outcome: 'deny', id: freeId(document), title: null, cites: [], effective: null, expires: null, data: inOrder(given),
    ...(claim.for === undefined ? {} : { for: claim.for }),
  } as const;
  return claim.kind === 'never' ? { ...body, to: widened(claim.to, unknown), unless: claim.without } satisfies DenyRule : { ...body, unless: [{ to: claim.to } satisfies Condition, ...claim.without] } satisfies DenyRule;
}

/** The classes that a request of one's own obtains against the claim, and the attributes that are unknown of some who do. */
function givenDirectly(one: ClaimCase): { readonly given: ReadonlySet<DataClass>; readonly unknown: ReadonlySet<string> } {
  const { view, claim, classes, held, lookedAt, groupOf, groups } = one;
  const given = new Set<DataClass>();
  const unknown = new Set<string>();
  const asking = view.profiles.flatMap((_, profile) => (view.profileAsks[profile] === 1 && lookedAt[profile] === 1 ? [profile] : []));
  for (const { dataClass, form } of planLayers(view.table, classes, claim.form)) {
    const known = new Map<number, boolean>();
    for (const profile of asking) {
      const [agencyClass, group] = [view.classOf[profile] ?? 0, groupOf[profile] ?? 0];
      const key = agencyClass * groups.length + group;
      let open = known.get(key);
      if (open === undefined) known.set(key, (open = meet(view.table.open(view.table.rowOf(agencyClass, dataClass), { form, held }), groups[group]?.plane ?? emptyPlane(0))));
      if (!open) continue;
      given.add(dataClass);
      for (const name of unknownOf(one, profile)) unknown.add(name);
    }
  }
  return { given, unknown };
}

function widened(to: Matcher, unknown: ReadonlySet<string>): Matcher {
  return Object.fromEntries((Object.entries(to) as [keyof RequesterAttributes, readonly string[]][]).map(([name, words]) =>
    [name, unknown.has(name) && !words.includes('undeclared') ? [...words, 'undeclared'] : words]));
}

function inOrder(classes: ReadonlySet<DataClass>): readonly DataClass[] {
  return allDataClasses.filter((one) => classes.has(one));
}

/** An id that no item of the document has. */
export function freeId({ policy, rules, onward, limits, notify, claims }: PolicyDocument): string {
  const taken = new Set([...rules, ...onward, ...limits, ...notify, ...claims].map(({ id }) => id));
  let number = rules.length + 1;
  while (taken.has(`${policy}-${number}`)) number += 1;
  return `${policy}-${number}`;
}
