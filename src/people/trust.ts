import { X509Certificate } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { localAuthority } from './authority.ts';
import { PeopleError } from './errors.ts';

/** The authorities whose certificates the server takes: our own, then those in `keys/trust/*.pem`. PEM, one certificate each. */
export async function trustedAuthorities(keys: string): Promise<string[]> {
  const own = await localAuthority(keys);
  const folder = join(keys, 'trust');
  const files = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.pem')).sort();
  const external = await Promise.all(files.map(async (name) => authoritiesIn(await readFile(join(folder, name), 'utf8'), name)));
  return [own.certificate, ...external.flat()];
}

/**
 * Adds an external authority to the trust list. It alone lets nobody in: each certificate of it is bound to its ORIs one by one.
 * Returns the names of the authorities added. A server takes note of it at its next start.
 */
export async function addTrust(keys: string, pem: string): Promise<string[]> {
  const certificates = authoritiesIn(pem, 'the file');
  const folder = join(keys, 'trust');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return await Promise.all(certificates.map(async (text) => {
    const certificate = new X509Certificate(text);
    await writeFile(join(folder, `${certificate.fingerprint256.replaceAll(':', '').toLowerCase().slice(0, 32)}.pem`), text, { mode: 0o600 });
    return subjectLine(certificate);
  }));
}

/** The trusted authority that signed a certificate, or null. */
export function issuerOf(certificate: X509Certificate, authorities: readonly string[]): X509Certificate | null {
  return authorities.map((text) => new X509Certificate(text)).find((one) => certificate.checkIssued(one) && certificate.verify(one.publicKey)) ?? null;
}

/** The name of a subject or issuer in one line. */
export function subjectLine(certificate: X509Certificate, of: 'subject' | 'issuer' = 'subject'): string {
  return certificate[of].split('\n').join(', ').slice(0, 200);
}

function authoritiesIn(text: string, name: string): string[] {
  const found = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  const certificates = found.map((pem) => parse(pem));
  if (certificates.length > 0 && certificates.every((one) => one?.ca === true)) return found.map((pem) => `${pem}\n`);
  throw new PeopleError('PEOPLE_CERTIFICATE', `${name} holds no certificate of an authority in PEM`, 'Give the certificates of the authority and of those between, in PEM.');
}

function parse(pem: string): X509Certificate | null {
  try {
    return new X509Certificate(pem);
  } catch {
    return null;
  }
}
