import type { Lack } from '../archive/types.ts';
import { refusals, remarks, skips, type Refusal, type Remark, type Skip } from './reasons.ts';
import type { Source } from './state.ts';
import { refusalNames, remarkNames, skipNames, Tally, type Count, type TallyState } from './tally.ts';

/** One reason, with how many lines and where the first are: file and line from 1. Never what stands in a line. */
export interface ReasonLine extends Count {
  readonly reason: Skip | Refusal | Remark | 'duplicate';
  readonly words: string;
}

/** What became of every line of some files. */
export interface ImportReport {
  readonly weirImportReport: 1;
  readonly dataset: string;
  readonly kind: 'imported';
  readonly owner: string;
  /** Nothing was written. */
  readonly dryRun: boolean;
  readonly by: string;
  readonly lacks: readonly Lack[];
  readonly files: readonly { readonly file: string; readonly sha256: string | null; readonly lines: number; readonly from: number; readonly state: 'whole' | 'rotated' | 'truncated' | 'open' }[];
  readonly registry: { readonly version: number; readonly hash: string };
  /** `read` = all of `skipped` + `archived` + `duplicates` + all of `refused`. */
  readonly lines: { readonly read: number; readonly skipped: number; readonly archived: number; readonly duplicates: number; readonly refused: number };
  readonly skipped: readonly ReasonLine[];
  readonly duplicates: readonly ReasonLine[];
  readonly refused: readonly ReasonLine[];
  /** Of archived lines: a line can have several. */
  readonly remarks: readonly ReasonLine[];
  /** ORIs that the registry does not place, the most frequent first. */
  readonly unplaced: { readonly oris: number; readonly most: readonly { readonly ori: string; readonly lines: number }[] };
  /** RFC 3339, UTC: of the archived entries. */
  readonly period: { readonly from: string; readonly to: string } | null;
  readonly timeZone: 'UTC';
}

const mostListed = 50;

/** The report over some sources of an import. */
export function reportOf(parts: Pick<ImportReport, 'dataset' | 'owner' | 'dryRun' | 'by' | 'lacks'>, sources: readonly Source[], listed: number): ImportReport {
  const tally = new Tally(listed, merged(sources.map((source) => source.tally), listed));
  const state = tally.state();
  const lines = <R extends ReasonLine['reason']>(names: readonly R[], words: Readonly<Record<R, string>>): readonly ReasonLine[] => names.flatMap((reason) => {
    const found = state.counts[reason];
    return found === undefined ? [] : [{ reason, words: words[reason], ...found }];
  });
  const oris = Object.entries(state.oris).map(([ori, count]) => ({ ori, lines: count })).sort((a, b) => b.lines - a.lines || (a.ori < b.ori ? -1 : 1));
  const skipped = lines(skipNames, skips);
  const last = sources.at(-1);
  return {
    weirImportReport: 1, dataset: parts.dataset, kind: 'imported', owner: parts.owner, dryRun: parts.dryRun, by: parts.by, lacks: parts.lacks,
    files: sources.map(({ file, sha256, tally: { read }, from, end }) => ({ file, sha256, lines: read, from, state: end ?? 'open' })),
    registry: last?.registry ?? { version: 0, hash: '' },
    lines: { read: tally.read, skipped: skipped.reduce((sum, { count }) => sum + count, 0), archived: tally.count('archived'), duplicates: tally.count('duplicate'), refused: tally.refused },
    skipped, duplicates: lines(['duplicate'], { duplicate: 'entries that were met before' }), refused: lines(refusalNames, refusals), remarks: lines(remarkNames, remarks),
    unplaced: { oris: oris.length, most: oris.slice(0, mostListed) },
    period: state.earliest === null || state.latest === null ? null : { from: new Date(state.earliest).toISOString(), to: new Date(state.latest).toISOString() },
    timeZone: 'UTC',
  };
}

function merged(tallies: readonly TallyState[], listed: number): TallyState {
  const counts: Partial<Record<keyof TallyState['counts'], Count>> = {};
  const oris: Record<string, number> = {};
  for (const tally of tallies) {
    for (const [reason, { count, first }] of Object.entries(tally.counts) as [keyof TallyState['counts'], Count][]) {
      const had = counts[reason];
      counts[reason] = { count: (had?.count ?? 0) + count, first: [...(had?.first ?? []), ...first].slice(0, listed) };
    }
    for (const [ori, count] of Object.entries(tally.oris)) oris[ori] = (oris[ori] ?? 0) + count;
  }
  const times = (name: 'earliest' | 'latest'): number[] => tallies.map((tally) => tally[name]).filter((at) => at !== null);
  return {
    read: tallies.reduce((sum, { read }) => sum + read, 0), counts, oris,
    earliest: times('earliest').reduce<number | null>((least, at) => (least === null || at < least ? at : least), null),
    latest: times('latest').reduce<number | null>((most, at) => (most === null || at > most ? at : most), null),
  };
}

/** The report for people. */
export function reportLines(report: ImportReport): readonly string[] {
  const { lines } = report;
  const n = (value: number): string => value.toLocaleString('en-US');
  const several = report.files.length > 1;
  const where = ({ first, count }: Count): string => {
    const shown = first.map(({ file, line }) => (several ? `${file}:${line}` : String(line))).join(', ');
    return shown === '' ? '' : `  ${first.length === 1 && count === 1 ? 'line' : 'lines'} ${shown}${count > first.length ? ' …' : ''}`;
  };
  const list = (title: string, found: readonly ReasonLine[]): readonly string[] => (found.length === 0 ? [] : ['', title, ...found.map((one) => `  ${n(one.count).padStart(13)}  ${one.reason.padEnd(15)} ${one.words}.${where(one)}`)]);
  const share = lines.read === 0 ? '' : ` (${(100 * lines.archived / lines.read).toFixed(1)} %)`;
  return [
    `${report.dryRun ? 'Nothing was written. Of' : 'Of'} ${n(lines.read)} lines, ${n(lines.archived)} ${report.dryRun ? 'would be' : 'are'} in the archive${share}: ${n(lines.skipped)} are no entries, ${n(lines.duplicates)} ${lines.duplicates === 1 ? 'is a duplicate' : 'are duplicates'}, ${n(lines.refused)} ${lines.refused === 1 ? 'was' : 'were'} refused.`,
    ...(report.period === null ? [] : [`They are of ${report.period.from} to ${report.period.to} (UTC). Owner ${report.owner}; data set ${report.dataset}; registry version ${report.registry.version}.`]),
    ...(several ? ['', 'Files', ...report.files.map(({ file, lines: read, state }, at) => `  ${String(at + 1).padStart(3)}  ${file}  ${n(read)} lines${state === 'whole' ? '' : `, ${stateWords[state]}`}`)] : []),
    ...list('No entries', report.skipped),
    ...list('Duplicates', report.duplicates),
    ...list('Refused', report.refused),
    ...list('Archived, with a remark', report.remarks),
    ...(report.unplaced.oris === 0 ? [] : ['', `Agencies that the registry does not place: ${n(report.unplaced.oris)}. The most frequent:`, ...report.unplaced.most.slice(0, 10).map(({ ori, lines: count }) => `  ${n(count).padStart(13)}  ${ori}`)]),
    ...(report.lacks.length === 0 ? [] : ['', `What this log lacks: ${report.lacks.map((lack) => lackWords[lack]).join('; ')}.`]),
  ];
}

const stateWords = { rotated: 'renamed by whoever keeps the log, and read to its end', truncated: 'cut off by whoever keeps the log: what was not read by then is lost', open: 'not read to its end yet' } as const;

const lackWords: Readonly<Record<Lack, string>> = {
  decisions: 'which rules decided', released: 'what was given (the classes that the message key implies are taken)', purpose: 'why it was asked', evidence: 'case numbers and warrants',
  user: 'which person asked', subject: 'of whom or what was asked', status: 'what came of a request (all are taken as answered)', attributesThen: 'what agencies were at the time (those of the registry now are taken, for that day)',
};
