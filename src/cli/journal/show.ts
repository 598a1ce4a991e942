import { verbResultOf } from './shown.ts';
import { openLedgerForReading, reading } from '../ledger/folder.ts';
import type { AddVerb, CommonOptions, VerbResult } from '../verb.ts';
import { exitCodes, verb, VerbError } from '../verb.ts';

/** `weir journal show`: one entry, whole, by its sequence or by log and index. */
export const addShow: AddVerb = (parent) => {
  parent.command('show')
    .description('print one entry, by its place over all logs, or by log and index as its receipt gives them')
    .argument('<place>', 'the sequence from 0, or the name of a log: an owner\'s code, or anchor')
    .argument('[index]', 'the index in that log')
    .addHelpText('after', '\nExamples:\n  weir journal show 0\n  weir journal show WA 12\n  weir journal show anchor 3 --json | jq .entry')
    .action(verb((options: CommonOptions, place: string, index: string | undefined) => reading(() => show(options, place, index))));
};

async function show(options: CommonOptions, place: string, index: string | undefined): Promise<VerbResult> {
  if (index === undefined) return bySequence(options, wholeNumber(place, 'the sequence'));
  const log = place.toLowerCase();
  if (!/^([a-z0-9]{2}|anchor)$/.test(log)) throw new VerbError(exitCodes.usage, `${place} is no log`, 'A log is an owner\'s code, such as WA, or anchor.');
  const { reader } = await openLedgerForReading(options);
  const found = await reader.entry(log, wholeNumber(index, 'the index'));
  if (found === 'erased') throw new VerbError(exitCodes.finding, `entry ${index} of ${place} was erased; its place in the log stays`);
  if (found === null) throw new VerbError(exitCodes.finding, `the log ${place} has no entry ${index}`, 'weir ledger logs tells how many there are.');
  return verbResultOf(found);
}

async function bySequence(options: CommonOptions, wanted: number): Promise<VerbResult> {
  const { reader } = await openLedgerForReading(options);
  for await (const found of reader.entries(wanted, { end: wanted + 1 })) return verbResultOf(found);
  throw new VerbError(exitCodes.finding, `there is no entry ${wanted}, or it was erased`, 'weir journal stats tells how many there are.');
}

function wholeNumber(text: string, what: string): number {
  if (!/^\d{1,12}$/.test(text)) throw new VerbError(exitCodes.usage, `${what} is a whole number from 0`, 'weir journal tail shows the latest.');
  return Number(text);
}
