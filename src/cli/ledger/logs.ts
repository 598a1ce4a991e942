import { ledgerPlaces } from '../../server/compose/ledgerFolder.ts';
import { folderPath } from '../../store/folder.ts';
import type { AddVerb, CommonOptions, VerbResult } from '../verb.ts';
import { exitCodes, verb, VerbError } from '../verb.ts';
import type { PublishedLog } from './logFolder.ts';
import { publishedLogs } from './logFolder.ts';

/** `weir ledger logs`: what each log has published. Reads only. */
export const addLogs: AddVerb = (parent) => {
  parent.command('logs')
    .description('list the logs: size, root and age of the latest checkpoint, and who cosigned it')
    .addHelpText('after', '\nSignatures are listed, not verified: weir verify does that.\n\nExamples:\n  weir ledger logs\n  weir ledger logs --json | jq .logs[].size')
    .action(verb(async (options: CommonOptions) => logsResult(await publishedLogs(ledgerPlaces(folderPath(options.data)).ledger), Date.now())));
};

/** The table and the JSON. Throws where there is nothing to list. */
export function logsResult(logs: readonly PublishedLog[], now: number): VerbResult {
  if (logs.length === 0) throw new VerbError(exitCodes.environment, 'no log has published a checkpoint here', 'Give the data folder with --data, or run weir start first.');
  const rows = logs.map(({ log, size, root, writtenAt, cosigned, by }) => [
    log, String(size), root, age(now - writtenAt), cosigned === null ? '-' : String(cosigned), by.length === 0 ? '-' : by.join(', '),
  ]);
  return { text: table([['log', 'size', 'root', 'age', 'cosigned', 'by'], ...rows]), json: { logs: logs.map(({ writtenAt, ...rest }) => ({ ...rest, writtenAt: new Date(writtenAt).toISOString() })) } };
}

function age(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} days`;
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()).join('\n');
}
