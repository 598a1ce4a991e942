import { checkContent, oriPattern, type ContentFault } from '../check.ts';
import { RegistryError } from '../errors.ts';
import type { Office, Organisation, RegistryContent } from '../model.ts';
import { emptyContent, lineOf } from '../rows.ts';
import { agencyTypes, type AgencyType } from './agencyTypes.ts';
import { findColumns, type Columns } from './columns.ts';
import { federalLine, placeFederal } from './federalBodies.ts';
import { addMissing, blank, levelOfState, stateOrganisation } from './parents.ts';
import { readState } from './places.ts';
import { Refusals, type ImportReport } from './report.ts';
import type { Table, TableRow } from './table.ts';
import type { Jurisdiction } from '../../vocabulary/index.ts';

export interface ListOptions {
  /** The name of the file, without its folder. */
  readonly file: string;
  /** The registry becomes what the file says; without it, what the file does not name stays. */
  readonly replace?: boolean;
}

export interface Imported {
  readonly content: RegistryContent;
  readonly report: ImportReport;
}

const columnSpecs = {
  ori: { headings: ['ori', 'ori9', 'oricode', 'agencyori'], content: (cell: string) => oriPattern.test(cell.toUpperCase()), required: true },
  type: { headings: ['agencytype', 'agencytypename', 'type'], content: (cell: string) => agencyTypes.has(cell.toLowerCase()), required: true },
  state: { headings: ['state', 'stateabbr', 'statepostalabbr', 'stateabbreviation', 'statename'], content: (cell: string) => readState(cell) !== null, required: true },
  name: { headings: ['name', 'agencyname', 'pubagencyname', 'ucragencyname', 'ncicagencyname'], required: true },
  longName: { headings: ['name2018', 'fullname', 'longname', 'agencynamefull', 'agencynameedit'], required: false },
  county: { headings: ['county', 'countyname', 'counties'], required: false },
} as const;
type Column = keyof typeof columnSpecs;

/**
 * The FBI's list of law-enforcement agencies: one organisation and one office for each ORI, merged into what is there.
 * An office that is there already stays with its organisation and keeps whether it is active; an organisation keeps its place and its audit.
 * Throws `columnMissing`, and `badContent` where the registry was unsound before.
 */
export function importFbi(table: Table, current: RegistryContent, options: ListOptions): Imported {
  const columns = findColumns<Column>(table, columnSpecs);
  const refusals = new Refusals();
  const read = table.rows.flatMap((row) => readAgency(row, table.heading.length, columns, refusals));
  const agencies = withoutRepeats(read, refusals);
  const base = options.replace === true ? emptyContent : current;
  let merged = merge(base, current, agencies);
  const faults = checkContent(merged.content);
  if (faults.length > 0) {
    const refused = refuse(agencies, faults, refusals);
    merged = merge(base, current, agencies.filter((agency) => !refused.has(agency)));
  }
  return {
    content: merged.content,
    report: {
      list: 'fbi', file: options.file, columns: columns.found, rows: table.rows.length, ...merged.counts,
      notTaken: refusals.list.sort((a, b) => a.line - b.line), made: merged.made,
      dropped: options.replace === true ? droppedRows(current, merged.content) : 0, notes: [],
    },
  };
}

interface Agency {
  readonly line: number;
  readonly organisation: Organisation;
  readonly office: Office;
  /** What must stand above the organisation. */
  readonly above: readonly Organisation[];
}

function readAgency(row: TableRow, width: number, columns: Columns<Column>, refusals: Refusals): Agency[] {
  const ori = columns.read(row, 'ori').toUpperCase();
  const name = bestName(columns.read(row, 'name'), columns.read(row, 'longName'));
  const refuse = (reason: Parameters<Refusals['add']>[1], against: readonly string[] = []): Agency[] => {
    refusals.add(row.line, reason, ori === '' ? name : ori, against);
    return [];
  };
  if (row.cells.length !== width) return refuse('columnCount', [`${row.cells.length} cells instead of ${width}`]);
  if (!oriPattern.test(ori)) return refuse('badOri');
  if (name === '') return refuse('noName');
  const type = agencyTypes.get(columns.read(row, 'type').toLowerCase());
  if (type === undefined) return refuse('unknownType', [columns.read(row, 'type').slice(0, 40)]);
  const state = readState(columns.read(row, 'state'));
  if (state === null) return refuse('unknownState', [columns.read(row, 'state').slice(0, 40)]);
  if ((state === 'US') !== (type.level === 'federal')) return refuse('contradiction', [`type ${columns.read(row, 'type')} with state ${state}`]);
  const county = columns.read(row, 'county');
  return [{
    line: row.line,
    ...(state === 'US' ? federalAgency(ori, name) : localAgency(ori, name, type, state)),
    office: {
      ori, organisation: '', name, type: type.office, active: true, county: county === '' ? null : county,
      // The letters of an ORI say where a federal office stands, and nothing else.
      state: state === 'US' ? (readState(ori.slice(0, 2)) ?? ori.slice(0, 2)) : state,
    },
  }].map((agency) => ({ ...agency, office: { ...agency.office, organisation: agency.organisation.id } }));
}

function localAgency(ori: string, name: string, type: AgencyType, state: Jurisdiction): Pick<Agency, 'organisation' | 'above'> {
  const above = type.ofState ? [stateOrganisation(state)] : [];
  const parent = above[0]?.id ?? null;
  const id = parent === null ? ori.toLowerCase() : `${parent}/${ori.toLowerCase()}`;
  return {
    above,
    organisation: blank(id, name, {
      parent, level: type.ofState ? levelOfState(state) : type.level, missions: type.missions, criminalJustice: 'yes',
      // A tribe is no part of the state in which it lies: the list says where its office stands, not a home state.
      homeState: type.level === 'tribal' ? null : state,
    }),
  };
}

/** A part that has its own word is one organisation with many offices; any other body is one organisation for each ORI. */
function federalAgency(ori: string, name: string): Pick<Agency, 'organisation' | 'above'> {
  const place = placeFederal(name);
  const line = federalLine(place.parent);
  const own = line.find((row) => row.id === place.parent && place.component !== null && row.component === place.component && place.component !== 'none');
  if (own !== undefined) return { organisation: own, above: line.slice(0, -1) };
  return {
    above: line,
    organisation: blank(`${place.parent}/${ori.toLowerCase()}`, name, {
      parent: place.parent, department: place.department, component: place.component ?? 'undeclared', missions: place.missions, criminalJustice: 'yes',
    }),
  };
}

/** The list has a short name ("Fisher") and for most an older long one ("Fisher Police Department"): the long one where it is the same name made longer. */
function bestName(name: string, longName: string): string {
  if (name === '') return longName;
  return longName.toUpperCase().startsWith(name.toUpperCase()) ? longName : name;
}

function withoutRepeats(agencies: readonly Agency[], refusals: Refusals): readonly Agency[] {
  const seen = new Map<string, number>();
  return agencies.filter(({ office: { ori }, line }) => {
    const first = seen.get(ori);
    if (first === undefined) seen.set(ori, line);
    else refusals.add(line, 'duplicate', ori, [`line ${first}`]);
    return first === undefined;
  });
}

interface Merged {
  readonly content: RegistryContent;
  readonly counts: Pick<ImportReport, 'added' | 'updated' | 'unchanged'>;
  readonly made: readonly string[];
}

/** `base` is what stays; `current` is what was there, by which a row counts as new, changed or the same. */
function merge(base: RegistryContent, current: RegistryContent, agencies: readonly Agency[]): Merged {
  const organisations = new Map(base.organisations.map((row) => [row.id, row]));
  const offices = new Map(base.offices.map((row) => [row.ori, row]));
  const before = { organisations: new Map(current.organisations.map((row) => [row.id, row])), offices: new Map(current.offices.map((row) => [row.ori, row])) };
  const made: string[] = [];
  const counts = { added: 0, updated: 0, unchanged: 0 };
  for (const agency of agencies) {
    made.push(...addMissing(organisations, agency.above));
    const was = before.offices.get(agency.office.ori);
    const placed = was !== undefined && organisations.has(was.organisation) ? was.organisation : agency.organisation.id;
    const office: Office = { ...agency.office, organisation: placed, active: was?.active ?? true };
    const known = before.organisations.get(placed);
    const organisation = placed === agency.organisation.id ? settle(agency.organisation, organisations.get(placed) ?? known) : (organisations.get(placed) as Organisation);
    offices.set(office.ori, office);
    organisations.set(placed, organisation);
    if (was === undefined) counts.added++;
    else if (lineOf('offices', was) === lineOf('offices', office) && known !== undefined && lineOf('organisations', known) === lineOf('organisations', organisation)) counts.unchanged++;
    else counts.updated++;
  }
  const kept = new Set(organisations.keys());
  const edges = base === current ? current : { affiliations: current.affiliations.filter((row) => kept.has(row.from) && kept.has(row.to)), certifications: current.certifications.filter((row) => kept.has(row.organisation)) };
  return {
    content: { organisations: [...organisations.values()], offices: [...offices.values()], affiliations: edges.affiliations, certifications: edges.certifications },
    counts, made: [...new Set(made)],
  };
}

/** What the list says of an organisation, on top of what it does not know. A federal part is in our own table already: it stays as it is. */
function settle(listed: Organisation, known: Organisation | undefined): Organisation {
  if (known === undefined) return listed;
  return listed.component !== null && listed.component !== 'undeclared' && listed.component !== 'none' ? known : { ...listed, parent: known.parent, audit: known.audit };
}

/** Rows of the file that break a rule. A fault in any other row was there before, and is not this file's. */
function refuse(agencies: readonly Agency[], faults: readonly ContentFault[], refusals: Refusals): ReadonlySet<Agency> {
  const byKey = new Map<string, Agency>(agencies.flatMap((agency) => [[`offices ${agency.office.ori}`, agency], [`organisations ${agency.organisation.id}`, agency]]));
  const refused = new Set<Agency>();
  for (const fault of faults) {
    const agency = byKey.get(`${fault.kind} ${fault.key}`);
    if (agency === undefined) throw new RegistryError('badContent', 'the registry has unsound rows besides those of the file', faults);
    if (!refused.has(agency)) refusals.add(agency.line, 'refused', agency.office.ori, [fault.code, fault.at]);
    refused.add(agency);
  }
  return refused;
}

function droppedRows(before: RegistryContent, after: RegistryContent): number {
  const organisations = new Set(after.organisations.map(({ id }) => id));
  const offices = new Set(after.offices.map(({ ori }) => ori));
  return before.organisations.filter(({ id }) => !organisations.has(id)).length + before.offices.filter(({ ori }) => !offices.has(ori)).length
    + (before.affiliations.length - after.affiliations.length) + (before.certifications.length - after.certifications.length);
}
