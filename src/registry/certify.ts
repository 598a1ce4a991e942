import { certifications, isJurisdiction, isNameOf } from '../vocabulary/index.ts';
import { checkCertification } from './check.ts';
import { isDate } from './days.ts';
import { RegistryError } from './errors.ts';
import type { CertificationRow, RegistryContent } from './model.ts';
import { indexContent } from './registryIndex.ts';
import { keyOf } from './rows.ts';

/** Adds a certification, or changes the end of one that began on the same day. Throws `unknownOrganisation`, `badDate` or `badContent`. */
export function certify(content: RegistryContent, row: CertificationRow): RegistryContent {
  const index = indexContent(content);
  if (!index.organisations.has(row.organisation)) throw new RegistryError('unknownOrganisation', 'the registry has no such organisation');
  if (!isDate(row.since) || !isDate(row.until) || row.until < row.since) throw new RegistryError('badDate', 'the days are no dates, or the end lies before the beginning');
  const faults = checkCertification(index, row);
  if (faults.length > 0) throw new RegistryError('badContent', 'the certification or the owner is no word of the vocabulary', faults);
  const key = keyOf('certifications', row);
  return { ...content, certifications: [...content.certifications.filter((known) => keyOf('certifications', known) !== key), row] };
}

/** True for what can be certified. */
export function isCertification(text: string): text is CertificationRow['certification'] {
  return isNameOf(certifications, text) && text !== 'none' && text !== 'undeclared';
}

/** True for an owner to whom one can certify: a jurisdiction, or `*` for all. */
export function isCertifiedOwner(text: string): text is CertificationRow['owner'] {
  return text === '*' || isJurisdiction(text);
}
