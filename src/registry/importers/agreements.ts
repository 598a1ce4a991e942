import type { Program287g } from '../../vocabulary/index.ts';
import { isDate } from '../days.ts';
import { oriPattern } from '../check.ts';
import { RegistryError } from '../errors.ts';
import type { Affiliation, RegistryContent } from '../model.ts';
import { keyOf, lineOf } from '../rows.ts';
import { findColumns, type Columns } from './columns.ts';
import type { Imported, ListOptions } from './fbi.ts';
import { federalLine } from './federalBodies.ts';
import { NameBook, type NamedAgency } from './nameBook.ts';
import { addMissing } from './parents.ts';
import { readState } from './places.ts';
import { Refusals, type ImportReport, type ReasonCode } from './report.ts';
import type { Table, TableRow } from './table.ts';

export interface AgreementOptions extends ListOptions {
  /** The day of the list, `YYYY-MM-DD`. Null: taken from the name of the file, which then must have it. */
  readonly listDate: string | null;
}

const models: readonly (readonly [RegExp, Exclude<Program287g, 'none' | 'undeclared'>])[] = [
  [/^task force( model)?$/i, 'taskForce'], [/^jail enforcement( model)?$/i, 'jail'], [/^warrant service( officer)?( model| program)?$/i, 'warrantService'],
];

const columnSpecs = {
  model: { headings: ['supporttype', 'model', 'programmodel', 'type287g'], content: (cell: string) => modelOf(cell) !== null, required: true },
  state: { headings: ['state', 'statename', 'stateabbr'], content: (cell: string) => readState(cell) !== null, required: true },
  agency: { headings: ['agency', 'lawenforcementagency', 'agencyname', 'name'], required: true },
  signed: { headings: ['signed', 'signeddate', 'datesigned', 'moasigned', 'signingdate'], content: (cell: string) => readDate(cell) !== null, required: false },
  lastSeen: { headings: ['lastseen', 'laston', 'lastlisted'], content: (cell: string) => readDate(cell) !== null, required: false },
  firstSeen: { headings: ['firstseen', 'firstlisted'], content: (cell: string) => readDate(cell) !== null, required: false },
  type: { headings: ['agencytype', 'type', 'leatype'], required: false },
  county: { headings: ['county', 'countyname'], required: false },
  ori: { headings: ['ori', 'ori9'], content: (cell: string) => oriPattern.test(cell), required: false },
} as const;
type Column = keyof typeof columnSpecs;

/** The federal end of every agreement. */
const ice = 'us/dhs/ice';

/**
 * A list of 287(g) agreements, as ICE publishes it. Names are matched to organisations of the registry, and a match is a suggestion
 * (`confirmed: false`) with the list and its date as provenance, also where somebody put an ORI beside the name.
 * An agreement that is on record already, confirmed or not, stays as it is. With `replace`, suggestions of earlier lists that
 * this one does not have are dropped; what a person confirmed never is.
 * Throws `columnMissing`, and `badDate` where the day of the list is not known.
 */
export function importAgreements(table: Table, current: RegistryContent, options: AgreementOptions): Imported {
  const listDate = options.listDate ?? /\d{4}-\d{2}-\d{2}/.exec(options.file)?.[0] ?? '';
  if (!isDate(listDate)) throw new RegistryError('badDate', 'the day of the list is not known: its file name has none, and no date was given');
  const columns = findColumns<Column>(table, columnSpecs);
  const organisations = new Map(current.organisations.map((row) => [row.id, row]));
  const made = addMissing(organisations, federalLine(ice));
  const reader: Reader = { columns, width: table.heading.length, book: new NameBook(current), oris: new Map(current.offices.map((row) => [row.ori, row.organisation])), listDate, file: options.file };
  const refusals = new Refusals();
  const before = new Map(current.affiliations.map((row) => [keyOf('affiliations', row), row]));
  const listed = new Map<string, Affiliation>();
  const counts = { added: 0, updated: 0, unchanged: 0 };
  for (const row of table.rows) {
    const suggestion = readAgreement(row, reader, refusals);
    if (suggestion === null) continue;
    const key = keyOf('affiliations', suggestion);
    if (listed.has(key)) {
      refusals.add(row.line, 'duplicate', columns.read(row, 'agency'));
      continue;
    }
    const settled = settle(suggestion, before.get(key));
    listed.set(key, settled);
    counts[before.has(key) ? (lineOf('affiliations', settled) === lineOf('affiliations', before.get(key) as Affiliation) ? 'unchanged' : 'updated') : 'added']++;
  }
  const others = current.affiliations.filter((row) => !listed.has(keyOf('affiliations', row)));
  const stale = options.replace === true ? others.filter((row) => row.kind === 'program287g' && !row.confirmed) : [];
  const confirmedElsewhere = others.filter((row) => row.kind === 'program287g' && row.confirmed && row.until === null).length;
  return {
    content: { ...current, organisations: [...organisations.values()], affiliations: [...others.filter((row) => !stale.includes(row)), ...listed.values()] },
    report: {
      list: '287g', file: options.file, columns: columns.found, rows: table.rows.length, ...counts, notTaken: refusals.list, made, dropped: stale.length,
      notes: confirmedElsewhere === 0 ? [] : [`${confirmedElsewhere} confirmed agreements without an end are not on this list; they stay until a person ends them`],
    } satisfies ImportReport,
  };
}

interface Reader {
  readonly columns: Columns<Column>;
  readonly width: number;
  readonly book: NameBook;
  readonly oris: ReadonlyMap<string, string>;
  readonly listDate: string;
  readonly file: string;
}

function readAgreement(row: TableRow, reader: Reader, refusals: Refusals): Affiliation | null {
  const cell = (name: Column): string => reader.columns.read(row, name);
  const name = cell('agency');
  const refuse = (reason: ReasonCode, candidates: readonly string[] = []): null => {
    refusals.add(row.line, reason, name, candidates);
    return null;
  };
  if (row.cells.length !== reader.width) return refuse('columnCount', [`${row.cells.length} cells instead of ${reader.width}`]);
  if (name === '') return refuse('noName');
  const state = readState(cell('state'));
  if (state === null || state === 'US') return refuse('unknownState', [cell('state').slice(0, 40)]);
  const detail = modelOf(cell('model'));
  if (detail === null) return refuse('unknownModel', [cell('model').slice(0, 40)]);
  if (cell('signed') === '') return refuse('notSigned');
  const since = readDate(cell('signed'));
  const lastSeen = cell('lastSeen') === '' ? reader.listDate : readDate(cell('lastSeen'));
  if (since === null || lastSeen === null || since > reader.listDate) return refuse('badDate', [cell('signed').slice(0, 40)]);
  const match = reader.book.match({ state, name, county: cell('county'), ...levelsOf(cell('type')) });
  const stated = reader.oris.get(cell('ori')) ?? null;
  if (stated !== null && match.kind === 'one' && match.id !== stated) return refuse('ambiguous', [match.id, stated].sort());
  const from = stated ?? (match.kind === 'one' ? match.id : null);
  if (from === null) return match.kind === 'several' ? refuse('ambiguous', match.candidates) : refuse('unmatched', match.kind === 'none' ? match.candidates : []);
  return {
    kind: 'program287g', from, to: ice, detail, since,
    // A list of several days that no longer has a row says that the agreement had ended by then.
    until: lastSeen < reader.listDate && lastSeen >= since ? lastSeen : null,
    provenance: `287(g) list ${reader.file} of ${reader.listDate}, matched by ${match.kind === 'one' ? 'name' : 'the ORI beside the name'}`,
    grade: detail === 'taskForce' ? 'inseparable' : 'contractOnly', confirmed: false,
  };
}

/** What is on record stays, so that a list never takes back what a person confirmed; but a list may know the end of a suggestion. */
function settle(suggestion: Affiliation, known: Affiliation | undefined): Affiliation {
  if (known === undefined) return suggestion;
  return known.confirmed ? known : { ...known, until: suggestion.until };
}

/** Lists mix up counties and cities, but call no county or city a state agency. */
function levelsOf(type: string): Pick<NamedAgency, 'levels' | 'onlyLevels'> {
  const text = type.toLowerCase();
  if (text === 'county') return { levels: ['county'], onlyLevels: false };
  if (text === 'municipality' || text === 'city') return { levels: ['municipal'], onlyLevels: false };
  return text === 'state agency' || text === 'state' ? { levels: ['state', 'territorial', 'campus', 'special'], onlyLevels: true } : { levels: [], onlyLevels: false };
}

function modelOf(text: string): Exclude<Program287g, 'none' | 'undeclared'> | null {
  return models.find(([pattern]) => pattern.test(text.trim()))?.[1] ?? null;
}

/** `2025-06-25`, `6/25/2025` or `06/25/2025 00:00:00` as `YYYY-MM-DD`. */
function readDate(text: string): string | null {
  const iso = /^(\d{4}-\d{2}-\d{2})([ T]00:00(:00)?(\.0+)?Z?)?$/.exec(text.trim());
  const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4})( 0?0:00(:00)?)?$/.exec(text.trim());
  const date = iso?.[1] ?? (american === null ? '' : `${String(american[3])}-${String(american[1]).padStart(2, '0')}-${String(american[2]).padStart(2, '0')}`);
  return isDate(date) ? date : null;
}
