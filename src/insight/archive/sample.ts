import { mkdir } from 'node:fs/promises';
import { messageKeys, undeclaredAttributes, type AnswerStatus, type CourtClass, type DataClass, type EvidenceGrade, type InquiryKey, type Purpose, type RequesterAttributes } from '../../vocabulary/index.ts';
import type { ClassDecision, Sex, Verdict, WireFormat } from '../../model/index.ts';
import { openAnchorWriter } from './anchor.ts';
import { createDataset } from './dataset.ts';
import { writeDataPackage } from './datapackage.ts';
import { openEngine } from './engine.ts';
import { openSession } from './session.ts';
import type { ArchivedType, ArchiveEvent, ArchiveRow, ArchiveSession, Dataset, DatasetKind, Decider, Lack, OwnerWriter, Period } from './types.ts';
import { openWriter } from './writer.ts';

/** An entry as a test says it. All but `at` has a default: a municipal police of WA that asks for a licence without a purpose, and is answered. */
export interface SampleRow {
  /** RFC 3339 or a day (`2026-10-03`: noon). */
  readonly at: string;
  readonly owner?: string;
  readonly type?: ArchivedType;
  readonly ori?: string;
  readonly organisation?: string;
  readonly attributes?: Partial<RequesterAttributes>;
  /** For whom it was asked, where that is another. */
  readonly behalf?: { readonly ori: string; readonly organisation?: string; readonly attributes?: Partial<RequesterAttributes>; readonly delegated?: boolean };
  readonly key?: InquiryKey;
  readonly format?: WireFormat;
  readonly purpose?: Purpose;
  readonly warrant?: EvidenceGrade;
  readonly court?: CourtClass;
  readonly caseNumber?: EvidenceGrade;
  readonly wanted?: readonly DataClass[];
  readonly status?: AnswerStatus;
  /** Given whole, or the rules of each class: what is not in `released` was denied. */
  readonly decisions?: readonly ClassDecision[];
  readonly rules?: readonly string[];
  readonly released?: readonly DataClass[];
  readonly usedUp?: readonly string[];
  readonly duties?: readonly string[];
  readonly held?: boolean;
  readonly policyVersion?: number | null;
  readonly policyHash?: string | null;
  readonly tableHash?: string | null;
  readonly records?: number;
  /** Any text, of which a tag is made: equal texts are equal persons. */
  readonly subject?: string;
  readonly subjectName?: string;
  readonly user?: string;
  readonly userName?: string;
  readonly self?: boolean;
  readonly sameSurname?: boolean;
  readonly sex?: Sex;
  /** How a held request ended; its verdict is an entry of its own, the next one. One that is held and says nothing waits. */
  readonly review?: SampleReview;
  /** So many entries alike, each a second after the other. */
  readonly times?: number;
}

export interface SampleReview {
  readonly verdict: Verdict;
  /** Seconds after the request. */
  readonly after: number;
  readonly decidedBy?: Decider;
  readonly reason?: string;
  readonly released?: readonly DataClass[];
  readonly records?: number;
}

export interface SampleOptions {
  readonly name?: string;
  readonly kind?: DatasetKind;
  readonly label?: string;
  readonly lacks?: readonly Lack[];
  /** Seals after so many rows of an owner; only at the end where it is not given. */
  readonly sealEvery?: number;
  /** Compacts as of this moment after each sealing. */
  readonly compactAt?: number;
  readonly monthly?: boolean;
  readonly events?: readonly ArchiveEvent[];
}

/** Writes a data set into `archive` by the real writer, for tests, and returns its folder. Rows get their indices in the order in which they are given, by owner. */
export async function sampleArchive(archive: string, rows: readonly SampleRow[], options: SampleOptions = {}): Promise<string> {
  await mkdir(archive, { recursive: true });
  const dataset: Dataset = {
    weirArchive: 1, name: options.name ?? 'sample', kind: options.kind ?? 'invented', label: options.label ?? 'Invented entries of a test', lacks: options.lacks ?? [], created: '2026-01-01T00:00:00.000Z', engine: 'weir',
  };
  const folder = await createDataset(archive, dataset);
  const engine = await openEngine({ memoryMb: 256 });
  try {
    for (const owner of new Set(rows.map(({ owner = 'WA' }) => owner))) {
      const own = rows.filter((row) => (row.owner ?? 'WA') === owner);
      const writer = await openWriter({ folder }, owner, { engine, monthly: options.monthly ?? false });
      try {
        await writeRows(writer, own, options);
      } finally {
        await writer.close();
      }
    }
    if (options.events !== undefined) {
      const anchor = await openAnchorWriter({ folder }, { engine });
      for (const event of options.events) anchor.add(event);
      await anchor.seal();
      await anchor.close();
    }
  } finally {
    await engine.close();
  }
  await writeDataPackage(folder);
  return folder;
}

/** Opens a sample over a period; over everything where none is given. */
export function sampleSession(folder: string, period: Period = { from: 0, to: Date.UTC(2100, 0, 1), text: '1970..2099' }, owners: readonly string[] | 'all' = 'all'): Promise<ArchiveSession> {
  return openSession({ folder, owners, period, memoryMb: 256 });
}

/** The tag that stands for a text. */
export function sampleTag(text: string): bigint {
  let hash = 0xcbf2_9ce4_8422_2325n;
  for (const byte of Buffer.from(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100_0000_01b3n);
  return hash === 0n ? 1n : hash;
}

/** Attributes of which not all are said: a municipal police of WA. */
export function sampleAttributes(part: Partial<RequesterAttributes> = {}): RequesterAttributes {
  return { ...undeclaredAttributes, level: 'municipal', department: 'none', component: ['none'], homeState: 'WA', mission: ['generalPolice'], program287g: ['none'], taskForce: ['none'], certified: ['none'], criminalJustice: 'yes', sharedOri: 'no', vendorHosted: 'no', ...part };
}

async function writeRows(writer: OwnerWriter, rows: readonly SampleRow[], { sealEvery = Infinity, compactAt }: SampleOptions): Promise<void> {
  const seal = async (): Promise<void> => {
    await writer.seal();
    if (compactAt !== undefined) await writer.compact(compactAt);
  };
  let unsealed = 0;
  for (const row of rows) {
    const base = rowOf(writer, row);
    const at = Date.parse(row.at.length === 10 ? `${row.at}T12:00:00Z` : row.at);
    for (let time = 0; time < (row.times ?? 1); time += 1) {
      const made = { ...base, index: writer.next, at: at + time * 1_000 };
      writer.add(made);
      if (base.type === 'decision' && (row.held ?? row.status === 'held')) addReview(writer, row, made);
      unsealed += 1;
      if (unsealed >= sealEvery) {
        await seal();
        unsealed = 0;
      }
    }
  }
  await seal();
}

function addReview(writer: OwnerWriter, { review }: SampleRow, row: ArchiveRow): void {
  const entry = `e-${row.index}`;
  writer.hold(entry, row, { deadline: row.at + 86_400_000, exigent: false });
  if (review === undefined) return;
  const { verdict, after, decidedBy = 'person', reason = 'sample', released = [], records = released.length > 0 ? 1 : 0 } = review;
  const [index, at] = [writer.next, row.at + after * 1_000];
  writer.add({ ...row, type: 'verdict', index, at, behalf: null, context: null, outcome: null, records });
  writer.end(entry, { index, at, verdict, decidedBy, reason, decisions: released.map((dataClass) => ({ dataClass, outcome: 'release', rules: [], treatment: null, review: null })), released, records, policyVersion: 1, policyHash: null });
}

function rowOf(writer: OwnerWriter, row: SampleRow): Omit<Parameters<OwnerWriter['add']>[0], 'index' | 'at'> {
  const { type = 'decision', ori = 'WA0170100', key = 'DQ', behalf } = row;
  const ask = (asker: { readonly ori: string; readonly organisation?: string; readonly attributes?: Partial<RequesterAttributes> }): number => {
    return writer.requester({ ori: asker.ori, organisation: asker.organisation ?? `org-${asker.ori}`, attributes: writer.attributes(sampleAttributes(asker.attributes)) });
  };
  const wanted = row.wanted ?? messageKeys[key].wants;
  const released = row.released ?? (row.held === true || row.status === 'refused' || row.status === 'held' ? [] : wanted);
  const whole = type === 'decision';
  const tag = (text: string | undefined): bigint | null => (text === undefined ? null : sampleTag(text));
  return {
    type,
    who: type === 'decision' || type === 'redelivery' ? ask({ ...row, ori }) : null,
    behalf: behalf === undefined ? null : ask(behalf),
    context: !whole ? null : writer.context({
      key, kind: messageKeys[key].kind, format: row.format ?? 'legacy', purpose: row.purpose ?? 'notStated', warrant: row.warrant ?? 'none', court: row.court ?? 'notStated',
      caseNumber: row.caseNumber ?? 'none', wanted, delegated: behalf === undefined ? null : behalf.delegated ?? true,
    }),
    outcome: !whole ? null : writer.outcome({
      status: row.status ?? (row.held === true ? 'held' : 'answered'),
      decisions: row.decisions ?? wanted.map((dataClass) => ({ dataClass, outcome: released.includes(dataClass) ? 'release' : row.held === true ? 'hold' : 'deny', rules: row.rules ?? [], treatment: null, review: null })),
      released, usedUp: row.usedUp ?? [], duties: row.duties ?? [], held: row.held ?? row.status === 'held', policyVersion: row.policyVersion === undefined ? 1 : row.policyVersion,
      policyHash: row.policyHash === undefined ? '0'.repeat(64) : row.policyHash, tableHash: row.tableHash ?? null, registryVersion: 1, registryHash: '0'.repeat(64),
    }),
    records: row.records ?? (whole && released.length > 0 ? 1 : 0),
    subject: tag(row.subject), subjectName: tag(row.subjectName), user: tag(row.user), userName: tag(row.userName),
    self: row.self ?? null, sameSurname: row.sameSurname ?? null, sex: row.sex ?? null,
  };
}
