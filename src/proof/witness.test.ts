import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Claim, PolicyDocument } from '../policy/index.ts';
import { basisOf, isLookedAt, naiveBreaches, smallCase, violates } from './cases.ts';
import { carriersOf, witnessOf } from './witness.ts';

const runs = Number(process.env['WEIR_PROOF_RUNS'] ?? 60);
const without = (document: PolicyDocument, id: string): PolicyDocument => ({ ...document, rules: document.rules.filter((one) => one.id !== id), onward: document.onward.filter((one) => one.id !== id) });

describe('what a holding claim rests on', () => {
  it('is carried by exactly the rules without any one of which it fails, and the rest could each go', () => {
    const seen = { carried: 0, redundant: 0 };
    fc.assert(fc.property(smallCase, ({ document, network, claim, world }) => {
      if (naiveBreaches(document, network, claim, world).size > 0) return;
      const carriers = carriersOf(basisOf(document, network), claim, world);
      const failing = [...document.rules, ...document.onward].map(({ id }) => id).filter((id) => naiveBreaches(without(document, id), network, claim, world).size > 0);
      expect(carriers?.carriedBy).toEqual(failing.sort());
      for (const id of carriers?.redundant ?? []) expect(failing).not.toContain(id);
      seen.carried += failing.length;
      seen.redundant += carriers?.redundant.length ?? 0;
    }), { numRuns: runs, seed: 3 });
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0);
  });

  it('has a witness that is excused, or somebody else who obtains the data, exactly where there is one', () => {
    const seen = { excused: 0, other: 0, none: 0 };
    fc.assert(fc.property(smallCase, ({ document, network, claim, world }) => {
      if (naiveBreaches(document, network, claim, world).size > 0) return;
      const witness = witnessOf(basisOf(document, network), claim, world);
      const bare: Claim = { ...claim, without: [], review: 'counts' };
      const excused = naiveBreaches(document, network, bare, world).size > 0;
      const other = claim.without.length === 0 && naiveBreaches(document, network, { ...bare, kind: claim.kind === 'never' ? 'only' : 'never' }, world).size > 0;
      expect(witness !== null).toBe(excused || other);
      if (witness === null) {
        seen.none += 1;
        return;
      }
      const obtainer = network.nodes.find(({ id }) => id === witness.obtainer.organisation)?.attributes('ZY');
      if (obtainer === undefined) throw new Error('a witness is in the network');
      if (excused) {
        seen.excused += 1;
        expect(isLookedAt(claim, obtainer)).toBe(true);
        // The exception is met by the request itself, by a person who decides, or at a hop.
        if (witness.path.length === 0) expect(!violates(claim, witness.context, obtainer) || (claim.review === 'suffices' && witness.outcome === 'hold')).toBe(true);
      } else seen.other += 1;
    }), { numRuns: runs, seed: 4 });
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0);
  });
});
