import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { inquiryId } from '../../exchange/ids.ts';
import { ArchiveError } from '../../insight/archive/types.ts';
import {
  backtest, backtestPage, ownersPage, pageHtml, pageMarkdown, pageText, sideBySidePage, type Backtest, type BacktestAnswer, type BacktestQuestion, type NamedPolicy, type Page, type Range, type ScanResult,
} from '../../insight/backtest/index.ts';
import type { SystemEntry } from '../../model/index.ts';
import { readPolicy } from '../../store/policies.ts';
import { weirVersion } from '../../store/version.ts';
import { withInsight, type InsightContext, type InsightOptions } from '../insight/context.ts';
import { withRecorder } from '../ledger/record.ts';
import { refuseExisting, writeNew } from '../ledger/writeNew.ts';
import { noPolicy, soundFile, soundStored } from '../policy/file.ts';
import { RewrittenLine } from '../rewrittenLine.ts';
import { withStore } from '../store.ts';
import { exitCodes, VerbError, type VerbResult } from '../verb.ts';

export interface BacktestOptions extends InsightOptions {
  readonly against?: string;
  readonly all?: string;
  readonly baseline?: string;
  readonly asOf?: string;
  readonly minutesPerReview: string;
  readonly counts?: boolean;
  readonly claims?: boolean;
  readonly fullScan?: boolean;
  readonly out?: string;
  /** False for `--no-record`. */
  readonly record: boolean;
}

/** A draft, and where it was read from. */
interface Draft extends NamedPolicy {
  readonly file: string;
}

/** What `weir backtest` does. */
export async function runBacktest(options: BacktestOptions, draft: string | undefined): Promise<VerbResult> {
  const { out } = options;
  const drafts = await draftsOf(options, draft);
  const minutes = minutesOf(options.minutesPerReview);
  const asOf = options.asOf === undefined ? null : dayOf(options.asOf);
  const form = out === undefined ? null : formOf(out);
  if (out !== undefined) refuseExisting(out);
  const stored = await fileBaseline(options, drafts);
  const line = new RewrittenLine(process.stderr, options.quiet === true);
  const many = options.all !== undefined;
  const answers = await withInsight(options, { owners: many ? 'all' : [ownerOf(drafts)] }, async (context) => {
    const baseline = stored ?? await namedBaseline(options, context, drafts);
    const question = (own: BacktestQuestion['drafts']): BacktestQuestion => ({
      drafts: own, baseline, asOf, minutes, rows: options.counts !== true && !many, claims: options.claims === true, fullScan: options.fullScan === true, engine: `weir ${weirVersion()}`, open: opener(context),
      progress: (what) => { line.show((seconds) => `${own[0].document.policy}: ${what}, ${Math.round(seconds)} s`); },
    });
    try {
      if (!many) return [await backtest(context.session, context.world, question(drafts as unknown as BacktestQuestion['drafts']))];
      const missing = drafts.filter(({ document }) => !context.owners.includes(document.policy));
      if (missing.length > 0) throw new VerbError(exitCodes.usage, `the data set \`${context.dataset.name}\` has no requests to ${missing.map(({ document }) => document.policy).join(', ')}`, `Take these files out of ${options.all ?? ''}, or name another data set with --log.`);
      const found: BacktestAnswer[] = [];
      for (const one of drafts) found.push(await backtest(context.session, context.world, question([one])));
      return found;
    } finally {
      line.end();
    }
  });
  if (options.record) await record(options, answers);
  const page = pageOf(answers, many);
  if (out !== undefined && form !== null) await writeNew(out, [form === 'html' ? pageHtml(page) : form === 'md' ? pageMarkdown(page) : `${JSON.stringify(jsonOf(answers, many), null, 2)}\n`]);
  return resultOf(answers, page, many, out);
}

async function draftsOf({ all, against }: BacktestOptions, draft: string | undefined): Promise<readonly Draft[]> {
  if ((all === undefined) === (draft === undefined)) throw usage('name one draft, or a folder of drafts with --all', 'For example: weir backtest draft.yaml');
  if (all !== undefined) {
    if (against !== undefined) throw usage('--against goes with one draft', 'Leave out --all or --against.');
    const names = await readdir(all).catch((cause: unknown) => { throw new VerbError(exitCodes.usage, `the folder ${all} cannot be read`, 'See that it is there and that you may read it.', { cause }); });
    const files = names.filter((name) => /\.ya?ml$/.test(name)).sort();
    if (files.length === 0) throw usage(`there is no policy file in ${all}`, 'Policy files end in .yaml.');
    const drafts: Draft[] = [];
    for (const name of files) drafts.push({ ...await soundFile(join(all, name)), file: name });
    drafts.sort((a, b) => (a.document.policy < b.document.policy ? -1 : 1));
    const twice = drafts.find((one, i) => one.document.policy === drafts[i + 1]?.document.policy);
    if (twice !== undefined) throw usage(`two files in ${all} are drafts of ${twice.document.policy}`, 'Keep one, or see two drafts side by side with --against.');
    return drafts;
  }
  const files = [draft ?? '', ...(against === undefined ? [] : [against])];
  const drafts: Draft[] = [];
  for (const file of files) drafts.push({ ...await soundFile(file), file });
  const [first, second] = drafts;
  if (second !== undefined && first?.document.policy !== second.document.policy) throw usage(`the drafts are those of ${first?.document.policy ?? ''} and of ${second.document.policy}`, 'Compare drafts of one owner.');
  return drafts;
}

function ownerOf(drafts: readonly Draft[]): string {
  return drafts[0]?.document.policy ?? '';
}

/** The file that --baseline names; null where it names a version, or nothing. */
async function fileBaseline(options: BacktestOptions, drafts: readonly Draft[]): Promise<NamedPolicy | null> {
  const { baseline, all } = options;
  if (baseline === undefined) return null;
  if (all !== undefined) throw usage('--baseline goes with one draft', 'Leave out --all or --baseline.');
  const owner = ownerOf(drafts);
  if (/^\d+$/.test(baseline)) return null;
  const read = await soundFile(baseline);
  if (read.document.policy !== owner) throw usage(`the baseline is a policy of ${read.document.policy}, and the draft one of ${owner}`, 'Compare policies of one owner.');
  return read;
}

/** The version that a number names: of the data set where it brings its own policies, else of the store. */
async function namedBaseline(options: BacktestOptions, { folder }: InsightContext, drafts: readonly Draft[]): Promise<NamedPolicy | null> {
  if (options.baseline === undefined) return null;
  const [owner, version] = [ownerOf(drafts), Number(options.baseline)];
  const kept = join(folder, `owner=${owner}`, 'policies', `${version}.yaml`);
  if (existsSync(kept)) return soundFile(kept);
  return withStore(options, async ({ sql }) => {
    const stored = await readPolicy(sql, owner, version);
    if (stored === null) throw noPolicy(owner, version);
    return { document: soundStored(stored), hash: stored.hash };
  });
}

/** `6` is a range from half to double; `3..12` is told as it is. */
function minutesOf(text: string): Range {
  const found = /^(\d{1,3}(?:\.\d)?)(?:\.\.(\d{1,3}(?:\.\d)?))?$/.exec(text.trim());
  const [low, high] = [Number(found?.[1]), found?.[2] === undefined ? null : Number(found[2])];
  if (found === null || low <= 0 || (high !== null && high < low)) throw usage(`\`${text.slice(0, 20)}\` is no time for a review`, 'Give minutes, such as 6, or a range, such as 3..12.');
  return high === null ? { low: low / 2, middle: low, high: low * 2 } : { low, middle: Math.round((low + high) * 5) / 10, high };
}

function dayOf(text: string): number {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== text) throw usage(`\`${text.slice(0, 20)}\` is no day`, 'Give it as 2026-10-03.');
  return at;
}

function formOf(out: string): 'html' | 'md' | 'json' {
  const found = /\.(html|md|json)$/.exec(out)?.[1];
  if (found === undefined) throw usage(`what should ${out} be?`, 'Name a file that ends in .html, .md or .json.');
  return found as 'html' | 'md' | 'json';
}

function opener({ dataset }: InsightContext): BacktestQuestion['open'] {
  return (owner, index) => (dataset.kind === 'ledger' ? `weir ledger open --owner ${owner} --for owner --index ${index} --out ${owner.toLowerCase()}-${index}.json` : null);
}

/** One entry in the anchor log for each draft: which, over what, and what it came to. */
async function record(options: BacktestOptions, answers: readonly BacktestAnswer[]): Promise<void> {
  const now = Date.now();
  const entries = answers.flatMap(({ drafts }) => drafts).map((report): SystemEntry => ({
    type: 'system', v: 1, id: inquiryId(now), at: new Date(now).toISOString(), event: 'backtested', subject: `${report.owner} ${report.draft.version}`, hash: report.draft.hash,
    detail: { backtest: report.id, dataset: report.dataset.name, period: report.window.period, requests: report.requests, changed: report.changed, ...Object.fromEntries(report.kinds.filter(({ kind, requests }) => kind !== 'unchanged' && requests > 0).map(({ kind, requests }) => [kind, requests])) },
  }));
  await withRecorder(options, (recorder) => recorder.append(entries));
}

function pageOf(answers: readonly BacktestAnswer[], many: boolean): Page {
  if (many) return ownersPage(answers.flatMap(({ drafts }) => drafts));
  const [answer] = answers;
  const [first, second] = answer?.drafts ?? [];
  if (first === undefined) throw new ArchiveError('ARCHIVE_QUESTION', 'there is no draft');
  return second === undefined || answer?.between === null || answer === undefined ? backtestPage(first) : sideBySidePage(first, second, answer.between);
}

function jsonOf(answers: readonly BacktestAnswer[], many: boolean): unknown {
  if (many) return { owners: answers.flatMap(({ drafts }) => drafts), scans: answers.flatMap(({ scans }) => scans) };
  const [answer] = answers;
  const [first, second] = answer?.drafts ?? [];
  if (second !== undefined) return answer;
  return (answer?.scans.length ?? 0) === 0 ? first : { ...first, scan: answer?.scans[0] };
}

function resultOf(answers: readonly BacktestAnswer[], page: Page, many: boolean, out: string | undefined): VerbResult {
  const reports = answers.flatMap(({ drafts }) => drafts);
  const scans = answers.flatMap((answer) => answer.scans);
  const differ = scans.some(({ differences }) => differences.length > 0);
  const checks = scans.length === 0 ? '' : `\n\n${scans.map((scan, place) => scanWords(scan, reports[place], many)).join('\n')}`;
  return {
    text: `${out === undefined ? pageText(page) : `${page.banner === null ? '' : `${page.banner}\n`}${page.lead}\nWritten to ${out}.`}${checks}`,
    json: jsonOf(answers, many), exit: differ ? exitCodes.finding : exitCodes.ok,
  };
}

const shownDifferences = 20;

function scanWords({ requests, figures, differences }: ScanResult, report: Backtest | undefined, many: boolean): string {
  const head = `Full scan${many ? ` of ${report?.owner ?? ''}` : ''}: ${requests.toLocaleString('en-US')} requests counted again from the rows, ${(report?.requests ?? 0).toLocaleString('en-US')} from the rollup.`;
  if (differences.length === 0) return `${head} All ${figures.toLocaleString('en-US')} figures are equal.`;
  return [
    `${head} ${differences.length.toLocaleString('en-US')} of ${figures.toLocaleString('en-US')} figures DIFFER:`,
    ...differences.slice(0, shownDifferences).map(({ figure, rollup, scan }) => `  ${figure}: rollup ${rollup}, rows ${scan}`),
    ...(differences.length > shownDifferences ? [`  and ${differences.length - shownDifferences} more`] : []),
    'See: weir archive check. The projection of the ledger can be made again: weir archive rebuild.',
  ].join('\n');
}

function usage(message: string, mend: string): VerbError {
  return new VerbError(exitCodes.usage, message, mend);
}
