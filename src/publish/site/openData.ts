import { cellsOf } from '../positions.ts';
import type { Aggregate, TableId } from '../types.ts';
import { sourceWords, tableNotes, tableTitles } from './words.ts';

const fields = [
  { name: 'owner', type: 'string', description: 'Whose records were asked for: two letters (ANSI INCITS 38).' },
  { name: 'source', type: 'string', description: 'ledger, imported or invented. Invented numbers are a demonstration.' },
  { name: 'version', type: 'integer', description: 'Of the release.' },
  { name: 'span', type: 'string', description: 'A month (2026-10), or the first and the last of several with .. between. Days of UTC.' },
  { name: 'group', type: 'string', description: 'Group of agencies that asked; `all` is the total over them.' },
  { name: 'word', type: 'string', description: 'Outcome, purpose or class of data; `all` is the total over them.' },
  { name: 'count', type: 'integer', description: 'How many requests; empty where it is hidden: see `hidden`.', constraints: { minimum: 0 } },
  { name: 'hidden', type: 'string', description: '`small`: the count is from 1 to the threshold. `protects`: it may be any, and is hidden so that a small one cannot be worked out. Empty where the count is given.', constraints: { enum: ['', 'small', 'protects'] } },
] as const;

/** One table, all spans, a place a line. */
export function tableCsv(aggregate: Aggregate, id: TableId): string {
  const { owner, version, dataset } = aggregate;
  const name = (word: string): string => (word === '*' ? 'all' : word);
  const lines = aggregate.tables.filter((table) => table.id === id).flatMap((table) => [...cellsOf(aggregate, table)].map(({ group, column, cell }) =>
    [owner, dataset.kind, version, table.span, name(group), name(column), ...(typeof cell === 'number' ? [cell, ''] : ['', cell.hidden])].join(',')));
  return `${[fields.map((field) => field.name).join(','), ...lines].join('\r\n')}\r\n`;
}

/** `datapackage.json`: a Data Package (version 2) with the dictionary of the open data. */
export function dataPackage(aggregate: Aggregate): string {
  const { owner, ownerName, version, period, licence, axes, dataset, newest, threshold } = aggregate;
  const ids = [...new Set(aggregate.tables.map((table) => table.id))];
  const words = (id: TableId): Record<string, string> => Object.fromEntries([...axes.columns[id], ...axes.groups].map((item) => [item.id, item.words]));
  return `${JSON.stringify({
    $schema: 'https://datapackage.org/profiles/2.0/datapackage.json',
    name: `weir-public-${owner.toLowerCase()}-v${version}`, title: `Who asked for ${ownerName} records, ${period.text}`,
    description: `${sourceWords(aggregate)} Counts from 1 to ${threshold}, and all from which one could be worked out, are hidden. Period ${period.from} up to and without ${period.to}, UTC; newest entry ${newest ?? 'none'}.`,
    version: String(version), created: aggregate.preparedAt, licenses: [licence], invented: dataset.kind === 'invented', threshold, gaps: aggregate.gaps,
    resources: ids.map((id) => ({ name: id, path: `data/${id}.csv`, title: tableTitles[id], description: tableNotes[id], format: 'csv', mediatype: 'text/csv', encoding: 'utf-8', words: words(id), schema: { fields, missingValues: [''], primaryKey: ['span', 'group', 'word'] } })),
  }, null, 2)}\n`;
}
