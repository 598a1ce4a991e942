import type { OpeningEntry, Receipt } from '../../model/index.ts';
import type { WithheldItem } from '../../verify/openingShape.ts';
import type { Fetch } from '../../verify/types.ts';
import { saltedFields } from '../entry/commit.ts';
import type { LedgerReader } from '../reader.ts';
import type { LogName } from '../record.ts';
import type { OpenedRecord } from '../types.ts';
import { openProofs } from '../proofs.ts';
import type { Proofs } from '../proofs.ts';
import { chosenEntries } from './choose.ts';
import type { Published } from './cover.ts';
import { OpeningError } from './errors.ts';

/** An opening that is on the record and covered. */
export interface Bundle {
  readonly reader: Pick<LedgerReader, 'entry' | 'range'>;
  readonly logFiles: Fetch;
  readonly log: LogName;
  readonly entry: OpeningEntry;
  readonly indices: readonly number[];
  readonly withheld: readonly WithheldItem[];
  readonly checkpoint: Published;
  readonly receipt: Receipt;
  readonly allowed: (opened: OpenedRecord) => ReadonlySet<string> | null;
  readonly onEntry?: (opened: OpenedRecord, fields: ReadonlySet<string>) => void;
}

/**
 * The bundle as text, line by line, each with its line end (docs/ledger-formats.md, "Opening"). Together they are one JSON object; apart they can be
 * read without holding all of it. Throws OpeningError `OPENING_ERASED` where an entry went meanwhile: what was given is then no opening.
 */
export async function* bundleLines({ reader, logFiles, log, entry, indices, withheld, checkpoint, receipt, allowed, onEntry }: Bundle): AsyncGenerator<string, void> {
  const proofs = openProofs(logFiles, checkpoint.size);
  const { to, who, order, at: made } = entry;
  const head = JSON.stringify({ weir: 'opening/v1', origin: checkpoint.origin, to, who, order, made, checkpoint: checkpoint.note });
  const own = await reader.entry(log, receipt.index);
  if (own === null || own === 'erased') throw gone(receipt.index);
  yield `${head.slice(0, -1)},"entries":[\n`;
  let left = indices.length;
  for await (const { index, opened } of chosenEntries(reader, log, indices)) {
    const fields = opened === null || opened === 'erased' ? null : allowed(opened);
    if (opened === null || opened === 'erased' || fields === null) throw gone(index);
    left -= 1;
    yield `${JSON.stringify(await entryOf(opened, fields, proofs))}${left === 0 ? '' : ','}\n`;
    onEntry?.(opened, fields);
  }
  const record = { log: receipt.log, index: receipt.index, entry: receipt.entry, hash: receipt.hash, token: receipt.token };
  const { proof, fields } = await entryOf(own, new Set(own.fields.map(({ name }) => name)), proofs);
  yield `],${JSON.stringify({ withheld, record: { ...record, proof, fields } }).slice(1)}\n`;
}

interface BundleText {
  readonly index: number;
  readonly proof: readonly string[];
  readonly fields: readonly ({ readonly name: string; readonly hash: string } | { readonly name: string; readonly salt: string; readonly text: string })[];
}

async function entryOf({ index, seed, fields }: OpenedRecord, open: ReadonlySet<string>, proofs: Proofs): Promise<BundleText> {
  if (seed === null) throw new OpeningError('OPENING_REQUEST', 'the entries of the anchor log are open as they are');
  return {
    index,
    proof: (await proofs.inclusion(index)).map((hash) => hash.toString('base64')),
    fields: saltedFields(fields, seed).map(({ name, salt, text, hash }) => (open.has(name) ? { name, salt, text } : { name, hash })),
  };
}

function gone(index: number): OpeningError {
  return new OpeningError('OPENING_ERASED', `the entry at leaf ${index} was erased while it was being opened; ask again`);
}
