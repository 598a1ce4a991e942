import { ArchiveError } from '../../insight/archive/types.ts';
import { chooseColumns, exportSelection, ExportError, type Exported, type ExportErrorCode, type ExportFormat } from '../../insight/export/index.ts';
import { ownersOf, withInsight, type InsightOptions } from '../insight/context.ts';
import { withRecorder } from '../ledger/record.ts';
import { refuseExisting } from '../ledger/writeNew.ts';
import { count } from '../registry/columnsOfText.ts';
import { RewrittenLine } from '../rewrittenLine.ts';
import { questionOf } from '../stats/stats.ts';
import { exitCodes, VerbError, type ExitCode, type VerbResult } from '../verb.ts';
import { weirVersion } from '../../store/index.ts';

export interface ExportOptions extends InsightOptions {
  readonly format: ExportFormat;
  readonly out: string;
  readonly who: string;
  readonly why: string;
  readonly where?: readonly string[];
  readonly columns?: string;
  readonly link?: boolean;
  readonly expires?: string;
  readonly licence?: string;
}

/** What `weir export` does. */
export async function exportVerb(options: ExportOptions, owner: string | undefined): Promise<VerbResult> {
  refuseExisting(options.out);
  const { query, period } = questionOf(options);
  const columns = options.columns === undefined ? null : options.columns.split(',').map((name) => name.trim()).filter((name) => name !== '');
  inSentence(() => chooseColumns(columns, options.link === true));
  const line = new RewrittenLine(process.stderr, options.quiet === true || options.json === true);
  const progress = (done: number, total: number): void => line.show((seconds) => {
    const left = done === 0 ? '' : `, about ${Math.round(seconds * (total / done - 1))} s left`;
    return `  ${count(done)} of ${count(total)} requests${left}`;
  });
  return withInsight({ ...options, ...(period === undefined ? {} : { period }) }, { owners: ownersOf(owner) }, async ({ session, world, record }) => {
    await record({ act: 'requestsExported', detail: { kind: session.dataset.kind, format: options.format, linked: options.link === true ? 'yes' : 'no' }, words: { who: options.who, why: options.why, where: (options.where ?? []).join(' and '), period: options.period ?? null } });
    const made = await withRecorder(options, async (recorder) => exportSelection(
      { session, names: world.names, recorder, engine: `weir ${weirVersion()}`, now: Date.now(), progress },
      {
        where: query.where, columns, format: options.format, link: options.link === true, who: options.who, why: options.why, expires: options.expires ?? null, licence: options.licence ?? null, out: options.out,
      },
    )).catch((error: unknown) => { throw asVerbError(error); }).finally(() => line.end());
    return { text: wordsOf(made, session.dataset.kind), json: { ...made, dataset: session.dataset.name, kind: session.dataset.kind } };
  });
}

function wordsOf({ out, rows, files, receipts, hash }: Exported, kind: string): string {
  return [
    `${kind === 'invented' ? 'INVENTED DATA. ' : ''}${out}: ${count(rows)} ${rows === 1 ? 'request' : 'requests'}`,
    ...files.map(({ path, bytes, sha256 }) => `  ${path.padEnd(18)} ${count(bytes)} bytes  ${sha256}`),
    `recorded as ${receipts.map(({ log, index }) => `entry ${index} of the log ${log}`).join(', ')}, with the SHA-256 of asked.json: ${hash}`,
  ].join('\n');
}

const exits: Readonly<Record<ExportErrorCode, readonly [ExitCode, string | null]>> = {
  EXPORT_FOLDER: [exitCodes.usage, 'Name a folder that is not there yet, in one that you may write to.'],
  EXPORT_REQUEST: [exitCodes.usage, null],
  EXPORT_RECORD: [exitCodes.environment, 'See whether the ledger is well with `weir doctor`, then try again.'],
  EXPORT_ROWS: [exitCodes.environment, 'Nothing was handed out, though the export is on the record. See weir archive check, then try again.'],
};

function asVerbError(error: unknown): unknown {
  return error instanceof ExportError ? new VerbError(exits[error.code][0], error.message, exits[error.code][1], { cause: error }) : error;
}

function inSentence(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    if (error instanceof ArchiveError) throw new VerbError(exitCodes.usage, error.message, null, { cause: error });
    throw error;
  }
}
