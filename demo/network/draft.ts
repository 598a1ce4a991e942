import type { Affiliation, CertificationRow, Office, Organisation, RegistryContent } from '../../src/registry/model.ts';
import type { Jurisdiction } from '../../src/vocabulary/index.ts';
import { isLandmark } from '../landmarks.ts';
import type { Random } from '../random.ts';

/** What an invented agency is, for choosing agencies when affiliations are made. */
export type AgencyKind =
  | 'statePolice' | 'stateOther' | 'sheriff' | 'police' | 'campus' | 'special' | 'tribal' | 'prosecutor' | 'court' | 'probation' | 'corrections'
  | 'dispatch' | 'fusionCentre' | 'federal';

/** One agency of the draft, with what later steps choose by. */
export interface Agency {
  readonly id: string;
  readonly ori: string;
  readonly kind: AgencyKind;
  readonly state: Jurisdiction;
  readonly county: string | null;
  /** The federal unit, such as `us/dhs/ice/hsi`, else null. */
  readonly unit: string | null;
}

/** A network in the making. */
export interface Draft {
  readonly seed: number;
  /** How far the network is from its full size: 1 at 18,000 agencies. The numbers of affiliations follow it. */
  readonly scale: number;
  readonly organisations: Organisation[];
  readonly offices: Office[];
  readonly affiliations: Affiliation[];
  readonly certifications: CertificationRow[];
  readonly agencies: Agency[];
  readonly byOri: Map<string, Agency>;
  readonly ids: Set<string>;
}

export function emptyDraft(seed: number, scale: number): Draft {
  return { seed, scale, organisations: [], offices: [], affiliations: [], certifications: [], agencies: [], byOri: new Map(), ids: new Set() };
}

export function contentOf(draft: Draft): RegistryContent {
  const { organisations, offices, affiliations, certifications } = draft;
  return { organisations, offices, affiliations, certifications };
}

type NewOrganisation = Pick<Organisation, 'id' | 'name' | 'parent'> & Partial<Organisation>;

/** Adds an organisation. What is not given is null: inherited, or undeclared. Returns its id, numbered where it was taken. */
export function addOrganisation(draft: Draft, row: NewOrganisation): string {
  let id = row.id;
  for (let n = 2; draft.ids.has(id); n++) id = `${row.id}-${n}`;
  draft.ids.add(id);
  draft.organisations.push({
    level: null, department: null, component: null, homeState: null, missions: null, criminalJustice: null, audit: null, ...row, id, invented: true,
  });
  return id;
}

/** Adds an organisation with one office, and notes it as an agency. */
export function addAgency(draft: Draft, row: NewOrganisation, office: Omit<Agency, 'id'> & { readonly type: string }): Agency {
  const id = addOrganisation(draft, row);
  const agency: Agency = { id, ori: office.ori, kind: office.kind, state: office.state, county: office.county, unit: office.unit };
  addOffice(draft, id, row.name, agency, office.type);
  draft.agencies.push(agency);
  return agency;
}

/** Adds an ORI to an organisation. */
export function addOffice(draft: Draft, organisation: string, name: string, at: Pick<Agency, 'ori' | 'state' | 'county'>, type: string): void {
  if (draft.byOri.has(at.ori)) throw new RangeError(`the ORI ${at.ori} was invented twice`);
  draft.byOri.set(at.ori, { id: organisation, ori: at.ori, kind: 'stateOther', state: at.state, county: at.county, unit: null });
  draft.offices.push({ ori: at.ori, organisation, name, state: at.state, county: at.county, type, active: true });
}

/** The organisation that a landmark ORI belongs to. Every landmark is made before affiliations are. */
export function idOf(draft: Draft, ori: string): string {
  const agency = draft.byOri.get(ori);
  if (agency === undefined) throw new RangeError(`no agency with the ORI ${ori} was invented`);
  return agency.id;
}

/** Makes the landmarks plain: audited, of a known level and mission, whatever chance gave them. */
export function settleLandmarks(draft: Draft): void {
  const ids = new Set(draft.agencies.filter((a) => isLandmark(a.ori) && a.kind !== 'federal').map((a) => a.id));
  draft.organisations.forEach((row, i) => {
    if (!ids.has(row.id)) return;
    const police = row.parent === null;
    draft.organisations[i] = {
      ...row, audit: 'passed', criminalJustice: row.criminalJustice ?? (police ? 'yes' : null),
      level: row.level === 'undeclared' ? 'municipal' : row.level, missions: row.missions ?? (police ? ['generalPolice'] : null),
    };
  });
}

/** Adds an edge. `provenance` is always `invented`. */
export function addEdge(draft: Draft, edge: Pick<Affiliation, 'kind' | 'from' | 'to' | 'grade' | 'since'> & Partial<Affiliation>): void {
  draft.affiliations.push({ detail: null, until: null, confirmed: true, ...edge, provenance: 'invented' });
}

/** How many of something a network of this size has. */
export function scaled(draft: Draft, full: number): number {
  return Math.max(1, Math.round(full * draft.scale));
}

/** A day between two years, both included. */
export function someDay(random: Random, fromYear: number, toYear: number): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${random.between(fromYear, toYear)}-${two(random.between(1, 12))}-${two(random.between(1, 28))}`;
}

/** Lower-case words with hyphens, for an id. */
export function slug(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
}
