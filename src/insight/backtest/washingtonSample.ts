import { readFileSync } from 'node:fs';
import type { SampleRow } from '../archive/sample.ts';
import { decidedRow, samplePolicy } from './samples.ts';

/** A shipped policy. */
export const policyOf = (name: string): ReturnType<typeof samplePolicy> => samplePolicy(readFileSync(new URL(`../../../templates/${name}.yaml`, import.meta.url), 'utf8'));
const act = policyOf('washington-2019');

const federal = { level: 'federal', department: 'DHS', homeState: 'none', criminalJustice: 'yes' } as const;
const ice: Partial<SampleRow> = { ori: 'WAICEE01Z', organisation: 'us/dhs/ice/ero', attributes: { ...federal, component: ['ERO', 'ICE'], mission: ['immigrationEnforcement'] } };
const cbp: Partial<SampleRow> = { ori: 'WACBPO01Z', organisation: 'us/dhs/cbp/ofo', attributes: { ...federal, component: ['OFO', 'CBP'], mission: ['borderSecurity', 'immigrationEnforcement'] } };
const fbi: Partial<SampleRow> = { ori: 'WAFBIF01Z', organisation: 'us/doj/fbi', attributes: { ...federal, department: 'DOJ', component: ['FBI'], mission: ['criminalInvestigation'] } };

const then = (row: Partial<SampleRow> & { readonly found?: boolean }): SampleRow => decidedRow(act, { at: '2026-03-02', ...row });
/** A year under the act of 2019 alone, small enough to count by hand. All of it is invented. */
export const washingtonRows: readonly SampleRow[] = [
  ...['a', 'b', 'c', 'd', 'e'].flatMap((person) => [then({ ...ice, subject: person }), then({ ...ice, subject: person, purpose: 'criminalInvestigation' })]),
  then({ ...ice, subject: 'f', purpose: 'civilImmigration' }),
  ...['a', 'b', 'c', 'x', 'y'].map((person) => then({ ...cbp, subject: person, purpose: 'criminalInvestigation' })),
  then({ ...cbp, subject: 'z', purpose: 'borderInspection', times: 7 }),
  then({ ...cbp, subject: 'a', found: false }),
  then({ ...cbp, subject: 'f', purpose: 'civilImmigration' }),
  then({ ...fbi, subject: 'a', purpose: 'criminalInvestigation' }),
  then({ subject: 'b', purpose: 'trafficEnforcement', times: 40 }),
  { at: '2026-03-03', type: 'redelivery' },
];
