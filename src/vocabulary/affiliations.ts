import { type Words } from './word.ts';

/** How data can go from one organisation to another. Each edge of the registry has one kind. */
export type AffiliationKind =
  | 'component' | 'program287g' | 'taskForce' | 'fusionCentre' | 'sharedOri' | 'delegation' | 'vendorHosting' | 'redissemination';

export const affiliationKinds: Words<AffiliationKind> = {
  component: { plain: 'one is a part of the other', source: 'Weir' },
  program287g: { plain: 'officers of one act for ICE under an agreement', source: '8 USC 1357(g)' },
  taskForce: { plain: 'both take part in one task force', source: 'Weir' },
  fusionCentre: { plain: 'one sends information to a centre that serves the other', source: '6 USC 124h' },
  sharedOri: { plain: 'both use one ORI', source: 'FBI CJIS policy IA-0' },
  delegation: { plain: 'one may ask on behalf of the other', source: 'FBI CJIS policy IA-0' },
  vendorHosting: { plain: 'a company runs the system of one and serves the other too', source: 'FBI CJIS policy 5.1.1' },
  redissemination: { plain: 'one may pass on what it received to the other', source: '18 USC 2721(c)' },
};

/** Kinds that join two bodies alike: whichever way a row was written down, data can go both ways. */
export const mutualKinds: ReadonlySet<AffiliationKind> = new Set<AffiliationKind>(['taskForce', 'sharedOri']);

/** How firmly an owner can rely on an edge being used only as agreed. */
export type EdgeGrade = 'enforced' | 'contractOnly' | 'inseparable';

export const edgeGrades: Words<EdgeGrade> = {
  enforced: { plain: 'Weir itself enforces it', source: 'Weir' },
  contractOnly: { plain: 'only a contract says so', source: 'Weir' },
  inseparable: { plain: 'the two cannot be told apart', source: 'Weir' },
};
