import { verifyOpening } from './opening.ts';
import { receiptsKey } from './policy.ts';
import type { TrustPolicy } from './policy.ts';
import { verifyReceipt } from './receipt.ts';
import type { FoundReceipt } from './receiptFile.ts';
import { receiptsIn } from './receiptFile.ts';
import { recordsHash } from './released.ts';
import { VerifyError } from './types.ts';
import type { VerifyCrypto } from './types.ts';

/** An owner's part of an answer that is what its entry says was released. */
export interface MatchedAnswer {
  readonly receipt: FoundReceipt;
  /** Records that left. */
  readonly records: number;
  /** When its receipt was signed, milliseconds since 1970. */
  readonly promised: number;
}

/**
 * Verifies that the records of an answer in JSON are those that the log says were released: the receipts, the opening of the entries, and that the
 * `releasedHash` of each entry is the hash of the records that are here. Parts of owners whose log is not that of the opening are left out.
 * Throws VerifyError: what `verifyReceipt` and `verifyOpening` throw; `missing` where the opening does not open what is needed; `otherAnswer`.
 */
export async function verifyAnswer(crypto: VerifyCrypto, policy: TrustPolicy, answerText: string, openingText: string): Promise<readonly MatchedAnswer[]> {
  const parts = answerParts(answerText);
  const opening = await verifyOpening(crypto, policy, openingText);
  const cut = opening.origin.lastIndexOf('/log/');
  const [prefix, log] = [opening.origin.slice(0, Math.max(cut, 0)), opening.origin.slice(cut + '/log/'.length)];
  const vkey = receiptsKey(policy, prefix);
  if (vkey === null) throw new VerifyError('unsigned', `The policy has no key of ${prefix}/receipts.`);
  const matched: MatchedAnswer[] = [];
  for (const { receipt, records } of parts.filter((part) => part.receipt.log === log)) {
    const { time } = await verifyReceipt(crypto, { vkey, origin: opening.origin, index: receipt.index, entry: receipt.entry, hash: receipt.hash, token: receipt.token });
    const entry = opening.opened.find(({ index }) => index === receipt.index);
    const subject = entry?.fields.get('subject');
    if (entry === undefined || subject === undefined) throw new VerifyError('missing', `The opening does not open the field "subject" of entry ${String(receipt.index)}.`, String(receipt.index));
    // The receipt promised this entry; the log has another there. Together the two convict whoever signed both.
    if (entry.commitment !== receipt.hash) throw new VerifyError('notIncluded', `The log has another entry at index ${String(receipt.index)} than the receipt promised.`, String(receipt.index));
    const named = subject['releasedHash'];
    const here = records.length === 0 ? null : await recordsHash(crypto, records);
    if (named !== here) throw new VerifyError('otherAnswer', `The records of ${log.toUpperCase()} in this answer are not those that entry ${String(receipt.index)} says were released.`, String(receipt.index));
    matched.push({ receipt, records: records.length, promised: time });
  }
  if (matched.length === 0) throw new VerifyError('missing', `The answer has no receipt of the log ${opening.origin}.`, opening.origin);
  return matched;
}

/** Each owner's part of an answer in JSON that has a receipt. */
function answerParts(text: string): readonly { readonly receipt: FoundReceipt; readonly records: readonly unknown[] }[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new VerifyError('malformed', 'The answer is not JSON. Other forms of an answer do not carry records whole; ask for JSON to compare them.');
  }
  const answers = typeof value === 'object' && value !== null && 'answers' in value && Array.isArray(value.answers) ? value.answers as readonly unknown[] : null;
  if (answers === null) throw new VerifyError('malformed', 'The file is no answer in JSON.');
  return answers.flatMap((answer) => {
    if (typeof answer !== 'object' || answer === null || !('receipt' in answer) || answer.receipt === null || !('records' in answer) || !Array.isArray(answer.records)) return [];
    const [receipt] = receiptsIn(JSON.stringify(answer.receipt));
    return receipt === undefined ? [] : [{ receipt, records: answer.records as readonly unknown[] }];
  });
}
