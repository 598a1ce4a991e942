import type { Certification, Jurisdiction } from '../../src/vocabulary/index.ts';
import { landmarkOris } from '../landmarks.ts';
import { type Random, randomOf } from '../random.ts';
import { type Agency, type Draft, idOf } from './draft.ts';

/** Long enough that the demonstration does not go stale; a real one lasts a year (Colorado) or until withdrawn. */
const inForce = '2036-12-31';
const lapsed = '2026-03-31';
const local: ReadonlySet<Agency['kind']> = new Set(['sheriff', 'police', 'campus', 'special', 'tribal', 'statePolice']);

/**
 * Certifications to the two owners whose law asks for them, by their own agencies: most in force, some lapsed, some missing.
 * Every state police has certified permissible use to all owners.
 */
export function addCertifications(draft: Draft): void {
  const random = randomOf(draft.seed, 'certifications');
  const fixed = new Map<string, 'inForce' | 'lapsed' | 'missing'>([
    [landmarkOris.certifiedPolice, 'inForce'], [landmarkOris.lapsedPolice, 'lapsed'], [landmarkOris.uncertifiedPolice, 'missing'], [landmarkOris.coloradoPolice, 'inForce'],
  ]);
  for (const agency of draft.agencies) {
    if (agency.id.endsWith('/patrol')) certify(draft, agency.id, '*', ['permissibleUse', 'securityTraining'], '2024-01-15', inForce);
    if ((agency.state !== 'NY' && agency.state !== 'CO') || !local.has(agency.kind)) continue;
    const words: Wanted[] = agency.state === 'NY' ? ['noCivilImmigrationUse', 'noRedisclosure', 'permissibleUse'] : ['noCivilImmigrationUse', 'permissibleUse'];
    const state = fixed.get(agency.ori) ?? someState(random);
    if (state !== 'missing') certify(draft, agency.id, agency.state, words, '2025-04-01', state === 'lapsed' ? lapsed : inForce);
  }
  // A few agencies elsewhere have certified too: here, the Washington city police to Colorado.
  certify(draft, idOf(draft, landmarkOris.cityPolice), 'CO', ['noCivilImmigrationUse', 'permissibleUse'], '2025-07-01', inForce);
}

type Wanted = Exclude<Certification, 'none' | 'undeclared'>;

function someState(random: Random): 'inForce' | 'lapsed' | 'missing' {
  const x = random.unit();
  return x < 0.86 ? 'inForce' : x < 0.93 ? 'lapsed' : 'missing';
}

function certify(draft: Draft, organisation: string, owner: Jurisdiction | '*', words: readonly Wanted[], since: string, until: string): void {
  for (const certification of words) draft.certifications.push({ organisation, certification, owner, since, until });
}
