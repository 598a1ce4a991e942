import { InvalidArgumentError, Option } from 'commander';
import type { Journal } from '../../exchange/ports.ts';
import { latestCheckpoint, leavesOf, makeOpening, OpeningError, publicDelayDays } from '../../ledger/opening/index.ts';
import type { OpeningRequest } from '../../ledger/opening/index.ts';
import { readLogFile } from '../../ledger/publish/tileStore.ts';
import type { LeafRange, LedgerReader } from '../../ledger/reader.ts';
import { isWithheld, readWithheld, type WithheldState } from '../../ledger/subjects/withheld.ts';
import { nodeCrypto } from '../../verify/nodeCrypto.ts';
import { drawSample, sampleOrder } from '../../verify/sample.ts';
import { onRecord, type MachineAct } from '../acts/onRecord.ts';
import { ProgressLine } from '../progressLine.ts';
import type { AddVerb, CommonOptions, VerbResult } from '../verb.ts';
import { exitCodes, verb, VerbError } from '../verb.ts';
import { openLedgerForReading, reading } from './folder.ts';
import { withRecorder } from './record.ts';
import { refuseExisting, writeNew } from './writeNew.ts';

export type Reader = 'owner' | 'agency' | 'auditor' | 'public';

export interface OpenOptions extends CommonOptions {
  readonly owner: string;
  readonly for: Reader;
  readonly out: string;
  readonly index?: readonly number[];
  readonly from?: string;
  readonly to?: string;
  readonly sample?: number;
  readonly beacon?: string;
  readonly size?: number;
  readonly who?: string;
  readonly order?: string;
  readonly delay?: number;
}

/** What openings are made of, so that tests can give their own. */
export interface OpenParts {
  readonly reader: LedgerReader;
  /** The ledger's folder. */
  readonly place: string;
  readonly recorder: Pick<Journal, 'append'>;
  readonly now?: number;
  readonly patience?: number;
  readonly progress?: (done: number, total: number) => void;
}

/** `weir ledger open`: entries of an owner's log for somebody who may see them. The opening is recorded before the file has a byte. */
export const addOpen: AddVerb = (parent) => {
  parent.command('open')
    .description('open entries of an owner\'s log to the owner, an agency, an auditor or the public, with proofs')
    .requiredOption('--owner <code>', 'whose log', ownerCode)
    .addOption(new Option('--for <reader>', 'who gets it: this decides which fields are open').choices(['owner', 'agency', 'auditor', 'public']).makeOptionMandatory())
    .requiredOption('--out <file>', 'where the bundle goes; must not be there yet')
    .option('--index <n...>', 'these leaf indices', (text: string, before: readonly number[] | undefined) => [...(before ?? []), whole(text)])
    .option('--from <date>', 'from this day (UTC)')
    .option('--to <date>', 'to this day, it included')
    .option('--sample <n>', 'so many entries, drawn by --beacon', whole)
    .option('--beacon <text>', 'a public text that nobody could know before the log had its size')
    .option('--size <n>', 'draw from the first so many entries; else from all that the latest checkpoint covers', whole)
    .option('--who <text>', 'the agency\'s ORI, or the auditor\'s office')
    .option('--order <number>', 'the number of the order on which an auditor reads')
    .option('--delay <days>', `for the public: only what is older than this; ${publicDelayDays} unless told`, whole)
    .addHelpText('after', `
Each opening becomes an entry of the same log before the file is written. weir verify checks the file.

Examples:
  weir ledger open --owner WA --for owner --from 2026-01-01 --to 2026-01-31 --out january.json
  weir ledger open --owner WA --for agency --who ZX0010000 --index 1204 --out entry.json
  weir ledger open --owner WA --for auditor --who "State auditor" --sample 50 --beacon "round 4711 of the public beacon" --out sample.json`)
    .action(verb((options: OpenOptions) => withParts(options, openingAct(options), (parts) => openEntries(parts, options))));
};

/** Opens the ledger and gives the recorder; errors become sentences. `act` is on the record before anything is opened, whatever comes of it. */
export async function withParts(options: CommonOptions & { readonly out: string }, act: MachineAct, work: (parts: OpenParts) => Promise<VerbResult>): Promise<VerbResult> {
  refuseExisting(options.out);
  const line = new ProgressLine(process.stderr, options.quiet === true || options.json === true);
  const progress = (done: number, total: number): void => line.show('opened', done, total);
  return await reading(async () => {
    const { data, places, reader } = await openLedgerForReading(options);
    return await withRecorder(options, async (recorder, sql) => {
      await onRecord(sql, data, [act]);
      return await work({ reader, place: places.ledger, recorder, progress });
    });
  }).finally(() => line.end());
}

/** That entries of an owner are opened, and to whom: what the operator wrote is sealed. */
export function openingAct({ owner, for: to, who, order }: Pick<OpenOptions, 'owner' | 'for' | 'who' | 'order'>): MachineAct {
  return { act: 'entriesOpened', owner, detail: { to }, words: { who: who ?? null, order: order ?? null } };
}

/** What the verb does. */
export function openEntries(parts: OpenParts, options: OpenOptions): Promise<VerbResult> {
  return inWords(() => opened(parts, options));
}

async function opened(parts: OpenParts, options: OpenOptions): Promise<VerbResult> {
  refuseExisting(options.out);
  const { indices, order } = await chosen(parts, options);
  const made = await makeOpening({ ...await requestOf(parts, options, order), indices }, parts.recorder);
  if (!made.ok) throw new VerbError(exitCodes.finding, 'an entry that was asked for is not there, was erased, or is not for this reader; nothing was opened', null);
  await writeNew(options.out, counted(made.lines, made.indices.length, parts.progress));
  const { entry, recorded, erased } = made;
  return {
    text: [
      `${options.out}: ${entry.entries} ${entry.entries === 1 ? 'entry' : 'entries'} of ${entry.owner} for ${entry.to} (${entry.who}), fields ${entry.fields.join(', ')}`,
      `recorded as entry ${recorded.receipt.index} of the log ${recorded.receipt.log}`,
      ...(erased.length === 0 ? [] : [`erased, and so not opened: ${erased.join(', ')}`]),
    ].join('\n'),
    json: { out: options.out, entries: entry.entries, fields: entry.fields, erased, receipt: recorded.receipt },
  };
}

/** Reader, files and reader's rights: all of an opening but which entries. */
export async function requestOf({ reader, place, now = Date.now(), patience }: OpenParts, options: Pick<OpenOptions, 'owner' | 'for' | 'who' | 'delay'>, order: string | null): Promise<Omit<OpeningRequest, 'indices'>> {
  const { owner, for: to, delay } = options;
  const who = options.who ?? (to === 'owner' ? owner : to === 'public' ? 'public' : undefined);
  if (who === undefined) throw new VerbError(exitCodes.usage, to === 'agency' ? 'the agency is named by its ORI' : 'the auditor\'s office must be named', 'Give it with --who.');
  if (to === 'agency' && !/^[A-Z0-9]{9}$/.test(who)) throw new VerbError(exitCodes.usage, 'an ORI has nine letters or digits in upper case', 'Give the ORI of the agency with --who.');
  const log = owner.toLowerCase();
  const withheld: WithheldState = to === 'public' ? await readWithheld(reader, owner, { place }) : new Map();
  const hidden = [...withheld.keys()].filter((index) => isWithheld(withheld, index, now));
  return {
    reader, logFiles: (path) => readLogFile(place, log, path), to, who, order, log, now, hidden: new Set(hidden),
    ...(to === 'agency' ? { oris: new Set([who]) } : {}), ...(delay === undefined ? {} : { delayDays: delay }), ...(patience === undefined ? {} : { patience }),
  };
}

/** Tells of each entry that was written: the first line is the head. */
export async function* counted(lines: AsyncIterable<string>, total: number, progress: OpenParts['progress']): AsyncGenerator<string, void> {
  let done = -1;
  for await (const line of lines) {
    done += 1;
    if (done > 0) progress?.(Math.min(done, total), total);
    yield line;
  }
}

/** An owner's code, in capitals. */
export function ownerCode(text: string): string {
  if (!/^[A-Za-z0-9]{2}$/.test(text)) throw new InvalidArgumentError('two letters or digits are wanted.');
  return text.toUpperCase();
}

/** A whole number from 0. */
export function whole(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('a whole number is wanted.');
  return Number(text);
}

/** Which entries: exactly one way of saying so. */
async function chosen(parts: OpenParts, { owner, index, from, to, sample, beacon, size, order }: OpenOptions): Promise<{ readonly indices: readonly number[] | LeafRange; readonly order: string | null }> {
  const ways = [index, from ?? to, sample ?? beacon].filter((way) => way !== undefined);
  if (ways.length !== 1) throw new VerbError(exitCodes.usage, 'which entries must be said in one way', 'Give --index, or --from and --to, or --sample and --beacon.');
  const log = owner.toLowerCase();
  if (index !== undefined) return { indices: index, order: order ?? null };
  if (from !== undefined || to !== undefined) {
    if (from === undefined || to === undefined) throw new VerbError(exitCodes.usage, 'a period has a first and a last day', 'Give --from and --to, as YYYY-MM-DD.');
    return { indices: await leavesOf(parts.reader, log, { from, to }), order: order ?? null };
  }
  if (sample === undefined || beacon === undefined) throw new VerbError(exitCodes.usage, 'a sample has a number and a beacon', 'Give --sample and --beacon.');
  if (order !== undefined) throw new VerbError(exitCodes.usage, 'a sample is its own order', 'Leave --order out.');
  const latest = await latestCheckpoint((path) => readLogFile(parts.place, log, path));
  if (latest === null || (size ?? 0) > latest.size) throw new VerbError(exitCodes.finding, `the log of ${owner} has no checkpoint that covers so many entries`, null);
  const drawn = { size: size ?? latest.size, count: sample, beacon };
  return { indices: await drawSample(nodeCrypto, { origin: latest.origin, ...drawn }), order: sampleOrder(drawn) };
}

/** Errors of an opening as a verb tells them. */
export async function inWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof OpeningError)) throw error;
    switch (error.code) {
      case 'OPENING_REQUEST': throw new VerbError(exitCodes.usage, error.message, null, { cause: error });
      case 'OPENING_ERASED': throw new VerbError(exitCodes.finding, error.message, 'Nothing was written; the record of the opening stays.', { cause: error });
      case 'OPENING_NOT_COVERED': throw new VerbError(exitCodes.environment, error.message, 'The opening is recorded and nothing was handed out. See `weir ledger logs`, then ask again.', { cause: error });
    }
  }
}
