import {
  affiliationKinds, auditStatuses, brokenConstraints, certifications, components, criminalJustice, departments, edgeGrades, isJurisdiction, isNameOf, levels, missions,
  programs287g, taskForceKinds, type Words,
} from '../vocabulary/index.ts';
import { isDate } from './days.ts';
import { attributesOn, levelOf } from './derive.ts';
import type { Affiliation, CertificationRow, Office, Organisation, RegistryContent } from './model.ts';
import { indexContent, lineage, type RegistryIndex } from './registryIndex.ts';
import { keyOf, rowKinds, rowsOf, type RowKind } from './rows.ts';

export type FaultCode =
  | 'badId' | 'badName' | 'badOri' | 'badWord' | 'badDate' | 'badDetail' | 'badState' | 'duplicate' | 'circular' | 'unknownParent'
  | 'unknownOrganisation' | 'selfEdge' | 'notFederal' | 'constraint';

/** One row that cannot be in a registry, and why. `at` is the field or the constraint that it breaks. */
export interface ContentFault {
  readonly kind: RowKind;
  readonly key: string;
  readonly code: FaultCode;
  readonly at: string;
}

/** An ORI: two letters, then seven letters or digits, upper case. */
export const oriPattern = /^[A-Z]{2}[A-Z0-9]{7}$/;
const idPattern = /^[a-z0-9-]{1,64}(\/[a-z0-9-]{1,64}){0,15}$/;
const officeType = /^[A-Z]{2}$/;
const longestText = 500;
/** Control characters, line separators and broken pairs. */
const unreadable = /[\p{Cc}\p{Cs}\u2028\u2029]/u;

/** Every fault of a registry: none where all rows are well formed, name what exists, and give attributes that obey the vocabulary. */
export function checkContent(content: RegistryContent): readonly ContentFault[] {
  const index = indexContent(content);
  return [
    ...rowKinds.flatMap((kind) => duplicates(content, kind)),
    ...content.organisations.flatMap((row) => checkOrganisation(index, row)),
    ...content.offices.flatMap((row) => checkOffice(index, row)),
    ...content.affiliations.flatMap((row) => checkAffiliation(index, row)),
    ...content.certifications.flatMap((row) => checkCertification(index, row)),
  ];
}

/** The faults of one organisation as it stands in a registry. */
export function checkOrganisation(index: RegistryIndex, row: Organisation): readonly ContentFault[] {
  const found: [FaultCode, string][] = [];
  if (!idPattern.test(row.id)) found.push(['badId', 'id']);
  if (!isText(row.name)) found.push(['badName', 'name']);
  if (!isWordOrNull(levels, row.level)) found.push(['badWord', 'level']);
  if (!isWordOrNull(departments, row.department)) found.push(['badWord', 'department']);
  if (!isWordOrNull(components, row.component)) found.push(['badWord', 'component']);
  if (!isWordOrNull(criminalJustice, row.criminalJustice)) found.push(['badWord', 'criminalJustice']);
  if (!isWordOrNull(auditStatuses, row.audit)) found.push(['badWord', 'audit']);
  if (row.homeState !== null && !isJurisdiction(row.homeState)) found.push(['badWord', 'homeState']);
  if (row.missions !== null && !row.missions.every((mission) => isNameOf(missions, mission))) found.push(['badWord', 'missions']);
  if (row.parent !== null && !index.organisations.has(row.parent)) found.push(['unknownParent', 'parent']);
  const above = lineage(index.organisations, row.id).at(-1)?.parent ?? null;
  if (above !== null && index.organisations.has(above)) found.push(['circular', 'parent']);
  if (found.length === 0) found.push(...broken(index, row.id).map((id): [FaultCode, string] => ['constraint', id]));
  return found.map(([code, at]) => ({ kind: 'organisations', key: row.id, code, at }));
}

/** The faults of one office as it stands in a registry. */
export function checkOffice(index: RegistryIndex, row: Office): readonly ContentFault[] {
  const found: [FaultCode, string][] = [];
  if (!oriPattern.test(row.ori)) found.push(['badOri', 'ori']);
  if (!index.organisations.has(row.organisation)) found.push(['unknownOrganisation', 'organisation']);
  if (!isText(row.name)) found.push(['badName', 'name']);
  if (!/^[A-Z]{2}$/.test(row.state)) found.push(['badState', 'state']);
  if (row.county !== null && !isText(row.county)) found.push(['badName', 'county']);
  if (!officeType.test(row.type)) found.push(['badWord', 'type']);
  return found.map(([code, at]) => ({ kind: 'offices', key: row.ori, code, at }));
}

/** The faults of one affiliation. A 287(g) agreement has ICE or another federal body at one end, and only at one. */
export function checkAffiliation(index: RegistryIndex, row: Affiliation): readonly ContentFault[] {
  const found: [FaultCode, string][] = [];
  if (!isNameOf(affiliationKinds, row.kind)) found.push(['badWord', 'kind']);
  if (!isNameOf(edgeGrades, row.grade)) found.push(['badWord', 'grade']);
  if (!index.organisations.has(row.from)) found.push(['unknownOrganisation', 'from']);
  if (!index.organisations.has(row.to)) found.push(['unknownOrganisation', 'to']);
  if (row.from === row.to) found.push(['selfEdge', 'to']);
  if (!isDate(row.since)) found.push(['badDate', 'since']);
  if (row.until !== null && (!isDate(row.until) || row.until < row.since)) found.push(['badDate', 'until']);
  if (!isText(row.provenance)) found.push(['badName', 'provenance']);
  if (!detailFits(row)) found.push(['badDetail', 'detail']);
  if (found.length === 0 && row.kind === 'program287g' && federalEnds(index, row) !== 1) found.push(['notFederal', 'from or to']);
  return found.map(([code, at]) => ({ kind: 'affiliations', key: keyOf('affiliations', row), code, at }));
}

/** The faults of one certification. */
export function checkCertification(index: RegistryIndex, row: CertificationRow): readonly ContentFault[] {
  const found: [FaultCode, string][] = [];
  if (!index.organisations.has(row.organisation)) found.push(['unknownOrganisation', 'organisation']);
  const word: string = row.certification;
  if (!isNameOf(certifications, word) || word === 'none' || word === 'undeclared') found.push(['badWord', 'certification']);
  if (row.owner !== '*' && !isJurisdiction(row.owner)) found.push(['badWord', 'owner']);
  if (!isDate(row.since)) found.push(['badDate', 'since']);
  if (!isDate(row.until) || row.until < row.since) found.push(['badDate', 'until']);
  return found.map(([code, at]) => ({ kind: 'certifications', key: keyOf('certifications', row), code, at }));
}

/** Constraints speak of what does not change by the day, so one day stands for all. */
function broken(index: RegistryIndex, organisation: string): readonly string[] {
  return brokenConstraints(attributesOn(index, organisation, '*', 0));
}

function duplicates(content: RegistryContent, kind: RowKind): readonly ContentFault[] {
  const seen = new Set<string>();
  const again = rowsOf(content, kind).map((row) => keyOf(kind, row)).filter((key) => seen.size === seen.add(key).size);
  return [...new Set(again)].map((key) => ({ kind, key, code: 'duplicate', at: 'key' }));
}

function federalEnds(index: RegistryIndex, row: Affiliation): number {
  return [row.from, row.to].filter((id) => levelOf(lineage(index.organisations, id)) === 'federal').length;
}

function detailFits(row: Affiliation): boolean {
  if (row.detail === null) return true;
  if (row.detail === 'none') return false;
  if (row.kind === 'program287g') return isNameOf(programs287g, row.detail);
  return row.kind === 'taskForce' && isNameOf(taskForceKinds, row.detail);
}

function isWordOrNull<T extends string>(words: Words<T>, value: string | null): boolean {
  return value === null || isNameOf(words, value);
}

/** A name that a person can read: not empty, not endless, without control characters. It may come from any file. */
function isText(text: string): boolean {
  return text.trim() !== '' && text.length <= longestText && !unreadable.test(text);
}
