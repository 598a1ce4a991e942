import { certify, type CertificationRow, type RegistryContent } from '../../registry/index.ts';
import { allJurisdictions } from '../../vocabulary/index.ts';

/** What the registry is told of a certification. */
export type CertifiedWhat = Pick<CertificationRow, 'organisation' | 'certification'> & { readonly owner: Exclude<CertificationRow['owner'], '*'> };

/** Puts a certification in force from a day to a day, both included. Throws a `RegistryError`. */
export function putInForce(content: RegistryContent, what: CertifiedWhat, since: string, until: string): RegistryContent {
  return certify(content, { ...what, since, until });
}

/** What was in force by signatures that a new one replaces ends with the day before it; `sinces` are their first days. */
export function endReplaced(content: RegistryContent, { organisation, certification, owner }: CertifiedWhat, sinces: readonly string[], today: string, yesterday: string): RegistryContent {
  const isReplaced = (row: CertificationRow): boolean => row.organisation === organisation && row.certification === certification && row.owner === owner && sinces.includes(row.since) && row.since < today && row.until >= today;
  return { ...content, certifications: content.certifications.map((row) => (isReplaced(row) ? { ...row, until: yesterday } : row)) };
}

/**
 * Ends a certification towards one owner at once: nothing of it is in force on `today` or later. What began today is taken out, what began before ends the day before. One that was
 * made to all owners goes on for the others.
 */
export function endAtOnce(content: RegistryContent, { organisation, certification, owner }: CertifiedWhat, today: string, yesterday: string): RegistryContent {
  const ended = content.certifications.flatMap((row): readonly CertificationRow[] => {
    const same = row.organisation === organisation && row.certification === certification && (row.owner === owner || row.owner === '*') && row.until >= today;
    if (!same) return [row];
    const before = row.since < today ? [{ ...row, until: yesterday }] : [];
    if (row.owner !== '*') return before;
    return [...before, ...allJurisdictions.filter((one) => one !== owner).map((one) => ({ ...row, owner: one, since: row.since < today ? today : row.since }))];
  });
  // Where another owner has a row from the same day, the one that ends later stands.
  const rows = new Map<string, CertificationRow>();
  for (const row of ended) {
    const key = [row.organisation, row.certification, row.owner, row.since].join('\n');
    const known = rows.get(key);
    if (known === undefined || known.until < row.until) rows.set(key, row);
  }
  return { ...content, certifications: [...rows.values()] };
}
