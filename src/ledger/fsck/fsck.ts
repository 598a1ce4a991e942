import { stat } from 'node:fs/promises';
import { JournalError } from '../../exchange/errors.ts';
import { firstSequence, listFolder } from '../pruned.ts';
import { readRecords } from '../read.ts';
import type { LogName } from '../record.ts';
import { anchorLog } from '../record.ts';
import { verifyWal } from '../verify.ts';
import type { CheckedCheckpoint } from './checkpoint.ts';
import { checkCheckpoint } from './checkpoint.ts';
import { Erasures } from './erasures.ts';
import { LogCheck } from './logCheck.ts';
import { markFaults, parseMark } from './mark.ts';
import { reopen } from './opened.ts';
import { Sequences } from './sequences.ts';
import type { LogSnapshot, Snapshot } from './snapshot.ts';
import { isAbsent, nothing, takeSnapshot } from './snapshot.ts';
import type { Finding, FsckOptions, FsckReport, Remark } from './types.ts';

/**
 * Makes a ledger anew from its raw entries and compares everything that is stored with it: private files with the write-ahead file, every tile, partial
 * tile and bundle, the checkpoints. Reads only, takes no lock, and may run beside a running exchange: what is newer than the last checkpoint is no finding.
 * With `mend`, tiles and bundles that differ are written anew, where the raw entries of the log are whole and make the root that was signed.
 */
export async function fsck(options: FsckOptions): Promise<FsckReport> {
  const first = await pass(options, null);
  if (options.mend !== true || first.mendable.size === 0) return first.report;
  const second = await pass(options, first.mendable);
  const last = await pass(options, null);
  return { ...last.report, mended: second.report.mended };
}

interface Pass {
  readonly report: FsckReport;
  /** Files that may be written anew. */
  readonly mendable: ReadonlySet<string>;
}

async function pass(options: FsckOptions, mend: ReadonlySet<string> | null): Promise<Pass> {
  const snapshot = await takeSnapshot(options.ledger);
  const findings: Finding[] = [];
  const remarks: Remark[] = [...snapshot.remarks];
  const checkpoints = await readCheckpoints(snapshot, options);
  const mark = snapshot.mark === null ? null : parseMark(snapshot.mark);
  const wanted = options.logs === undefined ? null : new Set(options.logs);

  const wal = await checkWalFiles(options.journal, findings, remarks);
  const progress = new Progress(options.onProgress, wal.bytes + [...snapshot.logs.values()].reduce((sum, { parts }) => sum + parts.reduce((bytes, part) => bytes + part.bytes, 0), 0));
  const erasures = new Erasures();
  const { days } = options;
  const checks = new Map<LogName, LogCheck>();
  const checkOf = (log: LogName): LogCheck => {
    const known = checks.get(log);
    if (known !== undefined) return known;
    const made = new LogCheck(snapshot.logs.get(log) ?? emptyLog(log), {
      ledger: options.ledger, mend, published: checkpoints.get(log)?.checkpoint?.size ?? 0,
      sizes: new Set([checkpoints.get(log)?.checkpoint?.size ?? 0, checkpoints.get(log)?.cosigned?.size ?? 0, mark?.logs.get(log)?.size ?? 0]),
      opens: days === undefined ? null : async (stored) => await reopen(stored, days),
      onRecord: (stored) => { if (stored.log === anchorLog) erasures.note(stored.record); },
      onBytes: (bytes) => progress.add(bytes),
    });
    checks.set(log, made);
    return made;
  };
  for (const log of snapshot.logs.keys()) if (wanted?.has(log) ?? true) checkOf(log);

  const sequences = new Sequences();
  let walEnd: number | null = wal.whole ? wal.first : null;
  try {
    for await (const stored of readRecords(options.journal, wal.first, { where: (_, __, log) => wanted?.has(log) ?? true })) {
      progress.add(stored.record.length);
      await checkOf(stored.log).fromWal(stored);
    }
    if (walEnd !== null) walEnd = wal.size;
  } catch (error) {
    // Named above already.
    if (!(error instanceof JournalError) && !isAbsent(error)) throw error;
    walEnd = null;
  }
  for (const check of checks.values()) {
    await check.finish(walEnd);
    for (const sequence of check.takeSequences()) {
      if (!sequences.add(sequence) || (walEnd !== null && sequence >= wal.first)) findings.push({ kind: 'private', file: `ledger/private/${check.log}`, log: check.log, what: `sequence ${sequence} is there twice` });
    }
  }
  // With the anchor log read, absences can be told from erasures.
  const mendable = new Set<string>();
  const mended: string[] = [];
  const unsignedLogs: LogName[] = [];
  const logs = [...checks.values()].map((check) => {
    const own = [...check.findings];
    const erased = judgeAbsences(check, erasures, own);
    for (const [kind, count] of check.unwritten) own.push({ kind, file: `ledger/log/${check.log}`, log: check.log, what: `and ${count} more of this kind` });
    const { checkpoint = null, cosigned = null } = checkpoints.get(check.log) ?? {};
    if (checkpoint !== null) judgeCheckpoint(check, 'checkpoint', checkpoint, own);
    if (cosigned !== null) judgeCheckpoint(check, 'cosigned', cosigned, own);
    if (checkpoint?.verified === false) unsignedLogs.push(check.log);
    if (checkpoint === null && (snapshot.logs.get(check.log)?.tiles.size ?? 0) > 0) {
      const file = `ledger/log/${check.log}/checkpoint`;
      // Tiles come before the first checkpoint; a mark comes after it.
      if (cosigned !== null || mark?.logs.has(check.log) === true) own.push({ kind: 'checkpoint', file, log: check.log, what: 'it is missing' });
      else remarks.push({ file, what: 'it is not there: no checkpoint of this log was signed yet, or it was lost before the first mark' });
    }
    if (cosigned !== null && cosigned.size > (checkpoint?.size ?? 0)) own.push({ kind: 'checkpoint', file: `ledger/log/${check.log}/cosigned`, log: check.log, what: 'it covers more than the checkpoint' });
    const trusted = own.every(({ kind }) => kind === 'missing' || kind === 'differs') && checkpoint !== null;
    if (trusted && wal.whole) for (const file of check.bad) mendable.add(file);
    mended.push(...check.mended);
    findings.push(...own);
    return { ...check.report(erased), gaps: check.gaps };
  });
  judgeName(snapshot, checkpoints, findings);
  const rootOf = (log: LogName, size: number): string | null | undefined => {
    const check = checks.get(log);
    // A log that was not asked for is not judged; one that has nothing is.
    if (check === undefined) return wanted === null || wanted.has(log) ? null : undefined;
    const root = check.roots.get(size);
    return root === undefined ? null : Buffer.from(root, 'latin1').toString('base64');
  };
  for (const what of markFaults(snapshot.mark, walEnd === null ? null : wal, rootOf)) findings.push({ kind: 'note', file: 'ledger/mark', log: null, what });
  if (wanted === null && walEnd !== null && wal.first > 0) {
    const missing = wal.first - sequences.seen;
    const gaps = logs.reduce((sum, log) => sum + log.gaps.reduce((count, gap) => count + gap.to - gap.from, 0), 0);
    if (missing !== gaps) findings.push({ kind: 'gap', file: 'ledger/private', log: null, what: `${missing} sequences before ${wal.first} are in no private file, and the logs lack ${gaps} entries` });
  }
  if (mark === null && snapshot.mark === null && wal.size > 0) remarks.push({ file: 'ledger/mark', what: 'it is not there: at the next start all is compared with the write-ahead file' });
  if (!(await isThere(`${options.journal}/head`)) && wal.size > 0) remarks.push({ file: 'journal/head', what: 'it is not there: that the end of the write-ahead file was cut off could not be seen' });
  for (const [log, { checkpoint, cosigned }] of checkpoints) {
    if (cosigned === null && checkpoint !== null && (options.witnesses ?? []).length > 0) remarks.push({ file: `ledger/log/${log}/cosigned`, what: 'it is not there: no quorum of witnesses has cosigned this log, or it was lost' });
  }
  progress.end();
  return { mendable, report: { logs: logs.map(({ gaps: _, ...log }) => log), findings, remarks, mended, unsignedLogs } };
}

interface WalExtent {
  readonly first: number;
  readonly size: number;
  readonly bytes: number;
  readonly whole: boolean;
}

async function checkWalFiles(folder: string, findings: Finding[], remarks: Remark[]): Promise<WalExtent> {
  try {
    const report = await verifyWal(folder);
    for (const { file, offset, what } of report.damage) findings.push({ kind: 'wal', file: `journal/${file}`, log: null, what: `at byte ${offset}: ${what}` });
    if (report.torn !== null) remarks.push({ file: `journal/${report.torn.file}`, what: `at byte ${report.torn.offset}: ${report.torn.bytes} bytes of a batch that is being written, or was cut short and never acknowledged` });
    for (const { name } of (await listFolder(folder)).leftovers) remarks.push({ file: `journal/${name}`, what: 'it was pruned, and is still there' });
    const first = await firstSequence(folder).catch(() => 0);
    return { first, size: report.size, bytes: report.bytes, whole: report.damage.length === 0 };
  } catch (error) {
    if (!isAbsent(error)) throw error;
    findings.push({ kind: 'wal', file: 'journal', log: null, what: 'the write-ahead file is missing' });
    return { first: 0, size: 0, bytes: 0, whole: false };
  }
}

interface LogNotes {
  readonly checkpoint: CheckedCheckpoint | null;
  readonly cosigned: CheckedCheckpoint | null;
}

async function readCheckpoints(snapshot: Snapshot, { publicKey, witnesses = [] }: FsckOptions): Promise<ReadonlyMap<LogName, LogNotes>> {
  const found = new Map<LogName, LogNotes>();
  for (const { log, checkpoint, cosigned } of snapshot.logs.values()) {
    const key = (await publicKey?.(log)) ?? null;
    const read = async (note: string | null): Promise<CheckedCheckpoint | null> => (note === null ? null : await checkCheckpoint(note, key, witnesses));
    found.set(log, { checkpoint: await read(checkpoint), cosigned: await read(cosigned) });
  }
  return found;
}

function judgeCheckpoint(check: LogCheck, name: 'checkpoint' | 'cosigned', { size, root, faults }: CheckedCheckpoint, findings: Finding[]): void {
  const found = (what: string): void => void findings.push({ kind: 'checkpoint', file: `ledger/log/${check.log}/${name}`, log: check.log, what });
  for (const what of faults) found(what);
  if (root === null) return;
  const rebuilt = check.roots.get(size);
  if (rebuilt === undefined) found(`it covers ${size} entries, and the raw entries are ${check.size}`);
  else if (Buffer.from(rebuilt, 'latin1').toString('base64') !== root) found(`the raw entries make another root at size ${size}`);
}

/** Absences that no erasure on the record explains become findings. Returns how many leaves were erased. */
function judgeAbsences(check: LogCheck, erasures: Erasures, findings: Finding[]): number {
  let erased = 0;
  for (const gap of check.gaps) {
    const lost = erasures.unexplained(check.log, gap);
    erased += gap.to - gap.from - lost;
    if (lost > 0) findings.push({ kind: 'gap', file: `ledger/private/${check.log}`, log: check.log, what: `entries ${gap.from} to ${gap.to - 1} are in no raw file, and no erasure explains ${lost} of them` });
  }
  for (const gap of check.unfiled) {
    if (gap.day === null || gap.kind === null || erasures.unexplained(check.log, gap) === 0) continue;
    findings.push({ kind: 'private', file: check.privateFile(gap.from, gap.day, gap.kind), log: check.log, what: `it lacks entries from ${gap.from} on, up to ${gap.to - 1}, which the write-ahead file has` });
  }
  return erased;
}

/** The name of the ledger against the origins that its logs sign. */
function judgeName({ name, logs }: Snapshot, checkpoints: ReadonlyMap<LogName, LogNotes>, findings: Finding[]): void {
  const published = [...logs.values()].filter(({ checkpoint }) => checkpoint !== null);
  if (published.length === 0) return;
  const prefix = name?.trim() ?? null;
  const wrong = published.filter(({ log }) => {
    const origin = checkpoints.get(log)?.checkpoint?.origin ?? null;
    return origin !== null && origin !== `${prefix ?? ''}/log/${log}`;
  });
  const [first] = wrong;
  if (name !== null && name !== `${prefix ?? ''}\n`) findings.push({ kind: 'note', file: 'ledger/name', log: null, what: 'it is not one line' });
  if (prefix === null) findings.push({ kind: 'note', file: 'ledger/name', log: null, what: 'it is missing' });
  // Where one log differs it is that log; where all do, the name.
  else if (first !== undefined && wrong.length === published.length) findings.push({ kind: 'note', file: 'ledger/name', log: null, what: `the logs are signed as ${checkpoints.get(first.log)?.checkpoint?.origin ?? '?'}` });
  else for (const { log } of wrong) findings.push({ kind: 'checkpoint', file: `ledger/log/${log}/checkpoint`, log, what: `it is of ${checkpoints.get(log)?.checkpoint?.origin ?? '?'}` });
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(nothing)) !== undefined;
}

function emptyLog(log: LogName): LogSnapshot {
  return { log, checkpoint: null, cosigned: null, tiles: new Map(), parts: [] };
}

class Progress {
  readonly #tell: ((done: number, total: number) => void) | undefined;
  readonly #total: number;
  #done = 0;
  #told = 0;

  constructor(tell: ((done: number, total: number) => void) | undefined, total: number) {
    this.#tell = tell;
    this.#total = total;
  }

  add(bytes: number): void {
    this.#done += bytes;
    if (this.#done - this.#told < 1_000_000) return;
    this.#told = this.#done;
    this.#tell?.(Math.min(this.#done, this.#total), this.#total);
  }

  end(): void {
    this.#tell?.(this.#total, this.#total);
  }
}

