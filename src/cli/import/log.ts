import { createHash } from 'node:crypto';
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { join } from 'node:path';
import {
  dryRun, followFile, importFiles, lacksOf, reportLines, reportOf, withImport, type ImportProgress, type ImportReport, type ImportSession, type OpenImport, type Source,
} from '../../insight/imports/index.ts';
import type { Refusal } from '../../insight/imports/index.ts';
import type { SystemEntry } from '../../model/index.ts';
import { newId } from '../../ledger/subjects/ids.ts';
import { weirVersion } from '../../store/version.ts';
import { archiveFolder } from '../insight/context.ts';
import { withRecorder } from '../ledger/record.ts';
import { ownerOf } from '../policy/file.ts';
import { openSnapshot } from '../registry/withRegistry.ts';
import { RewrittenLine } from '../rewrittenLine.ts';
import { stopSignal } from '../stopSignal.ts';
import { exitCodes, verb, VerbError, type AddVerb, type CommonOptions, type VerbResult } from '../verb.ts';
import { decodeMessage, importInWords, mappingFile, withOwnerKeys } from './shared.ts';

interface Options extends CommonOptions {
  readonly map: string;
  readonly owner: string;
  readonly name: string;
  readonly by: string;
  readonly tail?: boolean;
  readonly dryRun?: boolean;
  readonly report?: string;
  readonly rejected?: string;
  readonly listed: string;
  readonly tolerate: string;
  readonly sealEvery: string;
}

/** `weir import log`: the log of another system becomes a data set, from which everything is made as from Weir's own. */
export const addImportLog: AddVerb = (parent) => {
  parent.command('log')
    .description('bring in a log of another system: a table, JSON lines, fixed columns, or messages; gzip too')
    .argument('<file...>', 'the files, in the order of their times')
    .requiredOption('--map <file>', 'the mapping, YAML: which column holds what (weir import sketch proposes one)')
    .requiredOption('--owner <state>', 'whose records were asked for')
    .requiredOption('--name <name>', 'the data set: small letters, digits and hyphens')
    .option('--by <office>', 'who imports it; stands in the label of the data set', 'an office that did not say')
    .option('--tail', 'follow a log that grows, until Ctrl-C')
    .option('--dry-run', 'read everything and write nothing')
    .option('--report <file>', 'write the report as JSON too')
    .option('--rejected <file>', 'write the number and reason of each line that is refused, as JSON lines')
    .option('--listed <n>', 'line numbers shown of each reason', '5')
    .option('--tolerate <percent>', 'exit code 1 where more of the entries than this are refused', '5')
    .option('--seal-every <seconds>', 'with --tail: how soon new lines can be seen', '300')
    .addHelpText('after', `
Every line is accounted for: those in the archive, those that are no entries, duplicates, and those refused, by reason.
Of persons only tags are kept, made with the owner's key. What stands in a line is never shown.
The same file is imported once; an import that was cut short goes on where it stopped.
That it was imported stands in the ledger (logImported).

Exit code 1: more than 5 in 100 entries for this owner were refused (--tolerate).

Examples:
  weir import log switch-2025.csv --map switch.yaml --owner WA --name wsp-2025 --dry-run
  weir import log 2025-*.csv.gz --map switch.yaml --owner WA --name wsp-2025 --by "Records office" --report report.json
  weir import log /var/log/switch/messages.log --map switch.yaml --owner WA --name wsp-live --tail`)
    .action(verb((options: Options, files: readonly string[]) => importInWords(() => run(options, files))));
};

async function run(options: Options, files: readonly string[]): Promise<VerbResult> {
  const owner = ownerOf(options.owner);
  const [listed, tolerate, sealEvery] = [whole(options.listed, 0, 1_000, '--listed'), whole(options.tolerate, 0, 100, '--tolerate'), whole(options.sealEvery, 1, 86_400, '--seal-every')];
  if (options.by.length > 80 || !/^[\p{L}\d][\p{L}\d .,&()'-]*$/u.test(options.by)) throw new VerbError(exitCodes.usage, 'an office is up to 80 letters, digits and simple signs', null);
  if (options.tail === true && files.length !== 1) throw new VerbError(exitCodes.usage, 'one log is followed at a time', 'Import what is finished first, without --tail, into a data set of its own.');
  if (options.tail === true && options.dryRun === true) throw new VerbError(exitCodes.usage, '--tail writes as it goes', 'Try the mapping on the file as it is, with --dry-run alone.');
  const { mapping, hash } = await mappingFile(options.map);
  // The ledger is opened once beforehand: what could not be recorded is not begun.
  const registry = await withRecorder(options, (_, sql) => openSnapshot(sql));
  if (registry.size === 0) throw new VerbError(exitCodes.usage, 'the registry has no agencies yet, so no ORI could be placed', 'Run `weir registry import` first, or `weir start` in a demonstration.');
  const rejected = options.rejected === undefined ? null : rejectedFile(options.rejected);
  try {
    return await withOwnerKeys(options, owner, async (keys) => {
      const parts: OpenImport = {
        archive: archiveFolder(options), name: options.name, owner, mapping, mappingHash: hash, by: options.by, listed, engine: `weir ${weirVersion()}`, registry, sealer: keys, decode: decodeMessage,
        now: () => Date.now(), ...(rejected === null ? {} : { refused: rejected.refused }),
      };
      const report = options.dryRun === true ? await tried(options, parts, files) : await imported(options, parts, files, sealEvery * 1000);
      if (options.report !== undefined) await writeFile(options.report, `${JSON.stringify(report, null, 2)}\n`, { mode: 0o600 });
      // That a switch carries requests to other owners too is no fault of the mapping.
      const refused = report.lines.refused - (report.refused.find(({ reason }) => reason === 'wrongOwner')?.count ?? 0);
      const much = refused > ((report.lines.archived + report.lines.duplicates + refused) * tolerate) / 100;
      return { text: [...reportLines(report), ...afterwards(options, report, much, tolerate)].join('\n'), json: report, exit: much ? exitCodes.finding : exitCodes.ok };
    });
  } finally {
    await rejected?.close();
  }
}

function afterwards(options: Options, report: ImportReport, much: boolean, tolerate: number): readonly string[] {
  return [
    ...(much ? ['', `More than ${tolerate} in 100 entries for this owner were refused. Look at the reasons, mend the mapping, and import into another name.`] : []),
    ...(report.dryRun || report.lines.archived === 0 ? [] : ['', `See it with: weir brief ${report.owner} --log ${options.name}`]),
  ];
}

async function tried(options: Options, parts: OpenImport, files: readonly string[]): Promise<ImportReport> {
  const line = new ImportLine(options);
  const halt = { now: false };
  void stopSignal().then(() => { halt.now = true; });
  const sources = await dryRun(parts, parts.mappingHash, files, parts.listed, { progress: line.show, stopped: () => halt.now });
  line.end();
  return reportOf({ dataset: options.name, owner: parts.owner, dryRun: true, by: parts.by, lacks: lacksOf(parts.mapping) }, sources, parts.listed);
}

async function imported(options: Options, parts: OpenImport, files: readonly string[], sealMs: number): Promise<ImportReport> {
  await mkdir(parts.archive, { recursive: true, mode: 0o700 });
  const line = new ImportLine(options);
  const stop = stopSignal();
  return withImport(options.tail === true ? { ...parts, writerOptions: { monthly: false } } : parts, async (session) => {
    if (options.tail === true) {
      let recordedAt = Date.now();
      let month = new Date().getUTCMonth();
      const file = files[0] ?? '';
      await followFile(session, file, {
        parts, stop, sealMs, told: line.follow,
        saved: async () => {
          if (new Date().getUTCMonth() !== month) await session.compact();
          month = new Date().getUTCMonth();
          if (Date.now() - recordedAt < 3_600_000) return;
          recordedAt = Date.now();
          await record(options, parts, session);
        },
      });
    } else {
      const halt = { now: false };
      void stop.then(() => { halt.now = true; });
      const results = await importFiles(session, files, { progress: line.show, stopped: () => halt.now });
      line.end();
      for (const { file, state } of results) if (state !== 'imported' && options.quiet !== true) process.stderr.write(state === 'already' ? `${file} was imported before and is not read again.\n` : `${file} was stopped. Give the same command to go on.\n`);
      await session.compact();
    }
    line.end();
    await record(options, parts, session);
    return reportOf({ dataset: options.name, owner: parts.owner, dryRun: false, by: session.state.by, lacks: session.state.lacks }, session.state.sources, parts.listed);
  });
}

/** Puts on the record what was imported since it last was. A run that died before is caught up with by the next. */
async function record(options: Options, parts: OpenImport, session: ImportSession): Promise<void> {
  const fresh = session.state.sources.filter(({ tally, recorded }) => tally.read > recorded);
  if (fresh.length === 0) return;
  const { lines } = reportOf({ dataset: options.name, owner: parts.owner, dryRun: false, by: '', lacks: [] }, fresh, 0);
  const entry: SystemEntry = {
    type: 'system', v: 1, id: newId('import'), at: new Date().toISOString(), event: 'logImported', subject: `${parts.owner} ${options.name}`, hash: hashOf(fresh),
    detail: { files: fresh.length, ...lines, mapping: parts.mappingHash, registry: (parts.registry).version },
  };
  await withRecorder(options, (recorder) => recorder.append([entry]));
  await session.recorded();
}

/** Of one file its SHA-256, of several that of theirs in order with line ends between; null while one of them still grows. */
function hashOf(sources: readonly Source[]): string | null {
  const hashes = sources.map(({ sha256 }) => sha256);
  const [only] = hashes;
  if (only === undefined || hashes.includes(null)) return null;
  return hashes.length === 1 ? only : createHash('sha256').update(hashes.join('\n')).digest('hex');
}

function whole(text: string, least: number, most: number, option: string): number {
  if (!/^\d{1,6}$/.test(text) || Number(text) < least || Number(text) > most) throw new VerbError(exitCodes.usage, `${option} is a whole number from ${least} to ${most}`);
  return Number(text);
}

/** A file of refused lines: their numbers and reasons. */
function rejectedFile(path: string): { readonly refused: NonNullable<OpenImport['refused']>; close(): Promise<void> } {
  const out: WriteStream = createWriteStream(join(path), { flags: 'w', mode: 0o600 });
  let failed: Error | null = null;
  out.on('error', (error) => { failed = error; });
  return {
    refused: (file: number, line: number, reason: Refusal | 'duplicate', field: string | null) => void out.write(`${JSON.stringify({ file, line, reason, ...(field === null ? {} : { field }) })}\n`),
    close: async () => {
      out.end();
      if (!out.closed) await once(out, 'close');
      if (failed !== null) throw new VerbError(exitCodes.environment, `the refused lines could not be written to ${path}`, null, { cause: failed });
    },
  };
}

/** How far an import is: lines, how many a second, and how long it still takes. */
class ImportLine {
  readonly #line: RewrittenLine;
  readonly #began = Date.now();
  #read = -1;

  constructor({ quiet }: CommonOptions) {
    this.#line = new RewrittenLine(process.stderr, quiet === true);
  }

  readonly show = ({ done, total, lines }: ImportProgress): void => {
    this.#line.show((seconds) => {
      const part = total === 0 ? 1 : Math.min(1, done / total);
      const left = part === 0 ? '' : `, about ${Math.ceil(seconds * (1 / part - 1))} s left`;
      return `  ${Math.floor(100 * part)} %   ${lines.toLocaleString('en-US')} lines, ${Math.round(lines / Math.max(seconds, 0.001)).toLocaleString('en-US')} a second${left}`;
    });
  };

  readonly follow = ({ read, archived, event }: { readonly read: number; readonly archived: number; readonly event: string }): void => {
    if (read === this.#read && event === 'waiting') return;
    this.#read = read;
    this.#line.show(() => `  ${read.toLocaleString('en-US')} lines read, ${archived.toLocaleString('en-US')} archived; following for ${Math.round((Date.now() - this.#began) / 1000)} s (Ctrl-C ends it)`);
  };

  end(): void {
    this.#line.end();
  }
}
