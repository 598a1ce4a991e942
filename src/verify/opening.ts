import { toHex, utf8 } from './bytes.ts';
import { commitmentOf, fieldHash } from './commitment.ts';
import { leafHash, verifyInclusion } from './merkle.ts';
import { entryWords } from './openedWords.ts';
import { exact, list, parseFieldText, parseJson, readEntry, readHead, readTail } from './openingShape.ts';
import type { BundleEntry, BundleRecord, JsonObject, OpeningHead, OpeningReader, WithheldItem } from './openingShape.ts';
import { judge, receiptsKey } from './policy.ts';
import type { TrustPolicy } from './policy.ts';
import { verifyReceipt } from './receipt.ts';
import { VerifyError } from './types.ts';
import type { VerifyCrypto } from './types.ts';

/** One entry, as far as it was opened. Its fields are now what the log committed to. */
export interface OpenedEntry {
  readonly index: number;
  /** Hexadecimal: what stands at that index. */
  readonly commitment: string;
  /** What was opened, in the order of the commitment. A map, so that no name of a member is ever looked up in a prototype. */
  readonly fields: ReadonlyMap<string, JsonObject>;
  /** Names of the fields that stay hashes. */
  readonly closed: readonly string[];
}

export interface OpeningReport {
  readonly origin: string;
  /** Leaves under the checkpoint. */
  readonly size: number;
  /** Who signed and cosigned the checkpoint. */
  readonly by: readonly string[];
  readonly to: OpeningReader;
  readonly who: string;
  readonly order: string | null;
  readonly made: string;
  readonly entries: number;
  /** Leaf indices, ascending. */
  readonly indices: readonly number[];
  /** Names of all fields of which one at least is open. */
  readonly fields: readonly string[];
  readonly withheld: readonly WithheldItem[];
  /** The opening's own entry. `promised`: when its receipt was signed, milliseconds since 1970; null where the policy has no key of receipts, and it was not looked at. */
  readonly record: { readonly index: number; readonly entry: string; readonly promised: number | null };
  /** Empty with `keep: false`. */
  readonly opened: readonly (OpenedEntry & { readonly words: string })[];
}

export interface OpeningOptions {
  /** Told of each entry once it is verified, before anything behind it is. */
  readonly onEntry?: (entry: OpenedEntry) => void;
  /** False: entries are not kept, for openings of millions. */
  readonly keep?: boolean;
}

/**
 * Verifies an opening (docs/ledger-formats.md, "Opening"): every entry's fields make a commitment that stands at its index in a tree whose
 * checkpoint the policy accepts, and what the opening says of itself is what its own entry in the same log says.
 * `json` is the text, or what was parsed of it; whoever hands it in controls all of it.
 * Throws VerifyError: `malformed`, `unsigned`, `badSignature`, `noQuorum`, `notIncluded` (a field, its salt or the place is not what was
 * committed), `notCommitted` or `altered` (the opening's own entry is another one, or says something else).
 */
export async function verifyOpening(crypto: VerifyCrypto, policy: TrustPolicy, json: unknown, options: OpeningOptions = {}): Promise<OpeningReport> {
  const value = typeof json === 'string' ? parseJson(json, 'opening') : json;
  const { entries, withheld, record, ...head } = exact(value, ['weir', 'origin', 'to', 'who', 'order', 'made', 'checkpoint', 'entries', 'withheld', 'record'], 'opening');
  const check = await OpeningCheck.begin(crypto, policy, head, options);
  for (const entry of list(entries, 'entries')) await check.entry(entry);
  return await check.end({ withheld, record });
}

/** The same, of a bundle that is read line by line as it was written, so that it may be larger than any text can be. */
export async function verifyOpeningLines(crypto: VerifyCrypto, policy: TrustPolicy, lines: AsyncIterable<string> | Iterable<string>, options: OpeningOptions = {}): Promise<OpeningReport> {
  let check: OpeningCheck | null = null;
  let report: OpeningReport | null = null;
  for await (const line of lines) {
    if (report !== null) {
      if (line !== '') throw malformed('Something follows behind the end of the opening.', 'opening');
    } else if (check === null) {
      if (!line.endsWith(',"entries":[')) throw malformed('The first line is not the head of an opening.', 'opening');
      check = await OpeningCheck.begin(crypto, policy, parseJson(`${line.slice(0, -',"entries":['.length)}}`, 'opening'), options);
    } else if (line.startsWith('],')) {
      report = await check.end(parseJson(`{${line.slice(2)}`, 'opening'));
    } else {
      await check.entry(parseJson(line.endsWith(',') ? line.slice(0, -1) : line, `line ${String(check.entries + 2)}`));
    }
  }
  if (report === null) throw malformed('The opening is cut short.', 'opening');
  return report;
}

/**
 * Says which entries were opened and what was withheld, for the opening's own entry: SHA-256, hexadecimal, over the leaf indices in ascending
 * order as text joined by a space, and for each withheld entry a line feed, its index or `-`, a space and its date.
 */
export async function openingIndices(crypto: VerifyCrypto, indices: readonly number[], withheld: readonly WithheldItem[]): Promise<string> {
  const dates = withheld.map(({ index, until }) => `\n${index === null ? '-' : String(index)} ${until}`);
  return toHex(await crypto.sha256(utf8(`${indices.join(' ')}${dates.join('')}`)));
}

class OpeningCheck {
  readonly #crypto: VerifyCrypto;
  readonly #policy: TrustPolicy;
  readonly #head: OpeningHead;
  readonly #tree: { readonly size: number; readonly root: Uint8Array; readonly by: readonly string[] };
  readonly #options: OpeningOptions;
  readonly #indices: number[] = [];
  readonly #fields = new Set<string>();
  readonly #opened: (OpenedEntry & { words: string })[] = [];

  static async begin(crypto: VerifyCrypto, policy: TrustPolicy, value: unknown, options: OpeningOptions): Promise<OpeningCheck> {
    const head = readHead(value);
    const { origin, size, root, by, quorum } = await judge(crypto, policy, head.checkpoint);
    if (origin !== head.origin) throw new VerifyError('altered', 'The checkpoint is of another log than the opening says.', head.origin);
    if (!quorum) throw new VerifyError('noQuorum', 'Fewer witnesses cosigned the checkpoint than the policy wants.', origin);
    return new OpeningCheck(crypto, policy, head, { size, root, by }, options);
  }

  private constructor(crypto: VerifyCrypto, policy: TrustPolicy, head: OpeningHead, tree: { size: number; root: Uint8Array; by: readonly string[] }, options: OpeningOptions) {
    this.#crypto = crypto;
    this.#policy = policy;
    this.#head = head;
    this.#tree = tree;
    this.#options = options;
  }

  get entries(): number {
    return this.#indices.length;
  }

  async entry(value: unknown): Promise<void> {
    const bundle = readEntry(value, `entry ${String(this.entries + 1)}`);
    // Ascending: then none is there twice.
    if (bundle.index <= (this.#indices.at(-1) ?? -1)) throw malformed('The entries are not in ascending order, or one is there twice.', `index ${String(bundle.index)}`);
    const opened = await this.#open(bundle);
    this.#indices.push(bundle.index);
    for (const name of opened.fields.keys()) this.#fields.add(name);
    this.#options.onEntry?.(opened);
    if (this.#options.keep !== false) this.#opened.push({ ...opened, words: entryWords(opened.fields) });
  }

  async end(value: unknown): Promise<OpeningReport> {
    const { withheld, record } = readTail(value);
    await this.#own(record, withheld);
    const { origin, to, who, order, made } = this.#head;
    const { size, by } = this.#tree;
    const receipts = receiptsKey(this.#policy, origin.slice(0, -`/log/${record.log}`.length));
    const promised = receipts === null ? null : (await verifyReceipt(this.#crypto, { vkey: receipts, origin, ...record })).time;
    return {
      origin, size, by, to, who, order, made, entries: this.entries, indices: this.#indices, fields: [...this.#fields], withheld,
      record: { index: record.index, entry: record.entry, promised }, opened: this.#opened,
    };
  }

  /** The fields make a commitment, and it stands at that index. */
  async #open({ index, proof, fields }: BundleEntry): Promise<OpenedEntry> {
    const crypto = this.#crypto;
    const at = `index ${String(index)}`;
    const hashes: { name: string; hash: string }[] = [];
    const open = new Map<string, JsonObject>();
    for (const field of fields) {
      if ('hash' in field) {
        hashes.push(field);
      } else {
        hashes.push({ name: field.name, hash: await fieldHash(crypto, field.salt, field.name, field.text) });
        open.set(field.name, parseFieldText(field.text, at));
      }
    }
    const commitment = await commitmentOf(crypto, hashes);
    const { size, root } = this.#tree;
    if (!(await verifyInclusion(crypto, { index, size, leaf: await leafHash(crypto, commitment), proof, root }))) {
      throw new VerifyError('notIncluded', 'The fields and hashes of this entry do not make what the log has at this index.', at);
    }
    return { index, commitment: toHex(commitment), fields: open, closed: fields.flatMap((field) => ('hash' in field ? [field.name] : [])) };
  }

  /** The opening's own entry says the same of it: nobody can hand on a bundle as one for somebody else, with less in it, or with other dates. */
  async #own(record: BundleRecord, withheld: readonly WithheldItem[]): Promise<void> {
    const { origin, to, who, order, made } = this.#head;
    const { fields, commitment } = await this.#open(record);
    if (commitment !== record.hash) throw new VerifyError('notCommitted', 'The receipt of the opening is of another entry.', 'record');
    const [entry, time, body] = [fields.get('entry'), fields.get('time'), fields.get('body')];
    const said: readonly (readonly [unknown, unknown, string])[] = [
      [`${origin.slice(0, origin.lastIndexOf('/') + 1)}${record.log}`, origin, 'log'],
      [entry?.['type'], 'opening', 'record'],
      [entry?.['id'], record.entry, 'record'],
      [time?.['at'], made, 'made'],
      [body?.['to'], to, 'to'],
      [body?.['who'], who, 'who'],
      [body?.['order'], order, 'order'],
      [body?.['entries'], this.entries, 'entries'],
      [body?.['withheld'], withheld.length, 'withheld'],
      [body?.['indices'], await openingIndices(this.#crypto, this.#indices, withheld), 'indices'],
      [JSON.stringify(body?.['fields']), JSON.stringify([...this.#fields].sort()), 'fields'],
    ];
    const other = said.find(([logged, stated]) => logged !== stated);
    if (other !== undefined) throw new VerifyError('altered', `What the opening says of "${other[2]}" is not what its own entry in the log says.`, other[2]);
    if (this.#indices.some((index) => index >= record.index)) throw new VerifyError('altered', 'An entry is younger than the opening itself.', 'entries');
  }
}

function malformed(message: string, at: string): VerifyError {
  return new VerifyError('malformed', message, at);
}
