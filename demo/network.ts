import type { RegistryContent } from '../src/registry/model.ts';
import { allJurisdictions } from '../src/vocabulary/index.ts';
import { factsOf, shareOut } from './jurisdictions.ts';
import { defaultAgencies, defaultSeed } from './landmarks.ts';
import { addAgreements } from './network/agreements.ts';
import { addCertifications } from './network/certifications.ts';
import { contentOf, emptyDraft, settleLandmarks } from './network/draft.ts';
import { addFederal } from './network/federal.ts';
import { addOwner, leastPerState } from './network/local.ts';
import { addDelegations, addFusionCentres, addRedissemination, addRegionalCentres, addSharedOris, addVendors, regionalCentres } from './network/sharing.ts';
import { addTaskForces } from './network/taskForces.ts';

/** The smallest network in which every owner has its government and the landmarks fit. */
export const leastAgencies = 3_500;

/**
 * Invents a network: as many ORIs as `agencies` says, under about as many organisations, with their affiliations and
 * certifications. The same seed and number give the same content, row by row. Everything in it is marked invented.
 * Edges of the kind `component` are left out: they follow from the tree.
 * @throws RangeError where `agencies` is below `leastAgencies`.
 */
export function inventNetwork({ seed = defaultSeed, agencies = defaultAgencies }: { seed?: number; agencies?: number } = {}): RegistryContent {
  if (!Number.isInteger(agencies) || agencies < leastAgencies) throw new RangeError(`a network has at least ${leastAgencies} agencies`);
  const draft = emptyDraft(seed, agencies / defaultAgencies);
  addFederal(draft);
  const left = agencies - draft.offices.length - regionalCentres.length;
  for (const [owner, budget] of shareOut(left, allJurisdictions, (o) => factsOf(o).drivers ** 0.6, leastPerState)) addOwner(draft, owner, budget);
  addRegionalCentres(draft);
  settleLandmarks(draft);
  addAgreements(draft);
  addTaskForces(draft, allJurisdictions);
  addFusionCentres(draft);
  addSharedOris(draft);
  addDelegations(draft);
  addVendors(draft);
  addRedissemination(draft, allJurisdictions);
  addCertifications(draft);
  return contentOf(draft);
}
