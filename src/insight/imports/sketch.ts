import { stringify } from 'yaml';
import { allPurposes, answerStatuses, inquiryKeys, namesOf } from '../../vocabulary/index.ts';
import { fixedRuns, jsonColumns, tableColumns, type SketchColumn } from './sketchColumns.ts';
import { timeReader, type ReadTime } from './timeFormat.ts';

/** A proposal for a mapping. */
export interface Sketch {
  /** YAML, with comments that say what to look at. Where something needed was not found it is no mapping yet. */
  readonly text: string;
  /** What a person has to decide. */
  readonly open: readonly string[];
}

/**
 * Proposes a mapping by looking at the first lines of a log: how it is laid out, and which column holds what, by names and by what the values look like.
 * Only values of columns that hold codes are repeated.
 */
export function sketchMapping(text: string): Sketch {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/).slice(0, 5_000);
  const found = layoutOf(lines.filter((line) => line.trim() !== '' && !line.startsWith('#')));
  const open: string[] = [];
  if (found.format === 'message') return messageSketch(lines);
  const taken = new Set<string>();
  const roles = new Map<Role, SketchColumn>();
  for (const role of roleNames) {
    const best = found.columns.filter(({ name }) => !taken.has(name)).map((column) => ({ column, score: scoreOf(role, column) })).sort((a, b) => b.score - a.score)[0];
    if (best === undefined || best.score < 1) continue;
    roles.set(role, best.column);
    taken.add(best.column.name);
  }
  if (!roles.has('time')) findTime(found.columns, taken, roles);
  const parts: string[] = [...found.head, ...timePart(roles, open)];
  for (const role of ['ori', 'key', 'owner', 'purpose', 'status'] as const) parts.push(...codePart(role, roles.get(role), open));
  for (const [member, role] of [['caseNumber', 'caseNumber'], ['user', 'user'], ['image', 'image'], ['records', 'records'], ['id', 'id']] as const) {
    const column = roles.get(role);
    if (column !== undefined) parts.push(`${member}: ${quote(column.name)}`);
  }
  parts.push(...subjectPart(roles));
  const rest = found.columns.filter(({ name }) => !taken.has(name)).map(({ name }) => name);
  if (rest.length > 0) parts.push(`# columns that were not recognised: ${rest.join(', ')}`);
  return { text: `${['log: 1', 'about: ', ...parts].join('\n').replace('about: ', 'about: A log of another system   # say which')}\n`, open };
}

/** A day and a time side by side, where no name says so. */
function findTime(columns: readonly SketchColumn[], taken: Set<string>, roles: Map<Role, SketchColumn>): void {
  columns.forEach((day, at) => {
    const time = columns[at + 1];
    if (roles.has('time') || time === undefined || taken.has(day.name) || taken.has(time.name)) return;
    if (formOf(day.values.map((value, row) => `${value.trim()} ${(time.values[row] ?? '').trim()}`)) === null) return;
    roles.set('date', day).set('time', time);
    taken.add(day.name).add(time.name);
  });
}

type Role = 'time' | 'date' | 'id' | 'ori' | 'owner' | 'key' | 'purpose' | 'status' | 'caseNumber' | 'user' | 'birthDate' | 'sex' | 'licence' | 'plate' | 'plateYear' | 'plateType' | 'vin' | 'name' | 'surname' | 'given' | 'image' | 'records';

const ori = /^[A-Za-z]{2}(?:[A-Za-z0-9]{5}|[A-Za-z0-9]{7})\s*$/;
const patterns: Readonly<Record<Role, readonly [names: RegExp, values: RegExp | null]>> = {
  date: [/^(?:log_?)?date$|^day$/i, /^\d/], time: [/time|stamp|^ts$|^at$|^when$/i, /^\d/],
  id: [/^(?:id|seq|seqno|msg_?(?:id|no)|message_?id|uuid)$|_id$/i, null], ori: [/ori\b|^ori|agency|requester|sender/i, ori], owner: [/^(?:dst|dest\w*|owner|to_?state|state)$/i, /^[A-Za-z]{2}\b/],
  key: [/^(?:mke|key|tran\w*|msg_?type|message_?(?:type|key)|type)$/i, /^[A-Za-z0-9_-]{1,12}$/], purpose: [/^(?:pur\w*|reason\w*|rsn)$/i, /^.{1,30}$/], status: [/stat(?:us)?$|result|outcome|disposition/i, /^.{1,30}$/],
  caseNumber: [/case|incident/i, null], user: [/user|operator|badge|login|officer/i, null], birthDate: [/dob|birth/i, /^\d/], sex: [/^(?:sex|gender)$/i, /^[A-Za-z]+$/], licence: [/^(?:oln|dln?|licen[cs]e_?(?:no|number)?|driver_?licen\w*)$/i, null],
  plateYear: [/^liy$|plate_?year/i, null], plateType: [/^lit$|plate_?type/i, null], plate: [/^(?:lic|plate\w*|tag)$/i, null], vin: [/vin/i, null], surname: [/last_?name|surname/i, null], given: [/first_?name|given/i, null],
  name: [/^(?:nam|name|full_?name|subject_?name)$/i, null], image: [/^(?:imq|image|photo)$/i, null], records: [/^(?:n|count|records?|hits)$/i, /^\d{1,6}$/],
};
const roleNames = Object.keys(patterns) as Role[];

/** The name of the column counts most; what the values look like decides where it says nothing, and can refute it. For a path in JSON its last step is the name. */
function scoreOf(role: Role, { name, values }: SketchColumn): number {
  const [names, looks] = patterns[role];
  const plain = name.trim().replaceAll(/[\s.-]+/g, '_');
  const byName = names.test(name.split('.').at(-1) ?? name) || names.test(plain) ? 2 : 0;
  const stated = values.filter((value) => value.trim() !== '');
  const fitting = stated.filter((value) => (looks ?? /./).test(value.trim())).length;
  if (stated.length > 0 && looks !== null && fitting < 0.8 * stated.length) return 0;
  if (role === 'ori' && stated.length > 0 && byName === 0) return stated.every((value) => /^[A-Z]{2}[A-Z0-9]{7}\s*$/.test(value) && /\d/.test(value)) ? 1 : 0;
  if (role === 'key' && byName === 0) return stated.length > 0 && stated.every((value) => (inquiryKeys as readonly string[]).includes(value.trim())) ? 1 : 0;
  if (role === 'time' && byName === 0) return stated.length > 0 && formOf(stated) !== null && /\d\d:\d\d/.test(stated[0] ?? '') ? 1 : 0;
  return byName;
}

const forms = [
  'iso', 'YYYY-MM-DD HH:mm:ss.SSS', 'YYYY-MM-DD HH:mm:ss', 'YYYY-MM-DD HH:mm', 'YYYYMMDD HHmmss.SSS', 'YYYYMMDD HHmmss', 'YYYYMMDD HHmm', 'YYYYMMDDHHmmssSSS', 'YYYYMMDDHHmmss', 'MM/DD/YYYY HH:mm:ss.SSS', 'MM/DD/YYYY HH:mm:ss', 'MM/DD/YYYY HH:mm',
  'MM/DD/YY HH:mm:ss', 'M/D/YYYY h:mm:ss A', 'M/D/YYYY h:mm A', 'M/D/YYYY H:mm', 'M/D/YYYY H:mm:ss', 'DD-MMM-YYYY HH:mm:ss', 'YYYYDDD HHmmss', 'HH:mm MM/DD/YYYY', 'YYYY-MM-DD', 'YYYYMMDD', 'MM/DD/YYYY', 'unixMs', 'unix',
];

/** The form that nearly all values have: a log may have some that are spoiled. */
function formOf(values: readonly string[]): string | null {
  const into: ReadTime = { local: 0, offset: NaN };
  return forms.find((form) => {
    const read = timeReader(form);
    return values.length > 0 && values.filter((value) => read(value.trim(), into) && into.local > Date.UTC(1990, 0, 1) && into.local < Date.UTC(2100, 0, 1)).length >= 0.75 * values.length;
  }) ?? null;
}

function timePart(roles: ReadonlyMap<Role, SketchColumn>, open: string[]): readonly string[] {
  const columns = [roles.get('date'), roles.get('time')].filter((column) => column !== undefined);
  const rows = (columns[0]?.values ?? []).map((_, row) => columns.map(({ values }) => (values[row] ?? '').trim()).join(' ')).filter((value) => value.trim() !== '');
  const form = formOf(rows);
  if (columns.length === 0 || form === null) {
    open.push('which column is the time of the request, and how it is written');
    return ['time: { columns: [WHICH], form: HOW, zone: WHERE }   # for example columns: [DATE, TIME], form: "YYYYMMDD HHmmss", zone: America/Chicago'];
  }
  const zoned = form.startsWith('unix') || (form === 'iso' && rows.every((row) => /(?:Z|[+-]\d\d:?\d\d)$/.test(row)));
  if (!zoned) open.push('in which time zone the clock ran that wrote the log: `time.zone`');
  const names = columns.map(({ name }) => quote(name)).join(', ');
  return [`time: { columns: [${names}], form: ${JSON.stringify(form)}${zoned ? '' : ', zone: WHERE'} }${zoned ? '' : '   # WHERE: for example America/Los_Angeles; see the first times'}`];
}

const synonyms: Readonly<Record<'key' | 'purpose' | 'status', Readonly<Record<string, string>>>> = {
  key: { DL: 'DQ', DRIVER: 'DQ', LICENSE: 'DQ', LICENCE: 'DQ', HIST: 'KQ', HISTORY: 'KQ', REG: 'RQ', REGISTRATION: 'RQ', VEH: 'RQ', PLATE: 'RQ' },
  purpose: { TRAFFIC: 'trafficEnforcement', CRIMINAL: 'criminalInvestigation', INVESTIGATION: 'criminalInvestigation' },
  status: { HIT: 'answered', OK: 'answered', FOUND: 'answered', NOHIT: 'noRecord', 'NO HIT': 'noRecord', 'NO RECORD': 'noRecord', NOTFOUND: 'noRecord', 'NOT FOUND': 'noRecord', DENY: 'refused', DENIED: 'refused', REFUSED: 'refused', ERROR: 'unavailable', TIMEOUT: 'unavailable' },
};
const words = { key: inquiryKeys, purpose: allPurposes, status: namesOf(answerStatuses) } as const;

function codePart(role: 'ori' | 'key' | 'owner' | 'purpose' | 'status', column: SketchColumn | undefined, open: string[]): readonly string[] {
  if (column === undefined) {
    if (role === 'ori' || role === 'key') {
      open.push(role === 'ori' ? 'which column is the ORI of the asker' : 'which column is the message key or transaction code');
      return [`# ${role}: WHICH COLUMN`];
    }
    return [];
  }
  if (role === 'ori' || role === 'owner') return [`${role}: ${quote(column.name)}`];
  const counts = new Map<string, number>();
  for (const value of column.values) if (value.trim() !== '') counts.set(value.trim(), (counts.get(value.trim()) ?? 0) + 1);
  // Many different values are no codes, and may be names.
  if (counts.size > 40) return [`# ${role}: ${quote(column.name)}   # has too many different values to be a code`];
  const known = [...counts].filter(([value]) => words[role].some((word) => word.toUpperCase() === value.toUpperCase()));
  if (known.length === counts.size) return [`${role}: ${quote(column.name)}`];
  const rest = [...counts].filter(([value]) => !known.some(([one]) => one === value)).sort((a, b) => b[1] - a[1]);
  const unknown = rest.filter(([value]) => synonyms[role][value.toUpperCase()] === undefined);
  if (unknown.length > 0) open.push(`what the codes of \`${role}\` mean: ${unknown.length} ${unknown.length === 1 ? 'is' : 'are'} not known`);
  const line = ([value, count]: readonly [string, number]): string => {
    const ours = synonyms[role][value.toUpperCase()];
    return ours === undefined ? `    # ${JSON.stringify(value)}: WHAT   # ${count} of the lines looked at` : `    ${JSON.stringify(value)}: ${ours}   # is it so?`;
  };
  const guessed = rest.some(([value]) => synonyms[role][value.toUpperCase()] !== undefined);
  return [`${role}:`, `  column: ${quote(column.name)}`, guessed ? '  values:' : '  # values:', ...rest.map(line), `  # words: ${words[role].join(', ')}`];
}

function subjectPart(roles: ReadonlyMap<Role, SketchColumn>): readonly string[] {
  const column = (role: Role): string | null => roles.get(role)?.name ?? null;
  const items: string[] = [];
  const [licence, plate, vin, name, surname] = [column('licence'), column('plate'), column('vin'), column('name'), column('surname')];
  if (licence !== null) items.push(`  - { kind: licence, number: ${quote(licence)} }`);
  if (plate !== null) items.push(`  - { kind: plate, plate: ${quote(plate)}${member(', plateYear', column('plateYear'))}${member(', plateType', column('plateType'))} }`);
  if (vin !== null) items.push(`  - { kind: vin, vin: ${quote(vin)} }`);
  const naming = surname !== null ? `{ surname: ${quote(surname)}${member(', given', column('given'))} }` : name !== null ? `{ full: ${quote(name)} }` : null;
  if (naming !== null) {
    const birth = roles.get('birthDate');
    const days = (birth?.values ?? []).map((value) => value.trim()).filter((value) => value !== '');
    const form = ['YYYY-MM-DD', 'YYYYMMDD', 'MM/DD/YYYY', 'M/D/YYYY', 'MMDDYYYY'].find((one) => days.length > 0 && days.every((day) => timeReader(one)(day, { local: 0, offset: 0 })));
    items.push(`  - { kind: person, name: ${naming}${member(', birthDate', birth?.name ?? null)}${form === undefined ? '' : `, birthDateForm: ${form}`}${member(', sex', column('sex'))} }`);
  }
  return items.length === 0 ? [] : ['subject:   # only a keyed tag is kept of it', ...items];
}

function member(name: string, column: string | null): string {
  return column === null ? '' : `${name}: ${quote(column)}`;
}

/** As YAML writes it inside braces. */
function quote(text: string): string {
  return /^[A-Za-z_][A-Za-z0-9_.-]*$/.test(text) && !/^(?:true|false|null|y|n|yes|no|on|off)$/i.test(text) ? text : JSON.stringify(text);
}

interface Found {
  readonly format: 'csv' | 'jsonl' | 'fixed' | 'message';
  /** Lines of the mapping. */
  readonly head: readonly string[];
  readonly columns: readonly SketchColumn[];
}

const messageLine = /(?:^|[\s|;,])[A-Z]{2,4}\.[A-Z]{2}[A-Z0-9]{7}\./;

function layoutOf(lines: readonly string[]): Found {
  if (lines.filter((line) => messageLine.test(line)).length > 0.2 * lines.length) return { format: 'message', head: [], columns: [] };
  const json = jsonColumns(lines);
  if (json !== null) return { format: 'jsonl', head: ['format: jsonl'], columns: json };
  const found = tableColumns(lines);
  if (found !== null) {
    const { delimiter, header, columns } = found;
    const dialect = [...(delimiter === ',' ? [] : [`delimiter: ${JSON.stringify(delimiter)}`]), ...(header ? [] : ['header: false', `columns: ${stringify(columns.map(({ name }) => name), { collectionStyle: 'flow', lineWidth: 0 }).trim()}`])];
    return { format: 'csv', head: ['format: csv', ...(dialect.length === 0 ? [] : [`csv: { ${dialect.join(', ')} }`])], columns };
  }
  const columns = fixedRuns(lines);
  return { format: 'fixed', head: ['format: fixed', 'fixed:', '  columns:   # name: [first character from 1, number of characters]', ...columns.map(({ name, start, length }) => `    ${name}: [${start}, ${length}]`)], columns };
}

/** Where the message stands on its line, and what is in front; else a line of columns in front of each message. */
function messageSketch(lines: readonly string[]): Sketch {
  const at = lines.findIndex((line) => messageLine.test(line));
  const line = lines[at] ?? '';
  const place = line.search(/[A-Z]{2,4}\.[A-Z]{2}[A-Z0-9]{7}\./);
  const etx = lines.some((one) => one.includes('\u0003'));
  const front = place > 0 ? line.slice(0, place) : lines[at - 1] ?? '';
  const delimiter = front.includes('|') ? '|' : front.includes('\t') ? '\t' : front.includes(';') ? ';' : ' ';
  const cells = (place > 0 && front.endsWith(delimiter) ? front.slice(0, -1) : front).split(delimiter);
  const names = cells.map((_, column) => `C${column + 1}`);
  const [one, two] = [formOf([cells[0] ?? '']), formOf([cells.slice(0, 2).join(' ')])];
  const form = two ?? one;
  const timeColumns = two === null ? 1 : 2;
  const zoned = form === 'iso' && /(?:Z|[+-]\d\d:?\d\d)$/.test(cells[timeColumns - 1] ?? '');
  return {
    text: [
      'log: 1', 'about: A log of messages   # say which', 'format: message',
      `message: { frame: ${place > 0 ? 'line' : etx ? 'etx' : 'blank'}, columns: [${names.join(', ')}]${delimiter === ' ' ? '' : `, delimiter: ${JSON.stringify(delimiter)}`} }   # what stands in front of a message; give the columns names`,
      form === null ? 'time: { columns: [WHICH], form: HOW, zone: WHERE }' : `time: { columns: [${names.slice(0, timeColumns).join(', ')}], form: ${JSON.stringify(form)}${zoned ? '' : ', zone: WHERE'} }`,
      '# skip: { where: [{ column: C2, is: [OUT] }] }   # lines that are no requests, such as answers', '# user: C3   # the person or terminal that asked', '',
    ].join('\n'),
    open: [...(form === null ? ['which columns are the time, and how it is written'] : []), ...(zoned ? [] : ['in which time zone the clock ran that wrote the log: `time.zone`']), 'what the columns in front of each message are'],
  };
}
