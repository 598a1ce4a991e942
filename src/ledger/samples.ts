import type { ClassDecision, DecisionEntry } from '../model/index.ts';
import type { DataClass, RequesterAttributes } from '../vocabulary/index.ts';

/** An invented decision as the journal takes it, for tests and benchmarks: about 1.2 kB, or 2.0 kB with seven data classes ('full'). */
export function sampleEntry(number: number, size: 'small' | 'full' = 'small'): DecisionEntry {
  const classes: readonly DataClass[] = size === 'small' ? [] : ['licenceStatus', 'licenceNumber', 'name', 'birthDate', 'description', 'address', 'photo'];
  return {
    type: 'decision', v: 1, id: `e-${number}`, at: '2026-03-01T12:00:00.000Z', inquiry: `q-${number}`, owner: 'ZY', key: 'DQ', kind: 'lookup', format: 'json',
    destinations: ['ZY'], requester: { ori: 'ZX0010000', organisation: 'zx-example-police', attributes }, onBehalfOf: null, delegated: null, credential: null,
    purpose: 'officerSafety', evidence: { warrant: 'none', court: 'notStated', caseNumber: 'none' }, status: 'answered',
    decisions: classes.map((dataClass): ClassDecision => ({ dataClass, outcome: 'release', rules: ['ZY-1', 'ZY-20'], treatment: null, review: null })),
    released: classes, records: classes.length === 0 ? 0 : 1, releasedHash: null, policyVersion: 14, policyHash: 'c'.repeat(64), registryVersion: 3, registryHash: 'd'.repeat(64), tableHash: null,
    duties: [], limits: [], ticket: null, subjectTag: 'e'.repeat(64), recordTags: [], sealed: 'f'.repeat(120), engine: 'weir 0.1.0',
  };
}

const attributes: RequesterAttributes = {
  level: 'municipal', department: 'none', component: ['none'], homeState: 'none', mission: [], program287g: ['undeclared'], taskForce: ['undeclared'],
  certified: [], audit: 'undeclared', criminalJustice: 'yes', sharedOri: 'undeclared', vendorHosted: 'undeclared',
};
