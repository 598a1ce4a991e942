import type { LeafRange, LedgerReader } from '../../ledger/index.ts';
import type { ArchiveSession } from '../archive/types.ts';
import { factsOf } from './facts.ts';
import { countLeaves, type LeafCheck, type LeafCount, type LeafQuery } from './leaves.ts';
import { cellsQueries, type Cell } from './cells.ts';
import { count, tableOf, type Counted } from './tabulate.ts';
import type { Names, StatQuery, StatTable } from './types.ts';

/** A figure of the archive that the opened leaves do not make. */
export interface Difference {
  readonly keys: readonly string[];
  readonly archive: { readonly n: number; readonly records: number };
  readonly ledger: { readonly n: number; readonly records: number };
  /** Entries of the period were erased, and as many as are missing: the archive counted them when they could still be opened. */
  readonly erased: boolean;
}

/** What the archive and the ledger have of the same entries. */
export interface Evenness {
  /** Entries that were opened. */
  readonly opened: number;
  /** Archived entries that were erased since: their figures can no longer be derived again. */
  readonly erased: number;
  /** Held requests of which the archive has a verdict that was erased since: they stand under another line now. */
  readonly verdictsErased: number;
  /** Leaves that the archive does not have, though it says that it goes further. */
  readonly missing: number;
  /** Rows of the archive without a leaf that was opened or erased, and rows that are there twice. */
  readonly invented: number;
  /** Of both, the first few: `WA#123`. */
  readonly examples: readonly string[];
  /** Entries that are not what their log has published. */
  readonly faulty: number;
  readonly faults: LeafCount['faults'];
}

export interface Reconciled {
  /** Counted from the leaves. */
  readonly table: StatTable;
  readonly differences: readonly Difference[];
  readonly even: Evenness;
  readonly agrees: boolean;
}

export interface ReconcileOptions {
  readonly names: Names;
  readonly check?: LeafCheck;
  readonly progress?: (done: number, total: number) => void;
}

/** The table of a query, counted from opened leaves without the archive, and where the archive says otherwise. The session is of the ledger's own projection. */
export async function reconcile(session: ArchiveSession, reader: LedgerReader, query: StatQuery, { names, ...options }: ReconcileOptions): Promise<Reconciled> {
  const archived = await count(session, query);
  const leaves = await countLeaves(reader, [{ by: query.by, where: query.where, owners: session.owners, period: session.period }], { ...options, ...(await bounds(session)) });
  const even = await evenness(session, reader, leaves);
  const [counted = { lines: new Map(), total: { n: 0, records: 0 } }] = leaves.counted;
  const differences = differencesOf(archived, counted, even);
  const facts = await factsOf(session);
  const table = tableOf({ ...query, compare: false }, { facts, counted, before: null, year: null, names });
  return { table: { ...table, command: `${table.command} --from-ledger` }, differences, even, agrees: sound(even) && differences.every(({ erased }) => erased) };
}

/** What became of one published cell. */
export interface CheckedCell extends Cell {
  readonly ledger: { readonly n: number; readonly records: number };
  readonly verdict: 'agrees' | 'erased' | 'differs';
}

export interface CheckedCells {
  readonly cells: readonly CheckedCell[];
  readonly even: Evenness;
  readonly agrees: boolean;
}

/** Derives published cells again, all of them in one reading of the leaves. The session's period has those of all cells in it. */
export async function checkCells(session: ArchiveSession, reader: LedgerReader, cells: readonly Cell[], { ...options }: Omit<ReconcileOptions, 'names'>): Promise<CheckedCells> {
  const queries: LeafQuery[] = [{ by: [], where: [], owners: session.owners, period: session.period }, ...cellsQueries(cells, session.owners)];
  const leaves = await countLeaves(reader, queries, { ...options, ...(await bounds(session)) });
  const even = await evenness(session, reader, leaves);
  const checked = cells.map((cell, place): CheckedCell => {
    const counted = leaves.counted[place + 1];
    const ledger = (cell.keys === null ? counted?.total : counted?.lines.get(cell.keys.join('\n'))) ?? { n: 0, records: 0 };
    return { ...cell, ledger, verdict: verdictOf(cell, ledger, even) };
  });
  return { cells: checked, even, agrees: sound(even) && checked.every(({ verdict }) => verdict !== 'differs') };
}

function sound({ missing, invented, faulty }: Evenness): boolean {
  return missing === 0 && invented === 0 && faulty === 0;
}

/** What was erased makes the ledger's figure smaller; a verdict that was erased moves its request, without its late records, to another line. */
function verdictOf(archive: { readonly n: number; readonly records: number }, ledger: { readonly n: number; readonly records: number }, { erased, verdictsErased }: Gone): CheckedCell['verdict'] {
  const [n, records] = [archive.n - ledger.n, archive.records - ledger.records];
  if (n === 0 && records === 0) return 'agrees';
  if (verdictsErased > 0) return n <= erased + verdictsErased && n >= -verdictsErased ? 'erased' : 'differs';
  return n > 0 && n <= erased && records >= 0 ? 'erased' : 'differs';
}

type Gone = Pick<Evenness, 'erased' | 'verdictsErased'>;

function differencesOf(archived: Counted, counted: Counted, gone: Gone): readonly Difference[] {
  const none = { n: 0, records: 0 };
  const lines = [...new Set([...archived.lines.keys(), ...counted.lines.keys()])].map((key) => ({ keys: key.split('\n'), archive: archived.lines.get(key) ?? none, ledger: counted.lines.get(key) ?? none }));
  return [{ keys: ['total'], archive: archived.total, ledger: counted.total }, ...lines].flatMap(({ keys, archive, ledger }) => {
    const verdict = verdictOf(archive, ledger, gone);
    return verdict === 'agrees' ? [] : [{ keys, archive: { ...archive }, ledger: { ...ledger }, erased: verdict === 'erased' }];
  });
}

/** How far the archive of each owner goes, and between which indices it has the entries of the period. */
async function bounds(session: ArchiveSession): Promise<{ readonly end: Readonly<Record<string, number>>; readonly archived: Readonly<Record<string, LeafRange>> }> {
  const rows = await session.query<{ owner: string; first: number; last: number }>('select owner, min("index") as first, max("index") as last from rows group by 1');
  return {
    end: Object.fromEntries(session.owners.map((owner) => [owner, session.watermarks.get(owner)?.next ?? 0])),
    archived: Object.fromEntries(rows.map(({ owner, first, last }) => [owner, { from: first, to: last + 1 }])),
  };
}

/** How many entries that the archive has and the reading did not are asked for one by one: all of a small number, every so many of a large one. */
const mostAsked = 1_000;

/** Holds the indices of the archive's rows against those that were opened: each leaf stands there exactly once. */
async function evenness(session: ArchiveSession, reader: LedgerReader, { opened, seen, faults, faulty }: LeafCount): Promise<Evenness> {
  const examples: string[] = [];
  let [erased, missing, invented] = [0, 0, 0];
  const example = (owner: string, index: number): void => { if (examples.length < 10) examples.push(`${owner}#${index}`); };
  for (const owner of session.owners) {
    const own = seen.get(owner);
    const gone: number[] = [];
    // Owners are two letters of a closed list of this session, so that the text of the statement holds nothing of anybody's.
    if (!/^[A-Z0-9]{2}$/.test(owner)) continue;
    let before = -1;
    await session.columns(`select "index" from rows where owner = '${owner}' order by 1`, (chunk) => {
      for (const index of chunk.longs(0)) {
        if (Number(index) === before) {
          invented += 1;
          example(owner, before);
          continue;
        }
        before = Number(index);
        if (own?.remove(before) !== true) gone.push(before);
      }
    });
    const step = Math.max(1, Math.floor(gone.length / mostAsked));
    for (const [place, index] of gone.entries()) {
      if (place % step === 0 && (await reader.entry(owner.toLowerCase(), index)) !== 'erased') {
        invented += 1;
        example(owner, index);
      } else {
        erased += 1;
      }
    }
    for (const index of own ?? []) {
      missing += 1;
      example(owner, index);
    }
  }
  return { opened, erased, verdictsErased: await erasedVerdicts(session, reader), missing, invented, examples, faulty, faults };
}

/** Of the verdicts on the period's requests, how many can no longer be opened; of a large number every so many are asked for. */
async function erasedVerdicts(session: ArchiveSession, reader: LedgerReader): Promise<number> {
  const ends = await session.query<{ owner: string; ended: number }>('select owner, "ended" from reviews where "ended" is not null order by 1, 2');
  const step = Math.max(1, Math.floor(ends.length / mostAsked));
  let erased = 0;
  for (const { owner, ended } of ends.filter((_, place) => place % step === 0)) if ((await reader.entry(owner.toLowerCase(), ended)) === 'erased') erased += step;
  return erased;
}
