import { sql, type RawBuilder } from 'kysely';
import type { RecordData, Subject } from '../model/index.ts';
import { allDataClasses, type DataClass, type SubjectKind } from '../vocabulary/index.ts';
import type { SourceQuery } from '../exchange/ports.ts';
import { composer, type Composer } from './composer.ts';
import { d, layout, sectionClasses, type Dialect, type Row } from './layout.ts';
import type { Mapping } from './mappingSchema.ts';
import { condition, kinds, termsOf, variantOf } from './subject.ts';

export type Parameter = string | null;

/** Look-ups of one shape differ in their values alone, so they can share one statement. */
export interface Shape {
  readonly limit: number;
  /** The values of one look-up, in the order of the statement. */
  parameters(subject: Subject, owner: string): readonly Parameter[];
  /** The statement for `size` look-ups at once; each row begins with the place, from 0, of the look-up it answers. */
  statement(size: number): string;
  read(row: Row, owner: string): RecordData;
}

/** Finds the shape of a look-up; null where the mapping has no columns to look by. */
export interface Shapes {
  of(query: SourceQuery): Shape | null;
}

const maxShapes = 512;
const maxLimit = 500;

/** The shapes of one mapping, made when they are first asked for. The asker controls the class set, so there is a cap. */
export function shapes(mapping: Mapping, dialect: Dialect): Shapes {
  const known = new Map<number, Shape | null>();
  const compiler = composer(dialect);
  return {
    of(query) {
      const { index, section } = kinds[query.subject.kind];
      const limit = Math.min(Math.max(Math.trunc(query.limit), 1), maxLimit);
      const mask = maskOf(query.classes) & sectionMasks[section];
      const variant = variantOf(query.subject, mapping);
      const code = ((mask * 8 + index) * 4 + variant) * 512 + limit;
      let shape = known.get(code);
      if (shape === undefined) {
        if (known.size >= maxShapes) known.clear();
        shape = make(mapping, dialect, compiler, query.subject.kind, variant, mask, limit);
        known.set(code, shape);
      }
      return shape;
    },
  };
}

/**
 * One branch a look-up, tied by `union all`: each has its own limit and carries its place as a constant, so that a row
 * cannot be taken for another look-up's whatever the collation thinks is equal, and the keys need not be fetched.
 */
function make(mapping: Mapping, dialect: Dialect, compiler: Composer, kind: SubjectKind, variant: number, mask: number, limit: number): Shape | null {
  const terms = termsOf(kind, variant, mapping);
  const table = mapping[terms?.section ?? 'driver']?.table;
  if (terms === null || table === undefined) return null;
  const laid = layout(mapping, terms.section, sectionClasses[terms.section].filter(c => (mask & bits[c]) !== 0), dialect);
  const partition = mapping.partition?.column;
  const branch = (place: number): RawBuilder<unknown> => {
    const conditions = terms.list.map(term => condition(term, placeholder));
    if (partition !== undefined) conditions.unshift(sql`${d(partition)} = ${placeholder()}`);
    const order = terms.order.length === 0 ? sql`` : sql` order by ${sql.join(terms.order.map(d))}`;
    return sql`(select ${sql.join([sql.lit(place), ...laid.columns])} from ${sql.table(table)} as ${sql.ref('d')} where ${sql.join(conditions, sql` and `)}${order} limit ${sql.lit(limit + 1)})`;
  };
  const statements = new Map<number, string>();
  return {
    limit,
    parameters(subject, owner) {
      const values = terms.list.flatMap(term => term.values(subject));
      return partition === undefined ? values : [owner, ...values];
    },
    statement(size) {
      let text = statements.get(size);
      if (text === undefined) {
        text = sql.join(Array.from({ length: size }, (_, place) => branch(place)), sql` union all `).compile(compiler).sql;
        statements.set(size, text);
      }
      return text;
    },
    read: (row, owner) => laid.read(row, owner),
  };
}

/** Stands for a value; the values themselves go to the driver beside the statement. */
function placeholder(): RawBuilder<unknown> {
  return sql`${null}`;
}

const bits = Object.fromEntries(allDataClasses.map((c, i) => [c, 1 << i])) as Readonly<Record<DataClass, number>>;

function maskOf(classes: readonly DataClass[]): number {
  let mask = 0;
  for (const c of classes) mask |= bits[c];
  return mask;
}

const sectionMasks = { driver: maskOf(sectionClasses.driver), vehicle: maskOf(sectionClasses.vehicle) };
