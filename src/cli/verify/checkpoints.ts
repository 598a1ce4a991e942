import { consistencyProof, judge, nodeCrypto, toHex, verifyConsistency, VerifyError } from '../../verify/index.ts';
import { exitCodes, VerbError, type AddVerb } from '../verb.ts';
import { logFetch } from './logFetch.ts';
import { cosigned } from './proof.ts';
import { fileText, trustOf, withTrust, type TrustOptions } from './trust.ts';
import { exitHelp, verdict } from './verdict.ts';

/** `weir verify checkpoints OLD NEW --log DIR|URL`: that a log only grew between two of its checkpoints. */
export const addCheckpoints: AddVerb = (parent) => {
  withTrust(parent.command('checkpoints <old> <new>'))
    .option('--log <dir|url>', 'where the tiles of the log are; not needed where both have the same size')
    .description('that the newer of two checkpoints of a log only adds to the older one')
    .addHelpText('after', `\nTwo good checkpoints of one log that are not consistent prove that its signer showed different people different logs: keep both.\n${exitHelp}\n\nExample:\n  weir verify checkpoints monday.txt friday.txt --log https://weir.example.org/log/wa --policy trust.txt`)
    .action(verdict(async (options: TrustOptions & { readonly log?: string }, oldFile: string, newFile: string) => {
      const policy = await trustOf(options);
      const [older, newer] = [await judge(nodeCrypto, policy, await fileText(oldFile)), await judge(nodeCrypto, policy, await fileText(newFile))];
      if (older.origin !== newer.origin) throw new VerbError(exitCodes.usage, `the checkpoints are of two logs, ${older.origin} and ${newer.origin}`);
      if (older.size > newer.size) throw new VerifyError('inconsistent', `The newer checkpoint has ${String(newer.size)} entries, and the older one ${String(older.size)}.`);
      const needsTiles = older.size > 0 && older.size < newer.size;
      if (needsTiles && options.log === undefined) throw new VerbError(exitCodes.usage, 'the tiles of the log are needed', 'Give their folder or address with --log.');
      const proof = needsTiles ? await consistencyProof(nodeCrypto, logFetch(options.log ?? ''), older.size, newer.size) : [];
      const good = await verifyConsistency(nodeCrypto, { oldSize: older.size, oldRoot: older.root, newSize: newer.size, newRoot: newer.root, proof });
      if (!good) throw new VerifyError('inconsistent', `The log of ${String(newer.size)} entries does not begin with that of ${String(older.size)}, by these tiles.`);
      if (!newer.quorum) throw new VerifyError('noQuorum', `Too few witnesses cosigned the newer checkpoint of ${newer.origin}.`);
      return {
        text: `GOOD  ${newer.origin} grew from ${String(older.size)} to ${String(newer.size)} entries and changed none${cosigned(newer.by)}`,
        json: { ok: true, origin: newer.origin, old: { size: older.size, root: toHex(older.root) }, new: { size: newer.size, root: toHex(newer.root) }, witnesses: newer.by },
      };
    }));
};
