import type { Affiliation, CertificationRow, Office, Organisation, RegistryContent } from './model.ts';
import type { Ori } from '../model/index.ts';

/** The rows of a registry, found by what they are about. */
export interface RegistryIndex {
  readonly organisations: ReadonlyMap<string, Organisation>;
  readonly offices: ReadonlyMap<Ori, Office>;
  /** The affiliations in which an organisation is either end. */
  readonly affiliations: ReadonlyMap<string, readonly Affiliation[]>;
  readonly certifications: ReadonlyMap<string, readonly CertificationRow[]>;
  readonly officesOf: ReadonlyMap<string, readonly Office[]>;
}

export function indexContent(content: RegistryContent): RegistryIndex {
  const affiliations = new Map<string, Affiliation[]>();
  for (const edge of content.affiliations) {
    put(affiliations, edge.from, edge);
    if (edge.to !== edge.from) put(affiliations, edge.to, edge);
  }
  const certifications = new Map<string, CertificationRow[]>();
  for (const row of content.certifications) put(certifications, row.organisation, row);
  const officesOf = new Map<string, Office[]>();
  for (const office of content.offices) put(officesOf, office.organisation, office);
  return {
    organisations: new Map(content.organisations.map((row) => [row.id, row])),
    offices: new Map(content.offices.map((row) => [row.ori, row])),
    affiliations,
    certifications,
    officesOf,
  };
}

/**
 * An organisation and those above it, nearest first. Stops where a parent is missing or comes round again:
 * `checkContent` refuses both, and nothing may hang where they slip in.
 */
export function lineage(organisations: ReadonlyMap<string, Organisation>, id: string): readonly Organisation[] {
  const line: Organisation[] = [];
  let next = organisations.get(id);
  while (next !== undefined && !line.includes(next)) {
    line.push(next);
    next = next.parent === null ? undefined : organisations.get(next.parent);
  }
  return line;
}

function put<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
