import type { Recorded } from '../../exchange/ports.ts';
import type { EntryParts } from '../entry/prepare.ts';
import type { RecordKind } from '../record.ts';

/**
 * Calls and answers between the threads, as one text for all of a turn: to copy one text costs a fraction of copying the objects. The separators are control
 * characters, which no JSON text, name or hash holds; an id that does is refused.
 */
const [betweenCalls, betweenEntries, betweenParts] = ['\u001c', '\u001e', '\u001f'];
const separators = /[\u001c-\u001f]/;

/** One call to append. */
export interface PackedCall {
  readonly n: number;
  readonly entries: readonly EntryParts[];
}

/** An entry as text. Throws a RangeError for an id that holds a separator. */
export function packEntry({ log, id, kind, projected, fields }: EntryParts): string {
  if (separators.test(id)) throw new RangeError('the id of an entry holds a control character');
  let text = `${log}${betweenParts}${kind}${betweenParts}${projected ? '1' : '0'}${betweenParts}${id}`;
  for (const field of fields) text += `${betweenParts}${field.name}${betweenParts}${field.text}`;
  return text;
}

/** A call as text: its number, then its entries. */
export function packCall(n: number, entries: readonly string[]): string {
  return entries.length === 1 ? `${n}${betweenEntries}${entries[0] ?? ''}` : [String(n), ...entries].join(betweenEntries);
}

/** The calls of one turn as one text. */
export function packCalls(calls: readonly string[]): string {
  return calls.length === 1 ? calls[0] ?? '' : calls.join(betweenCalls);
}

export function unpackCalls(text: string): readonly PackedCall[] {
  return text.split(betweenCalls).map((call) => {
    const [n = '', ...entries] = call.split(betweenEntries);
    return { n: Number(n), entries: entries.map(unpackEntry) };
  });
}

function unpackEntry(text: string): EntryParts {
  const parts = text.split(betweenParts);
  const [log = '', kind = '', projected = '', id = ''] = parts;
  const fields: { name: string; text: string }[] = [];
  for (let i = 4; i + 1 < parts.length; i += 2) fields.push({ name: parts[i] ?? '', text: parts[i + 1] ?? '' });
  return { log, kind: kind as RecordKind, projected: projected === '1', id, fields };
}

/** What a call came to, where all went well. */
export function packRecorded(n: number, recorded: readonly Recorded[]): string {
  let text = String(n);
  for (const { sequence, receipt: { log, index, entry, hash, token } } of recorded) {
    text += `${betweenEntries}${sequence}${betweenParts}${log}${betweenParts}${index}${betweenParts}${entry}${betweenParts}${hash}${betweenParts}${token}`;
  }
  return text;
}

export function unpackRecorded(text: string): readonly { readonly n: number; readonly recorded: readonly Recorded[] }[] {
  if (text === '') return [];
  return text.split(betweenCalls).map((call) => {
    const [n = '', ...rest] = call.split(betweenEntries);
    return { n: Number(n), recorded: rest.map(unpackReceipt) };
  });
}

function unpackReceipt(text: string): Recorded {
  const [sequence = '', log = '', index = '', entry = '', hash = '', token = ''] = text.split(betweenParts);
  return { sequence: Number(sequence), receipt: { log, index: Number(index), entry, hash, token } };
}
