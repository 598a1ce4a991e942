import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claimBody, policyDocument } from '../../test/policyArbitraries.ts';
import { checkPolicy, readSentence, tableFor, type Claim, type PolicyDocument, type Rule } from '../policy/index.ts';
import { proveInSchema } from './openWorld.ts';
import { proveClaim } from './prove.ts';
import { schemaMend } from './schemaMend.ts';
import type { ProofBasis } from './types.ts';

const at = Date.parse('2026-06-01T12:00:00Z');
const basisOf = (document: PolicyDocument): ProofBasis => ({ document, table: tableFor(document, { at }), network: null });
const documentOf = (text: string): PolicyDocument => {
  const checked = checkPolicy(`policy: ZY\nversion: 1\neffective: 2026-01-01\n${text}`);
  if (!checked.ok) throw new Error(JSON.stringify(checked.findings));
  return checked.document;
};
const verdict = (document: PolicyDocument, claim: Claim): boolean | 'capped' => proveInSchema(basisOf(document), claim, claim.world).holds;

describe('what would mend a claim over the schema', () => {
  it('names the one rule that gives it, and a refusal in the words of the claim', () => {
    const document = documentOf('rules:\n  - { id: A, release: { data: name } }\n  - { id: B, release: { data: photo, to: { criminalJustice: yes } } }\nclaims:\n  - { id: C, never: { to: { component: ICE }, data: photo, without: { warrant: courtConfirmed }, by: direct, domain: schema } }\n');
    const report = proveClaim(basisOf(document), document.claims[0] as Claim);
    const mend = report.verdicts.find(({ world, domain }) => world === 'honoured' && domain === 'schema')?.mend;
    expect(mend).toMatchObject({ edgeKinds: null, rules: ['B'] });
    const read = readSentence(mend?.suggestion ?? '', { id: 'ZY-3' });
    if (!read.ok || read.kind !== 'rule') throw new Error('the suggestion is not a sentence');
    expect(verdict({ ...document, rules: [...document.rules, read.item] }, document.claims[0] as Claim)).toBe(true);
  });

  it('takes the rule on passing on where that is the one that lets it through', () => {
    const document = documentOf('rules:\n  - { id: A, release: { data: photo, to: { level: [county, municipal] } } }\nonward:\n  - { id: O, data: photo, via: program287g, allow: always }\nclaims:\n  - { id: C, never: { to: { level: federal }, data: photo, by: anyPath, domain: schema } }\n');
    expect(schemaMend(basisOf(document), document.claims[0] as Claim, 'honoured')?.rules).toEqual(['O']);
    expect(schemaMend(basisOf(document), document.claims[0] as Claim, 'possible')?.rules).toEqual(['A']);
  });

  it('really mends, and no single rule does where it names more', () => {
    const claim = fc.tuple(claimBody, fc.constantFrom('direct' as const, 'anyPath' as const)).map(([body, by]): Claim => ({ ...body, id: 'ZY-C1', effective: null, expires: null, by, domain: 'schema' }));
    let mended = 0;
    fc.assert(fc.property(policyDocument, claim, (document, one) => {
      const basis = basisOf(document);
      if (proveInSchema(basis, one, one.world).holds !== false) return;
      const mend = schemaMend(basis, one, one.world);
      if (mend === null) return;
      const left = (ids: ReadonlySet<string>): PolicyDocument => ({ ...document, rules: document.rules.filter(({ id }) => !ids.has(id)), onward: document.onward.filter(({ id }) => !ids.has(id)) });
      if (mend.rules !== null) {
        mended += 1;
        expect(verdict(left(new Set(mend.rules)), one)).toBe(true);
        if (mend.rules.length > 1) for (const { id } of [...document.rules, ...document.onward]) expect(verdict(left(new Set([id])), one)).not.toBe(true);
      }
      if (mend.suggestion !== null) {
        const read = readSentence(mend.suggestion, { id: 'ZY-99' });
        if (!read.ok || read.kind !== 'rule') throw new Error('the suggestion is not a sentence');
        expect(verdict({ ...document, rules: [...document.rules, read.item satisfies Rule] }, { ...one, by: 'direct' })).toBe(true);
      }
    }), { numRuns: 120 });
    expect(mended).toBeGreaterThan(10);
  });
});
