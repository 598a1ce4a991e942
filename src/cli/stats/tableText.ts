import { periodWords } from '../../insight/period.ts';
import { dimensionFacts, labelOfKey, type Facts, type Names, type StatRow, type StatTable } from '../../insight/statistics/index.ts';
import { jurisdictionName } from '../../vocabulary/index.ts';
import { align, count } from '../registry/columnsOfText.ts';

/** A table as a person reads it: a sentence, the lines, and what the figures rest on. */
export function tableText(table: StatTable, names: Names): string {
  return [firstSentence(table, names), '', ...(table.query.by.length === 0 ? [] : [linesText(table), '']), ...factLines(table.facts, table.overlapping), `Again:  ${table.command}`, `Behind: ${table.command.replace(/ --by \S+| --compare| --limit \d+/g, '')} --rows`].join('\n');
}

/** "From … to …, 5,204,331 requests asked for records of Washington …" */
export function firstSentence({ facts, total, query }: StatTable, names: Names): string {
  const { owners, period } = facts;
  const [only = ''] = owners;
  const whose = owners.length === 1 ? jurisdictionName(only) : `${count(owners.length)} states`;
  const invented = facts.kind === 'invented' ? 'INVENTED DATA. ' : '';
  const when = period.to - period.from <= 86_400_000 ? `On ${periodWords(period)}` : `From ${periodWords(period)}`;
  const which = query.where.length === 0 ? '' : ` with ${query.where.map(({ dimension, words, not }) => `${wordOfDimension(dimension)} ${not ? 'other than ' : ''}${words.map((word) => labelOfKey(dimension, word, names, only)).join(' or ')}`).join(' and ')}`;
  return `${invented}${when}, ${count(total.n)} ${total.n === 1 ? 'request' : 'requests'}${which} asked for records of ${whose}, and ${count(total.records)} ${total.records === 1 ? 'record was' : 'records were'} given.${compared(total)}`;
}

/** The sentences and versions that every figure carries. */
export function factLines({ kind, label, dataset, newest, archivedTo, leftOut, changes, owners }: Facts, overlapping: boolean): string[] {
  const to = owners.length === 1 ? ` The archive goes up to ${owners[0] ?? ''}#${Math.max(0, (archivedTo[owners[0] ?? ''] ?? 0) - 1)}.` : '';
  return [
    `Data set ${dataset}${kind === 'ledger' ? '' : ` (${kind})`}: ${label}`,
    `All times are UTC. The newest entry counted is of ${newest === null ? 'no time: there is none' : newest}.${kind === 'ledger' ? to : ''}`,
    ...(overlapping ? ['A request counts in each of its words, so that the lines add up to more than the total.'] : []),
    ...leftOut,
    ...(changes.length === 0 ? [] : [`In force since: ${changes.slice(0, 8).map(({ at, owner, version }) => `${owner} version ${version}, ${at.slice(0, 10)}`).join('; ')}${changes.length > 8 ? `; and ${changes.length - 8} more` : ''}`]),
  ];
}

function compared({ n, before, yearBefore }: StatTable['total']): string {
  const parts = [...(before === null ? [] : [`${change(n, before)} the period before`]), ...(yearBefore === null ? [] : [`${change(n, yearBefore)} the year before`])];
  return parts.length === 0 ? '' : ` That is ${parts.join(', and ')}.`;
}

function change(n: number, then: number): string {
  if (n === then) return 'as many as in';
  return then === 0 ? 'after none in' : `${percent(Math.abs(n - then) / then)} ${n > then ? 'more' : 'fewer'} than in`;
}

/** Two dimensions stand as a grid where the second has few words, else line by line. */
function linesText(table: StatTable): string {
  const { query, rows } = table;
  const second = [...new Map(rows.map(({ keys, words }) => [keys[1] ?? '', words[1] ?? ''])).entries()];
  if (query.by.length === 2 && !query.compare && query.limit === null && second.length <= 8) return gridText(table, second);
  const reaches = query.compare ? { before: rows.some(({ before }) => before !== null) || table.total.before !== null, year: table.total.yearBefore !== null } : { before: false, year: false };
  const head = [...query.by.map(({ dimension }) => wordOfDimension(dimension)), 'requests', 'share', 'records', ...(reaches.before ? ['before', 'change'] : []), ...(reaches.year ? ['year before', 'change'] : []), ''];
  const line = ({ words, n, records, before, yearBefore }: Omit<StatRow, 'keys'>): string[] => [
    ...words.map((word) => (word.length > 56 ? `${word.slice(0, 55)}…` : word)), count(n), table.total.n === 0 ? '-' : percent(n / table.total.n), count(records),
    ...(reaches.before ? [before === null ? '-' : count(before), changeCell(n, before)] : []), ...(reaches.year ? [yearBefore === null ? '-' : count(yearBefore), changeCell(n, yearBefore)] : []), '',
  ];
  const total = line({ ...table.total, words: query.by.map((_, place) => (place === 0 ? 'total, each request once' : '')) });
  const notes = query.compare ? [...(reaches.before ? [] : ['The data set does not reach back to the period before.']), ...(reaches.year ? [] : ['The data set does not reach back a year before.'])] : [];
  return [align(aligned([head, ...rows.map(line), total], query.by.length)), ...(notes.length === 0 ? [] : ['', ...notes])].join('\n');
}

function gridText({ query, rows, total }: StatTable, second: readonly (readonly [string, string])[]): string {
  const first = new Map<string, { readonly word: string; readonly cells: Map<string, number> }>();
  for (const { keys, words, n } of rows) {
    const held = first.get(keys[0] ?? '') ?? { word: words[0] ?? '', cells: new Map<string, number>() };
    held.cells.set(keys[1] ?? '', n);
    first.set(keys[0] ?? '', held);
  }
  const head = [`${wordOfDimension(query.by[0]?.dimension ?? 'owner')} by ${wordOfDimension(query.by[1]?.dimension ?? 'owner')}`, ...second.map(([, word]) => (word.length > 18 ? `${word.slice(0, 17)}…` : word)), ''];
  const lines = [...first.values()].map(({ word, cells }) => [word.length > 56 ? `${word.slice(0, 55)}…` : word, ...second.map(([key]) => count(cells.get(key) ?? 0)), '']);
  return `${align(aligned([head, ...lines], 1))}\nIn all, each request once: ${count(total.n)}.`;
}

/** Numbers stand to the right of their column. The last cell is empty, so that `align` pads all others. */
function aligned(rows: readonly (readonly string[])[], texts: number): string[][] {
  const widths = (rows[0] ?? []).map((_, place) => Math.max(...rows.map((row) => row[place]?.length ?? 0)));
  return rows.map((row) => row.map((cell, place) => (place < texts ? cell : cell.padStart(widths[place] ?? 0))));
}

function changeCell(n: number, then: number | null): string {
  if (then === null) return '-';
  if (then === 0) return n === 0 ? '-' : 'new';
  const part = (n - then) / then;
  return `${part > 0 ? '+' : part < 0 ? '-' : ''}${percent(Math.abs(part))}`;
}

/** Small shares keep their digits: the question that everybody asks is of three in a thousand. */
function percent(part: number): string {
  const hundred = part * 100;
  return `${hundred >= 10 || hundred === 0 ? hundred.toFixed(hundred === 0 ? 0 : 1) : hundred >= 0.1 ? hundred.toFixed(2) : hundred.toPrecision(2)} %`;
}

const dimensionWords: Readonly<Record<string, string>> = {
  homeState: 'home state', program287g: '287(g)', taskForce: 'task force', caseNumber: 'case number', policyVersion: 'policy', weekday: 'day of week', party: 'group of askers', key: 'message key', released: 'data given', wanted: 'data asked for', status: 'outcome', verdict: 'after review', decidedBy: 'decided by', reviewTime: 'review took',
};

function wordOfDimension(dimension: keyof typeof dimensionFacts): string {
  return dimensionWords[dimension] ?? dimension;
}

