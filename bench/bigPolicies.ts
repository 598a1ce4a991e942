import { demoPolicies } from '../demo/policies/index.ts';
import { checkPolicy, printPolicy, type PolicyDocument, type Rule } from '../src/policy/index.ts';
import { allDataClasses, allJurisdictions, allPurposes, namesOf, programs287g, taskForceKinds, type DataClass, type Purpose } from '../src/vocabulary/index.ts';

/**
 * The demonstration's policy of each owner, grown by invented rules to `rules` of them: sizes for the benchmarks. Each has denials with
 * exceptions, holds, reductions, onward rules, a limit, a duty and claims, and no two owners have the same. Deterministic.
 */
export function bigPolicies(rules = 36): readonly PolicyDocument[] {
  return demoPolicies().map(({ owner, text }, n) => {
    const base = documentOf(owner, text);
    const added = Array.from({ length: Math.max(0, rules - base.rules.length) }, (_, i) => inventedRule(owner, n * 7 + i, i));
    const grown: PolicyDocument = {
      ...base,
      rules: [...base.rules, ...added],
      onward: [...base.onward, { ...item(`${owner}-B1`), data: ['photo', 'address'], via: ['taskForce', 'redissemination'], allow: { warrant: 'courtConfirmed' } }, { ...item(`${owner}-B2`), data: ['name', 'licenceStatus'], via: ['fusionCentre', 'delegation'], allow: 'always' }],
      claims: [...base.claims, ...(['photo', 'address', 'ssn'] as const).map((data, i) => ({
        ...item(`${owner}-BC${i}`), kind: 'never' as const, to: { department: ['DHS' as const] }, data: [data], without: [{ warrant: 'courtConfirmed' as const }], by: 'anyPath' as const,
        form: 'any' as const, review: 'counts' as const, world: 'honoured' as const, domain: 'registry' as const,
      }))],
    };
    // Through its text, so that what is measured is what an author could have written.
    return documentOf(owner, printPolicy(grown));
  });
}

function documentOf(owner: string, text: string): PolicyDocument {
  const checked = checkPolicy(text);
  if (!checked.ok) throw new Error(`the policy of ${owner} is not sound: ${JSON.stringify(checked.findings[0])}`);
  return checked.document;
}

const item = (id: string): { id: string; title: null; cites: readonly string[]; effective: null; expires: null } => ({ id, title: null, cites: [], effective: null, expires: null });

const sets: readonly (readonly DataClass[])[] = [['photo'], ['address', 'registeredOwner'], ['driverHistory'], ['ssn', 'medical'], ['name', 'birthDate'], ['photo', 'signature'], ['immigrationDocuments'], ['licenceNumber', 'vehicleRegistration']];

function inventedRule(owner: string, seed: number, i: number): Rule {
  const pick = <T>(list: readonly T[], salt: number): T => list[(seed * 31 + salt * 17 + i * 7) % list.length] as T;
  const data = [...pick(sets, 1)].sort((a, b) => classOrder(a) - classOrder(b));
  const purposes = [...new Set<Purpose>([pick(allPurposes, 2), pick(allPurposes, 3)])].sort((a, b) => allPurposes.indexOf(a) - allPurposes.indexOf(b));
  const body = { ...item(`${owner}-X${i}`), data, unless: [] };
  switch (i % 6) {
    case 0: return { ...body, outcome: 'release', treat: {}, to: { level: [pick(['state', 'county', 'municipal'] as const, 4)], homeState: [pick(allJurisdictions, 5)] }, for: purposes };
    case 1: return { ...body, outcome: 'deny', to: { program287g: [pick(namesOf(programs287g).slice(0, 3), 6)] }, unless: [{ warrant: 'courtConfirmed', court: ['articleThree', 'stateCourt'] }] };
    case 2: return { ...body, outcome: 'hold', to: { taskForce: [pick(namesOf(taskForceKinds).slice(0, 7), 7)] }, for: purposes, review: { by: 'privacyDesk', withinSeconds: 3600 * (1 + (seed % 24)), onTimeout: 'deny' } };
    case 3: return { ...body, outcome: 'release', treat: data.includes('photo') ? { photo: 'reduced' } : data.includes('address') ? { address: 'county' } : {}, to: { criminalJustice: ['yes'] }, when: { caseNumber: 'numbered' }, for: purposes };
    case 4: return { ...body, outcome: 'deny', to: { audit: ['failed', 'overdue'] }, for: purposes, unless: [{ caseNumber: 'numbered' }] };
    default: return { ...body, outcome: 'deny', to: { department: [pick(['DHS', 'DOJ', 'TREASURY', 'INTERIOR'] as const, 8)] }, for: purposes, unless: [{ for: ['emergency'] }, { warrant: 'numbered' }] };
  }
}

const classOrder = (one: DataClass): number => allDataClasses.indexOf(one);
