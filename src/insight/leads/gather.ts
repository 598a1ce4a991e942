import type { ArchiveSession } from '../archive/types.ts';

/** The columns of a statement, each of whole numbers below 2³¹ (`int`) or of tags (`tag`; 0 is null). Nothing in them may be null. */
export async function gather(session: ArchiveSession, sql: string, kinds: readonly ('int' | 'tag')[]): Promise<Gathered> {
  const chunks: (Int32Array | BigUint64Array)[][] = kinds.map(() => []);
  let length = 0;
  await session.columns(sql, (chunk) => {
    length += chunk.rows;
    // A chunk's arrays may be used again for the next one.
    kinds.forEach((kind, column) => {
      chunks[column]?.push(kind === 'int' ? chunk.ints(column).slice(0, chunk.rows) : unsigned(chunk.longs(column)).slice(0, chunk.rows));
    });
  });
  return { length, int: (column) => joined(chunks[column] as Int32Array[], new Int32Array(length)), tag: (column) => joined(chunks[column] as BigUint64Array[], new BigUint64Array(length)) };
}

export interface Gathered {
  readonly length: number;
  int(column: number): Int32Array;
  tag(column: number): BigUint64Array;
}

function unsigned(longs: BigInt64Array | BigUint64Array): BigUint64Array {
  return longs instanceof BigUint64Array ? longs : new BigUint64Array(longs.buffer, longs.byteOffset, longs.length);
}

function joined<T extends Int32Array | BigUint64Array>(chunks: readonly T[], into: T): T {
  let at = 0;
  for (const chunk of chunks) {
    (into as Int32Array).set(chunk as Int32Array, at);
    at += chunk.length;
  }
  return into;
}
