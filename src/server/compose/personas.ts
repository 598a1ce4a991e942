import { landmarkOris } from '../../../demo/landmarks.ts';
import { personaIssuer, type OpenAccounts } from '../../people/accounts/index.ts';
import type { Grant, Role } from '../../people/roles/index.ts';
import type { Persona } from '../gate/deps.ts';

interface Invented {
  readonly id: string;
  readonly name: string;
  readonly does: string;
  readonly employer: string | null;
  readonly grants: readonly Grant[];
}

const owner = (role: Role, of = 'WA', desks: readonly string[] = []): Grant => ({ role, scope: { kind: 'owner', owner: of }, desks });
const agency = (role: Role, ori: string): Grant => ({ role, scope: { kind: 'agency', ori }, desks: [] });

/** The invented people of the demonstration, one for each role and a few more, so that a change of policy can be taken from its draft to its end. */
const invented: readonly Invented[] = [
  { id: 'olive', name: 'Olive Marsh', does: 'official of Washington: sees what became of its records, keeps its people and its duties', employer: landmarkOris.motorVehicles, grants: [owner('ownerOfficial')] },
  { id: 'adam', name: 'Adam Fen', does: 'drafts and proposes Washington\'s policy', employer: landmarkOris.motorVehicles, grants: [owner('policyAuthor')] },
  { id: 'petra', name: 'Petra Lowell', does: 'approves changes of Washington\'s policy', employer: landmarkOris.motorVehicles, grants: [owner('policyApprover')] },
  { id: 'priya', name: 'Priya Calder', does: 'approves for Washington\'s privacy office', employer: landmarkOris.motorVehicles, grants: [owner('privacyApprover')] },
  { id: 'ruth', name: 'Ruth Anders', does: 'reviews held requests at Washington\'s desks', employer: landmarkOris.motorVehicles, grants: [owner('reviewer')] },
  { id: 'aldo', name: 'Aldo Venn', does: 'audits Washington: every decision and act, no resident\'s data', employer: null, grants: [owner('auditor')] },
  { id: 'cora', name: 'Cora Dale', does: 'coordinates Cedar Hollow Police: certifies, keeps its users', employer: landmarkOris.cityPolice, grants: [agency('agencyCoordinator', landmarkOris.cityPolice)] },
  { id: 'uri', name: 'Uri Stone', does: 'an officer of Cedar Hollow Police who asks', employer: landmarkOris.cityPolice, grants: [agency('agencyUser', landmarkOris.cityPolice)] },
  { id: 'nora', name: 'Nora Quist', does: 'official of New York, whose law wants notices and certifications', employer: null, grants: [owner('ownerOfficial', 'NY'), owner('reviewer', 'NY')] },
  { id: 'nils', name: 'Nils Copper', does: 'coordinates Copper Landing Police, New York', employer: landmarkOris.certifiedPolice, grants: [agency('agencyCoordinator', landmarkOris.certifiedPolice)] },
  { id: 'otis', name: 'Otis Grange', does: 'operator: runs the machine, sees no resident\'s data', employer: null, grants: [{ role: 'operator', scope: { kind: 'machine' }, desks: [] }] },
];

/** Sees to it that the demonstration has its people, and returns them as they are offered. They can sign in only with one click, on loopback. */
export async function inventPersonas(accounts: OpenAccounts): Promise<readonly Persona[]> {
  const offered: Persona[] = [];
  for (const { id, name, does, employer, grants } of invented) {
    const { account } = await accounts.provision({
      person: { name, email: `${id}@example.org`, employer, employeeNumber: null }, issuer: personaIssuer, subject: id, externalId: null, login: `persona-${id}`, grants, active: true,
    }, { who: 'operator', role: null });
    offered.push({ account, name, does });
  }
  return offered;
}
