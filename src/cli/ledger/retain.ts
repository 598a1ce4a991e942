import { erase, planErasure, retentionOf, type ErasureItem } from '../../ledger/retention/index.ts';
import { followFacts } from '../../ledger/subjects/index.ts';
import { ProgressLine } from '../progressLine.ts';
import { verb, type AddVerb, type CommonOptions } from '../verb.ts';
import { withRecorder } from './record.ts';
import { ownerOf, working } from './working.ts';

interface Options extends CommonOptions {
  readonly owner?: string;
  readonly dryRun?: boolean;
}

/** `weir ledger retain`: erases what is kept no longer. */
export const addRetain: AddVerb = (parent) => {
  parent.command('retain')
    .description('erase entries whose time is over: day keys, private records and indices; commitments and proofs stay')
    .option('--owner <state>', 'of one owner only')
    .option('--dry-run', 'show what would be erased, and what is held and why')
    .addHelpText('after', '\nFor how long: `ledger.retention` in the settings, else 1,827 days for disclosures and 400 for the rest. What is erased cannot be brought back.\n\nExamples:\n  weir ledger retain --dry-run\n  weir ledger retain --owner WA')
    .action(verb((options: Options) => working(options, async ({ places, settings, keys, reader, owners }) => {
      const facts = followFacts(reader);
      const chosen = options.owner === undefined ? owners : [ownerOf(owners, options.owner)];
      const retention = (owner: string) => retentionOf(settings.ledger?.retention ?? {}, owner);
      const plan = await planErasure({ place: places.ledger, keys: places.keys, owners: chosen, facts: await facts(), retention, now: Date.now() });
      const due = plan.filter(({ kept }) => kept === null);
      if (options.dryRun === true || due.length === 0) return { text: words(plan, 'would be').join('\n'), json: { erased: [], plan } };
      const line = new ProgressLine(process.stderr, options.quiet === true || options.json === true);
      const erased = await withRecorder(options, (recorder) => erase(plan, { place: places.ledger, days: keys.days, facts, now: Date.now(), onItem: (done, total) => line.show('erased', done, total) }, recorder));
      line.end();
      return { text: words([...erased, ...plan.filter(({ kept }) => kept !== null)], 'is').join('\n'), json: { erased, plan } };
    })));
};

/** The plan in words: for each owner and kind the days that go, then what stays and why. */
function words(items: readonly ErasureItem[], verbWord: 'would be' | 'is'): readonly string[] {
  const going = items.filter(({ kept }) => kept === null);
  if (items.length === 0) return ['Nothing is due.'];
  const groups = new Map<string, ErasureItem[]>();
  for (const item of going) groups.set(`${item.owner} ${item.kind}`, [...(groups.get(`${item.owner} ${item.kind}`) ?? []), item]);
  return [
    ...[...groups.values()].map((of) => {
      const [first] = of;
      const what = first?.kind === 'index' ? 'the index of' : first?.kind === 'disclosure' ? 'the disclosures of' : 'all but the disclosures of';
      return `${first?.owner ?? ''}  ${what} ${of.length} day${of.length === 1 ? '' : 's'}, ${first?.day ?? ''} to ${of.at(-1)?.day ?? ''}, ${verbWord} erased: kept for ${first?.keepDays ?? 0} days${of.some(({ announced }) => announced) ? '; begun before and not ended' : ''}`;
    }),
    ...items.flatMap(({ owner, day, kind, kept }) => (kept === null ? [] : [`${owner}  ${day} ${kind} stays: ${kept.by === 'hold' ? `hold ${kept.hold}, order ${kept.order}` : 'the index of the day was never closed; weir ledger epochs --close'}`])),
    ...(going.length === 0 ? ['Nothing else is due.'] : []),
  ];
}
