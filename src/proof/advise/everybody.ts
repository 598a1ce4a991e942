import { hasAny, type RequesterAttributes } from '../../vocabulary/index.ts';
import type { LimitRule, Matcher, Rule } from '../../policy/index.ts';
import { admitsAnybody } from '../../policy/admits.ts';
import { quote } from '../../policy/findings.ts';
import { sayData, sayPurposes } from '../../policy/words.ts';
import { no } from '../bdd.ts';
import { classesWhere, type Ground } from './ground.ts';

/** Rules that give data to anyone who asks, without evidence; and items that name attributes which nobody in the registry has. */
export function adviseEverybody(ground: Ground): void {
  ground.document.rules.forEach((rule, index) => {
    if (rule.outcome === 'release' && givesToAll(ground, rule)) {
      // The status of a licence is not personal information: 18 USC 2725(3).
      const classes = classesWhere(rule, (dataClass) => dataClass !== 'licenceStatus');
      const data = rule.data === 'all' ? 'all data' : sayData(classes);
      if (classes.length > 0) ground.say('matchesEverybody', `rules/${index}`, `rule ${quote(rule.id)} gives ${data} to anyone who asks${rule.for === undefined ? '' : ` for ${sayPurposes(rule.for)}`}`, 'say to whom with `to:`, or ask for evidence with `when:`');
    }
    adviseNobody(ground, rule, `rules/${index}/${rule.outcome}/to`);
  });
  ground.document.limits.forEach((limit, index) => { adviseNobody(ground, limit, `limits/${index}/to`); });
}

/** Whether every agency that the schema admits has a request without papers that matches. */
function givesToAll(ground: Ground, rule: Rule): boolean {
  const { space } = ground;
  const bare = space.bdd.all([space.has('warrant', ['none']), space.has('court', ['notStated']), space.has('caseNumber', ['none'])]);
  const where = space.bdd.and(ground.where(rule), bare);
  return where !== no && ground.within(space.agencies, space.inSomeContext(where));
}

function adviseNobody(ground: Ground, { id, to }: Rule | LimitRule, path: string): void {
  // What nobody at all can have, the check of the text has said.
  if (ground.network === null || to === undefined || !admitsAnybody(to)) return;
  if (ground.askers.some(({ attributes }) => matches(attributes, to))) return;
  ground.say('matchesNobodyNow', path, `no agency in version ${ground.network.registryVersion} of the registry has the attributes that ${quote(id)} names`, 'see that the words are the ones that the registry uses, or leave it for agencies to come');
}

function matches(attributes: RequesterAttributes, to: Matcher): boolean {
  return (Object.entries(to) as [keyof RequesterAttributes, readonly string[]][]).every(([name, words]) => hasAny(attributes, name, words));
}
