import { describe, expect, it } from 'vitest';
import { checkPolicy, type PolicyDocument } from '../../src/policy/index.ts';
import { noEvidence, undeclaredAttributes } from '../../src/vocabulary/index.ts';
import { interpret } from '../../src/policy/index.ts';
import { demoPolicies } from './index.ts';

const documents = new Map(demoPolicies().map(({ owner, text }) => {
  const result = checkPolicy(text);
  if (!result.ok) throw new Error(`${owner}: ${JSON.stringify(result.findings.filter(({ severity }) => severity === 'error'))}`);
  return [owner, result] as const;
}));
const of = (owner: string): PolicyDocument => documents.get(owner)!.document;
const police = { ...undeclaredAttributes, level: 'municipal', department: 'none', component: ['none'], homeState: 'WA', mission: ['generalPolice'], program287g: ['none'], taskForce: ['none'], certified: ['none'], audit: 'passed', criminalJustice: 'yes', sharedOri: 'no', vendorHosted: 'no' } as const;
const ice = { ...police, level: 'federal', department: 'DHS', component: ['ICE', 'ERO'], homeState: 'none', mission: ['immigrationEnforcement'] } as const;
const at = new Date('2026-11-01T12:00:00Z');
const outcome = (owner: string, requester: typeof police | typeof ice, dataClass: 'photo' | 'address' | 'ssn' | 'name') =>
  interpret(of(owner), { requester, purpose: 'criminalInvestigation', evidence: noEvidence, kind: 'lookup', classes: [dataClass] }, at).classes[0]!.outcome;

describe('the policies of the demonstration', () => {
  it('are 56, one for each owner, and every one passes the check', () => {
    expect(documents.size).toBe(56);
    for (const { owner, text } of demoPolicies()) {
      expect(of(owner).policy).toBe(owner);
      expect(text).toContain('not legal advice');
    }
  });

  it('warn of nothing but open photos in the generated ones', () => {
    const codes = new Set([...documents].flatMap(([, { findings }]) => findings.filter(({ severity }) => severity === 'warning').map(({ code }) => code)));
    expect([...codes].sort()).toEqual(['openHighlyRestricted']);
  });

  it('share photos with a city police in 41 states, and Social Security numbers nowhere', () => {
    const certified = { ...police, certified: ['noCivilImmigrationUse'] } as unknown as typeof police;
    expect([...documents.keys()].filter((owner) => outcome(owner, certified, 'photo') !== 'deny')).toHaveLength(41);
    expect([...documents.keys()].filter((owner) => outcome(owner, certified, 'ssn') !== 'deny')).toEqual([]);
  });

  it('refuse ICE the name without a warrant where they are modelled on a block', () => {
    expect([...documents.keys()].filter((owner) => outcome(owner, ice, 'name') === 'deny')).toEqual(['CO', 'IL', 'MA', 'MN', 'NY', 'OR', 'WA']);
  });
});
