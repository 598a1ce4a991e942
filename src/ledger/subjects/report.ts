import { createHash } from 'node:crypto';
import type { Recorded } from '../../exchange/ports.ts';
import type { Entry, OpeningEntry, Subject } from '../../model/index.ts';
import type { Report, ReportAnchored, ReportEntry, ReportEpoch } from '../../verify/report.ts';
import { reportFields } from '../../verify/report.ts';
import { saltedFields } from '../entry/commit.ts';
import type { LedgerReader } from '../reader.ts';
import { anchorLog } from '../record.ts';
import type { OpenedRecord } from '../types.ts';
import { blinder } from './blind.ts';
import type { SubjectKeys } from './blind.ts';
import { dayAfter } from './close.ts';
import { EpochIndex } from './epochFile.ts';
import { SubjectsError } from './errors.ts';
import type { AnchorFacts, ClosedEpoch } from './facts.ts';
import { newId } from './ids.ts';
import { isWithheld } from './withheld.ts';
import type { WithheldState } from './withheld.ts';

/** The tree of one log under its latest checkpoint. */
export interface ProvenLog {
  readonly origin: string;
  /** The signed note. */
  readonly note: string;
  readonly size: number;
  proof(index: number): Promise<readonly Uint8Array[]>;
}

export interface ReportOptions {
  readonly owner: string;
  readonly subjects: readonly Subject[];
  /** Days, both in the period. */
  readonly from: string;
  readonly to: string;
  /** The number of the request: never a name. */
  readonly who: string;
  readonly reader: Pick<LedgerReader, 'entry'>;
  readonly keys: SubjectKeys;
  /** The ledger's folder, for the indices. */
  readonly epochs: string;
  readonly facts: AnchorFacts;
  readonly withheld: WithheldState;
  /** Asked once for the owner's log and once for the anchor log, for a tree that covers a leaf index. */
  readonly tree: (log: string, covering: number) => Promise<ProvenLog>;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Told after each day. */
  readonly onDay?: (done: number, total: number) => void;
}

/**
 * The report for one resident: each day of the period shown complete for each of their tags, each look-up opened but for what is withheld, and an entry in
 * the owner's log that says that this was opened, durable before anything is handed out. Throws `REPORT` where the question makes no sense, `EPOCH_OPEN`
 * where a day of the period is not closed, and `EPOCH_DAMAGED` or `EPOCH_RECORDS` where files are missing or altered.
 */
export async function makeReport(options: ReportOptions, appender: { append(entries: readonly Entry[]): Promise<readonly Recorded[]> }): Promise<Report> {
  const { owner, from, to, who, facts, now } = options;
  const epochs = periodOf(options);
  const needed = { log: (epochs.at(-1)?.to ?? 0) - 1, anchor: Math.max(...[...epochs, ...facts.erasures].map((one) => one.anchor)) };
  const [log, anchor] = [await options.tree(owner.toLowerCase(), needed.log), await options.tree(anchorLog, needed.anchor)];
  if (needed.log >= log.size || needed.anchor >= anchor.size) throw new SubjectsError('EPOCH_OPEN', 'the latest checkpoints do not cover the period yet');
  const subjects = [...new Map(options.subjects.map((subject) => [options.keys.tag(owner, subject), subject.kind]))].map(([tag, kind]) => ({ kind, tag }));
  const days: ReportEpoch[] = [];
  const found = new Map<number, ClosedEpoch>();
  for (const epoch of epochs) {
    const index = facts.erasures.some((one) => one.owner === owner && one.day === epoch.day && one.kind === 'index') ? null : indexOf(options, epoch, subjects, found);
    days.push({ day: epoch.day, closed: await anchored(options, anchor, epoch.anchor), index });
    options.onDay?.(days.length, epochs.length);
  }
  const parts = await partsOf(options, log, found);
  const erasures = await erasuresFor(options, anchor, epochs, parts.erased);
  const [recorded] = await appender.append([openingEntry(options, parts)]);
  if (recorded === undefined) throw new SubjectsError('REPORT', 'the opening was not recorded');
  const { log: name, index, entry, hash, token } = recorded.receipt;
  return {
    weir: 'report/v1', owner, origin: log.origin, from, to, who, made: new Date(now).toISOString(), subjects, log: log.note, anchor: anchor.note,
    epochs: days, ...parts, erasures, record: { log: name, index, entry, hash, token },
  };
}

/** The closed days of the period. The log may be younger than the period; it may not end before it. */
function periodOf({ owner, from, to, who, subjects, facts }: ReportOptions): readonly ClosedEpoch[] {
  if (!/^(?=.*\d)[A-Za-z0-9][A-Za-z0-9./_-]{0,39}$/.test(who)) throw new SubjectsError('REPORT', 'a request has a number: up to 40 letters, digits, dots, slashes and hyphens, with a digit among them');
  if (subjects.length === 0) throw new SubjectsError('REPORT', 'the report looks for nothing');
  if (!isDay(from) || !isDay(to) || from > to) throw new SubjectsError('REPORT', 'a period is two days, YYYY-MM-DD, the first not after the last');
  const closed = facts.epochs.get(owner) ?? [];
  const last = closed.at(-1);
  if (last === undefined || last.day < to) throw new SubjectsError('EPOCH_OPEN', last === undefined ? `no day of ${owner} is closed yet` : `the last day of ${owner} that is closed is ${last.day}`);
  const chosen = closed.filter(({ day }) => day >= from && day <= to);
  if (chosen.length === 0) throw new SubjectsError('REPORT', `the log of ${owner} begins on ${closed[0]?.day ?? ''}, after this period`);
  if (chosen.some(({ day }, at) => at > 0 && day !== dayAfter(chosen[at - 1]?.day ?? ''))) throw new SubjectsError('ANCHOR', `the anchor log has no index for a day of ${owner} in this period`);
  return chosen;
}

function indexOf({ owner, keys, epochs }: ReportOptions, epoch: ClosedEpoch, subjects: Report['subjects'], found: Map<number, ClosedEpoch>): NonNullable<ReportEpoch['index']> {
  const key = keys.epochKey(owner, epoch.day);
  const blind = blinder(key);
  const blinds = subjects.map(({ tag }) => blind(tag).toString('hex'));
  const index = EpochIndex.open(epochs, epoch);
  try {
    const { leaves, hashes } = index.prove(blinds);
    const asked = new Set(blinds);
    for (const leaf of leaves) if (asked.has(leaf.blind)) for (const at of leaf.indices) found.set(at, epoch);
    return { key: key.toString('hex'), leaves: leaves.map(({ place, blind: of, indices }) => [place, of, indices] as const), hashes: hashes.map((hash) => hash.toString('base64')) };
  } finally {
    index.close();
  }
}

/** Opens what was found, in the order of the log. */
async function partsOf({ owner, reader, withheld, facts, now }: ReportOptions, log: ProvenLog, found: ReadonlyMap<number, ClosedEpoch>): Promise<Pick<Report, 'entries' | 'withheld' | 'erased'>> {
  const parts: { entries: ReportEntry[]; withheld: Report['withheld'][number][]; erased: Report['erased'][number][] } = { entries: [], withheld: [], erased: [] };
  for (const [index, epoch] of [...found].sort(([a], [b]) => a - b)) {
    if (isWithheld(withheld, index, now)) {
      parts.withheld.push({ index, until: withheld.get(index)?.until ?? '' });
      continue;
    }
    const record = await reader.entry(owner.toLowerCase(), index);
    if (record === null) throw new SubjectsError('EPOCH_RECORDS', `the log of ${owner} has no entry ${index}`);
    if (record === 'erased') parts.erased.push({ index, day: erasedDay(facts, owner, index, epoch) });
    else parts.entries.push({ index, proof: base64(await log.proof(index)), fields: openedFields(record) });
  }
  return parts;
}

function openedFields({ seed, fields }: OpenedRecord): ReportEntry['fields'] {
  if (seed === null) throw new SubjectsError('EPOCH_RECORDS', 'an entry of the index has no seed');
  return saltedFields(fields, seed).map(({ name, text, salt, hash }) => (reportFields.includes(name) ? { name, salt, text } : { name, hash }));
}

/** The day by whose key the record was sealed: that of its index, or an earlier one where it was recorded late. */
function erasedDay(facts: AnchorFacts, owner: string, index: number, epoch: ClosedEpoch): string {
  const days = facts.erasures.filter((one) => one.owner === owner && one.day <= epoch.day && (one.index === index || one.kind === 'disclosure' || one.kind === 'other')).map(({ day }) => day).sort();
  const day = days.includes(epoch.day) ? epoch.day : days.at(-1);
  if (day === undefined) throw new SubjectsError('EPOCH_RECORDS', `the entry ${index} of ${owner} is gone, and the anchor log does not say that it was erased`);
  return day;
}

/** The erasures on which the report rests: of indices of days in it, and of the entries that it cannot open. */
async function erasuresFor(options: ReportOptions, anchor: ProvenLog, epochs: readonly ClosedEpoch[], erased: Report['erased']): Promise<readonly ReportAnchored[]> {
  const days = new Set(epochs.map(({ day }) => day));
  const gone = new Set(erased.map(({ day }) => day));
  const entries = new Set(erased.map(({ index }) => index));
  const chosen = options.facts.erasures.filter((one) => one.owner === options.owner
    && (one.kind === 'index' ? days.has(one.day) : one.kind === 'entry' ? entries.has(one.index ?? -1) : gone.has(one.day)));
  const made: ReportAnchored[] = [];
  for (const one of chosen) made.push(await anchored(options, anchor, one.anchor));
  return made;
}

async function anchored({ reader }: ReportOptions, anchor: ProvenLog, index: number): Promise<ReportAnchored> {
  const record = await reader.entry(anchorLog, index);
  if (record === null || record === 'erased') throw new SubjectsError('ANCHOR', `the entry ${index} of the anchor log is not there`);
  return { index, entry: JSON.stringify(record.entry), proof: base64(await anchor.proof(index)) };
}

function openingEntry({ owner, who, now }: ReportOptions, { entries, withheld }: Pick<Report, 'entries' | 'withheld'>): OpeningEntry {
  const indices = createHash('sha256').update(entries.map(({ index }) => index).join(' ')).digest('hex');
  return {
    type: 'opening', v: 1, id: newId('opening'), at: new Date(now).toISOString(), to: 'resident', who, order: null,
    entries: entries.length, indices, fields: reportFields, withheld: withheld.length, owner,
  };
}

function base64(hashes: readonly Uint8Array[]): readonly string[] {
  return hashes.map((hash) => Buffer.from(hash).toString('base64'));
}

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && Number.isFinite(Date.parse(text)) && new Date(Date.parse(text)).toISOString().startsWith(text);
}
