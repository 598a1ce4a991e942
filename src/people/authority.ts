import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';

import type { KeyedCertificate } from './certificates.ts';
import { PeopleError } from './errors.ts';

const day = 86_400_000;
const rootDays = 3_650;
const serverDays = 397;
/** A server certificate is made anew at a start within this time of its end. */
const renewDays = 30;

/** The local authority, which lies in `keys/authority`: who has that key can make certificates that the server takes for an agency's. */
export type Authority = KeyedCertificate;

export interface ServerCertificate extends KeyedCertificate {
  /** True where this call made it. */
  readonly renewed: boolean;
  readonly notAfter: Date;
}

/** Opens the local authority of a data folder's `keys`, and makes it where there is none. Two processes at once get the same one. */
export async function localAuthority(keys: string, now: Date = new Date()): Promise<Authority> {
  const folder = join(keys, 'authority');
  const known = await readPair(folder, 'authority');
  if (known !== null) return checked(known, folder, now);
  const { makeAuthority } = await import('./certificates.ts');
  await mkdir(keys, { recursive: true, mode: 0o700 });
  const made = await makeAuthority('Weir local authority', startOf(now), new Date(now.getTime() + rootDays * day));
  const making = await mkdtemp(join(keys, '.authority-'));
  try {
    await writePair(making, 'authority', made);
    await rename(making, folder);
    return made;
  } catch (error) {
    const others = await readPair(folder, 'authority');
    if (others === null) throw error;
    return others;
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}

/**
 * The certificate of the server, for `localhost`, the loopback addresses and the names given; made anew where it is missing,
 * near its end, lacks a name, or was signed by another authority.
 */
export async function serverCertificate(keys: string, names: readonly string[] = [], now: Date = new Date()): Promise<ServerCertificate> {
  const authority = await localAuthority(keys, now);
  const folder = join(keys, 'server');
  const wanted = [...new Set(['localhost', '127.0.0.1', '::1', ...names])];
  const known = await readPair(folder, 'server');
  if (known !== null && isGood(known, authority, wanted, now)) return { ...known, renewed: false, notAfter: endOf(known) };
  const { issue } = await import('./certificates.ts');
  const made = await issue(authority, {
    commonName: names[0] ?? 'localhost', organisation: 'Weir', use: 'server', notBefore: startOf(now), notAfter: new Date(now.getTime() + serverDays * day),
    names: wanted.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value })),
  });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writePair(folder, 'server', made);
  return { ...made, renewed: true, notAfter: endOf(made) };
}

/** A little earlier than now: clocks of agencies differ. */
export function startOf(now: Date): Date {
  return new Date(now.getTime() - 3_600_000);
}

function checked(pair: KeyedCertificate, folder: string, now: Date): Authority {
  const mend = 'Bring keys/authority back from a backup; or take it away, and enrol every agency anew.';
  try {
    const certificate = new X509Certificate(pair.certificate);
    if (!certificate.checkPrivateKey(createPrivateKey(pair.key))) throw new Error('the key is not that of the certificate');
    if (new Date(certificate.validTo) <= now) throw new Error(`its certificate ended on ${certificate.validTo}`);
    return pair;
  } catch (cause) {
    throw new PeopleError('PEOPLE_AUTHORITY', `the authority in ${folder} cannot be used: ${cause instanceof Error ? cause.message : String(cause)}`, mend, { cause });
  }
}

function isGood(pair: KeyedCertificate, authority: Authority, names: readonly string[], now: Date): boolean {
  try {
    const certificate = new X509Certificate(pair.certificate);
    const issuer = new X509Certificate(authority.certificate);
    return certificate.checkPrivateKey(createPrivateKey(pair.key)) && certificate.verify(issuer.publicKey)
      && new Date(certificate.validTo).getTime() - now.getTime() > renewDays * day
      && names.every((name) => (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)) !== undefined);
  } catch {
    return false;
  }
}

function endOf({ certificate }: KeyedCertificate): Date {
  return new Date(new X509Certificate(certificate).validTo);
}

async function readPair(folder: string, name: string): Promise<KeyedCertificate | null> {
  try {
    const [key, certificate] = await Promise.all([readFile(join(folder, `${name}.key`), 'utf8'), readFile(join(folder, `${name}.crt`), 'utf8')]);
    return { key, certificate };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

async function writePair(folder: string, name: string, { key, certificate }: KeyedCertificate): Promise<void> {
  for (const [file, text, mode] of [[`${name}.key`, key, 0o600], [`${name}.crt`, certificate, 0o644]] as const) {
    await writeFile(join(folder, `.${file}`), text, { mode });
    await rename(join(folder, `.${file}`), join(folder, file));
  }
}
