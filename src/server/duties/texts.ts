import type { CertificationText, CertificationView, Duties } from '../../duties/types.ts';

/** The texts in force of every owner that an agency's list names: those that it signed, and may sign again, and those that it has not. */
export async function textsToSign(duties: Duties, certifications: readonly CertificationView[]): Promise<readonly CertificationText[]> {
  const owners = [...new Set(certifications.map(({ owner }) => owner))];
  return (await Promise.all(owners.map((owner) => duties.certificationTexts(owner)))).flat();
}
