import { purposeOf } from '../../exchange/purpose.ts';
import type { DirectoryInquiry, Inquiry, PersonName, Subject } from '../../model/index.ts';
import {
  allDataClasses, allPurposes, answerStatuses, courtClasses, defaultLegacyPurposes, inquiryKeys, namesOf,
  type AnswerStatus, type CourtClass, type DataClass, type EvidenceGrade, type InquiryKey, type Purpose,
} from '../../vocabulary/index.ts';
import { textColumn, themselves, valueColumn, wordColumn, type TextColumn } from './columns.ts';
import type { Layout } from './layout.ts';
import type { Mapping, PresentMapping } from './mappingSchema.ts';
import type { Oris, PlacedOri } from './oris.ts';
import type { Refusal, Remark } from './reasons.ts';
import { nameReader, subjectReader } from './subjects.ts';
import { timeReader, type ReadTime } from './timeFormat.ts';
import { zoneOf } from './zones.ts';

/** One entry of a log as the mapping reads it. Holds names: it lives no longer than its line. */
export interface LogEntry {
  at: number;
  who: PlacedOri;
  behalf: PlacedOri | null;
  key: InquiryKey;
  image: boolean;
  purpose: Purpose;
  warrant: EvidenceGrade;
  court: CourtClass;
  caseNumber: EvidenceGrade;
  status: AnswerStatus;
  /** Null where the log does not say: what the key implies. */
  released: readonly DataClass[] | null;
  /** Null where the log does not say. */
  records: number | null;
  subject: Subject | null;
  user: string | null;
  userName: PersonName | null;
  id: string | null;
  readonly remarks: Remark[];
}

/** Reads a message of the network. Given by whoever may know the wire. */
export type MessageDecoder = (text: string) => { readonly inquiry: Inquiry | DirectoryInquiry } | { readonly fault: string };

export interface EntryContext {
  readonly mapping: Mapping;
  readonly layout: Layout;
  readonly owner: string;
  readonly oris: Oris;
  readonly decode: MessageDecoder;
  /** Milliseconds. */
  readonly now: () => number;
}

/** Reads cells into `entry`; gives a reason where the line is not one, or `rule` or `notRequest` where it is to be skipped. `last` is the time of the entry before. */
export type EntryReader = (cells: readonly string[], entry: LogEntry, last: number) => Refusal | 'rule' | 'notRequest' | null;

/** Compiles a mapping: all that depends on it and not on the line is done here once. */
export function entryReader(context: EntryContext): EntryReader {
  const { mapping, layout, oris } = context;
  const { place } = layout;
  const skip = skipReader(mapping, place);
  const readTime = timeOf(context);
  const readRequest = layout.message === null ? columnRequest(context) : messageRequest(context, layout.message);
  const behalf = mapping.onBehalfOf === undefined ? null : valueColumn(mapping.onBehalfOf, place);
  const status = mapping.status === undefined ? null : wordColumn(mapping.status, place, themselves(namesOf(answerStatuses)));
  const released = releasedReader(mapping, place);
  const records = mapping.records === undefined ? null : textColumn(mapping.records, place);
  const [caseNumber, warrant] = [presentReader(mapping.caseNumber, place), presentReader(mapping.warrant, place)];
  const court = mapping.court === undefined ? null : wordColumn(mapping.court, place, themselves(namesOf(courtClasses)));
  const user = mapping.user === undefined ? null : textColumn(mapping.user, place);
  const userName = mapping.userName === undefined ? null : nameReader(mapping.userName, place);
  const id = mapping.id === undefined ? null : valueColumn(mapping.id, place);
  return (cells, entry, last) => {
    entry.remarks.length = 0;
    if (skip(cells)) return 'rule';
    const refused = readTime(cells, entry, last) ?? readRequest(cells, entry);
    if (refused !== null) return refused;
    if (id !== null && (entry.id = id(cells)) === '') return 'missingId';
    entry.behalf = null;
    if (behalf !== null) {
      const text = behalf(cells);
      const found = text === '' ? null : oris.find(text);
      if (found === null && text !== '') entry.remarks.push('badBehalf');
      entry.behalf = found?.ori === entry.who.ori ? null : found;
    }
    entry.status = 'answered';
    if (status !== null) {
      const word = status(cells);
      if (word === null || word === undefined) return 'unknownStatus';
      entry.status = word;
    }
    entry.released = released(cells, entry);
    entry.records = null;
    if (records !== null) {
      const text = records(cells);
      if (text !== '' && !/^\d{1,6}$/.test(text)) return 'badCount';
      entry.records = text === '' ? null : Number(text);
    }
    entry.caseNumber = caseNumber(cells);
    entry.warrant = warrant(cells);
    entry.court = 'notStated';
    if (court !== null && entry.warrant !== 'none') {
      const word = court(cells);
      if (word === undefined) entry.remarks.push('unknownCourt');
      entry.court = word ?? 'notStated';
    }
    entry.user = user === null ? null : user(cells) || null;
    entry.userName = userName === null ? null : userName(cells);
    if (entry.who.mended !== null) entry.remarks.push(entry.who.mended);
    if (entry.who.unplaced !== null) entry.remarks.push(entry.who.unplaced);
    return null;
  };
}

type Part = (cells: readonly string[], entry: LogEntry) => Refusal | 'notRequest' | null;

/** Key, asker, purpose, subject out of columns. */
function columnRequest({ mapping, layout: { place }, owner, oris }: EntryContext): Part {
  const ori = valueColumn(mapping.ori ?? '', place);
  const key = wordColumn(mapping.key ?? '', place, themselves(inquiryKeys));
  const asked = mapping.owner === undefined ? null : valueColumn(mapping.owner, place);
  const image = mapping.image === undefined ? null : wordColumn(mapping.image, place, imageWords);
  const purpose = mapping.purpose === undefined ? null : wordColumn(mapping.purpose, place, themselves(allPurposes));
  const subject = mapping.subject === undefined ? null : subjectReader(mapping.subject, place);
  return (cells, entry) => {
    const text = ori(cells);
    if (text === '') return 'missingOri';
    const who = oris.find(text);
    if (who === null) return 'malformedOri';
    entry.who = who;
    const word = key(cells);
    if (word === null) return 'missingKey';
    if (word === undefined) return 'unknownKey';
    entry.key = word;
    if (asked !== null && !isFor(asked(cells), owner)) return 'wrongOwner';
    entry.image = image !== null && image(cells) === 'yes';
    entry.purpose = 'notStated';
    if (purpose !== null) {
      const why = purpose(cells);
      if (why === undefined) entry.remarks.push('unknownPurpose');
      entry.purpose = why ?? 'notStated';
    }
    entry.subject = null;
    if (subject !== null) {
      const found = subject(cells, word);
      if (found === 'bad') entry.remarks.push('badSubject');
      else entry.subject = found;
    }
    return null;
  };
}

const imageWords: Readonly<Record<string, 'yes' | 'no'>> = { yes: 'yes', no: 'no', Y: 'yes', N: 'no', true: 'yes', false: 'no', T: 'yes', F: 'no', 1: 'yes', 0: 'no' };

/** The owner among the destinations of a cell; `NL` is all owners. */
function isFor(text: string, owner: string): boolean {
  if (text === owner) return true;
  const destinations = text.toUpperCase().split(/[\s,;|]+/);
  return destinations.includes(owner) || destinations.includes('NL');
}

/** The same out of a message of the network. */
function messageRequest({ owner, oris, decode }: EntryContext, place: number): Part {
  const keys: ReadonlySet<string> = new Set(inquiryKeys);
  return (cells, entry) => {
    const text = cells[place] ?? '';
    const key = /^\s*([A-Z]{2,4})\./.exec(text)?.[1];
    if (key !== undefined && !keys.has(key)) return 'notRequest';
    const found = decode(text);
    if ('fault' in found) return 'badMessage';
    const { inquiry } = found;
    if (inquiry.key === 'TQ') return 'notRequest';
    if (!inquiry.destinations.includes(owner) && !inquiry.destinations.includes('NL')) return 'wrongOwner';
    const who = oris.find(inquiry.requester);
    if (who === null) return 'malformedOri';
    entry.who = who;
    entry.key = inquiry.key;
    entry.image = inquiry.image === true;
    entry.purpose = purposeOf(inquiry, defaultLegacyPurposes);
    entry.subject = inquiry.subject;
    return null;
  };
}

/** The time as milliseconds of UTC. */
function timeOf({ mapping: { time }, layout: { place }, now }: EntryContext): (cells: readonly string[], entry: LogEntry, last: number) => Refusal | null {
  const columns = time.columns.map((column) => textColumn(column, place));
  const [only] = columns.length === 1 ? columns : [];
  const read = timeReader(time.form);
  const zone = time.zone === undefined ? null : zoneOf(time.zone);
  const earliest = Date.parse(time.earliest ?? '1990-01-01');
  // A log that is followed goes on for weeks: tomorrow moves.
  let latest = time.latest === undefined ? now() + day : Date.parse(time.latest) + day;
  const tooLate = (at: number): boolean => {
    if (at < latest) return false;
    if (time.latest === undefined) latest = now() + day;
    return at >= latest;
  };
  const found: ReadTime = { local: 0, offset: NaN };
  return (cells, entry, last) => {
    const text = only === undefined ? columns.map((column) => column(cells)).join(' ').trim() : only(cells);
    if (text === '') return 'missingTime';
    if (text.length > 60 || !read(text, found)) return 'badTime';
    let at = found.local - found.offset;
    if (Number.isNaN(at)) {
      if (zone === null) return 'badTime';
      if (found.local < earliest - day || tooLate(found.local - day)) return 'timeOutOfRange';
      at = zone.toUtc(found.local);
      if (Number.isNaN(at)) return 'timeInGap';
      const second = zone.second(found.local);
      if (!Number.isNaN(second)) {
        entry.remarks.push('timeTwice');
        if (time.overlap === 'second' || (time.overlap === 'order' && at < last - slack)) at = second;
      }
    }
    if (at < earliest || tooLate(at)) return 'timeOutOfRange';
    entry.at = at;
    return null;
  };
}

const day = 86_400_000;
/** Lines of several terminals are seldom quite in order. */
const slack = 600_000;

function presentReader(mapped: PresentMapping | undefined, place: (column: string) => number): (cells: readonly string[]) => EvidenceGrade {
  if (mapped === undefined) return () => 'none';
  const given = typeof mapped === 'string' ? { column: mapped } : mapped;
  const read = textColumn(given.column, place);
  const absent = new Set((given.absent ?? []).map((word) => word.trim().toUpperCase()));
  const grade = given.grade ?? 'numbered';
  return (cells) => {
    const text = read(cells);
    return text === '' || absent.has(text.toUpperCase()) ? 'none' : grade;
  };
}

function releasedReader({ released }: Mapping, place: (column: string) => number): (cells: readonly string[], entry: LogEntry) => readonly DataClass[] | null {
  if (released === undefined) return () => null;
  const read: TextColumn = textColumn(released.column, place);
  const table = new Map<string, string>([...allDataClasses.map((one): [string, string] => [one.toUpperCase(), one]), ...Object.entries(released.values ?? {}).map(([theirs, ours]): [string, string] => [theirs.toUpperCase(), ours])]);
  return (cells, entry) => {
    const classes = new Set<DataClass>();
    for (const one of read(cells).split(released.separator ?? /[\s,;|]+/)) {
      const word = one.trim();
      if (word === '') continue;
      const dataClass = table.get(word.toUpperCase());
      if (dataClass === undefined) entry.remarks.push('unknownClass');
      else classes.add(dataClass as DataClass);
    }
    return allDataClasses.filter((one) => classes.has(one));
  };
}

function skipReader({ skip }: Mapping, place: (column: string) => number): (cells: readonly string[]) => boolean {
  const rules = (skip?.where ?? []).map(({ column, is }) => ({ read: textColumn(column, place), words: new Set(is.map((word) => word.trim().toUpperCase())) }));
  return (cells) => rules.some(({ read, words }) => words.has(read(cells).toUpperCase()));
}
