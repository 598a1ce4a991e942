import { randomBytes } from 'node:crypto';
import { periodWords } from '../../insight/period.ts';
import { drawCells, type Cell } from '../../insight/statistics/cells.ts';
import { conditionText } from '../../insight/statistics/index.ts';
import { checkCells, type CheckedCell } from '../../insight/statistics/reconcile.ts';
import { ownersOf, withInsight, type InsightOptions } from '../insight/context.ts';
import { count } from '../registry/columnsOfText.ts';
import { RewrittenLine } from '../rewrittenLine.ts';
import { exitCodes, type VerbResult } from '../verb.ts';
import { withLeaves } from './ledgerSide.ts';
import { evennessLines } from './stats.ts';

export interface VerifyStatsOptions extends InsightOptions {
  readonly sample: number;
  readonly seed?: string;
}

/** What `weir stats verify` does. */
export async function verifyStats(options: VerifyStatsOptions, owner: string | undefined): Promise<VerbResult> {
  const seed = options.seed ?? randomBytes(8).toString('hex');
  return withInsight({ ...options, log: options.log ?? 'ledger' }, { owners: ownersOf(owner) }, async ({ session }) => {
    return withLeaves(options, session, async ({ reader, checker, progress }) => {
      const drawing = new RewrittenLine(process.stderr, options.quiet === true || options.json === true);
      const cells = await drawCells(session, options.sample, seed, (done, total) => drawing.show(() => `  ${count(done)} of ${count(total)} figures drawn`)).finally(() => drawing.end());
      const { cells: checked, even, agrees } = await checkCells(session, reader, cells, { check: (record) => checker.check(record), progress });
      const of = (verdict: CheckedCell['verdict']): number => checked.filter((cell) => cell.verdict === verdict).length;
      const wrong = checked.filter(({ verdict }) => verdict === 'differs');
      return {
        text: [
          `${count(checked.length)} published figures of ${periodWords(session.period)} were drawn with the seed ${seed}, and derived again from ${count(even.opened)} opened leaves, ${count(checker.proved)} of them proved to stand in the published log.`,
          agrees ? `All of them ${of('erased') === 0 ? 'agree' : `agree, but for ${count(of('erased'))} whose entries were erased since`}, and each leaf stands in the archive exactly once.` : `${count(of('agrees'))} agree, ${count(wrong.length)} differ.`,
          ...evennessLines(even),
          ...wrong.slice(0, 20).map((cell) => `DIFFERS ${cellWords(cell)}: the archive has ${count(cell.n)} requests and ${count(cell.records)} records, the leaves ${count(cell.ledger.n)} and ${count(cell.ledger.records)}`),
          ...(wrong.length > 20 ? [`and ${count(wrong.length - 20)} more; all of them with --json`] : []),
          ...(agrees ? [] : ['The ledger is the record of truth: weir archive rebuild makes the archive again.']),
        ].join('\n'),
        json: {
          agrees, seed, dataset: session.dataset.name, owners: session.owners, period: session.period, drawn: checked.length, agreeing: of('agrees'), erased: of('erased'), proved: checker.proved, entries: even, differing: wrong.map(jsonOf),
        },
        exit: agrees ? exitCodes.ok : exitCodes.finding,
      };
    });
  });
}

function cellWords({ by, where, period, keys }: Cell): string {
  const line = keys === null ? 'total' : by.map(({ dimension }, place) => `${dimension} ${keys[place] ?? ''}`).join(', ');
  return [periodWords(period), ...where.map(conditionText), line].join('; ');
}

function jsonOf({ by, where, period, keys, n, records, ledger }: CheckedCell): unknown {
  return { by, where, period, keys, archive: { n, records }, ledger };
}
