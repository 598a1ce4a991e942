import { buildEpoch, closeEpochs, EpochIndex, keepEpoch, readFacts, SubjectsError, type AnchorFacts, type ClosedEpoch } from '../../ledger/subjects/index.ts';
import { ProgressLine } from '../progressLine.ts';
import { exitCodes, verb, type AddVerb, type CommonOptions, type VerbResult } from '../verb.ts';
import { withRecorder } from './record.ts';
import { ownerOf, working, type Working } from './working.ts';

interface Options extends CommonOptions {
  readonly owner?: string;
  readonly close?: boolean;
  readonly check?: boolean;
  readonly mend?: boolean;
}

/** `weir ledger epochs`: the indices of subjects, one for each day of each owner's log. */
export const addEpochs: AddVerb = (parent) => {
  parent.command('epochs')
    .description('the daily indices by which a resident\'s report is shown complete')
    .option('--owner <state>', 'of one owner only')
    .option('--close', 'close the days that are over and not closed yet')
    .option('--check', 'make each index anew from the entries and compare; exit code 1 where one differs')
    .option('--mend', 'with --check: write files that are missing or altered anew')
    .addHelpText('after', '\nExamples:\n  weir ledger epochs\n  weir ledger epochs --close\n  weir ledger epochs --check --owner WA')
    .action(verb((options: Options) => working(options, async (ledger) => {
      const owners = options.owner === undefined ? ledger.owners : [ownerOf(ledger.owners, options.owner)];
      const facts = await readFacts(ledger.reader, { place: ledger.places.ledger });
      if (options.close === true) return await close(options, ledger, owners, facts);
      return options.check === true ? await check(options, ledger, owners, facts) : list(owners, facts);
    })));
};

function list(owners: readonly string[], facts: AnchorFacts): VerbResult {
  const rows = owners.map((owner) => {
    const days = facts.epochs.get(owner) ?? [];
    return { owner, days: days.length, first: days[0]?.day ?? null, last: days.at(-1)?.day ?? null, entries: days.at(-1)?.to ?? 0, tags: days.reduce((sum, { tags }) => sum + tags, 0) };
  });
  const closed = rows.filter(({ days }) => days > 0);
  return {
    text: closed.length === 0 ? 'No day is closed yet. A day is closed ten minutes after it is over.'
      : closed.map(({ owner, days, first, last, entries, tags }) => `${owner}  ${days} day${days === 1 ? '' : 's'}, ${first ?? ''} to ${last ?? ''}, ${entries} entries, ${tags} tags`).join('\n'),
    json: rows,
  };
}

async function close(options: Options, { reader, keys, places }: Working, owners: readonly string[], facts: AnchorFacts): Promise<VerbResult> {
  const line = new ProgressLine(process.stderr, options.quiet === true || options.json === true);
  return await withRecorder(options, async (recorder) => {
    const closed = [];
    for (const [at, owner] of owners.entries()) {
      const onDay = (day: string): void => line.show(`${owner} ${day}, owners`, at, owners.length);
      closed.push(...await closeEpochs({ owner, reader, keys, place: places.ledger, facts, now: Date.now(), onDay }, recorder));
    }
    line.end();
    return { text: closed.length === 0 ? 'Nothing to close.' : closed.map(({ owner, day, from, to, tags }) => `${owner}  ${day}  ${to - from} entries, ${tags} tags`).join('\n'), json: closed };
  });
}

interface Finding {
  readonly owner: string;
  readonly day: string;
  readonly what: string;
}

async function check(options: Options, ledger: Working, owners: readonly string[], facts: AnchorFacts): Promise<VerbResult> {
  const line = new ProgressLine(process.stderr, options.quiet === true || options.json === true);
  const epochs = owners.flatMap((owner) => facts.epochs.get(owner) ?? []);
  const findings: Finding[] = [];
  const mended: string[] = [];
  let partly = 0;
  for (const [at, epoch] of epochs.entries()) {
    line.show('days', at, epochs.length);
    const result = await checkDay(ledger, facts, epoch, options.mend === true);
    if (result === 'erased' || result === 'file only') partly += 1;
    else if (result === 'mended') mended.push(`${epoch.owner} ${epoch.day}`);
    else if (result !== 'good') findings.push({ owner: epoch.owner, day: epoch.day, what: result.what });
  }
  line.end();
  const lines = [
    ...findings.map(({ owner, day, what }) => `DIFFERS ${owner} ${day}: ${what}`), ...mended.map((one) => `mended  ${one}`),
    ...(partly === 0 ? [] : [`Of ${partly} day${partly === 1 ? '' : 's'} entries were erased: those indices cannot be made anew.`]),
    findings.length === 0 ? `${epochs.length} indices are what the entries make.` : `${findings.length} of ${epochs.length} indices differ.`,
  ];
  return { text: lines.join('\n'), json: { ok: findings.length === 0, checked: epochs.length, partly, mended, findings }, exit: findings.length === 0 ? exitCodes.ok : exitCodes.finding };
}

async function checkDay({ reader, keys, places }: Working, facts: AnchorFacts, epoch: ClosedEpoch, mend: boolean): Promise<'good' | 'mended' | 'erased' | 'file only' | { readonly what: string }> {
  const of = facts.erasures.filter((one) => one.owner === epoch.owner && (one.index === null ? one.day === epoch.day : epoch.from <= one.index && one.index < epoch.to));
  if (of.some(({ kind }) => kind === 'index')) return 'erased';
  const file = fileFault(places.ledger, epoch);
  if (of.length > 0) return file === null ? 'file only' : { what: file };
  try {
    const made = await buildEpoch({ reader, keys, facts }, epoch);
    if (made.facts.root !== epoch.root || made.facts.tags !== epoch.tags) return { what: 'the entries make another index than the anchor log has' };
    if (file === null) return 'good';
    if (!mend) return { what: file };
    await keepEpoch(places.ledger, made);
    return 'mended';
  } catch (error) {
    if (error instanceof SubjectsError) return { what: error.message };
    throw error;
  }
}

function fileFault(place: string, epoch: ClosedEpoch): string | null {
  try {
    const index = EpochIndex.open(place, epoch);
    try {
      for (const _ of index.all()) continue;
      return null;
    } finally {
      index.close();
    }
  } catch (error) {
    if (error instanceof SubjectsError) return error.message;
    throw error;
  }
}
