import type { Condition, PolicyDocument, PolicyTable, Plane, Rule } from '../policy/index.ts';
import { hasBit } from '../policy/index.ts';
import type { Node } from './bdd.ts';
import type { SchemaSpace } from './schemaSpace.ts';

/**
 * The rules that a table has in force, as the table has them: outcome, classes and treatments are those of the bytes that decide
 * (invariant 2). The document lends the conditions, which say what words there are to tell apart.
 */
export function rulesOfTable(document: PolicyDocument, table: PolicyTable): readonly Rule[] {
  return table.rules.flatMap((compiled): readonly Rule[] => {
    const written = document.rules.find(({ id }) => id === compiled.id);
    if (written === undefined) return [];
    const { outcome, data, treat, review } = compiled;
    const { id, title, cites, effective, expires, unless } = written;
    const body = { id, title, cites, effective, expires, unless, data, ...optional(written) };
    if (outcome === 'release') return [{ ...body, outcome, treat, ...(review === null ? {} : { afterwards: { by: review.by, withinSeconds: review.withinSeconds } }) }];
    return outcome === 'deny' ? [{ ...body, outcome }] : review === null ? [] : [{ ...body, outcome, review }];
  });
}

/** The words that the cells of a table tell apart, as conditions: a space made with them has room for its planes. */
export function conditionsOfCells({ space: { groups } }: PolicyTable): readonly Condition[] {
  return [
    ...groups.purpose.map((words) => ({ for: words })), ...groups.court.map((court) => ({ court })), ...groups.kind.map((query) => ({ query })),
    ...groups.warrant.flatMap(([warrant]) => (warrant === undefined ? [] : [{ warrant }])), ...groups.caseNumber.flatMap(([caseNumber]) => (caseNumber === undefined ? [] : [{ caseNumber }])),
  ];
}

/** Where each rule of the table matches, over everything that the schema admits, from its atoms and bit planes alone. By id. */
export function matchingOfTable(space: SchemaSpace, table: PolicyTable): (id: string) => Node {
  const { bdd } = space;
  const planes = new Map<Plane, Node>();
  const inPlane = (plane: Plane): Node => {
    let found = planes.get(plane);
    if (found === undefined) planes.set(plane, (found = nodeOf(space, table, plane)));
    return found;
  };
  const where = ({ who, plane }: { readonly who: readonly { readonly attribute: keyof NonNullable<Condition['to']>; readonly words: readonly string[] }[]; readonly plane: Plane }): Node =>
    bdd.all([...who.map(({ attribute, words }) => space.has(attribute, words)), inPlane(plane)]);
  return (id) => {
    const match = table.matchOf(table.rules.findIndex((rule) => rule.id === id));
    return bdd.without(where(match), bdd.any(match.except.map(where)));
  };
}

const axes = ['purpose', 'warrant', 'court', 'caseNumber', 'kind'] as const;

/** The cells of a plane, axis by axis, the last axis running fastest. */
function nodeOf(space: SchemaSpace, { space: { groups } }: PolicyTable, plane: Plane): Node {
  const { bdd } = space;
  const sizes = axes.map((axis) => groups[axis].length);
  const under = (depth: number, from: number): Node => {
    const axis = axes[depth];
    if (axis === undefined) return hasBit(plane, from) ? bdd.all([]) : bdd.any([]);
    const step = sizes.slice(depth + 1).reduce((product, size) => product * size, 1);
    return bdd.any(groups[axis].map((group, i) => {
      const rest = under(depth + 1, from + i * step);
      return groups[axis].length === 1 ? rest : bdd.and(space.has(axis, group), rest);
    }));
  };
  return under(0, 0);
}

function optional({ to, for: purpose, when }: Rule): Pick<Rule, 'to' | 'for' | 'when'> {
  return { ...(to === undefined ? {} : { to }), ...(purpose === undefined ? {} : { for: purpose }), ...(when === undefined ? {} : { when }) };
}
