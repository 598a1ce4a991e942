import { highlyRestricted, inferenceEdges, type CourtClass, type EvidenceGrade } from '../vocabulary/index.ts';
import { admitsAnybody, mayOverlap } from './admits.ts';
import { classesOf, type Condition, type DenyRule, type Item, type Matcher, type PolicyDocument, type ReleaseRule, type Rule } from './document.ts';
import { quote } from './findings.ts';
import type { Reader } from './reader.ts';

/** What a sound document may still get wrong: warnings and notices, placed by the reader's memory of the text. */
export function advise(document: PolicyDocument, reader: Reader): void {
  if (document.rules.length === 0) say('noRules', 'rules', 'the policy has no rule, so everything is refused', 'add a rule that releases something');
  document.rules.forEach((rule, index) => {
    const path = `rules/${index}`;
    adviseRule(rule, path);
    advisePeriod(rule, path);
    if (rule.expires === null && document.expires === null) say('noExpiry', path, `rule ${quote(rule.id)} has no last day`, 'add `expires:` to the rule or to the policy');
  });
  document.onward.forEach((item, index) => {
    if (typeof item.allow !== 'string') adviseCondition(item.allow, `onward/${index}/allow/when`);
    advisePeriod(item, `onward/${index}`);
  });
  document.limits.forEach((item, index) => {
    adviseMatcher(item.to, `limits/${index}/to`);
    advisePeriod(item, `limits/${index}`);
    if (item.beyond === 'hold' && item.review === null) {
      say('defaultReview', `limits/${index}`, `limit ${quote(item.id)} does not say who reviews what lies beyond it: the owner does, within a day, and else it is refused`, 'add `review:` with `by`, `within` and `onTimeout`');
    }
  });
  document.notify.forEach((item, index) => {
    if (item.when !== undefined) adviseCondition(item.when, `notify/${index}/when`);
    item.unless.forEach((one, n) => adviseCondition(one, unlessPath(`notify/${index}/unless`, n, item.unless)));
    advisePeriod(item, `notify/${index}`);
  });
  document.claims.forEach((item, index) => adviseMatcher(item.to, `claims/${index}/${item.kind}/to`));

  function adviseRule(rule: Rule, path: string): void {
    const body = `${path}/${rule.outcome}`;
    adviseMatcher(rule.to, `${body}/to`);
    if (rule.when !== undefined) adviseCondition(rule.when, `${body}/when`);
    rule.unless.forEach((one, n) => {
      const at = unlessPath(`${body}/unless`, n, rule.unless);
      adviseCondition(one, at);
      if (holdsAlways(one)) say('neverMatches', at, `rule ${quote(rule.id)} never matches, because its exception holds for every request`, 'name a grade above `none`');
    });
    if (rule.outcome === 'release') adviseOpen(rule, body);
    if (rule.outcome === 'deny') adviseInference(rule, body);
  }

  function adviseOpen(rule: ReleaseRule, body: string): void {
    const open = classesOf(rule.data).filter((one) => highlyRestricted.has(one) && rule.treat[one] === undefined);
    if (open.length === 0 || rule.for !== undefined || asksForEvidence(rule.when)) return;
    say('openHighlyRestricted', `${body}/data`, `rule ${quote(rule.id)} releases ${open.map(quote).join(' and ')} for any purpose and without evidence`, 'add `for:` with purposes, or `when:` with a grade of evidence');
  }

  function adviseInference(rule: DenyRule, body: string): void {
    const denied = classesOf(rule.data);
    for (const one of denied) {
      const givers = inferenceEdges.filter((edge) => edge.gives === one && !denied.includes(edge.from)).flatMap((edge) => {
        const releasing = document.rules.find((other) =>
          other.outcome === 'release' && classesOf(other.data).includes(edge.from) && other.treat[edge.from] === undefined && mayOverlap(rule.to, other.to));
        return releasing === undefined ? [] : [{ edge, by: releasing.id }];
      });
      const [first] = givers;
      if (first === undefined) continue;
      const names = givers.map(({ edge }) => quote(edge.from)).join(' and ');
      say('givenByInference', `${body}/data`, `rule ${quote(rule.id)} denies ${quote(one)}, but rule ${quote(first.by)} releases ${names}: ${first.edge.because}`, `add ${names} to \`data\` of this rule`);
    }
  }

  function adviseMatcher(to: Matcher | undefined, path: string): void {
    if (to !== undefined && !admitsAnybody(to)) say('matchesNobody', path, 'no requester can have these attributes together', 'see `weir vocabulary constraints` for what goes together');
  }

  function adviseCondition(one: Condition, path: string): void {
    adviseMatcher(one.to, `${path}/to`);
    for (const key of ['warrant', 'caseNumber'] as const) {
      if (one[key] === 'none') say('alwaysHolds', `${path}/${key}`, `\`${key}: none\` holds for every request, because a grade means at least that grade`, 'name a higher grade, or leave it out');
    }
  }

  function advisePeriod(item: Item, path: string): void {
    const from = item.effective !== null && document.expires !== null && item.effective > document.expires;
    const until = item.expires !== null && item.expires < document.effective;
    if (from || until) say('neverMatches', path, `${quote(item.id)} is in force on no day on which the policy is`, 'change one of the two periods');
  }

  function say(code: Parameters<Reader['findings']['add']>[0], path: string, message: string, mend: string): void {
    reader.findings.add(code, reader.place(path), message, mend);
  }
}

function unlessPath(path: string, index: number, all: readonly Condition[]): string {
  return all.length === 1 ? path : `${path}/${index}`;
}

function asksForEvidence(when: Condition | undefined): boolean {
  const graded = (grade: EvidenceGrade | undefined) => grade !== undefined && grade !== 'none';
  const courts: readonly CourtClass[] = when?.court ?? ['notStated'];
  return graded(when?.warrant) || graded(when?.caseNumber) || !courts.includes('notStated');
}

function holdsAlways(one: Condition): boolean {
  return one.to === undefined && one.for === undefined && one.court === undefined && one.query === undefined
    && (one.warrant ?? 'none') === 'none' && (one.caseNumber ?? 'none') === 'none';
}
