import { count } from '../vocabulary/counts.ts';
import type { DataClass, RequesterAttributes } from '../vocabulary/index.ts';
import { dataPhrases, attributePhrases } from '../policy/phrases.ts';
import { both } from '../policy/words.ts';
import { conditionWords, joined } from './conditionWords.ts';
import { changeKinds, type Change, type ChangeKind, type ClassDifference, type Difference, type DifferenceExample } from './difference.ts';
import { formWords } from './forms.ts';
import { capital } from './pageText.ts';
import { sayContext } from './traceWords.ts';
import { whoWords } from './whoWords.ts';

/** A difference as lines for a person: what is newly given first, then what is more open, what is no longer given, what is stricter, and the rest. */
export function differenceLines(found: Difference): readonly string[] {
  return linesOf(found).filter((line, i, all) => line !== '' || all[i - 1] !== '');
}

function linesOf(found: Difference): readonly string[] {
  return [
    ...(found.same ? [found.items.length === 0 ? 'Nothing changes: the rules say the same.' : 'No request of any agency is decided differently.'] : []),
    ...changeKinds.flatMap((kind) => {
      const changes = found.changes.filter((change) => change.kind === kind);
      return changes.length === 0 ? [] : [headings[kind], ...kindLines(changes, found), ''];
    }),
    ...(found.rest === 0 ? [] : [`And ${count(found.rest)} more change${found.rest === 1 ? '' : 's'} like these; \`--all\` shows them.`, '']),
    ...(found.same ? [] : classLines(found)),
    ...organisationLines(found),
    ...dutyLines(found),
    ...(found.items.length === 0 ? [] : ['', 'WHAT THE DOCUMENT SAYS OTHERWISE', ...found.items.flatMap(({ id, before, after }) => [
      ...(before === null ? [] : [`  - ${id}: ${before}`]), ...(after === null ? [] : [`  + ${id}: ${after}`]),
    ])]),
    ...(found.unusual ? ['', 'This names the usual kinds of agency. Unusual ones, such as an agency with two jobs that seldom go together, meet changes too.'] : []),
    ...(found.complete ? [] : ['', 'There are more kinds of agency than could be tried: what is not named here may change too.']),
  ];
}

/** One change as a sentence: "41 city agencies gain home addresses for officer safety: reduced (county only); before: refused." */
export function changeSentence(change: Change, counted: boolean): string {
  return `${capital(whoOf(change, counted))} ${verbOf(change, counted)} ${whatWords(change)}.`;
}

/** "home addresses for officer safety: reduced (county only); before: refused". */
function whatWords({ classes, before, after, when }: Change): string {
  const condition = conditionWords(when);
  return `${dataWords(classes)}${condition === 'always' ? '' : ` ${condition}`}: ${formWords(after)}; before: ${joined(before.map(formWords), 'or')}`;
}

/** An example as a sentence: the request, and what becomes of it before and after, by which rules. */
export function exampleSentence({ asker, dataClass, context, before, after }: DifferenceExample): string {
  const who = asker.name === '' ? 'such an agency' : `${asker.name}${asker.ori === null ? '' : ` (${asker.ori})`}`;
  const said = ({ form, rules }: DifferenceExample['before']) => `${formWords(form)} (${rules.length === 0 ? 'no rule' : rules.join(', ')})`;
  return `${capital(who)} asks for ${dataPhrases[dataClass]} ${sayContext(context)}. Before: ${said(before)}. After: ${said(after)}.`;
}

const headings: Readonly<Record<ChangeKind, string>> = {
  released: 'NEWLY GIVEN by machine', opened: 'MORE OPEN', closed: 'NO LONGER GIVEN by machine', tightened: 'STRICTER', altered: 'OTHERWISE DIFFERENT',
};

const verbs: Readonly<Record<ChangeKind, { readonly one: string; readonly many: string }>> = {
  released: { one: 'gains', many: 'gain' }, opened: { one: 'gets more of', many: 'get more of' }, closed: { one: 'loses', many: 'lose' },
  tightened: { one: 'gets less of', many: 'get less of' }, altered: { one: 'gets otherwise', many: 'get otherwise' },
};

function verbOf({ kind, organisations }: Change, counted: boolean): string {
  return counted && organisations === 1 ? verbs[kind].one : verbs[kind].many;
}

/** Changes of one kind, those of the same agencies together. */
function kindLines(changes: readonly Change[], found: Difference): readonly string[] {
  const counted = found.organisations !== null;
  const blocks = new Map<string, Change[]>();
  for (const change of changes) {
    const who = whoOf(change, counted);
    blocks.set(who, [...(blocks.get(who) ?? []), change]);
  }
  return [...blocks].flatMap(([who, block]) => {
    const [first] = block;
    if (first === undefined) return [];
    const names = first.names.slice(0, 3).map(({ name }) => name);
    return [
      `  ${capital(who)}${first.organisations > named && names.length > 0 ? ` (such as ${names.join('; ')})` : ''} ${verbOf(first, counted)}`,
      ...block.flatMap((change) => [`    - ${whatWords(change)}.`, `      Example: ${exampleSentence(change.example)}`]),
    ];
  });
}

/** So many agencies are named rather than described. */
const named = 3;

function whoOf({ who, organisations, standing, moved, names }: Change, counted: boolean): string {
  const words = who === null ? 'agencies' : whoWords(who);
  const few = counted && organisations <= named && names.length === organisations;
  const told = few ? joined(names.map(({ name }) => name), 'and') : !counted ? words : `${standing === 'same' && words.startsWith('all agencies') ? 'all ' : ''}${count(organisations)} ${words.replace(/^all agencies/, 'agencies')}`;
  switch (standing) {
    case 'same': return told;
    case 'joined': return `${told} new in the registry`;
    case 'left': return `${told} no longer in the registry`;
    case 'changed': return `${told} ${movedWords(moved)}`;
  }
}

function movedWords(moved: Change['moved']): string {
  return `whose ${both(moved.map(({ attribute, before, after }) => `${attributeNouns[attribute]} was ${say(attribute, before)} and is ${say(attribute, after)}`))}`;
}

function say(attribute: keyof RequesterAttributes, words: readonly string[]): string {
  return joined(words.map((word) => attributePhrases[attribute].words(word)), 'or');
}

const attributeNouns: Readonly<Record<keyof RequesterAttributes, string>> = {
  level: 'level', department: 'department', component: 'component', homeState: 'home state', mission: 'job', program287g: '287(g) status', taskForce: 'task forces',
  certified: 'certification', audit: 'audit', criminalJustice: 'standing', sharedOri: 'ORI', vendorHosted: 'system',
};

/** One line a class of data that changes, and what any path adds where that was asked for. */
function classLines({ classes, organisations }: Difference): readonly string[] {
  if (organisations === null) return [];
  const changed = classes.filter((one) => one.gain > 0 || one.lose > 0 || changeKinds.some((kind) => one.gains[kind].organisations > 0) || pathsChange(one));
  if (changed.length === 0) return [];
  const alike = new Map<string, DataClass[]>();
  for (const one of changed) alike.set(classWords(one), [...(alike.get(classWords(one)) ?? []), one.dataClass]);
  return ['BY CLASS OF DATA, in numbers of agencies', ...[...alike].map(([words, list]) => `  ${capital(dataWords(list))}: ${words}.`)];
}

function classWords(one: ClassDifference): string {
  const contexts = (kinds: readonly ChangeKind[]) => kinds.reduce((sum, kind) => sum + one.gains[kind].agencyContexts, 0);
  const more = one.gain === 0 ? [] : [`${count(one.gain)} get more, in ${count(contexts(['released', 'opened']))} combinations of agency and request`];
  const less = one.lose === 0 ? [] : [`${count(one.lose)} get less, in ${count(contexts(['closed', 'tightened']))}`];
  const altered = one.gains.altered.organisations === 0 ? [] : [`${count(one.gains.altered.organisations)} meet another review`];
  const direct = one.direct.before === one.direct.after ? `${count(one.direct.after)} can ask for it as before` : `${count(one.direct.before)} could ask for it, now ${count(one.direct.after)}`;
  return [...more, ...less, ...altered, direct, ...pathWords(one)].join('; ');
}

function pathsChange({ paths }: ClassDifference): boolean {
  return paths !== null && Object.values(paths).some((one) => one !== 'capped' && (one.gain.length > 0 || one.lose.length > 0));
}

function pathWords({ paths }: ClassDifference): readonly string[] {
  if (paths === null) return [];
  const one = (found: Exclude<ClassDifference['paths'], null>['honoured'], world: string): readonly string[] => {
    if (found === 'capped') return [`by any path, ${world}: too many to work out`];
    if (found.gain.length === 0 && found.lose.length === 0) return [`by any path, ${world}: ${count(found.after)} as before`];
    const names = (list: typeof found.gain) => (list.length === 0 ? '' : ` (${list.slice(0, 3).map(({ name }) => name).join('; ')}${list.length > 3 ? '; …' : ''})`);
    return [`by any path, ${world}: ${count(found.before)}, now ${count(found.after)}; ${count(found.gain.length)} gain it${names(found.gain)}, ${count(found.lose.length)} lose it${names(found.lose)}`];
  };
  return [...one(paths.honoured, 'where agencies keep the rules on passing on'), ...one(paths.possible, 'where data goes wherever it can')];
}

function organisationLines({ organisations }: Difference): readonly string[] {
  if (organisations === null) return [];
  const { joined: came, left, changed } = organisations;
  if (came + left + changed === 0) return [];
  return ['', `In the registry: ${count(came)} agencies joined, ${count(left)} left, and ${count(changed)} changed in what the rules read of them.`];
}

function dutyLines({ duties, organisations }: Difference): readonly string[] {
  const whose = (n: number) => (organisations === null ? 'some agencies' : `${count(n)} ${n === 1 ? 'agency' : 'agencies'}`);
  return [
    ...(duties.more === 0 ? [] : ['', `Somebody is now told of requests of ${whose(duties.more)} that nobody, or somebody else, was told of.`]),
    ...(duties.fewer === 0 ? [] : ['', `Somebody is no longer told, or is told later, of some requests of ${whose(duties.fewer)}.`]),
  ];
}

/** "photos and home addresses" for a list of classes. */
export function dataWords(classes: readonly DataClass[]): string {
  return both(classes.map((one) => dataPhrases[one]));
}
