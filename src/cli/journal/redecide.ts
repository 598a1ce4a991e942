import type { DecisionEntry } from '../../model/index.ts';
import { redecide, TableError, type PolicyTable } from '../../policy/index.ts';
import { readTable } from '../../store/policyTables.ts';
import { withStore } from '../store.ts';
import { exitCodes, verb, type AddVerb, type CommonOptions } from '../verb.ts';
import { openLedgerForReading, reading } from '../ledger/folder.ts';

interface Options extends CommonOptions {
  readonly from?: string;
}

/** How many findings are listed; the count is of all. */
const shown = 20;

/** `weir journal redecide`: every decision on the record is made again from the record and the table that its hash names. */
export const addRedecide: AddVerb = (parent) => {
  parent.command('redecide')
    .description('decide every entry again, by the compiled table that its hash names, and compare')
    .option('--from <sequence>', 'begin with the entry of this sequence', '0')
    .addHelpText('after', '\nExamples:\n  weir journal redecide\n  weir journal redecide --from 100000 --json\n\nExit code 1 where a decision on the record is not the one that its table makes, or the table is not there.')
    .action(verb(async (options: Options) => {
      const { reader } = await openLedgerForReading(options);
      const report = await withStore(options, ({ sql }) => reading(async () => {
        const tables = new Map<string, Promise<PolicyTable | null>>();
        const tableOf = (hash: string): Promise<PolicyTable | null> => {
          let found = tables.get(hash);
          if (found === undefined) tables.set(hash, (found = readTable(sql, hash).catch(damaged)));
          return found;
        };
        let same = 0;
        let findings = 0;
        const first: { index: number; id: string; what: string }[] = [];
        for await (const { sequence: index, entry } of reader.entries(Number(options.from ?? 0))) {
          if (entry.type !== 'decision' || entry.tableHash === null) continue;
          const what = await findingOf(entry, tableOf);
          if (what === null) same += 1;
          else if ((findings += 1) <= shown) first.push({ index, id: entry.id, what });
          if ((same + findings) % 100_000 === 0 && options.quiet !== true) process.stderr.write(`  ${(same + findings).toLocaleString('en-US')} decided again\n`);
        }
        return { same, findings, tables: tables.size, first };
      }));
      const lines = [
        `${report.same + report.findings} decisions, ${report.tables} tables: ${report.same} are what their table decides${report.findings === 0 ? '.' : `, ${report.findings} are not:`}`,
        ...report.first.map(({ index, id, what }) => `  entry ${index} (${id}): ${what}`),
      ];
      return { text: lines.join('\n'), json: { ok: report.findings === 0, ...report }, exit: report.findings === 0 ? exitCodes.ok : exitCodes.finding };
    }));
};

async function findingOf(entry: DecisionEntry, tableOf: (hash: string) => Promise<PolicyTable | null>): Promise<string | null> {
  const table = await tableOf(entry.tableHash ?? '');
  if (table === null) return `the table ${entry.tableHash ?? ''} is not in the store, or its bytes are damaged`;
  if (table.policyHash !== entry.policyHash) return 'the table is of another policy than the entry names';
  return redecide(entry, table).same ? null : 'the table decides otherwise';
}

function damaged(error: unknown): null {
  if (error instanceof TableError) return null;
  throw error;
}
