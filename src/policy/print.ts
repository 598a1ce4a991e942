import { stringify } from 'yaml';
import type { Review } from '../model/index.ts';
import type { Claim, Condition, DataScope, Item, LimitRule, Matcher, NotifyRule, OnwardRule, PolicyDocument, Rule } from './document.ts';
import { printDuration } from './quantity.ts';

/** A JSON value in the shape that authors write and the JSON Schema describes. */
export type Source = string | number | readonly Source[] | { readonly [key: string]: Source };

/** The document as YAML. Checking it again gives the same document. */
export function printPolicy(document: PolicyDocument): string {
  return stringify(toSource(document), { version: '1.2', schema: 'core', lineWidth: 120, aliasDuplicateObjects: false });
}

/** The document in the shape of its text: one word rather than a list of one, durations with a unit, nothing that is absent. */
export function toSource(document: PolicyDocument): Source {
  return present({
    policy: document.policy,
    version: document.version,
    effective: document.effective,
    expires: document.expires,
    title: document.title,
    note: document.note,
    cites: some(document.cites),
    rules: document.rules.map(rule),
    onward: some(document.onward.map(onward)),
    limits: some(document.limits.map(limit)),
    notify: some(document.notify.map(notify)),
    claims: some(document.claims.map(claim)),
  });
}

function rule(from: Rule): Source {
  return present({
    ...item(from),
    [from.outcome]: present({
      data: data(from.data),
      to: matcher(from.to),
      for: from.for && short(from.for),
      when: condition(from.when),
      unless: conditions(from.unless),
      treat: from.outcome === 'release' && Object.keys(from.treat).length > 0 ? present({ ...from.treat }) : null,
      afterwards: from.outcome === 'release' && from.afterwards !== undefined ? { by: from.afterwards.by, within: printDuration(from.afterwards.withinSeconds) } : null,
      review: from.outcome === 'hold' ? review(from.review) : null,
    }),
  });
}

function onward(from: OnwardRule): Source {
  const allow = typeof from.allow === 'string' ? from.allow : present({ when: condition(from.allow) });
  return present({ ...item(from), data: data(from.data), via: short(from.via), allow });
}

function limit(from: LimitRule): Source {
  return present({
    ...item(from), data: data(from.data), to: matcher(from.to), per: from.per, max: `${from.max.count}/${from.max.per}`, beyond: from.beyond,
    review: from.review && review(from.review),
  });
}

function notify(from: NotifyRule): Source {
  return present({
    ...item(from), data: from.data && data(from.data), when: condition(from.when), unless: conditions(from.unless), who: from.who,
    within: printDuration(from.withinSeconds),
  });
}

function claim(from: Claim): Source {
  return present({
    ...item(from),
    [from.kind]: present({ to: matcher(from.to), data: data(from.data), for: from.for && short(from.for), without: conditions(from.without), by: from.by, ...slots(from) }),
  });
}

/** What differs from the usual: the rest is left out. */
function slots(from: Claim): Readonly<Record<string, string | null>> {
  return {
    form: from.form === 'any' ? null : from.form, review: from.review === 'counts' ? null : from.review,
    world: from.world === 'honoured' ? null : from.world, domain: from.domain === 'registry' ? null : from.domain,
  };
}

function item(from: Item): Readonly<Record<string, Source | null>> {
  return { id: from.id, title: from.title, cites: some(from.cites), effective: from.effective, expires: from.expires };
}

function review(from: Review): Source {
  return { by: from.by, within: printDuration(from.withinSeconds), onTimeout: from.onTimeout };
}

function conditions(from: readonly Condition[]): Source | null {
  const [first, ...others] = from.map(condition);
  return first === undefined ? null : others.length === 0 ? first : [first, ...others].filter((one) => one !== null);
}

function condition(from: Condition | undefined): Source | null {
  if (from === undefined) return null;
  return present({
    to: matcher(from.to), for: from.for && short(from.for), warrant: from.warrant, court: from.court && short(from.court), caseNumber: from.caseNumber,
    query: from.query && short(from.query),
  });
}

function matcher(from: Matcher | undefined): Source | null {
  return from === undefined ? null : present(Object.fromEntries(Object.entries(from).map(([name, words]) => [name, short(words)])));
}

function data(from: DataScope): Source {
  return from === 'all' ? from : short(from);
}

function short(words: readonly string[]): Source {
  const [first, ...others] = words;
  return first !== undefined && others.length === 0 ? first : words;
}

function some<T>(list: readonly T[]): readonly T[] | null {
  return list.length === 0 ? null : list;
}

function present(from: Readonly<Record<string, Source | null | undefined>>): { readonly [key: string]: Source } {
  return Object.fromEntries(Object.entries(from).filter((entry): entry is [string, Source] => entry[1] !== null && entry[1] !== undefined));
}
