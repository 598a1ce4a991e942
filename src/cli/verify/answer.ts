import { nodeCrypto, verifyAnswer } from '../../verify/index.ts';
import type { AddVerb } from '../verb.ts';
import { fileText, trustOf, withTrust, type TrustOptions } from './trust.ts';
import { exitHelp, verdict } from './verdict.ts';

/** `weir verify answer FILE --opening FILE`: that an answer's records are those that the log says were released. */
export const addAnswer: AddVerb = (parent) => {
  withTrust(parent.command('answer <file>'))
    .requiredOption('--opening <file>', 'the opening of the entry that the answer\'s receipt names, with its field "subject"')
    .description('that the records in an answer (JSON) are what its entry in the log says was released')
    .addHelpText('after', `\nTrusted must be the log and PREFIX/receipts. The parts of other owners in the answer are left out.\n${exitHelp}\n\nExample:\n  weir verify answer answer.json --opening opening.json --policy trust.txt`)
    .action(verdict(async (options: TrustOptions & { readonly opening: string }, file: string) => {
      const matched = await verifyAnswer(nodeCrypto, await trustOf(options), await fileText(file), await fileText(options.opening));
      return {
        text: matched.map(({ receipt, records }) => `GOOD  ${receipt.log} ${String(receipt.index)}: the ${records === 1 ? 'record is' : `${String(records)} records are`} what the log says was released`).join('\n'),
        json: { ok: true, answers: matched.map(({ receipt: { log, index, entry }, records }) => ({ log, index, entry, records })) },
      };
    }));
};
