import { readEntries } from '../../ledger/index.ts';
import type { AddVerb, CommonOptions, VerbResult } from '../verb.ts';
import { exitCodes, verb, VerbError } from '../verb.ts';
import { journalFolder, reading } from './folder.ts';

/** `weir journal show INDEX`: one entry, whole, with the hash that its receipt names. */
export const addShow: AddVerb = (parent) => {
  parent.command('show')
    .description('print one entry with the hash that its receipt names')
    .argument('<index>', 'the position in the journal, from 0, as a receipt gives it')
    .addHelpText('after', '\nExamples:\n  weir journal show 0\n  weir journal show 1204 --json | jq .hash')
    .action(verb((options: CommonOptions, index: string) => reading(() => show(options, index))));
};

async function show(options: CommonOptions, text: string): Promise<VerbResult> {
  if (!/^\d{1,12}$/.test(text)) throw new VerbError(exitCodes.usage, 'the index is a whole number from 0', 'weir journal tail shows the latest.');
  const wanted = Number(text);
  const folder = journalFolder(options);
  for await (const { index, hash, entry } of readEntries(folder, wanted, { end: wanted + 1 })) {
    return { text: `index  ${index}\nhash   ${hash}\n${JSON.stringify(entry, null, 2)}`, json: { index, hash, entry } };
  }
  throw new VerbError(exitCodes.finding, `the journal has no entry ${wanted}`, 'weir journal stats tells how many there are.');
}
