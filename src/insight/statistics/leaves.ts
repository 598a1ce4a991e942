import type { LeafRange, LedgerReader, OpenedRecord } from '../../ledger/index.ts';
import type { DecisionEntry, OwnerEntry, VerdictEntry } from '../../model/index.ts';
import type { Period } from '../archive/types.ts';
import { endedOf } from './ended.ts';
import { entryLines, entryMeets, isTime } from './entryWords.ts';
import { ownerInKey } from './statement.ts';
import type { Counted } from './tabulate.ts';
import type { StatQuery } from './types.ts';

/** A table to be counted from leaves. */
export interface LeafQuery extends Pick<StatQuery, 'by' | 'where'> {
  readonly owners: readonly string[];
  readonly period: Pick<Period, 'from' | 'to'>;
  /** The lines that are wanted; all where it does not say. */
  readonly only?: ReadonlySet<string>;
}

/** Says what is wrong with an opened entry, in a sentence; null where its fields make the leaf that the log has published at that place. */
export type LeafCheck = (record: OpenedRecord) => string | null | Promise<string | null>;

export interface LeafOptions {
  /** Of each owner, up to and without this index: no further than the archive that it is held against. */
  readonly end: Readonly<Record<string, number>>;
  /** Of each owner, between which indices the archive has the entries of the queries: those are read in any case. */
  readonly archived?: Readonly<Record<string, LeafRange>>;
  readonly check?: LeafCheck;
  /** `done` of `total` leaf indices. */
  readonly progress?: (done: number, total: number) => void;
}

export interface LeafCount {
  /** For each query. */
  readonly counted: readonly Counted[];
  /** Entries that were opened, of any type. */
  readonly opened: number;
  /** By owner: which indices were opened and lie in a period of the queries. */
  readonly seen: ReadonlyMap<string, IndexSet>;
  /** Entries that are not what their log has published. At most a hundred are named. */
  readonly faults: readonly { readonly owner: string; readonly index: number; readonly what: string }[];
  readonly faulty: number;
}

/**
 * Counts requests from the opened leaves of the ledger alone. All queries in one reading, so that a thousand cost little more than one: what is alike but for its time is judged once.
 * A held request is judged once its verdict is found, and that is looked for up to the end: beyond the period, where some still wait there.
 * Throws what the reader throws at damage. Entries that were erased are not there any more.
 */
export async function countLeaves(reader: LedgerReader, queries: readonly LeafQuery[], { end, archived = {}, check, progress }: LeafOptions): Promise<LeafCount> {
  const tallies = queries.map((query) => new Tally(query));
  const owners = [...new Set(queries.flatMap((query) => query.owners))].sort();
  const [from, to] = [Math.min(...queries.map(({ period }) => period.from)), Math.max(...queries.map(({ period }) => period.to))];
  const seen = new Map<string, IndexSet>();
  const faults: { owner: string; index: number; what: string }[] = [];
  let [opened, faulty, done] = [0, 0, 0];
  const ranges = await Promise.all(owners.map(async (owner) => ({ owner, ...(await indicesOf(reader, owner, { from, to }, end[owner] ?? 0, archived[owner])) })));
  const total = ranges.reduce((sum, range) => sum + Math.max(0, range.to - range.from), 0);
  for (const { owner, ...range } of ranges) {
    const own = new IndexSet(end[owner] ?? 0);
    seen.set(owner, own);
    const alike = new Map<string, readonly Judged[]>();
    const mine = tallies.filter(({ query }) => query.owners.includes(owner));
    const waiting = new Map<string, DecisionEntry>();
    const take = (entry: DecisionEntry, verdict: VerdictEntry | null): void => {
      const at = Date.parse(entry.at);
      for (const one of mine.flatMap((tally) => tally.judge(entry, verdict))) one.tally.take(one, entry, verdict, at);
    };
    const open = async (record: OpenedRecord): Promise<OwnerEntry | null> => {
      opened += 1;
      const what = (await check?.(record)) ?? null;
      if (what !== null && (faulty += 1) <= 100) faults.push({ owner, index: record.index, what });
      const { entry } = record;
      if (entry.type !== 'verdict') return entry.type === 'system' ? null : entry;
      const held = waiting.get(entry.entry);
      if (held !== undefined) take(held, entry);
      waiting.delete(entry.entry);
      return entry;
    };
    for await (const record of reader.range(owner.toLowerCase(), range.from, range.to)) {
      if (opened % 1024 === 0) progress?.(done + record.index - range.from, total);
      const entry = await open(record);
      const at = Date.parse(record.entry.at);
      if (at >= from && at < to) own.add(record.index);
      if (entry?.type !== 'decision') continue;
      if (entry.ticket !== null) {
        if (at >= from && at < to) waiting.set(entry.id, entry);
        continue;
      }
      const key = signature(entry);
      const judged = alike.get(key) ?? mine.flatMap((tally) => tally.judge(entry, null));
      alike.set(key, judged);
      for (const one of judged) one.tally.take(one, entry, null, at);
    }
    if (waiting.size > 0) {
      for await (const record of reader.range(owner.toLowerCase(), range.to, end[owner] ?? 0)) {
        await open(record);
        if (waiting.size === 0) break;
      }
    }
    for (const entry of waiting.values()) take(entry, null);
    done += Math.max(0, range.to - range.from);
    progress?.(done, total);
  }
  return { counted: tallies.map((tally) => tally.counted), opened, seen, faults, faulty };
}

/** A set of leaf indices, a bit each. */
export class IndexSet {
  readonly #bits: Uint8Array;

  constructor(size: number) {
    this.#bits = new Uint8Array(Math.ceil(size / 8));
  }

  add(index: number): void {
    const at = Math.floor(index / 8);
    this.#bits[at] = (this.#bits[at] ?? 0) | (1 << (index % 8));
  }

  has(index: number): boolean {
    return ((this.#bits[Math.floor(index / 8)] ?? 0) & (1 << (index % 8))) !== 0;
  }

  /** Takes an index out; false where it was not in. */
  remove(index: number): boolean {
    if (!this.has(index)) return false;
    const at = Math.floor(index / 8);
    this.#bits[at] = (this.#bits[at] ?? 0) & ~(1 << (index % 8));
    return true;
  }

  *[Symbol.iterator](): Generator<number, void> {
    for (let at = 0; at < this.#bits.length; at += 1) {
      if (this.#bits[at] === 0) continue;
      for (let bit = 0; bit < 8; bit += 1) if (this.has(at * 8 + bit)) yield at * 8 + bit;
    }
  }
}

/** A query that lets a kind of request through, as far as that does not hang on its time. */
interface Judged {
  readonly tally: Tally;
  /** The lines, where they do not hang on the time. */
  readonly lines: readonly string[] | null;
}

class Tally {
  readonly query: LeafQuery;
  readonly #lines = new Map<string, { n: number; records: number }>();
  readonly #total = { n: 0, records: 0 };
  readonly #timedWhere: LeafQuery['where'];
  readonly #timedBy: boolean;
  readonly #named: boolean;

  constructor(query: LeafQuery) {
    this.query = query;
    this.#timedWhere = query.where.filter(({ dimension }) => isTime(dimension));
    this.#timedBy = query.by.some(({ dimension }) => isTime(dimension));
    this.#named = ownerInKey('rule', query.owners.length);
  }

  get counted(): Counted {
    return { lines: this.#lines, total: this.#total };
  }

  judge(entry: DecisionEntry, verdict: VerdictEntry | null): readonly Judged[] {
    const { where, by } = this.query;
    if (!entryMeets(entry, where.filter(({ dimension }) => !isTime(dimension)), verdict)) return [];
    return [{ tally: this, lines: this.#timedBy ? null : entryLines(entry, by, this.#named, verdict) }];
  }

  take({ lines }: Judged, entry: DecisionEntry, verdict: VerdictEntry | null, at: number): void {
    const { period, by, only } = this.query;
    if (at < period.from || at >= period.to) return;
    if (this.#timedWhere.length > 0 && !entryMeets(entry, this.#timedWhere)) return;
    const { records } = endedOf(entry, verdict);
    this.#total.n += 1;
    this.#total.records += records;
    for (const line of lines ?? entryLines(entry, by, this.#named, verdict)) {
      if (only !== undefined && !only.has(line)) continue;
      const held = this.#lines.get(line);
      if (held === undefined) {
        this.#lines.set(line, { n: 1, records });
      } else {
        held.n += 1;
        held.records += records;
      }
    }
  }
}

/** All by which a query can tell two requests apart that were not held, but for their time. */
function signature({ owner, requester, purpose, evidence, key, kind, format, status, decisions, released, policyVersion }: DecisionEntry): string {
  return JSON.stringify([owner, requester, purpose, evidence, key, kind, format, status, decisions, released, policyVersion]);
}

/**
 * Between which indices the entries of a period lie. A log keeps its entries by the day on which they became durable, which is that of the entry or, about midnight and for what waited, a later one:
 * so a day more is read on either side.
 */
async function indicesOf(reader: LedgerReader, owner: string, period: Pick<Period, 'from' | 'to'>, end: number, archived: LeafRange | undefined): Promise<LeafRange> {
  const days = await reader.days(owner.toLowerCase());
  let [from, to] = archived === undefined ? [Infinity, 0] : [archived.from, archived.to];
  for (const [day, range] of days) {
    const at = Date.parse(`${day}T00:00:00Z`);
    if (at + 2 * dayLength <= period.from || at - dayLength >= period.to) continue;
    from = Math.min(from, range.from);
    to = Math.max(to, range.to);
  }
  return from === Infinity ? { from: 0, to: 0 } : { from, to: Math.min(to, end) };
}

const dayLength = 86_400_000;
