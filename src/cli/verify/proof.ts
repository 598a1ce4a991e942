import { fromHex, nodeCrypto, verifyProof } from '../../verify/index.ts';
import type { AddVerb } from '../verb.ts';
import { fileBytes, fileText, trustOf, withTrust, type TrustOptions } from './trust.ts';
import { exitHelp, verdict } from './verdict.ts';

/** `weir verify proof FILE --entry FILE|HEX`: that one entry is in a log. */
export const addProof: AddVerb = (parent) => {
  withTrust(parent.command('proof <file>'))
    .requiredOption('--entry <file|hex>', 'the data of the leaf: 64 hexadecimal digits of a commitment, or a file with the bytes')
    .description('that one entry is in a log (C2SP tlog-proof)')
    .addHelpText('after', `${exitHelp}\n\nExample:\n  weir verify proof wa-17.tlog-proof --entry 9f…e1 --policy trust.txt`)
    .action(verdict(async (options: TrustOptions & { readonly entry: string }, file: string) => {
      // What a receipt calls its hash is the commitment, and that is the data of the leaf.
      const data = fromHex(options.entry, 32) ?? await fileBytes(options.entry);
      const { origin, index, size, by } = await verifyProof(nodeCrypto, await trustOf(options), await fileText(file), data);
      return {
        text: `GOOD  ${origin} has this entry at index ${String(index)}, under a checkpoint of ${String(size)} entries${cosigned(by)}`,
        json: { ok: true, origin, index, size, witnesses: by },
      };
    }));
};

/** Who cosigned, in words. */
export function cosigned(by: readonly string[]): string {
  return by.length === 0 ? ', cosigned by nobody' : `, cosigned by ${by.join(', ')}`;
}
