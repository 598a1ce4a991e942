import type { Twin } from '../../drawing/index.ts';
import { both } from '../../policy/words.ts';
import { sayDuration } from '../../policy/quantity.ts';
import { purposePhrases } from '../../policy/phrases.ts';
import { count, counted } from '../../vocabulary/counts.ts';
import { periodWords } from '../period.ts';
import { classWords, fateWords } from './decisionWords.ts';
import { changeKinds, kindWords, type ChangeKind } from './kinds.ts';
import { capital, share } from './numbers.ts';
import type { Backtest, Between, Breakdown, Broken, Elsewhere, KindTotal, RuleChange } from './types.ts';

/** One part of a report, whatever it is written in. */
export type Block =
  | { readonly block: 'heading'; readonly text: string }
  | { readonly block: 'text'; readonly text: string }
  | { readonly block: 'list'; readonly items: readonly string[] }
  | { readonly block: 'table'; readonly table: Twin };

/** A report as parts, in the order in which they are read. */
export interface Page {
  readonly title: string;
  /** Stands above everything; null where the requests are real. */
  readonly banner: string | null;
  readonly lead: string;
  readonly blocks: readonly Block[];
  readonly facts: readonly (readonly [string, string])[];
}

/** A draft's backtest for people: what would newly leave first, then what would no longer. */
export function backtestPage(report: Backtest): Page {
  return {
    title: `${report.owner}: what ${draftName(report)} would have changed`,
    banner: bannerOf(report),
    lead: leadOf(report),
    blocks: [...report.kinds.filter(({ kind, requests }) => kind === 'released' || requests > 0).flatMap((kind) => kindBlocks(report, kind)), ...restBlocks(report)],
    facts: factsOf(report),
  };
}

/** Two drafts over the same requests. */
export function sideBySidePage(first: Backtest, second: Backtest, between: Between): Page {
  const differing = between.requests - (between.kinds.find(({ kind }) => kind === 'unchanged')?.requests ?? 0);
  const [one, two] = ['first draft', 'second draft'];
  const moved = between.matrix.filter(({ first: a, second: b }) => a !== b).sort((a, b) => b.requests - a.requests);
  return {
    title: `${first.owner}: two drafts side by side`,
    banner: bannerOf(first),
    lead: `${capital(periodSentence(first))}, ${decided(first.requests)}. ${differing === 0 ? 'The two drafts decide all of them alike.' : `The two drafts decide ${count(differing)} of them unlike each other.`}`,
    blocks: [
      heading('Both drafts against what was decided'),
      table('Requests by what each draft would have done', ['what', one, two], changeKinds.filter((kind) => requestsIn(first, kind) + requestsIn(second, kind) > 0).map((kind) => [kindWords[kind].title, requestsIn(first, kind), requestsIn(second, kind)])),
      table('People and hours', ['what', one, two], [
        ['Held for a person', first.review.heldAfter, second.review.heldAfter], ['Hours of review', Math.round(first.review.hours.middle), Math.round(second.review.hours.middle)],
        ...(first.rows === null || second.rows === null ? [] : [['People and vehicles in changed requests', first.rows.peopleChanged, second.rows.peopleChanged] as const]),
      ]),
      ...(moved.length === 0 ? [] : [table('Where they part', [`the ${one}`, `the ${two}`, 'requests'], moved.map(({ first: a, second: b, requests }) => [kindWords[a].title, kindWords[b].title, requests]))]),
      ...(differing === 0 ? [] : [table(`Agencies that the two treat unlike: from the ${one} to the ${two}`, brokenColumns, brokenRows(between.agencies.rows.filter(({ changed }) => changed > 0).slice(0, shownAgencies)))]),
      heading(`The ${one}: ${draftName(first)}`), text(leadOf(first)), ...elsewhereBlocks(first),
      heading(`The ${two}: ${draftName(second)}`), text(leadOf(second)), ...elsewhereBlocks(second),
      heading('What this cannot know'), list([...new Set([...first.cannotKnow, ...second.cannotKnow])]),
    ],
    facts: [...factsOf(first), ...factsOf(second).filter(([key]) => key === 'Draft' || key === 'Backtest').map(([key, value]): readonly [string, string] => [`${key}, second`, value])],
  };
}

/** Drafts of many owners. */
export function ownersPage(reports: readonly Backtest[]): Page {
  const total = (of: (report: Backtest) => number): number => reports.reduce((sum, report) => sum + of(report), 0);
  const [first] = reports;
  const changed = total((report) => report.changed);
  return {
    title: `What ${counted(reports.length, 'draft')} would have changed`,
    banner: first === undefined ? null : bannerOf(first),
    lead: first === undefined ? 'There is no draft.' : `${capital(periodSentence(first))}, ${decided(total((report) => report.requests))} for ${counted(reports.length, 'owner')}. The drafts would have changed ${counted(changed, 'request')} of them, ${share(changed, total((report) => report.requests))}.`,
    blocks: [
      table('Requests by owner', ['owner', 'requests', 'changed', 'newly given', 'fewer fields', 'newly held', 'newly refused', 'hours of review'], reports.map((report) => [
        report.owner, report.requests, report.changed, requestsIn(report, 'released') + requestsIn(report, 'widened'), requestsIn(report, 'narrowed'), requestsIn(report, 'held'), requestsIn(report, 'refused'), Math.round(report.review.hours.middle),
      ])),
      heading('What this cannot know'), list([...new Set(reports.flatMap(({ cannotKnow }) => cannotKnow).filter((sentence) => reports.every((report) => report.cannotKnow.includes(sentence))))]),
    ],
    facts: first === undefined ? [] : factsOf(first).filter(([key]) => ['Data', 'Period', 'Registry', 'Engine'].includes(key)),
  };
}

function draftName({ draft }: Backtest): string {
  return draft.title === null ? `version ${draft.version} of the policy` : `"${draft.title}"`;
}

const shownAgencies = 10;
const shownRules = 15;

function leadOf(report: Backtest): string {
  const { requests, changed } = report;
  const how = report.baseline.kind === 'policy' ? ` Both are compared: version ${report.baseline.policies[0]?.version ?? 0} of the policy, and the draft.` : '';
  if (requests === 0) return `No request to ${report.owner} is on record ${periodSentence(report)}. So there is nothing to compare.`;
  if (changed === 0) return `${capital(periodSentence(report))}, ${decided(requests)}. The draft would have changed none of them.${how}`;
  return `${capital(periodSentence(report))}, ${decided(requests)}. The draft would have changed ${count(changed)} of them, ${share(changed, requests)}.${how}`;
}

function decided(requests: number): string {
  return `${counted(requests, 'request')} ${requests === 1 ? 'was' : 'were'} decided`;
}

function periodSentence({ window }: Backtest): string {
  return `from ${periodWords({ from: Date.parse(window.from), to: Date.parse(window.to) })}`.replace(/^from (?!.* to )/, 'on ');
}

function bannerOf({ dataset }: Backtest): string | null {
  return dataset.invented ? `INVENTED DATA. ${dataset.label}${/[.!?]$/.test(dataset.label) ? '' : '.'} No agency, person or number in it is real.` : null;
}

function kindBlocks(report: Backtest, total: KindTotal): readonly Block[] {
  const { kind, requests } = total;
  const { title, one, many } = kindWords[kind];
  if (requests === 0) return [heading(`${title}: none`), text('No request would get data that was kept back then.')];
  const people = report.rows?.people.find((found) => found.kind === kind);
  return [
    heading(`${title}: ${count(requests)}`),
    text([`${counted(requests, 'request')} ${requests === 1 ? one : many}.`, ...(kind === 'unchanged' ? [stillSentence(report)] : [whoSentence(report, kind)]), ...thenSentences(total), ...(people === undefined ? [] : [peopleSentence(people.people, people.unknown)])].filter((sentence) => sentence !== '').join(' ')),
    ...(people === undefined || people.examples.length === 0 ? [] : [list(people.examples.map((example) =>
      `${example.at.slice(0, 16).replace('T', ' ')} UTC, ${example.agency} (${example.ori})${example.behalf === null ? '' : ` for ${example.behalf}`}, ${example.key}, ${purposePhrases[example.purpose]}. Then: ${example.before}${ruleList(example.rulesBefore)}. Under the draft: ${example.after}${ruleList(example.rulesAfter)}. Entry ${report.owner}#${example.index}${example.open === null ? '' : `: ${example.open}`}`))]),
  ];
}

/** Which agencies, by party, when they are few; the greatest where they are many. */
function whoSentence(report: Backtest, kind: ChangeKind): string {
  const families = report.families.filter(({ kinds }) => (kinds[kind] ?? 0) > 0).sort((a, b) => (b.kinds[kind] ?? 0) - (a.kinds[kind] ?? 0));
  if (families.length === 0) return '';
  const named = families.slice(0, 4).map(({ words, kinds }) => `${count(kinds[kind] ?? 0)} from ${words}`);
  const rest = families.slice(4).reduce((sum, { kinds }) => sum + (kinds[kind] ?? 0), 0);
  return `That is ${both([...named, ...(rest === 0 ? [] : [`${count(rest)} from others`])])}.`;
}

function stillSentence(report: Backtest): string {
  const given = report.purposes.rows.reduce((sum, { kinds }) => sum + (kinds.stillGiven ?? 0), 0) + (report.purposes.rest?.kinds.stillGiven ?? 0);
  return `${count(given)} of them ${given === 1 ? 'was' : 'were'} let through by a machine, and would be still.`;
}

function thenSentences({ kind, then, fromNothing, gettingSome, requests }: KindTotal): readonly string[] {
  if (kind === 'unchanged') return [];
  if (kind === 'released' || kind === 'widened' || kind === 'reviewable') {
    return [
      ...(fromNothing === 0 ? [] : [`${fromNothing === requests ? (requests === 1 ? 'It' : 'All of them') : count(fromNothing)} got nothing then.`]),
      ...(then.notLooked === 0 ? [] : [`For ${count(then.notLooked)} nobody looked for a record, so it is not known whether there is one.`]),
    ];
  }
  return [
    ...(gettingSome === 0 || kind === 'refused' ? [] : [`${gettingSome === requests ? 'All of them' : `${count(gettingSome)} of them`} would still get other data at once.`]),
    `Then, ${count(then.found)} got data${then.nothingThere === 0 ? '' : `, ${count(then.nothingThere)} met no record`}${then.notLooked === 0 ? '' : `, ${count(then.notLooked)} got nothing at once`}.`,
  ];
}

function peopleSentence(people: number, unknown: number): string {
  const about = people === 0 ? '' : `They ask about ${counted(people, 'person or vehicle', 'people and vehicles')}.`;
  return unknown === 0 ? about : `${about} For ${counted(unknown, 'request')} it is not on record about whom.`.trim();
}

function restBlocks(report: Backtest): readonly Block[] {
  const { classes, parties, agencies, organisations, rules, changed } = report;
  return [
    ...(changed === 0 ? [] : [
      ...elsewhereBlocks(report),
      heading('By kind of data'),
      table('Requests that asked for each kind of data', ['data', 'asked', 'given then', 'given now', 'newly given', 'reduced', 'newly held', 'newly refused'], classes.filter(({ kinds }) => Object.keys(kinds).some((kind) => kind !== 'same')).map(({ dataClass, asked, before, after, kinds }) => [
        capital(classWords([dataClass])), asked, before.release + before.redact, after.release + after.redact, (kinds.released ?? 0) + (kinds.widened ?? 0), kinds.narrowed ?? 0, kinds.held ?? 0, kinds.refused ?? 0,
      ])),
      heading('By who asked'),
      table('Requests by kind of agency', brokenColumns, brokenRows(parties)),
      ...parties.filter((party) => party.changed > 0).slice(0, 4).map((party) => table(`Requests of ${party.words}, by the purpose stated`, ['purpose', ...brokenColumns.slice(1)], withOthers(party.purposes, 8))),
      mostChanged('Bodies', organisations),
      mostChanged('Offices', { ...agencies, rows: agencies.rows.map((row) => (row.words === row.key ? row : { ...row, words: `${row.words} (${row.key})` })) }),
      heading('Which rules'),
      text('Each line counts requests for one kind of data: by which rule it was decided then, and by which it would be.'),
      list(rules.slice(0, shownRules).map((rule) => `${count(rule.cells)}: ${classWords(rule.classes)}. Then ${sideWords(rule, 'before')}. Under the draft ${sideWords(rule, 'after')}.`)),
      ...(rules.length > shownRules ? [text(`And ${count(rules.length - shownRules)} more; --json has them all.`)] : []),
      list([...new Set(rules.slice(0, shownRules).flatMap(({ before, after }) => [...before.rules, ...after.rules]))].sort().map((id) => `${id}: ${report.ruleWords[id] ?? id}`)),
    ]),
    ...reviewBlocks(report),
    ...dutyBlocks(report),
    ...(report.claims === null || report.claims.length === 0 ? [] : [heading('Claims of the draft'), list(report.claims.map(({ id, title, holds }) => `${id} ${holds ? 'holds' : 'FAILS'}: ${title ?? 'without a title'}`))]),
    heading('What this cannot know'), list(report.cannotKnow),
  ];
}

function elsewhereBlocks(report: Backtest): readonly Block[] {
  const found = report.rows?.elsewhere ?? [];
  const sentences = [...found.flatMap(elsewhereSentences), ...sisterSentences(report)];
  return sentences.length === 0 ? [] : [heading('Who else gets the same'), list(sentences)];
}

/** Of the same people: who else was given data about them, and would be still. */
function elsewhereSentences({ words, people, requests, peopleElsewhere, others }: Elsewhere): readonly string[] {
  const lost = `${capital(words)} would get less on ${counted(requests, 'request')} about ${counted(people, 'person or vehicle', 'people and vehicles')}.`;
  if (peopleElsewhere === 0) return [`${lost} No one else got data about them in this time.`];
  const told = others.slice(0, 4).map(({ words: who, sister, people: own }) => `${capital(who)}${sister ? ', a sister agency,' : ''} got it about ${count(own)}.`);
  return [`${lost} Others got data about ${count(peopleElsewhere)} of these too, and still would. ${told.join(' ')}`];
}

/** Whoever is of one department with an agency that gets less, and goes on. */
function sisterSentences({ families }: Backtest): readonly string[] {
  const losers = families.filter(({ kinds, requests, department }) => department !== 'none' && department !== 'undeclared' && ((kinds.refused ?? 0) + (kinds.held ?? 0)) * 2 > requests);
  return losers.flatMap((loser) => {
    const sisters = families.filter((other) => other.department === loser.department && other.family !== loser.family && (other.kinds.stillGiven ?? 0) > 0).sort((a, b) => (b.kinds.stillGiven ?? 0) - (a.kinds.stillGiven ?? 0));
    if (sisters.length === 0) return [];
    const [first, ...rest] = sisters.slice(0, 3).map(({ words, kinds, requests }) => `${words} with ${count(kinds.stillGiven ?? 0)} of ${counted(requests, 'request')}`);
    return [`Sister agencies of ${loser.words} that go on as before: ${[first, ...rest].join('; ')}${sisters.length > 3 ? `; and ${count(sisters.length - 3)} more` : ''}.`];
  });
}

function reviewBlocks({ review }: Backtest): readonly Block[] {
  if (review.heldAfter === 0 && review.heldBefore === 0) return [];
  const { heldAfter, heldBefore, hours, minutes, perDay, busiestDay, desks, hoursPerDay, noLongerHeld } = review;
  return [
    heading('What the holds would cost'),
    text([
      `${counted(heldAfter, 'request')} would wait for a person, ${perDay.toLocaleString('en-US')} a day. Then it was ${count(heldBefore)}.`,
      ...(noLongerHeld === 0 ? [] : [`${count(noLongerHeld)} that were held would not be.`]),
      ...(heldAfter === 0 ? [] : [`At ${minutes.middle} minutes each that is ${hoursWords(hours.middle)} of work, ${hoursWords(hoursPerDay.middle)} a day. At ${minutes.low} to ${minutes.high} minutes it is ${rounded(hours.low)} to ${hoursWords(hours.high)}.`, ...(hoursPerDay.middle < shift ? [] : [`That is a day's work for ${count(Math.ceil(hoursPerDay.middle / shift))} people, each day of the week.`])]),
      ...(busiestDay === null ? [] : [`The busiest day would have been ${busiestDay.day}, with ${count(busiestDay.held)}: ${hoursWords(Math.round((busiestDay.held * minutes.middle) / 6) / 10)} of work.`]),
    ].join(' ')),
    ...(desks.length === 0 ? [] : [list(desks.map(({ by, withinSeconds, onTimeout, requests }) =>
      `"${by}" would have ${sayDuration(withinSeconds)} for each of ${counted(requests, 'request')}. If nobody decides in time, it is ${onTimeout === 'deny' ? 'refused' : 'GIVEN'}.`))]),
  ];
}

function dutyBlocks({ duties, ruleWords }: Backtest): readonly Block[] {
  const changed = duties.filter(({ before, after }) => before !== after);
  return changed.length === 0 ? [] : [heading('Who must be told'), list(changed.map(({ rule, before, after }) => `${rule}, ${ruleWords[rule] ?? rule}: ${counted(after, 'request')}; then ${count(before)}.`))];
}

/** Hours of work that a person does in a day. */
const shift = 7;

function hoursWords(hours: number): string {
  return `${rounded(hours)} ${hours === 1 ? 'hour' : 'hours'}`;
}

/** Nobody wants tenths of many hours. */
function rounded(hours: number): string {
  return (hours >= 100 ? Math.round(hours) : hours).toLocaleString('en-US');
}

const brokenColumns: readonly string[] = ['who', 'requests', 'newly given', 'fewer fields', 'newly held', 'newly refused', 'go on as given'];

function brokenRows(rows: readonly Broken[]): Twin['rows'] {
  return rows.map(({ key, words, requests, kinds }) => [words === key ? words : capital(words), requests, (kinds.released ?? 0) + (kinds.widened ?? 0), kinds.narrowed ?? 0, kinds.held ?? 0, kinds.refused ?? 0, kinds.stillGiven ?? 0]);
}

/** The lines with the most change; how many there are stands above. */
function mostChanged(what: string, { rows, rest }: Breakdown): Block {
  const changed = rows.filter((row) => row.changed > 0);
  const shown = changed.slice(0, shownAgencies);
  const more = shown.length < changed.length || (rest !== null && rest.changed > 0);
  return table(`${what} with the most change${more ? `: the first ${shown.length}, --json has more` : ''}`, brokenColumns, brokenRows(shown));
}

/** The first lines, and the others added up. */
function withOthers(rows: readonly Broken[], most: number): Twin['rows'] {
  const lines = brokenRows(rows);
  const others = lines.slice(most);
  if (others.length < 2) return lines;
  return [...lines.slice(0, most), ['Others', ...brokenColumns.slice(1).map((_, place) => others.reduce((sum, line) => sum + Number(line[place + 1] ?? 0), 0))]];
}

function sideWords(rule: RuleChange, side: 'before' | 'after'): string {
  const { rules } = rule[side];
  return rules.length === 0 ? `${fateWords(rule[side])}, as no rule gives it` : `${fateWords(rule[side])} by ${both(rules)}`;
}

function ruleList(rules: readonly string[]): string {
  return rules.length === 0 ? ' (no rule)' : ` (${rules.join(', ')})`;
}

function requestsIn({ kinds }: Backtest, kind: ChangeKind): number {
  return kinds.find((one) => one.kind === kind)?.requests ?? 0;
}

function factsOf(report: Backtest): readonly (readonly [string, string])[] {
  const { dataset, window, draft, baseline, registry, engine, vocabulary, id, asOf, requests, cells, leftOut } = report;
  const then = baseline.policies.map(({ version, hash }) => `version ${version} (${hash.slice(0, 12)})`);
  return [
    ['Data', `${dataset.name}: ${dataset.label}`],
    ['Period', `${window.period}, days of UTC; newest entry ${window.newest ?? 'none'}; ${window.firstIndex === null || window.lastIndex === null ? '' : `entries ${window.firstIndex} to ${window.lastIndex} of ${report.owner}, `}archived to ${window.archivedTo}`],
    ['Counted', `${counted(requests, 'request')}, ${counted(cells, 'request for one kind of data', 'requests for one kind of data each')}${Object.keys(leftOut).length === 0 ? '' : `; left out: ${Object.entries(leftOut).map(([type, n]) => `${count(n)} ${type}`).join(', ')}`}`],
    ['Compared with', baseline.kind === 'decided' ? `what was decided then, by ${then.length === 0 ? 'no policy' : both(then)}` : baseline.kind === 'policy' ? `${both(then)}, tried on the same requests` : `the policy in force, ${both(then)}, as the log does not say what was decided`],
    ['Draft', `version ${draft.version}, hash ${draft.hash}, table ${draft.tableHash}, as on ${asOf}`],
    ['Registry', `version ${registry.version}, hash ${registry.hash}`],
    ['Engine', `${engine}, vocabulary ${vocabulary}`],
    ['Backtest', id],
  ];
}

function heading(title: string): Block {
  return { block: 'heading', text: title };
}

function text(sentences: string): Block {
  return { block: 'text', text: sentences };
}

function list(items: readonly string[]): Block {
  return { block: 'list', items };
}

function table(caption: string, columns: readonly string[], rows: Twin['rows']): Block {
  return { block: 'table', table: { caption, columns, rows } };
}
