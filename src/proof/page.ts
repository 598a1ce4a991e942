import { allDataClasses, outcomeOrder, type DataClass, type Outcome, type RequesterAttributes } from '../vocabulary/index.ts';
import type { Network } from '../model/index.ts';
import {
  andPlanes, bitsOf, emptyPlane, isEmptyPlane, meet, orPlanes, sentencesOf, setBit, withoutPlane, type Plane, type PolicyDocument, type PolicyTable,
} from '../policy/index.ts';
import { compareForms, FormBook, formWords, rowViewer, type Form, type RowView } from './forms.ts';
import { conditionWords } from './conditionWords.ts';
import { conditionCost, minimalCondition, type ContextCondition } from './minimal.ts';
import { usualKinds } from './usualKinds.ts';
import { describeWho, whoWords } from './whoWords.ts';

/** One fate of a class of data, and when it befalls. */
export interface PagePart extends Form {
  /** When exactly, read by itself: "for officer safety", "unless for licensing", "always". */
  readonly condition: string;
  readonly when: ContextCondition;
  /**
   * The same as a step of the cell, where neither `refused` of the row nor a step before it held: "in full for officer safety",
   * "otherwise refused". Null where `refused` of the row says it already.
   */
  readonly words: string | null;
}

export interface PageCell {
  /** The steps of the cell as one sentence, without the period. */
  readonly words: string;
  /** The one outcome, or `mixed` where it depends on the request; what `refused` of the row says is left aside. */
  readonly outcome: Outcome | 'mixed';
  readonly parts: readonly PagePart[];
  /** The rules that decide in some context, sorted; where it is always refused, those that always refuse it. */
  readonly rules: readonly string[];
}

/** Agencies that meet the same outcome in every context for every class of data. */
export interface PageRow {
  readonly who: string;
  /** How many organisations that can ask; null without a registry. */
  readonly agencies: number | null;
  /** A few of them by name, those of the owner first. */
  readonly examples: readonly string[];
  /** When all that these agencies ever get is refused, so that the cells need not say it; null where there is no such context. */
  readonly refused: string | null;
  readonly cells: Readonly<Record<DataClass, PageCell>>;
}

/** A whole policy as one page: who × data class. */
export interface PolicyPage {
  readonly owner: string;
  readonly title: string | null;
  readonly policyVersion: number;
  readonly policyHash: string;
  readonly tableHash: string;
  /** Null where the page is about the usual kinds of agency. */
  readonly registry: { readonly version: number; readonly day: string } | null;
  /** Classes of data that no row treats differently stand together. */
  readonly columns: readonly (readonly DataClass[])[];
  readonly rows: readonly PageRow[];
  /** Rows beyond the cap. */
  readonly rest: { readonly groups: number; readonly agencies: number | null } | null;
  readonly notes: readonly string[];
}

export interface PageOptions {
  /** At most so many rows; 12 where it is absent. */
  readonly rows?: number;
  /** All where it is absent. */
  readonly classes?: readonly DataClass[];
}

/** The whole policy as one page, of the agencies of a registry or, without one, of the usual kinds of agency. */
export function policyPage(table: PolicyTable, document: PolicyDocument, network: Network | null, { rows: most = 12, classes = allDataClasses }: PageOptions = {}): PolicyPage {
  const groups = groupsOf(table, network === null ? usualKinds(table.atoms).map((attributes) => ({ attributes, name: null })) : askersOf(network, table.owner), classes, network !== null);
  const shown = named(table, groups).slice(0, most);
  const rowOf = rowMaker(table, classes);
  const hidden = groups.length - shown.length;
  const ownCounts = network !== null;
  return {
    owner: table.owner, title: document.title, policyVersion: table.policyVersion, policyHash: table.policyHash, tableHash: table.hash,
    registry: network === null ? null : { version: network.registryVersion, day: network.day },
    columns: columnsOf(classes, groups),
    rows: shown.map(({ group, who }): PageRow => ({
      who, agencies: ownCounts ? group.agencies : null, examples: group.names, ...rowOf(group),
    })),
    rest: hidden === 0 ? null : { groups: hidden, agencies: ownCounts ? groups.reduce((sum, one) => sum + one.agencies, 0) - shown.reduce((sum, { group }) => sum + group.agencies, 0) : null },
    notes: notesOf(table, document, network === null),
  };
}

interface Asker {
  readonly attributes: RequesterAttributes;
  readonly name: string | null;
}

/** The forms that a group meets for one class, and the rules of all that are in it. */
interface GroupView {
  readonly view: RowView;
  readonly book: FormBook;
  readonly rules: Set<string>;
  readonly everywhere: Set<string>;
}

interface Group {
  agencies: number;
  readonly names: string[];
  /** Of one agency of each class. */
  readonly attributes: RequesterAttributes[];
  readonly views: readonly GroupView[];
}

function askersOf(network: Network, owner: string): readonly Asker[] {
  const own = ({ attributes }: Asker) => (attributes.homeState === owner ? 0 : 1);
  return network.nodes.filter(({ oris }) => oris.length > 0)
    .map((node) => ({ attributes: node.attributes(owner), name: node.name }))
    .sort((a, b) => own(a) - own(b) || (a.name < b.name ? -1 : 1));
}

/** Classes of agencies with equal forms everywhere: the most agencies first, or the most open where they are not counted. */
function groupsOf(table: PolicyTable, askers: readonly Asker[], classes: readonly DataClass[], counted: boolean): readonly Group[] {
  const book = new FormBook();
  const view = rowViewer(table, book);
  const byClass = new Map<number, Group>();
  const groups = new Map<string, Group>();
  for (const { attributes, name } of askers) {
    const agencyClass = table.classOf(attributes);
    let group = byClass.get(agencyClass);
    if (group === undefined) {
      const views = classes.map((dataClass) => view(table.rowOf(agencyClass, dataClass)));
      const key = views.map((one) => one.key).join(';');
      group = groups.get(key) ?? { agencies: 0, names: [], attributes: [], views: views.map((one) => ({ view: one, book, rules: new Set<string>(), everywhere: new Set<string>() })) };
      for (const [i, one] of views.entries()) {
        for (const rule of one.rules) group.views[i]?.rules.add(rule);
        for (const rule of one.everywhere) group.views[i]?.everywhere.add(rule);
      }
      group.attributes.push(attributes);
      groups.set(key, group);
      byClass.set(agencyClass, group);
    }
    group.agencies += 1;
    if (name !== null && group.names.length < 3) group.names.push(name);
  }
  const openness = (group: Group) => group.views.reduce((sum, { view: { forms } }) => sum + forms.reduce((all, form) => all + (form < 0 ? 0 : 3 - outcomeOrder.indexOf(book.forms[form]?.outcome ?? 'deny')), 0), 0);
  return [...groups.values()].map((group) => ({ group, open: openness(group) }))
    .sort((a, b) => (counted ? b.group.agencies - a.group.agencies : 0) || b.open - a.open).map(({ group }) => group);
}

/** Groups with the words for each. The one whose words would be longest, and long, is told by what it is not. */
function named(table: PolicyTable, groups: readonly Group[]): readonly { readonly group: Group; readonly who: string }[] {
  const described = groups.map((group) => {
    const who = describeWho(table.atoms, group.attributes, groups.filter((one) => one !== group).flatMap((one) => [...one.attributes]));
    return { group, who: who === null ? 'agencies that no rule tells apart' : whoWords(who) };
  });
  const longest = described.reduce<(typeof described)[number] | null>((most, one) => (most === null || one.who.length > most.who.length ? one : most), null);
  const told = longest !== null && groups.length > 1 && longest.who.length > longWords ? longest.group : null;
  return described.map(({ group, who }) => ({ group, who: group === told ? 'agencies that are in none of the other groups' : who }));
}

const longWords = 120;

function columnsOf(classes: readonly DataClass[], groups: readonly Group[]): readonly (readonly DataClass[])[] {
  const columns = new Map<string, DataClass[]>();
  for (const [i, dataClass] of classes.entries()) {
    const key = groups.map(({ views }) => views[i]?.view.key ?? '').join(';');
    columns.set(key, [...(columns.get(key) ?? []), dataClass]);
  }
  return [...columns.values()];
}

type Steps = Pick<PageCell, 'words' | 'outcome' | 'parts'>;

/** Makes what a row says, each sort of cell once. */
function rowMaker(table: PolicyTable, classes: readonly DataClass[]): (group: Group) => Pick<PageRow, 'refused' | 'cells'> {
  const kept = new Map<string, Steps>();
  const { space } = table;
  return ({ views }) => {
    const shut = views.map(({ view, book }) => planesOf(table, view, (form) => book.forms[form]?.outcome === 'deny').get(1) ?? emptyPlane(space.size));
    const some = shut.filter((plane) => !isEmptyPlane(withoutPlane(space.all, plane)));
    const refused = some.length === 0 ? emptyPlane(space.size) : some.reduce(andPlanes);
    const care = withoutPlane(space.all, refused);
    const cells = classes.map((dataClass, i): [DataClass, PageCell] => {
      const { view, book, rules, everywhere } = views[i] as GroupView;
      const key = `${refused.join()} ${view.key}`;
      let made = kept.get(key);
      if (made === undefined) kept.set(key, (made = stepsOf(table, dataClass, view, book, care)));
      return [dataClass, { ...made, rules: [...(made.outcome === 'deny' ? everywhere : rules)].sort() }];
    });
    return { refused: isEmptyPlane(refused) ? null : conditionWords(minimalCondition(space, refused)), cells: Object.fromEntries(cells) as PageRow['cells'] };
  };
}

/** The admissible cells of a row by what `sort` makes of their form. */
function planesOf<K>(table: PolicyTable, { forms }: RowView, sort: (form: number) => K | boolean): Map<K | number, Plane> {
  const planes = new Map<K | number, Plane>();
  for (const at of bitsOf(table.space.all)) {
    const found = sort(forms[at] ?? -1);
    const key = typeof found === 'boolean' ? Number(found) : found;
    let plane = planes.get(key);
    if (plane === undefined) planes.set(key, (plane = emptyPlane(table.space.size)));
    setBit(plane, at);
  }
  return planes;
}

function stepsOf(table: PolicyTable, dataClass: DataClass, view: RowView, book: FormBook, care: Plane): Steps {
  const { space } = table;
  const forms = [...planesOf(table, view, (form) => form)].map(([number, plane]) => ({ form: book.forms[number] as Form, plane }))
    .sort((a, b) => compareForms(dataClass, a.form, b.form));
  const exact = forms.map(({ form, plane }) => ({ form, plane, condition: minimalCondition(space, plane) }));
  const within = exact.filter(({ plane }) => meet(plane, care));
  const chain = bestOrder(within.length === 0 ? exact : within, (done, { plane }) => minimalCondition(space, plane, withoutPlane(care, done)));
  const parts = chain.map(({ form, condition, step }, i): PagePart => {
    const last = i === chain.length - 1;
    const how = formWords(form);
    return { ...form, condition: conditionWords(condition), when: condition, words: chain.length === 1 ? how : last ? `otherwise ${how}` : `${i === 0 ? '' : 'else '}${how} ${conditionWords(step)}` };
  });
  const said = exact.filter((one) => !chain.some(({ plane }) => plane === one.plane)).map(({ form, condition }): PagePart => ({ ...form, condition: conditionWords(condition), when: condition, words: null }));
  return { parts: [...parts, ...said], words: parts.map(({ words }) => words).join('; '), outcome: parts.length === 1 ? (parts[0]?.outcome ?? 'deny') : 'mixed' };
}

interface Step {
  readonly form: Form;
  readonly plane: Plane;
  readonly condition: ContextCondition;
}

/** The order in which the steps read shortest: all orders of up to three, else the most open first. The last step is all that is left. */
function bestOrder(steps: readonly Step[], within: (done: Plane, step: Step) => ContextCondition): readonly (Step & { readonly step: ContextCondition })[] {
  const orders = steps.length <= 3 ? permutations(steps) : [steps];
  let best: { chain: readonly (Step & { readonly step: ContextCondition })[]; cost: number } | null = null;
  for (const order of orders) {
    let done: Plane = new Uint32Array(steps[0]?.plane.length ?? 0);
    let cost = 0;
    const chain = order.map((one, i) => {
      const step = within(done, one);
      done = orPlanes(done, one.plane);
      if (i < order.length - 1) cost += conditionCost(step);
      return { ...one, step };
    });
    if (best === null || cost < best.cost) best = { chain, cost };
  }
  return best?.chain ?? [];
}

function permutations<T>(list: readonly T[]): readonly (readonly T[])[] {
  return list.length <= 1 ? [list] : list.flatMap((one, i) => permutations([...list.slice(0, i), ...list.slice(i + 1)]).map((rest) => [one, ...rest]));
}

function notesOf(table: PolicyTable, document: PolicyDocument, usual: boolean): readonly string[] {
  const inForce = new Set([...table.limits, ...table.onward].map(({ id }) => id));
  const others = [...document.limits, ...document.onward].filter(({ id }) => inForce.has(id)).map(({ id }) => id);
  const said = sentencesOf(document).filter(({ item }) => others.includes(item.id) || document.notify.some(({ id }) => id === item.id));
  const day = (at: number) => new Date(at).toISOString().slice(0, 10);
  return [
    'What no rule gives is refused. Of several rules that match, the strictest holds.',
    ...(table.rules.length === 0 ? ['No rule is in force on this day, so everything is refused.'] : []),
    ...(table.before === null ? [] : [`On ${day(table.before)} a rule begins or ends; this page is for the days before.`]),
    ...(usual ? ['These are the usual kinds of agency; an unusual one may meet something else. `weir policy ask` answers for any.'] : []),
    ...said.map(({ item, sentence }) => `${item.id}: ${sentence}`),
  ];
}
