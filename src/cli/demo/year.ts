import { InvalidArgumentError } from 'commander';
import { checkYear, defaultYear, gigabytes, mostScale, ownersIn, writeYear, YearError, type YearCheck, type YearErrorCode, type YearReport } from '../../../demo/year/index.ts';
import type { Jurisdiction } from '../../vocabulary/index.ts';
import { openFolder, weirVersion } from '../../store/index.ts';
import { archiveFolder, archiveInWords } from '../insight/context.ts';
import { RewrittenLine } from '../rewrittenLine.ts';
import { inWords } from '../store.ts';
import { exitCodes, verb, VerbError, type AddVerb, type CommonOptions, type ExitCode, type VerbResult } from '../verb.ts';
import { duration } from './duration.ts';

interface Options extends CommonOptions {
  readonly scale: number;
  readonly ending: string;
  readonly owners?: readonly Jurisdiction[];
  readonly name: string;
  readonly seed: number;
  readonly agencies: number;
  readonly threads: number;
  readonly again?: boolean;
  readonly check?: boolean;
}

/** `weir demo year`: writes an invented year as a data set, or counts one. */
export const addYear: AddVerb = (parent) => {
  parent.command('year')
    .description('write an invented year of queries as a data set: 290,000,000 at full size, of which 292,114 from ICE and 605,116 from HSI')
    .option('--scale <n>', 'one n-th of the full year: 1000 for a thousandth', whole(1, mostScale), defaultYear.scale)
    .option('--ending <month>', 'the last of the twelve months', monthOf, defaultYear.ending)
    .option('--owners <list>', 'only these owners, such as WA,OR', ownersOf)
    .option('--name <name>', 'name of the data set', 'year')
    .option('--seed <n>', 'the same seed invents the same year', whole(0, 2 ** 32 - 1), defaultYear.seed)
    .option('--agencies <n>', 'how many agencies the network has, as given to weir start', whole(3_500, 60_000), defaultYear.agencies)
    .option('--threads <n>', 'threads that write', whole(1, 16), 2)
    .option('--again', 'replace the year of that name')
    .option('--check', 'write nothing: count the year of that name in its files, and compare it with what is promised')
    .addHelpText('after', `
The full year takes about 9 GB and several minutes. One that was broken off goes on when the same command is given again.
Everything in it is invented, and every output made from it says so.

Exit code 1: with --check, something is not as promised.

Examples:
  weir demo year --scale 1000            a thousandth: 290,000 queries
  weir demo year                         the full year
  weir demo year --owners WA,OR          only the records of two owners, at full size
  weir demo year --scale 100 --name hundredth
  weir demo year --check                 count it again, by owner, ICE and HSI
`)
    .action(verb((options: Options) => yearInWords(async () => (options.check === true ? check(options) : write(options)))));
};

async function write(options: Options): Promise<VerbResult> {
  const { scale, ending, owners, name, seed, agencies, threads, again = false } = options;
  await openFolder(options.data).catch((error: unknown) => { throw inWords(error); });
  const line = new RewrittenLine(process.stderr, options.quiet === true);
  const report = await writeYear(archiveFolder(options), {
    scale, ending, name, seed, agencies, threads, again, engine: `weir ${weirVersion()}`, ...(owners === undefined ? {} : { owners }),
    progress: (done, total) => line.show((seconds) => progressText(done, total, seconds)),
  }).finally(() => line.end());
  return { text: reportText(report).join('\n'), json: report };
}

function progressText(done: number, total: number, seconds: number): string {
  const left = done === 0 ? '' : `, about ${duration(seconds * (total / done - 1))} left`;
  return `  ${number(done)} of ${number(total)} queries, ${Math.floor((100 * done) / Math.max(1, total))} %${left}`;
}

function reportText({ name, label, rows, written, bytes, seconds, planted, owners }: YearReport): readonly string[] {
  const sum = (of: 'ero' | 'hsi'): number => owners.reduce((all, one) => all + one[of], 0);
  const first = written === 0 ? `The data set ${name} has all that already: nothing was written.` : `${number(written)} invented queries written into the data set ${name} in ${duration(seconds)} (${number(Math.round(written / Math.max(0.001, seconds)))} a second).`;
  return [
    first,
    '',
    `  ${label}.`,
    `  Queries     ${number(rows)}, of the records of ${owners.length === 56 ? 'all 56 owners' : owners.map(({ owner }) => owner).join(', ')}`,
    `  From ICE    ${number(sum('ero'))} (without HSI)`,
    `  From HSI    ${number(sum('hsi'))}`,
    `  On disk     ${gigabytes(bytes)}`,
    `  Planted     ${planted} case${planted === 1 ? '' : 's'} for weir leads to find (planted.json)`,
    '',
    `Count it again: weir demo year --check${name === 'year' ? '' : ` --name ${name}`}`,
    `Look at it:     weir stats ${owners.length === 56 ? 'WA' : (owners[0]?.owner ?? 'WA')} --by party${name === 'year' ? '' : ` --log ${name}`}`,
  ];
}

async function check(options: Options): Promise<VerbResult> {
  const line = new RewrittenLine(process.stderr, options.quiet === true);
  const found = await checkYear(archiveFolder(options), options.name, (done, total) => line.show(() => `  ${done} of ${total} owners counted`)).finally(() => line.end());
  return { text: checkText(found).join('\n'), json: found, exit: found.findings.length === 0 ? exitCodes.ok : exitCodes.finding };
}

function checkText({ name, label, owners, promised, counted, findings }: YearCheck): readonly string[] {
  const row = (cells: readonly string[]): string => `  ${(cells[0] ?? '').padEnd(6)}${cells.slice(1).map((cell) => cell.padStart(14)).join('')}`.trimEnd();
  const counts = ({ total, ero, hsi, cbp, federal, local }: typeof counted): readonly string[] => [total, ero, hsi, cbp, federal, local].map(number);
  return [
    `${label}.`, `Counted in the files of the data set ${name}, UTC:`, '', row(['', 'queries', 'ICE', 'HSI', 'CBP', 'other federal', 'all others']),
    ...owners.map((one) => row([one.owner, ...counts(one.counted)])), row(['all', ...counts(counted)]), row(['plan', ...counts(promised)]), '',
    ...(findings.length === 0 ? ['All as promised, to the unit.'] : [`${findings.length} finding${findings.length === 1 ? '' : 's'}:`, ...findings.slice(0, 50).map((text) => `  ${text}`), ...(findings.length > 50 ? [`  and ${findings.length - 50} more`] : [])]),
  ];
}

const exits: Readonly<Record<YearErrorCode, ExitCode>> = {
  YEAR_OPTION: exitCodes.usage, YEAR_OTHER: exitCodes.usage, YEAR_NAME: exitCodes.usage, YEAR_NONE: exitCodes.usage, YEAR_SPACE: exitCodes.environment, YEAR_THREAD: exitCodes.environment,
};

function yearInWords<T>(work: () => Promise<T>): Promise<T> {
  return archiveInWords(async () => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof YearError) throw new VerbError(exits[error.code], error.message, error.mend, { cause: error });
      throw error;
    }
  });
}

/** A whole number within bounds, for an option. */
function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    return value;
  };
}

function monthOf(text: string): string {
  if (/^(19|20)\d\d-(0[1-9]|1[0-2])$/.test(text)) return text;
  throw new InvalidArgumentError('It must be a year and a month, such as 2026-10.');
}

function ownersOf(text: string): readonly Jurisdiction[] {
  const owners = ownersIn(text);
  if (owners === null) throw new InvalidArgumentError('It must be owners of two letters each, with commas between, such as WA,OR.');
  return owners;
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}
