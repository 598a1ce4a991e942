import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { readKey } from '../../ledger/witness/key.ts';
import { addWatched, logKeysIn } from '../../ledger/witness/watched.ts';
import type { AddVerb } from '../verb.ts';
import { exitCodes, verb, VerbError } from '../verb.ts';
import { onState, stateFolder, stateOption } from './folder.ts';
import type { StateOptions } from './folder.ts';

/** A policy of some hundred logs is far smaller. */
const longestFile = 4_000_000;

export const addAddLog: AddVerb = (parent) => {
  parent.command('add-log')
    .description('watch more logs, by their keys or those in a policy file')
    .argument('<log...>', 'keys of logs, NAME+KEYID+BASE64, or files with `log KEY` lines')
    .requiredOption(...stateOption)
    .addHelpText('after', `
A witness that runs takes them up with the next request for them; it need not be stopped.
Get the keys from the log's operator by a way that you trust: whose key it is, is all that a witness has to know.

Examples:
  weir witness add-log --state ./witness policy.txt
  weir witness add-log --state ./witness weir.example.org/log/wa+0f4dd9f5+AQ…`)
    .action(verb((options: StateOptions, given: readonly string[]) => onState(async () => {
      const folder = stateFolder(options);
      await readKey(folder);
      const vkeys = (await Promise.all(given.map(keysOf))).flat();
      // The keys of receipts stand in policies too, and are no logs.
      const added = await addWatched(folder, vkeys.filter((vkey) => !/^[^+]*\/receipts\+/.test(vkey)));
      const names = added.map(({ name }) => name);
      return { text: names.length === 0 ? 'All of these were watched already.' : [`Watching ${names.length} more:`, ...names.map((name) => `  ${name}`)].join('\n'), json: { added: names } };
    })));
};

async function keysOf(text: string): Promise<readonly string[]> {
  if (!existsSync(text)) {
    if (text.includes('+')) return [text];
    throw new VerbError(exitCodes.usage, `\`${text.slice(0, 80)}\` is neither a file nor the key of a log`, 'A key is written NAME+KEYID+BASE64.');
  }
  const content = await readFile(text, 'utf8').catch((error: unknown) => {
    throw new VerbError(exitCodes.usage, `${text} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`);
  });
  if (content.length > longestFile) throw new VerbError(exitCodes.usage, `${text} is too long for a policy`);
  return logKeysIn(content);
}
