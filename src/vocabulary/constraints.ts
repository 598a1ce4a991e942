import { departments, type Component, type Department, type RequesterAttributes } from './attributes.ts';
import { namesOf } from './word.ts';

/** The department that each federal component is part of, and the component above it where there is one. */
export const componentTree: Readonly<Record<Exclude<Component, 'none' | 'undeclared'>, { department: Department; under?: Component }>> = {
  ICE: { department: 'DHS' },
  ERO: { department: 'DHS', under: 'ICE' },
  HSI: { department: 'DHS', under: 'ICE' },
  CBP: { department: 'DHS' },
  OFO: { department: 'DHS', under: 'CBP' },
  USBP: { department: 'DHS', under: 'CBP' },
  AMO: { department: 'DHS', under: 'CBP' },
  TSA: { department: 'DHS' },
  USSS: { department: 'DHS' },
  USCG: { department: 'DHS' },
  USCIS: { department: 'DHS' },
  FPS: { department: 'DHS' },
  FBI: { department: 'DOJ' },
  DEA: { department: 'DOJ' },
  ATF: { department: 'DOJ' },
  USMS: { department: 'DOJ' },
  BOP: { department: 'DOJ' },
  IRSCI: { department: 'TREASURY' },
  TIGTA: { department: 'TREASURY' },
  NPS: { department: 'INTERIOR' },
  BIA: { department: 'INTERIOR' },
  BLM: { department: 'INTERIOR' },
  FWS: { department: 'INTERIOR' },
  DSS: { department: 'STATE' },
  USPIS: { department: 'USPS' },
  USFS: { department: 'AGRICULTURE' },
};

/** Who has one of `has` in `attribute` must have one of `needs` in `in`. Data, so that a solver can be given the same rule. */
export interface ConstraintClause {
  readonly attribute: keyof RequesterAttributes;
  readonly has: readonly string[];
  readonly in: keyof RequesterAttributes;
  readonly needs: readonly string[];
}

/** A rule that every requester's attributes obey. A proof over "any agency that the schema admits" ranges over these only. */
export interface IntegrityConstraint {
  readonly id: string;
  readonly plain: string;
  readonly holds: (a: RequesterAttributes) => boolean;
}

/** Attributes that hold a list: an organisation has every word in it, and `none` or `undeclared` stands alone. */
export const listAttributes = ['component', 'mission', 'program287g', 'taskForce', 'certified'] as const;

const parts = Object.entries(componentTree) as [Component, { department: Department; under?: Component }][];
const clause = (attribute: ConstraintClause['attribute'], has: readonly string[], inside: ConstraintClause['in'], needs: readonly string[]): ConstraintClause => ({ attribute, has, in: inside, needs });

const clausesOf: Readonly<Record<string, { readonly plain: string; readonly clauses: readonly ConstraintClause[] }>> = {
  'component-in-department': {
    plain: 'a federal component lies in its own department: ICE is in DHS',
    clauses: parts.map(([component, { department }]) => clause('component', [component], 'department', [department])),
  },
  'component-with-parent': {
    plain: 'a part of a component belongs to the whole: HSI is also ICE',
    clauses: parts.flatMap(([component, { under }]) => (under === undefined ? [] : [clause('component', [component], 'component', [under])])),
  },
  'department-is-federal': {
    plain: 'only a federal agency has a federal department',
    clauses: [clause('department', namesOf(departments).filter((name) => name !== 'none' && name !== 'undeclared'), 'level', ['federal'])],
  },
  'federal-has-no-home-state': {
    plain: 'a federal agency belongs to no state, wherever its office stands',
    clauses: [clause('level', ['federal'], 'homeState', ['none'])],
  },
  'agreement-is-not-federal': {
    plain: 'a 287(g) agreement is made with a state or local agency',
    clauses: [clause('level', ['federal'], 'program287g', ['none'])],
  },
};

/** The constraints between attributes, as clauses. Besides them, each attribute of `listAttributes` is total. */
export const constraintClauses: readonly ConstraintClause[] = Object.values(clausesOf).flatMap(({ clauses }) => clauses);

export const integrityConstraints: readonly IntegrityConstraint[] = [
  ...Object.entries(clausesOf).map(([id, { plain, clauses }]) => ({
    id, plain, holds: (a: RequesterAttributes) => clauses.every((one) => !hasAny(a, one.attribute, one.has) || hasAny(a, one.in, one.needs)),
  })),
  ...listAttributes.map((name) => ({
    id: `${name}-is-total`,
    plain: `${name} is never empty, and "none" or "undeclared" stands alone`,
    holds: (a: RequesterAttributes) =>
      a[name].length > 0 && (a[name].length === 1 || !a[name].some((word: string) => word === 'none' || word === 'undeclared')),
  })),
];

/** True where the attribute is one of the words, or its list has one of them. */
export function hasAny(a: RequesterAttributes, attribute: keyof RequesterAttributes, words: readonly string[]): boolean {
  const value: string | readonly string[] = a[attribute];
  return typeof value === 'string' ? words.includes(value) : value.some((word) => words.includes(word));
}

/** The ids of the constraints that these attributes break: none for a sound registry row. */
export function brokenConstraints(a: RequesterAttributes): readonly string[] {
  return integrityConstraints.filter((c) => !c.holds(a)).map((c) => c.id);
}
