import { coarser, outcomeOrder, type DataClass } from '../../vocabulary/index.ts';
import type { Rule } from '../../policy/index.ts';
import { quote } from '../../policy/findings.ts';
import { reviewAfter, stricterReview } from '../../policy/interpret.ts';
import { sayData } from '../../policy/words.ts';
import { no } from '../bdd.ts';
import { classesWhere, type Ground } from './ground.ts';

/** Rules that never match, that stricter rules shadow wherever they match, and that make no difference to any decision. */
export function adviseShadows(ground: Ground): void {
  ground.document.rules.forEach((rule, index) => {
    const path = `rules/${index}`;
    if (ground.where(rule) === no) {
      if (!ground.said(['neverMatches', 'matchesNobody'], 'rules', index)) ground.say('neverMatches', path, `no agency can make a request that meets all that rule ${quote(rule.id)} names`, 'change what it names, or its exceptions');
      return;
    }
    const dead = classesWhere(rule, (dataClass) => ground.within(ground.where(rule), ground.union(ground.stricter(rule, dataClass))));
    const alive = classesWhere(rule, (dataClass) => !dead.includes(dataClass));
    if (alive.length === 0) sayShadowed(ground, rule, dead, path, 'never decides');
    // Of `all` it is usual that some classes are refused elsewhere; of a list that names them it is not.
    else if (dead.length > 0 && rule.data !== 'all') sayShadowed(ground, rule, dead, `${path}/${rule.outcome}/data`, `never decides about ${sayData(dead)}`);
    if (alive.length > 0) adviseNeedless(ground, rule, alive, path);
  });
}

function sayShadowed(ground: Ground, rule: Rule, dead: readonly DataClass[], path: string, what: string): void {
  const by = shadowing(ground, rule, dead).map(({ id }) => quote(id));
  const who = by.length === 1 ? `rule ${by.join('')}, which is stricter, matches` : `rules ${by.slice(0, -1).join(', ')} and ${by.at(-1) ?? ''}, which are stricter, match`;
  ground.say('shadowed', path, `rule ${quote(rule.id)} ${what}: wherever it matches, ${who} too`, `leave it out, or narrow ${by.join(' and ')}`);
}

/** A smallest set of stricter rules that match wherever the rule does, for each of these classes: exact for one and two rules, else one that none can leave. */
function shadowing(ground: Ground, rule: Rule, dead: readonly DataClass[]): readonly Rule[] {
  const stricter = new Map(dead.map((dataClass) => [dataClass, new Set(ground.stricter(rule, dataClass))]));
  const where = ground.where(rule);
  const candidates = ground.document.rules.filter((other) => [...stricter.values()].some((set) => set.has(other)) && ground.space.bdd.and(where, ground.where(other)) !== no);
  const covers = (rules: readonly Rule[]) => [...stricter.values()].every((set) => ground.within(where, ground.union(rules.filter((one) => set.has(one)))));
  const one = candidates.find((a) => covers([a]));
  if (one !== undefined) return [one];
  for (const [i, a] of candidates.entries()) {
    const b = candidates.slice(i + 1).find((other) => covers([a, other]));
    if (b !== undefined) return [a, b];
  }
  return [...candidates].reverse().reduce<readonly Rule[]>((kept, each) => {
    const others = kept.filter((other) => other !== each);
    return covers(others) ? others : kept;
  }, candidates);
}

/** A rule without which every decision would be the same: the same outcome, reduced as far, reviewed as strictly. */
function adviseNeedless(ground: Ground, rule: Rule, alive: readonly DataClass[], path: string): void {
  const { bdd } = ground.space;
  const needed = new Set<string>();
  let guarding = false;
  for (const dataClass of alive) {
    const decides = bdd.without(ground.where(rule), ground.union(ground.stricter(rule, dataClass)));
    const likes = ground.alongside(rule, dataClass, (rank, own) => rank === own).filter((other) => asStrict(dataClass, other, rule));
    if (ground.within(decides, ground.union(likes))) {
      for (const { id } of likes.filter((other) => bdd.and(decides, ground.where(other)) !== no)) needed.add(id);
      continue;
    }
    const giving = ground.overlapping(rule, dataClass, (rank) => rank < outcomeOrder.indexOf('deny'));
    if (rule.outcome !== 'deny' || !ground.within(bdd.and(decides, ground.union(giving)), ground.union(likes))) return;
    guarding = true;
  }
  const others = [...needed].map(quote);
  const says = { release: 'give', hold: 'hold', deny: 'refuse' }[rule.outcome];
  const why = [
    ...(others.length === 0 ? [] : [`${others.length === 1 ? `rule ${others.join('')} ${says}s` : `rules ${others.join(', ')} ${says}`} the same to the same`]),
    ...(guarding ? [`no rule gives ${others.length === 0 ? 'what it refuses' : 'the rest of what it refuses'}`] : []),
  ].join(', and ');
  ground.say('changesNothing', path, `every decision would be the same without rule ${quote(rule.id)}: ${why}`, guarding ? 'leave it out, or keep it as a guard against rules to come' : 'leave it out');
}

/** Whether a rule that has the same outcome for a class as another is no milder in how it reduces or reviews. */
function asStrict(dataClass: DataClass, other: Rule, rule: Rule): boolean {
  if (other.outcome === 'hold' && rule.outcome === 'hold') return stricterReview(rule.review, other.review) === other.review || sameReview(rule.review, other.review);
  if (other.outcome !== 'release' || rule.outcome !== 'release') return true;
  const [mine, theirs] = [rule.treat[dataClass], other.treat[dataClass]];
  const [after, theirAfter] = [reviewAfter(rule), reviewAfter(other)];
  if (after !== null && (theirAfter === null || !(stricterReview(after, theirAfter) === theirAfter || sameReview(after, theirAfter)))) return false;
  return mine === undefined || theirs === undefined || coarser(dataClass, mine, theirs) === theirs;
}

function sameReview(a: { by: string; withinSeconds: number; onTimeout: string }, b: { by: string; withinSeconds: number; onTimeout: string }): boolean {
  return a.by === b.by && a.withinSeconds === b.withinSeconds && a.onTimeout === b.onTimeout;
}
