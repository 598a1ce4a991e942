import { createHash } from 'node:crypto';
import type { ArchiveSession, Period } from '../archive/types.ts';
import { periodText } from '../period.ts';
import { notRecorded } from './dimensions.ts';
import type { LeafQuery } from './leaves.ts';
import { over } from './over.ts';
import { count } from './tabulate.ts';
import { dimensions, type Condition, type Dimension, type StatQuery } from './types.ts';

/** One published figure: a line of a table, or its total. */
export interface Cell {
  readonly by: StatQuery['by'];
  readonly where: readonly Condition[];
  readonly period: Period;
  /** Null for the total. */
  readonly keys: readonly string[] | null;
  readonly n: number;
  readonly records: number;
}

const day = 86_400_000;
/** Cells of one table: its total and so many lines. One table for each cell would read the archive five times as often, and find no more. */
const linesOfTable = 4;

/**
 * Draws published figures by chance: dimensions, periods within the session's and conditions. The same seed draws the same of the same archive.
 * `progress` is told how many are drawn.
 */
export async function drawCells(session: ArchiveSession, size: number, seed: string, progress?: (done: number, total: number) => void): Promise<readonly Cell[]> {
  const random = chance(seed);
  const words = new Map<Dimension, readonly string[]>();
  const wordsOf = async (dimension: Dimension): Promise<readonly string[]> => {
    const known = words.get(dimension) ?? [...(await count(session, { by: [{ dimension }], where: [] })).lines.keys()].filter((key) => key !== notRecorded).map((key) => bare(dimension, key, session.owners.length)).sort();
    words.set(dimension, known);
    return known;
  };
  const cells: Cell[] = [];
  // Small logs have few figures: some tables then come twice, and the number is reached all the same.
  while (cells.length < size) {
    const by = pickSome(random, dimensions, random(3)).map((dimension) => (dimension === 'organisation' && random(2) === 0 ? { dimension, depth: 1 + random(3) } : { dimension }));
    const where: Condition[] = [];
    for (const dimension of pickSome(random, dimensions, random(3))) {
      const known = await wordsOf(dimension);
      if (known.length > 0) where.push({ dimension, words: pickSome(random, known, 1 + random(2)), not: random(3) === 0 });
    }
    const period = somePeriod(random, session.period);
    const { lines, total } = await over(session, period, (part) => count(part, { by, where }));
    const table = { by, where, period };
    cells.push({ ...table, keys: null, ...total });
    const keys = [...lines.keys()].sort();
    for (const key of pickSome(random, keys, linesOfTable)) cells.push({ ...table, keys: key.split('\n'), n: lines.get(key)?.n ?? 0, records: lines.get(key)?.records ?? 0 });
    progress?.(Math.min(cells.length, size), size);
  }
  return cells.slice(0, size);
}

/** What must be counted for each cell. */
export function cellsQueries(cells: readonly Cell[], owners: readonly string[]): readonly LeafQuery[] {
  return cells.map(({ by, where, period, keys }) => ({ by: keys === null ? [] : by, where, owners, period, only: new Set(keys === null ? [] : [keys.join('\n')]) }));
}

type Random = (below: number) => number;

/** Numbers below a bound, out of SHA-256 of the seed and a counter: the same on every machine. */
function chance(seed: string): Random {
  let [block, at, n] = [Buffer.alloc(0), 0, 0];
  return (below) => {
    if (at + 6 > block.length) {
      block = createHash('sha256').update(`${seed}\n${n}`).digest();
      [at, n] = [0, n + 1];
    }
    const value = block.readUIntBE(at, 6);
    at += 6;
    return value % below;
  };
}

function pickSome<T>(random: Random, from: readonly T[], most: number): T[] {
  const left = [...from];
  return Array.from({ length: Math.min(most, left.length) }, () => left.splice(random(left.length), 1)[0] as T);
}

/** All of it, one of its months, or some days. */
function somePeriod(random: Random, { from, to }: Period): Period {
  const days = Math.max(1, Math.floor((to - from) / day));
  const way = random(3);
  if (way === 0 || days < 3) return { from, to, text: periodText({ from, to }) };
  const start = from + random(days) * day;
  const first = new Date(start);
  const [a, b] = way === 1
    ? [Math.max(from, Date.UTC(first.getUTCFullYear(), first.getUTCMonth(), 1)), Math.min(to, Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 1))]
    : [start, Math.min(to, start + (1 + random(Math.min(30, days))) * day)];
  return { from: a, to: b, text: periodText({ from: a, to: b }) };
}

/** Keys over several owners name theirs, conditions do not. */
function bare(dimension: Dimension, key: string, owners: number): string {
  return owners > 1 && (dimension === 'rule' || dimension === 'policyVersion') ? key.slice(3) : key;
}

