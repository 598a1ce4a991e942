import { verifyAnswer } from './answer.ts';
import { fromHex } from './bytes.ts';
import { verifyOpening } from './opening.ts';
import { judge, parsePolicy } from './policy.ts';
import type { TrustPolicy } from './policy.ts';
import { verifyProof } from './proof.ts';
import { verifyReceipt } from './receipt.ts';
import { receiptsIn } from './receiptFile.ts';
import { verifyRelease } from './release.ts';
import { verifyReport } from './subjects.ts';
import { VerifyError } from './types.ts';
import type { VerifyErrorCode } from './types.ts';
import { webCrypto } from './webCrypto.ts';

/** What a file may be. */
export const verifyKinds = ['receipt', 'answer', 'proof', 'checkpoint', 'opening', 'release', 'report'] as const;
export type VerifyKind = (typeof verifyKinds)[number];

/** A verdict in words. `code` is null for a good file; `noCrypto` where this browser lacks what is needed. */
export interface TextVerdict {
  readonly good: boolean;
  readonly code: VerifyErrorCode | 'noCrypto' | null;
  readonly lines: readonly string[];
}

/**
 * Verifies a file in a browser, by WebCrypto alone; nothing is sent anywhere. `other` is the opening for `answer` and `release`, and the
 * entry's hash (64 hexadecimal digits) for `proof`. Never rejects.
 */
export async function verifyText(kind: VerifyKind, text: string, policyText: string, other = ''): Promise<TextVerdict> {
  try {
    return { good: true, code: null, lines: await checks[kind](parsePolicy(policyText), text, other) };
  } catch (error) {
    if (error instanceof VerifyError) return { good: false, code: error.code, lines: [error.at === null ? error.message : `${error.message} (${error.at})`] };
    return { good: false, code: 'noCrypto', lines: [`This browser could not verify it: ${error instanceof Error ? error.message : String(error)}`] };
  }
}

const checks: { readonly [K in VerifyKind]: (policy: TrustPolicy, text: string, other: string) => Promise<readonly string[]> } = {
  receipt: async (policy, text) => await Promise.all(receiptsIn(text).map(async ({ log, index, entry, hash, token }) => {
    const [vkey, second] = policy.logs.map(({ key }) => key).filter(({ name }) => name.endsWith('/receipts'));
    if (vkey === undefined || second !== undefined) throw new VerifyError('unsigned', 'The policy must have just one key of receipts.');
    const origin = `${vkey.name.slice(0, -'/receipts'.length)}/log/${log}`;
    const { time } = await verifyReceipt(webCrypto, { vkey, origin, index, entry, hash, token });
    return `${origin} promised entry ${entry} at index ${String(index)} on ${timeText(time)}.`;
  })),
  answer: async (policy, text, other) => (await verifyAnswer(webCrypto, policy, text, other)).map(({ receipt, records }) => `${receipt.log} ${String(receipt.index)}: the records, ${String(records)}, are what the log says was released.`),
  async proof(policy, text, other) {
    const data = fromHex(other.trim(), 32);
    if (data === null) throw new VerifyError('malformed', 'Give the hash of the entry: 64 hexadecimal digits.');
    const { origin, index, size, by } = await verifyProof(webCrypto, policy, text, data);
    return [`${origin} has this entry at index ${String(index)}, under a checkpoint of ${String(size)} entries.`, cosigned(by)];
  },
  async checkpoint(policy, text) {
    const { origin, size, by, quorum } = await judge(webCrypto, policy, text);
    if (!quorum) throw new VerifyError('noQuorum', `Too few witnesses cosigned it. ${cosigned(by)}`, origin);
    return [`${origin} had ${String(size)} entries when it signed this.`, cosigned(by)];
  },
  async opening(policy, text) {
    const { origin, entries, by, to, who, made, withheld, opened } = await verifyOpening(webCrypto, policy, text);
    return [
      `${String(entries)} entries of ${origin}, opened to ${to} ${who}, ${made}.`, cosigned(by),
      ...withheld.map(({ index, until }) => `${index === null ? 'One entry' : `Entry ${String(index)}`} is withheld until ${until}.`),
      ...opened.map((entry) => `${String(entry.index)}: ${entry.words}`),
    ];
  },
  async release(policy, text, other) {
    const { release: { owner, period, decisions } } = await verifyRelease(webCrypto, policy, text, other);
    return [`${owner}, ${period.from} to ${period.to}: the totals of ${String(decisions)} decisions are those of the opened entries.`];
  },
  async report(policy, text) {
    const { owner, from, to, entries, withheld, erased, erasedDays } = await verifyReport(webCrypto, policy, text);
    return [
      `${owner}, ${from} to ${to}: ${String(entries.length)} entries, and none is left out.`,
      `${String(withheld.length)} withheld, ${String(erased.length)} erased.`,
      ...(erasedDays.length === 0 ? [] : [`Of these days nothing can be said any more: ${erasedDays.join(', ')}.`]),
      ...entries.map(({ index, fields }) => `${String(index)}: ${Object.values(fields).join(' ')}`),
    ];
  },
};

function cosigned(by: readonly string[]): string {
  return by.length === 0 ? 'Cosigned by nobody.' : `Cosigned by ${by.join(', ')}.`;
}

/** The signer controls the number: a time that no calendar has stays a number. */
function timeText(time: number): string {
  return time <= 8.64e15 ? new Date(time).toISOString() : String(time);
}
