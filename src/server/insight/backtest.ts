import type { Checks } from '../../approvals/types.ts';
import { chooseDataset, defaultPeriod } from '../../insight/archive/choose.ts';
import { ownerFolder } from '../../insight/archive/dataset.ts';
import { newestOf, readManifest } from '../../insight/archive/manifest.ts';
import { ArchiveError, type Dataset, type Period } from '../../insight/archive/types.ts';
import { backtest, backtestPage, type Backtest, type Page } from '../../insight/backtest/index.ts';
import { periodText } from '../../insight/period.ts';
import { checkPolicy } from '../../policy/index.ts';
import { weirVersion, type Sql } from '../../store/index.ts';
import { withReading } from './reading.ts';

/** What is kept with the checks of a draft; null where there is no archive of the owner, or the text is not sound. */
export type DraftBacktest = Checks['backtest'];

const day = 86_400_000;
/** Of the ledger: so many days up to the newest entry. An invented or imported year is read whole. */
const days = 90;

/**
 * What past requests to an owner would have come to under a draft, in words and counts. The text comes from an author; the data set is that of the ledger, or
 * in a demonstration the invented year. The same draft, data and registry give the same result, and `hash` says so. Throws an `ArchiveError` where the archive is damaged.
 */
export async function backtestDraft(asked: { readonly owner: string; readonly draft: string }, archive: string, sql: Sql, now: number = Date.now()): Promise<DraftBacktest> {
  const checked = checkPolicy(asked.draft);
  if (!checked.ok || checked.document.policy !== asked.owner) return null;
  const { document, hash } = checked;
  try {
    const { folder, dataset } = await chooseDataset(archive, undefined);
    const period = await periodOf(folder, dataset, asked.owner);
    return await withReading(sql, { archive, owners: [asked.owner], period: periodText(period), log: dataset.name, now }, async ({ session, world }) => {
      const { drafts } = await backtest(session, world, {
        drafts: [{ document, hash }], baseline: null, asOf: null, minutes: { low: 3, middle: 6, high: 12 }, rows: true, claims: false, engine: `weir ${weirVersion()}`, open: () => null,
      });
      const [report] = drafts;
      return report === undefined ? null : resultOf(report);
    });
  } catch (error) {
    // Nothing was ever asked of this owner here, or nothing says what was decided: there is nothing to count.
    if (error instanceof ArchiveError && (error.code === 'ARCHIVE_UNKNOWN' || error.code === 'ARCHIVE_QUESTION')) return null;
    throw error;
  }
}

/** The last 90 days of the ledger that there are; of any other data set the last twelve months. */
async function periodOf(folder: string, { kind }: Dataset, owner: string): Promise<Period> {
  const year = await defaultPeriod(folder, [owner]);
  if (kind !== 'ledger') return year;
  const manifest = await readManifest(ownerFolder(folder, owner), owner);
  const newest = (manifest === null ? null : newestOf(manifest)) ?? year.to - day;
  const to = newest - (newest % day) + day;
  return { from: to - days * day, to, text: '' };
}

function resultOf(report: Backtest): NonNullable<DraftBacktest> {
  const of = (kind: Backtest['kinds'][number]['kind']): number => report.kinds.find((one) => one.kind === kind)?.requests ?? 0;
  return {
    period: report.window.period, text: sentencesOf(backtestPage(report)), newlyReleased: of('released') + of('widened'), newlyHeld: of('held'), newlyRefused: of('refused'), hash: report.id,
  };
}

/** The report without its tables, examples and rules: what would newly be given stands first. */
function sentencesOf({ banner, lead, blocks }: Page): readonly string[] {
  const sentences: string[] = [...(banner === null ? [] : [banner]), lead];
  let heading = '';
  for (const block of blocks) {
    if (block.block === 'heading') heading = block.text;
    else if (block.block === 'text' && heading !== 'Which rules') sentences.push(`${heading}. ${block.text}`);
    else if (block.block === 'list' && keptLists.includes(heading)) sentences.push(...block.items.map((item) => `${heading}: ${item}`));
  }
  return sentences;
}

const keptLists: readonly string[] = ['Who else gets the same', 'Who must be told', 'What the holds would cost', 'What this cannot know'];
