import { isJurisdiction } from '../../vocabulary/index.ts';
import type { Organisation, RegistryContent } from '../model.ts';
import { lineOf } from '../rows.ts';
import { findColumns } from './columns.ts';
import type { Imported, ListOptions } from './fbi.ts';
import { stateOrganisation } from './parents.ts';
import { readState } from './places.ts';
import { Refusals } from './report.ts';
import type { Table } from './table.ts';

const columnSpecs = {
  code: { headings: ['usps', 'state', 'stateabbr', 'postal', 'postalcode', 'code'], content: (cell: string) => isJurisdiction(cell.toUpperCase()), required: true },
  name: { headings: ['name', 'statename', 'jurisdiction'], required: true },
} as const;

/**
 * A list of states: the organisation above the state agencies of each. What is there already keeps all that the list does not say.
 * With `replace`, governments of states that the list does not have are dropped where nothing belongs to them.
 */
export function importStates(table: Table, current: RegistryContent, options: ListOptions): Imported {
  const columns = findColumns<keyof typeof columnSpecs>(table, columnSpecs);
  const refusals = new Refusals();
  const organisations = new Map(current.organisations.map((row) => [row.id, row]));
  const seen = new Map<string, number>();
  const counts = { added: 0, updated: 0, unchanged: 0 };
  for (const row of table.rows) {
    const code = columns.read(row, 'code');
    const name = columns.read(row, 'name');
    const state = readState(code);
    const first = seen.get(state ?? '');
    if (row.cells.length !== table.heading.length) refusals.add(row.line, 'columnCount', code);
    else if (state === null || state === 'US') refusals.add(row.line, 'unknownState', code);
    else if (name === '' || name.length > 100) refusals.add(row.line, 'noName', code);
    else if (first !== undefined) refusals.add(row.line, 'duplicate', code, [`line ${first}`]);
    else {
      seen.set(state, row.line);
      const known = organisations.get(state.toLowerCase());
      const settled: Organisation = known === undefined ? stateOrganisation(state, name) : { ...known, name, level: stateOrganisation(state).level, homeState: state };
      organisations.set(settled.id, settled);
      counts[known === undefined ? 'added' : lineOf('organisations', known) === lineOf('organisations', settled) ? 'unchanged' : 'updated']++;
    }
  }
  const dropped = options.replace === true ? dropUnused(organisations, current, seen) : 0;
  return {
    content: { ...current, organisations: [...organisations.values()] },
    report: {
      list: 'states', file: options.file, columns: columns.found, rows: table.rows.length, ...counts, notTaken: refusals.list, made: [], dropped,
      notes: [],
    },
  };
}

function dropUnused(organisations: Map<string, Organisation>, current: RegistryContent, seen: ReadonlyMap<string, number>): number {
  const used = new Set<string | null>([
    ...current.organisations.map((row) => row.parent), ...current.offices.map((row) => row.organisation), ...current.affiliations.flatMap((row) => [row.from, row.to]),
    ...current.certifications.map((row) => row.organisation),
  ]);
  const unused = [...organisations.keys()].filter((id) => isJurisdiction(id.toUpperCase()) && !seen.has(id.toUpperCase()) && !used.has(id));
  for (const id of unused) organisations.delete(id);
  return unused.length;
}
