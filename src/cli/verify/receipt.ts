import { nodeCrypto, receiptsIn, verifyReceipt, VerifyError, type TrustPolicy, type Vkey } from '../../verify/index.ts';
import { exitCodes, VerbError, type AddVerb } from '../verb.ts';
import { fileText, trustOf, withTrust, type TrustOptions } from './trust.ts';
import { exitHelp, verdict } from './verdict.ts';

/** `weir verify receipt FILE`: that the log promised an entry, under its signature. */
export const addReceipt: AddVerb = (parent) => {
  withTrust(parent.command('receipt <file>'))
    .description('the receipts in an answer (JSON, NIEM XML or legacy text), or one receipt as JSON')
    .addHelpText('after', `\nThe key is that of PREFIX/receipts. A good receipt is a promise: at the latest with its next checkpoint the log has this entry at this place.\n${exitHelp}\n\nExamples:\n  weir verify receipt answer.json --policy trust.txt\n  weir verify receipt answer.txt --origin weir.example.org --key weir.example.org/receipts+1a2b3c4d+AX…`)
    .action(verdict(async (options: TrustOptions, file: string) => {
      const policy = await trustOf(options);
      const key = receiptKey(policy, options.origin ?? null);
      const prefix = key.name.slice(0, -'/receipts'.length);
      const good: { log: string; index: number; entry: string; hash: string; promised: string }[] = [];
      for (const receipt of receiptsIn(await fileText(file))) {
        const { log, index, entry, hash, token } = receipt;
        const { time } = await verifyReceipt(nodeCrypto, { vkey: key, origin: `${prefix}/log/${log}`, index, entry, hash, token }).catch((error: unknown) => {
          if (error instanceof VerifyError) throw new VerifyError(error.code, `The receipt of ${log} ${String(index)}: ${error.message}`, error.at);
          throw error;
        });
        good.push({ log, index, entry, hash, promised: timeText(time) });
      }
      return {
        text: good.map(({ log, index, entry, promised }) => `GOOD  ${prefix}/log/${log} promised entry ${entry} at index ${String(index)} on ${promised}`).join('\n'),
        json: { ok: true, receipts: good },
      };
    }));
};

/** The one key of receipts that is trusted. */
function receiptKey({ logs }: TrustPolicy, origin: string | null): Vkey {
  const keys = logs.map(({ key }) => key).filter(({ name }) => name.endsWith('/receipts') && (origin === null || name === `${origin}/receipts`));
  const [key, second] = keys;
  if (key === undefined) throw new VerifyError('unsigned', 'No key of receipts (PREFIX/receipts) is trusted.');
  if (second !== undefined) throw new VerbError(exitCodes.usage, 'more than one exchange is trusted', 'Say which with --origin PREFIX.');
  return key;
}

/** The signer controls the number: a time that no calendar has stays a number. */
function timeText(time: number): string {
  return time <= 8.64e15 ? new Date(time).toISOString() : String(time);
}
