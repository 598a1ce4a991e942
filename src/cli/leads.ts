import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import { detectors, findLeads, findRows, kindOfId, leadKinds, leadLines, measureLeads, readPlanted, reportLines, rowLines, defaultPerKind } from '../insight/leads/index.ts';
import type { LeadKind, LeadMeasure, LeadReport, PlantedCase } from '../insight/leads/index.ts';
import { ownerFolder } from '../insight/archive/dataset.ts';
import { ownersOf, withInsight, type InsightContext, type InsightOptions } from './insight/context.ts';
import { align } from './registry/columnsOfText.ts';
import { RewrittenLine } from './rewrittenLine.ts';
import { exitCodes, verb, VerbError, type AddVerb, type CommonOptions, type VerbResult } from './verb.ts';

interface Options extends InsightOptions {
  readonly kind?: readonly LeadKind[];
  readonly agency?: string;
  readonly limit: number;
  readonly rows?: string;
}

/** `weir leads`: reasons for a person to look, each with its baseline, its peers and its entries. */
export const addLeads: AddVerb = (parent) => {
  const leads = parent.command('leads')
    .description('leads for review: use that is unusual, with what is usual beside it. A lead is a reason to look, and says nothing about what anybody did')
    .argument('[owner]', 'two letters, or all', 'all')
    .option('--period <text>', 'such as 2026-10, 2026-Q3, 2025-11..2026-10, last-3-months; else the year up to the newest entry (UTC)')
    .option('--log <name>', 'the data set; see weir archive list')
    .addOption(new Option('--kind <kind...>', 'only these').choices(leadKinds))
    .option('--agency <ori>', 'only about this agency', oriOf)
    .option('--limit <n>', 'at most so many of each kind', whole, defaultPerKind)
    .option('--rows <id>', 'the entries behind one lead')
    .addHelpText('after', `
People stand in leads as pseudonyms: tags that only the owner's key makes. To learn who it is, open the entries (weir ledger open), which is itself recorded.
No lead is found from the records of another owner: each owner's log is looked through by itself.

Examples:
  weir leads WA                                     the year up to the newest entry
  weir leads WA --period 2026-Q3 --kind self colleague surname
  weir leads WA --agency WA5010100 --json
  weir leads WA --rows self-0f3a9c51d2e7            the entries behind a lead
  weir leads kinds                                  what is looked for, by which test
  weir leads measure WA                             cases that the invented year planted: how many are found`)
    .action(verb((options: Options, owner: string | undefined) => (options.rows === undefined ? report(options, owner) : rows(options, owner, options.rows))));
  leads.command('kinds')
    .description('what is looked for: the test, the least numbers, and how many false leads are let through')
    .action(verb((_options: CommonOptions) => kinds()));
  leads.command('measure')
    .description('compare the leads of an invented data set with the cases that were planted in it')
    .argument('[owner]', 'two letters; else all in which a case was planted', 'all')
    .addHelpText('after', '\n--period and --log are taken as by weir leads.\n\nExamples:\n  weir leads measure WA\n  weir leads --log year measure')
    .action(verb((options: Options, owner: string | undefined) => measure(options, owner)));
};

async function report(options: Options, owner: string | undefined): Promise<VerbResult> {
  const reports = await overOwners(options, owner, (context, one, say) => findLeads({ ...context, owner: one, say }, {
    perKind: options.limit, ...(options.kind === undefined ? {} : { kinds: options.kind }), ...(options.agency === undefined ? {} : { agency: options.agency }),
  }));
  return { text: reports.map((one) => reportLines(one).join('\n')).join('\n\n'), json: single(reports, owner) };
}

async function rows(options: Options, owner: string | undefined, id: string): Promise<VerbResult> {
  if (kindOfId(id) === null) throw new VerbError(exitCodes.usage, `\`${id}\` is no id of a lead: one looks like self-0f3a9c51d2e7`, 'Take it from the output of weir leads.');
  if (ownersOf(owner) === 'all') throw new VerbError(exitCodes.usage, 'the entries behind a lead are in the log of one owner', 'Give the owner: weir leads WA --rows ID.');
  const [found] = await overOwners(options, owner, (context, one, say) => findRows({ ...context, owner: one, say }, id, 10_000));
  if (found === undefined || found === null) throw new VerbError(exitCodes.finding, `no lead \`${id}\` is found in this log over this period`, 'Give the --period and --log with which it was found.');
  const { lead, rows: behind } = found;
  const more = lead.rows.total - behind.length;
  return { text: [...leadLines(lead), '', ...rowLines(behind), ...(more > 0 ? [`and ${more} more`] : [])].join('\n'), json: { lead, rows: behind } };
}

function kinds(): VerbResult {
  return {
    text: detectors.map(({ kind, title, test, minimum, control, needs }) => [`${title}   (${kind})`, `  ${test}`, `  At least: ${minimum}.`, `  False leads: ${control}`, ...(needs.length === 0 ? [] : [`  Needs a log that has: ${needs.join(', ')}.`])].join('\n')).join('\n\n'),
    json: detectors.map(({ kind, title, test, minimum, control, needs }) => ({ kind, title, test, minimum, control, needs })),
  };
}

async function measure(options: Options, owner: string | undefined): Promise<VerbResult> {
  const measures = await overOwners(options, owner, async (context, one, say) => {
    const planted = await plantedIn(context, one);
    return planted.some((found) => found.owner === one) || ownersOf(owner) !== 'all' ? await measureLeads({ ...context, owner: one, say }, planted) : null;
  });
  const found = measures.filter((one) => one !== null);
  return { text: found.map(measureText).join('\n\n'), json: single(found, owner) };
}

/** The cases of one owner: `planted.json` in the owner's folder of the data set, or in that of the data set for all. */
async function plantedIn({ folder, dataset }: InsightContext, owner: string): Promise<readonly PlantedCase[]> {
  for (const path of [join(ownerFolder(folder, owner), 'planted.json'), join(folder, 'planted.json')]) {
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw new VerbError(exitCodes.environment, `${path} cannot be read`, null, { cause: error });
    });
    if (text === null) continue;
    try {
      return readPlanted(text);
    } catch (error) {
      throw new VerbError(exitCodes.usage, `${path} is no list of planted cases`, 'weir demo year writes one.', { cause: error });
    }
  }
  throw new VerbError(exitCodes.usage, `nothing was planted in the data set \`${dataset.name}\`, so nothing can be measured`, 'weir demo year writes one with planted cases.');
}

function measureText({ owner, agencies, agencyMonths, entries, kinds: all }: LeadMeasure): string {
  const line = (kind: string, planted: string, found: string, beside: string, others: string, rate: string): string[] => [kind, planted, found, beside, others, rate];
  const table = align([
    line('kind', 'planted', 'found', 'beside', 'others', 'others per 1,000 agency-months'),
    ...all.map(({ kind, ran, planted, found, beside, others, othersPerThousandAgencyMonths }) => line(kind, String(planted), ran ? String(found) : 'cannot run', String(beside), String(others), othersPerThousandAgencyMonths.toFixed(3))),
  ]);
  const sum = (of: 'planted' | 'found' | 'others'): number => all.reduce((total, one) => total + one[of], 0);
  return [
    `INVENTED DATA. ${owner}: ${entries.toLocaleString('en-US')} questions of ${agencies.toLocaleString('en-US')} agencies, ${agencyMonths.toLocaleString('en-US')} agency-months`,
    table,
    `${sum('found')} of ${sum('planted')} planted cases found; ${sum('others')} other leads. \`beside\` are leads of another kind about whom a case was planted.`,
  ].join('\n');
}

/** Does the work for each owner, with a line of progress from the third second on. */
async function overOwners<T>(options: Options, owner: string | undefined, work: (context: InsightContext, owner: string, say: (text: string) => void) => Promise<T>): Promise<readonly T[]> {
  const line = new RewrittenLine(process.stderr, options.quiet === true || options.json === true);
  try {
    return await withInsight(options, { owners: ownersOf(owner) }, async (context) => {
      const found: T[] = [];
      for (const [i, one] of context.owners.entries()) {
        found.push(await work(context, one, (text) => line.show((seconds) => `  ${one}${context.owners.length > 1 ? ` (${i + 1} of ${context.owners.length})` : ''}: ${text}   (${Math.round(seconds)} s)`)));
      }
      return found;
    });
  } finally {
    line.end();
  }
}

/** One object for one owner, a list for all. */
function single<T extends LeadReport | LeadMeasure>(found: readonly T[], owner: string | undefined): unknown {
  return ownersOf(owner) === 'all' ? found : found[0] ?? null;
}

function oriOf(text: string): string {
  if (!/^[A-Za-z0-9]{9}$/.test(text)) throw new InvalidArgumentError('an ORI has nine letters or digits.');
  return text.toUpperCase();
}

function whole(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('a whole number is wanted.');
  return Number(text);
}
