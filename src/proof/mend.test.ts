import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Network } from '../model/index.ts';
import type { Claim, PolicyDocument, ProofWorld } from '../policy/index.ts';
import { basisOf, naiveBreaches, smallCase } from './cases.ts';
import { defaultCaps } from './caps.ts';
import { caseOf } from './claimFilter.ts';
import { kindOrder } from './graph.ts';
import { proveInRegistry } from './registryClaims.ts';
import { suggestedRule } from './suggest.ts';
import { viewOf } from './view.ts';

const runs = Number(process.env['WEIR_PROOF_RUNS'] ?? 60);
const holds = (document: PolicyDocument, network: Network, claim: Claim, world: ProofWorld): boolean => proveInRegistry(basisOf(document, network), claim, world, { ...defaultCaps, attempts: 0 }).holds === true;
const withoutRules = (document: PolicyDocument, ids: readonly string[]): PolicyDocument =>
  ({ ...document, rules: document.rules.filter(({ id }) => !ids.includes(id)), onward: document.onward.filter(({ id }) => !ids.includes(id)) });
const withoutKinds = (network: Network, kinds: readonly string[]): Network => ({ ...network, edges: network.edges.filter(({ kind }) => !kinds.includes(kind)) });

function* subsets<T>(items: readonly T[], size: number, from = 0): Generator<readonly T[]> {
  if (size === 0) yield [];
  else for (let i = from; i < items.length; i += 1) for (const rest of subsets(items, size - 1, i + 1)) yield [items[i] as T, ...rest];
}

describe('the mend of a failing claim', () => {
  it('is the smallest set of kinds of edge, the first of its size, or none where access is direct', () => {
    let mended = 0;
    fc.assert(fc.property(smallCase, ({ document, network, claim, world }) => {
      const { mend, counterexample } = proveInRegistry(basisOf(document, network), claim, world);
      expect(mend === null).toBe(counterexample === null);
      if (mend === null) return;
      expect(mend.edgeKinds === null).toBe(counterexample?.path.length === 0);
      if (mend.edgeKinds === null) return;
      mended += 1;
      const used = kindOrder.filter((kind) => network.edges.some((edge) => edge.kind === kind));
      expect(naiveBreaches(document, withoutKinds(network, mend.edgeKinds), claim, world).size).toBe(0);
      for (let size = 0; size <= mend.edgeKinds.length; size += 1) {
        for (const kinds of subsets(used, size)) {
          if (kinds.join() === mend.edgeKinds.join()) return;
          expect({ kinds, holds: holds(document, withoutKinds(network, kinds), claim, world) }).toEqual({ kinds, holds: false });
        }
      }
    }), { numRuns: runs, seed: 5 });
    expect(mended).toBeGreaterThan(runs / 50);
  });

  it('is the smallest set of rules, of those that give and, where they are honoured, those that let pass on', () => {
    let mended = 0;
    fc.assert(fc.property(smallCase, ({ document, network, claim, world }) => {
      const { mend } = proveInRegistry(basisOf(document, network), claim, world);
      if (mend === null) return;
      const candidates = [
        ...document.rules.filter(({ outcome }) => outcome === 'release' || (outcome === 'hold' && claim.review === 'counts')),
        ...(world === 'honoured' && claim.by === 'anyPath' ? document.onward.filter(({ allow }) => allow !== 'never') : []),
      ].map(({ id }) => id);
      const most = mend.rules?.length ?? candidates.length + 1;
      if (mend.rules !== null) {
        mended += 1;
        expect(candidates).toEqual(expect.arrayContaining([...mend.rules]));
        expect(naiveBreaches(withoutRules(document, mend.rules), network, claim, world).size).toBe(0);
      }
      for (let size = 0; size < most; size += 1) {
        for (const ids of subsets(candidates, size)) expect({ ids, holds: holds(withoutRules(document, ids), network, claim, world) }).toEqual({ ids, holds: false });
      }
    }), { numRuns: runs, seed: 6 });
    expect(mended).toBeGreaterThan(runs / 10);
  });

  it('suggests a rule exactly where access is direct, and the rule closes it', () => {
    let closed = 0;
    fc.assert(fc.property(smallCase, ({ document, network, claim, world }) => {
      const { mend } = proveInRegistry(basisOf(document, network), claim, world);
      const direct: Claim = { ...claim, by: 'direct' };
      expect(mend !== null && mend.suggestion !== null).toBe(!holds(document, network, direct, world));
      if (mend === null || mend.suggestion === null) return;
      closed += 1;
      const rule = suggestedRule(document, caseOf(viewOf(network, basisOf(document, network).table), claim));
      expect(rule).not.toBeNull();
      if (rule !== null) expect(holds({ ...document, rules: [...document.rules, rule] }, network, direct, world)).toBe(true);
    }), { numRuns: runs, seed: 7 });
    expect(closed).toBeGreaterThan(runs / 10);
  });

  it('says nothing of rules where it may not try', () => {
    fc.assert(fc.property(smallCase, ({ document, network, claim }) => {
      expect(proveInRegistry(basisOf(document, network), claim, 'possible', { ...defaultCaps, attempts: 0 }).mend?.rules ?? null).toBeNull();
    }), { numRuns: 20 });
  });
});
