import { describe, expect, it } from 'vitest';
import { checkPolicy, tableFor, type PolicyDocument } from '../../src/policy/index.ts';
import { proveInRegistry, proveInSchema } from '../../src/proof/index.ts';
import type { Network } from '../../src/model/index.ts';
import { createSnapshot, hashContent } from '../../src/registry/index.ts';
import { networkOf } from '../../src/registry/network.ts';
import { demonstrationDay } from '../landmarks.ts';
import { inventNetwork, leastAgencies } from '../network.ts';
import { demoPolicies } from './index.ts';

const modelled = ['CA', 'CO', 'IL', 'MA', 'MN', 'NY', 'OR', 'WA'];
const at = new Date(`${demonstrationDay}T12:00:00Z`);
const network = (agencies?: number): Network => {
  const content = inventNetwork(agencies === undefined ? {} : { agencies });
  return networkOf(createSnapshot(content, 1, hashContent(content)), at);
};
const documents = demoPolicies().map(({ owner, text }) => {
  const result = checkPolicy(text);
  if (!result.ok) throw new Error(owner);
  return result.document;
});

/** The claims whose deciding verdict is not that they hold: the policy could not be activated. */
function failing(document: PolicyDocument, on: Network): string[] {
  const basis = { document, network: on, table: tableFor(document, { at: at.getTime() }) };
  return document.claims.filter((claim) => (claim.domain === 'schema' ? proveInSchema(basis, claim, claim.world) : proveInRegistry(basis, claim, claim.world)).holds !== true).map(({ id }) => id);
}

describe('the claims of the demonstration', () => {
  it('hold for every owner in a small network, so that each policy may be activated', () => {
    const small = network(leastAgencies);
    expect(documents.flatMap((document) => failing(document, small))).toEqual([]);
    expect(documents.filter(({ claims }) => claims.length === 0)).toEqual([]);
  });

  it('hold in the whole network for the owners that are modelled on a law', () => {
    const whole = network();
    expect(documents.filter(({ policy }) => modelled.includes(policy)).flatMap((document) => failing(document, whole))).toEqual([]);
  });

  it('would not hold without the rule on agencies whose officers may act for ICE', () => {
    const small = network(leastAgencies);
    const reviews: Record<string, string> = { MN: 'MN-14', NY: 'NY-12', OR: 'OR-12', WA: 'WA-13' };
    for (const document of documents.filter(({ policy }) => policy in reviews)) {
      const without = { ...document, rules: document.rules.filter(({ id }) => id !== reviews[document.policy]) };
      expect(failing(without, small), document.policy).toEqual([document.policy === 'WA' || document.policy === 'OR' ? `${document.policy}-C3` : `${document.policy}-C4`]);
    }
  });

  it('come with onward rules and limits where the owner is modelled on a law that was found', () => {
    for (const owner of ['CA', 'CO', 'MN', 'NY', 'OR', 'WA']) {
      const { onward, limits, claims } = documents.find(({ policy }) => policy === owner)!;
      expect([onward.length > 0, limits.length > 0, claims.length > 2], owner).toEqual([true, true, true]);
    }
  });
});
