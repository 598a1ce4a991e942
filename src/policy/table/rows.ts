import { allDataClasses, type DataClass } from '../../vocabulary/index.ts';
import { matchPlane, type PlaneBook, type Signature } from './match.ts';
import type { RuleSource, TableSource } from './source.ts';
import type { Row, RowPart } from './types.ts';

/** A class of agencies that no rule tells apart, with its rows, one for each data class in vocabulary order. */
export interface AgencyClass {
  readonly signature: Signature;
  readonly rows: readonly Row[];
}

/**
 * Rows and classes by number, each kept once. The compiler fills one and writes it down; the loader fills one in the same order, holds it
 * against what was written, and goes on where an agency comes whose attributes nobody had when the table was compiled: the same code, so
 * the same rows.
 */
export class RowBook {
  readonly rows: Row[] = [];
  readonly classes: AgencyClass[] = [];
  readonly #rules: readonly RuleSource[];
  readonly #planes: PlaneBook;
  readonly #classNumbers = new Map<string, number>();
  readonly #rowNumbers = new Map<string, number>();
  /** Rows of all data classes by what matches: most classes of agencies meet the same rules. */
  readonly #known = new Map<string, readonly Row[]>();
  readonly #excepted = new Map<string, number>();

  constructor(rules: readonly RuleSource[], planes: PlaneBook) {
    this.#rules = rules;
    this.#planes = planes;
  }

  classNumber(signature: Signature): number {
    const key = keyOf(signature);
    const known = this.#classNumbers.get(key);
    if (known !== undefined) return known;
    this.#classNumbers.set(key, this.classes.length);
    return this.classes.push({ signature, rows: this.#rowsFor(signature) }) - 1;
  }

  /** As they stand in the bytes of a table. */
  written(): Pick<TableSource, 'rows' | 'classes'> {
    const places = new Map(this.#planes.planes.map((plane, place) => [plane, place]));
    return {
      rows: this.rows.map((row) => [allDataClasses.indexOf(row.dataClass), ...row.parts.flatMap(({ rule, plane }) => [rule, places.get(plane) ?? -1])]),
      classes: this.classes.map(({ signature, rows }) => [[...signature.keys()].filter((atom) => signature[atom] === 1), rows.map(({ index }) => index)]),
    };
  }

  #rowsFor(signature: Signature): readonly Row[] {
    const matching = this.#rules.map((rule) => matchPlane(rule, signature, this.#planes, this.#excepted));
    const key = matching.join();
    let rows = this.#known.get(key);
    if (rows === undefined) {
      rows = allDataClasses.map((dataClass) => this.#row(dataClass, matching.flatMap((plane, rule): [number, number][] => (
        plane >= 0 && this.#rules[rule]?.data.includes(dataClass) === true ? [[rule, plane]] : []))));
      this.#known.set(key, rows);
    }
    return rows;
  }

  #row(dataClass: DataClass, parts: readonly (readonly [number, number])[]): Row {
    const key = `${dataClass} ${parts.join(' ')}`;
    const known = this.#rowNumbers.get(key);
    if (known !== undefined) return this.rows[known] as Row;
    const index = this.rows.length;
    const row: Row = { index, dataClass, parts: parts.map(([rule, plane]): RowPart => ({ rule, plane: this.#planes.at(plane) })) };
    this.#rowNumbers.set(key, index);
    this.rows.push(row);
    return row;
  }
}

function keyOf(signature: Signature): string {
  return signature.join('');
}
