import type { Component, Department, RequesterAttributes } from './attributes.ts';

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

/** A rule that every requester's attributes obey. A proof over "any agency that the schema admits" ranges over these only. */
export interface IntegrityConstraint {
  readonly id: string;
  readonly plain: string;
  readonly holds: (a: RequesterAttributes) => boolean;
}

const isReal = (c: Component): c is keyof typeof componentTree => c !== 'none' && c !== 'undeclared';

export const integrityConstraints: readonly IntegrityConstraint[] = [
  {
    id: 'component-in-department',
    plain: 'a federal component lies in its own department: ICE is in DHS',
    holds: (a) => a.component.every((c) => !isReal(c) || componentTree[c].department === a.department),
  },
  {
    id: 'component-with-parent',
    plain: 'a part of a component belongs to the whole: HSI is also ICE',
    holds: (a) => a.component.every((c) => !isReal(c) || componentTree[c].under === undefined || a.component.includes(componentTree[c].under)),
  },
  {
    id: 'department-is-federal',
    plain: 'only a federal agency has a federal department',
    holds: (a) => a.department === 'none' || a.department === 'undeclared' || a.level === 'federal',
  },
  {
    id: 'federal-has-no-home-state',
    plain: 'a federal agency belongs to no state, wherever its office stands',
    holds: (a) => a.level !== 'federal' || a.homeState === 'none',
  },
  {
    id: 'agreement-is-not-federal',
    plain: 'a 287(g) agreement is made with a state or local agency',
    holds: (a) => a.level !== 'federal' || a.program287g.every((p) => p === 'none'),
  },
  ...(['component', 'mission', 'program287g', 'taskForce', 'certified'] as const).map((name) => ({
    id: `${name}-is-total`,
    plain: `${name} is never empty, and "none" or "undeclared" stands alone`,
    holds: (a: RequesterAttributes) =>
      a[name].length > 0 && (a[name].length === 1 || !a[name].some((word: string) => word === 'none' || word === 'undeclared')),
  })),
];

/** The ids of the constraints that these attributes break: none for a sound registry row. */
export function brokenConstraints(a: RequesterAttributes): readonly string[] {
  return integrityConstraints.filter((c) => !c.holds(a)).map((c) => c.id);
}
