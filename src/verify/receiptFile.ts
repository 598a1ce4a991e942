import { parseNumber } from './bytes.ts';
import { VerifyError } from './types.ts';

/** A receipt as it was found in a file. Whoever shows the file controls all of it. */
export interface FoundReceipt {
  /** The log: an owner's code in small letters, or `anchor`. */
  readonly log: string;
  readonly index: number;
  readonly entry: string;
  /** Hexadecimal. */
  readonly hash: string;
  readonly token: string;
}

/**
 * All receipts in a text: one by itself as JSON, a whole answer in JSON, NIEM XML or the legacy text, or several of these in a list.
 * Only the receipts are read. What was written falsely around them gives a receipt that is not good. Throws VerifyError `malformed` where there is none.
 */
export function receiptsIn(text: string): readonly FoundReceipt[] {
  const start = text.trimStart();
  const found = start.startsWith('{') || start.startsWith('[') ? jsonReceipts(start) : start.startsWith('<') ? xmlReceipts(start) : legacyReceipts(text);
  if (found.length === 0) throw malformed('There is no receipt in this text.');
  return found;
}

function jsonReceipts(text: string): readonly FoundReceipt[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed('The text begins like JSON and is none.');
  }
  return (Array.isArray(value) ? value as readonly unknown[] : [value]).flatMap((one): readonly FoundReceipt[] => {
    if (!isObject(one)) return [];
    if (Array.isArray(one['answers'])) return (one['answers'] as readonly unknown[]).flatMap((answer) => (isObject(answer) && isObject(answer['receipt']) ? [receiptOf(answer['receipt'])] : []));
    return isObject(one['receipt']) ? [receiptOf(one['receipt'])] : 'token' in one ? [receiptOf(one)] : [];
  });
}

/** `wx:Receipt` with its five members, as Weir writes them: without attributes, comments or anything inside. */
function xmlReceipts(text: string): readonly FoundReceipt[] {
  return between(text, 'wx:Receipt').map((body) => {
    const member = (name: string): string => {
      const [value = '', second] = between(body, name);
      if (second !== undefined) throw malformed(`A receipt has more than one ${name}.`);
      return value.trim();
    };
    return receiptOf({ log: member('wx:Log'), index: parseNumber(member('wx:Index')), entry: member('wx:Entry'), hash: member('wx:Hash'), token: member('wx:Token') });
  });
}

/** `RECEIPT LOG INDEX ENTRY`, `HASH HEX`, and `SIGNED` with the token in pieces, each on its line. */
function legacyReceipts(text: string): readonly FoundReceipt[] {
  const found: { log: string; index: number | null; entry: string; hash: string; token: string }[] = [];
  for (const line of text.split(/\r\n|[\r\n]/)) {
    const [word = '', ...rest] = line.trim().split(/ +/);
    const last = found.at(-1);
    if (word === 'RECEIPT' && rest.length === 3) found.push({ log: (rest[0] ?? '').toLowerCase(), index: parseNumber(rest[1] ?? ''), entry: rest[2] ?? '', hash: '', token: '' });
    else if (word === 'HASH' && rest.length === 1 && last?.hash === '') last.hash = rest[0] ?? '';
    else if (word === 'SIGNED' && rest.length === 1 && last !== undefined) last.token += rest[0] ?? '';
  }
  return found.map(receiptOf);
}

function receiptOf({ log, index, entry, hash, token }: Readonly<Record<string, unknown>>): FoundReceipt {
  if (typeof log !== 'string' || !/^[a-z0-9]{1,40}$/.test(log) || typeof index !== 'number' || typeof entry !== 'string' || typeof hash !== 'string' || typeof token !== 'string') {
    throw malformed('A receipt has a log, an index, an entry, a hash and a token.');
  }
  return { log, index, entry, hash, token };
}

/** What stands between each `<NAME>` and the `</NAME>` after it. A plain search: it takes the same time whatever the text is. */
function between(text: string, name: string): readonly string[] {
  const found: string[] = [];
  for (let at = text.indexOf(`<${name}>`); at >= 0; at = text.indexOf(`<${name}>`, at)) {
    const start = at + name.length + 2;
    const end = text.indexOf(`</${name}>`, start);
    if (end < 0) throw malformed(`There is a <${name}> without its end.`);
    found.push(text.slice(start, end));
    at = end;
  }
  return found;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function malformed(message: string): VerifyError {
  return new VerifyError('malformed', message);
}
