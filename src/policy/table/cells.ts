import { stricter, type DataClass } from '../../vocabulary/index.ts';
import type { ClassDecision } from '../../model/index.ts';
import { coarserTreatment, stricterReview } from '../interpret.ts';
import { andPlanes, emptyPlane, hasBit, orPlanes, withoutPlane, type Plane } from './planes.ts';
import type { ContextSpace, OpenHow, Row, TableRule } from './types.ts';

const nothing: readonly string[] = Object.freeze([]);

/** What the rules of a row decide in one cell: the strictest that matches, and nothing is deny. */
export function decideCell(rules: readonly TableRule[], row: Row, cell: number): ClassDecision {
  const { dataClass } = row;
  let decided: ClassDecision | null = null;
  for (const { rule: place, plane } of row.parts) {
    if (!hasBit(plane, cell)) continue;
    const one = verdictOf(rules[place] as TableRule, dataClass);
    decided = decided === null ? one : join(decided, one);
  }
  if (decided === null) return { dataClass, outcome: 'deny', rules: nothing, treatment: null, review: null };
  return { ...decided, rules: [...decided.rules].sort() };
}

/** The cells in which data is given; see `PolicyTable.open`. */
export function openCells(rules: readonly TableRule[], space: ContextSpace, row: Row, { form, held, except }: OpenHow): Plane {
  let given = emptyPlane(space.size);
  let shut = emptyPlane(space.size);
  for (const { rule: place, plane } of row.parts) {
    if (except?.has(place) === true) continue;
    const { outcome, treat } = rules[place] as TableRule;
    const reduces = outcome === 'release' && treat[row.dataClass] !== undefined;
    if (outcome === 'release' || (outcome === 'hold' && held)) given = orPlanes(given, plane);
    if (outcome === 'deny' || (outcome === 'hold' && !held) || (reduces && form === 'full' && !held)) shut = orPlanes(shut, plane);
  }
  if (form === 'full' && held) shut = orPlanes(shut, reducedOnly(rules, space, row, except));
  return andPlanes(withoutPlane(given, shut), space.all);
}

/** Where a reduction has the last word: a hold beats it, and a person may then give the whole. */
function reducedOnly(rules: readonly TableRule[], space: ContextSpace, row: Row, except: OpenHow['except']): Plane {
  let reduced = emptyPlane(space.size);
  let held = emptyPlane(space.size);
  for (const { rule: place, plane } of row.parts) {
    if (except?.has(place) === true) continue;
    const { outcome, treat } = rules[place] as TableRule;
    if (outcome === 'hold') held = orPlanes(held, plane);
    if (outcome === 'release' && treat[row.dataClass] !== undefined) reduced = orPlanes(reduced, plane);
  }
  return withoutPlane(reduced, held);
}

function verdictOf({ id, outcome, treat, review }: TableRule, dataClass: DataClass): ClassDecision {
  const treatment = outcome === 'release' ? (treat[dataClass] ?? null) : null;
  return { dataClass, outcome: treatment === null ? outcome : 'redact', rules: [id], treatment, review };
}

function join(a: ClassDecision, b: ClassDecision): ClassDecision {
  if (a.outcome !== b.outcome) return stricter(a.outcome, b.outcome) === a.outcome ? a : b;
  return {
    dataClass: a.dataClass, outcome: a.outcome, rules: [...a.rules, ...b.rules],
    treatment: coarserTreatment(a.dataClass, a.treatment, b.treatment), review: stricterReview(a.review, b.review),
  };
}
