import { DuckDBDateValue, DuckDBDecimalValue, DuckDBListValue, DuckDBStructValue, DuckDBTimestampMillisecondsValue, DuckDBTimestampNanosecondsValue, DuckDBTimestampSecondsValue, DuckDBTimestampValue, DuckDBTypeId, type DuckDBDataChunk, type DuckDBType, type DuckDBValue } from '@duckdb/node-api';
import type { ReadChunk } from './types.ts';

/**
 * A value of a result as the archive gives it: whole numbers as number where that is exact, else bigint; tags (UBIGINT) always as bigint;
 * times as milliseconds; dates as `2026-10-03`; decimals as number; lists as arrays; structures as objects.
 */
export function plainValue(value: DuckDBValue, type: DuckDBType): unknown {
  if (typeof value === 'bigint') return type.typeId === DuckDBTypeId.UBIGINT ? value : exact(value);
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof DuckDBTimestampValue) return Number(value.micros / 1000n);
  if (value instanceof DuckDBDateValue) return new Date(value.days * 86_400_000).toISOString().slice(0, 10);
  if (value instanceof DuckDBDecimalValue) return value.toDouble();
  if (value instanceof DuckDBListValue) return value.items.map((item) => plainValue(item, inner(type)));
  if (value instanceof DuckDBStructValue) return Object.fromEntries(Object.entries(value.entries).map(([name, item]) => [name, plainValue(item, member(type, name))]));
  if (value instanceof DuckDBTimestampMillisecondsValue) return Number(value.millis);
  if (value instanceof DuckDBTimestampSecondsValue) return Number(value.seconds) * 1000;
  if (value instanceof DuckDBTimestampNanosecondsValue) return Number(value.nanos / 1_000_000n);
  return (value as { toString(): string }).toString();
}

/** Rows of a result as objects. */
export function plainRows(rows: readonly (readonly DuckDBValue[])[], names: readonly string[], types: readonly DuckDBType[]): object[] {
  return rows.map((row) => Object.fromEntries(row.map((value, at) => [names[at] ?? '', plainValue(value, types[at] as DuckDBType)])));
}

/** What all vectors of DuckDB have, and what those of fixed width keep: the client hides these, and to ask it value by value costs ten times as much. */
interface Vector {
  readonly items?: ArrayLike<number> | BigInt64Array | BigUint64Array;
  readonly validity?: { readonly data: BigUint64Array | null; readonly offset: number };
  getItem(at: number): DuckDBValue;
}

/** One chunk of a result. What is null comes as -1 in `ints`, as 0 in `longs`. */
export function readChunk(chunk: DuckDBDataChunk, types: readonly DuckDBType[]): ReadChunk {
  const rows = chunk.rowCount;
  const vector = (column: number): Vector => chunk.getColumnVector(column);
  return {
    rows,
    ints: (column) => ints(vector(column), rows),
    longs: (column) => longs(vector(column), rows),
    values: (column) => {
      const source = vector(column);
      const type = types[column] as DuckDBType;
      return Array.from({ length: rows }, (_, at) => plainValue(source.getItem(at), type));
    },
  };
}

function ints(vector: Vector, rows: number): Int32Array {
  const { items } = vector;
  if (items instanceof Int32Array) return fill(items.slice(0, rows), validBits(vector), -1);
  const found = new Int32Array(rows);
  for (let at = 0; at < rows; at += 1) {
    const value = vector.getItem(at);
    found[at] = value === null ? -1 : Number(value);
  }
  return found;
}

function longs(vector: Vector, rows: number): BigInt64Array | BigUint64Array {
  const { items } = vector;
  if (items instanceof BigUint64Array || items instanceof BigInt64Array) return fill(items.slice(0, rows), validBits(vector), 0n);
  const found = new BigInt64Array(rows);
  for (let at = 0; at < rows; at += 1) found[at] = BigInt((vector.getItem(at) ?? 0) as number | bigint | boolean);
  return found;
}

/** A bit for each value: set where it is there. Null where all are. */
function validBits({ validity }: Vector): ((at: number) => boolean) | null {
  const { data = null, offset = 0 } = validity ?? {};
  if (data === null) return null;
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return (at) => (((bytes[(at + offset) >> 3] ?? 0) >> ((at + offset) & 7)) & 1) === 1;
}

function fill<A extends Int32Array | BigInt64Array | BigUint64Array>(found: A, valid: ((at: number) => boolean) | null, none: number | bigint): A {
  if (valid !== null) for (let at = 0; at < found.length; at += 1) if (!valid(at)) (found as { [at: number]: number | bigint })[at] = none;
  return found;
}

function exact(value: bigint): number | bigint {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

function inner(type: DuckDBType): DuckDBType {
  return 'valueType' in type ? (type.valueType) : type;
}

function member(type: DuckDBType, name: string): DuckDBType {
  if (!('entryNames' in type) || !('entryTypes' in type)) return type;
  return (type.entryTypes as DuckDBType[])[(type.entryNames as string[]).indexOf(name)] ?? type;
}
