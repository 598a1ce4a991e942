import { X509Certificate } from 'node:crypto';

import type { Ori } from '../model/index.ts';
import type { Sql } from '../store/index.ts';

import { localAuthority, startOf } from './authority.ts';
import { PeopleError } from './errors.ts';
import { issuerOf, subjectLine, trustedAuthorities } from './trust.ts';

/** The database, and the folder `keys` of the data folder. */
export interface PeopleStore {
  readonly sql: Sql;
  readonly keys: string;
}

export interface EnrolRequest {
  readonly oris: readonly Ori[];
  /** Validity in days, 1 to 825; 365 unless told. */
  readonly days?: number;
  /** For a person or program of the operator: may read counters, and needs no ORI. */
  readonly operator?: boolean;
  readonly note?: string;
}

/** A new certificate. The private key is kept nowhere but here. */
export interface Enrolled {
  readonly key: string;
  readonly certificate: string;
  /** Certificate of the authority, by which the agency's system knows the server. */
  readonly authority: string;
  readonly fingerprint: string;
  readonly serial: string;
  readonly oris: readonly Ori[];
  readonly notAfter: Date;
}

/** Issues a client certificate from the local authority that may speak for these ORIs, which it also carries as `urn:weir:ori:…`. */
export async function enrol({ sql, keys }: PeopleStore, request: EnrolRequest, now: Date = new Date()): Promise<Enrolled> {
  const operator = request.operator === true;
  const oris = checkOris(request.oris, operator);
  const days = request.days ?? 365;
  if (!Number.isInteger(days) || days < 1 || days > 825) throw new PeopleError('PEOPLE_DAYS', 'a certificate is valid for 1 to 825 days', 'Give a whole number of days.');
  const authority = await localAuthority(keys, now);
  const { issue } = await import('./certificates.ts');
  const end = Math.min(now.getTime() + days * 86_400_000, Date.parse(new X509Certificate(authority.certificate).validTo));
  const made = await issue(authority, {
    commonName: oris[0] ?? 'operator', organisation: 'Weir client', use: 'client', notBefore: startOf(now), notAfter: new Date(end),
    names: [...oris.map((ori) => ({ type: 'url' as const, value: `urn:weir:ori:${ori}` })), ...(operator ? [{ type: 'url' as const, value: 'urn:weir:operator' }] : [])],
  });
  const certificate = new X509Certificate(made.certificate);
  const { fingerprint, serial, notAfter } = await remember(sql, certificate, 'local', oris, operator, request.note);
  return { ...made, authority: authority.certificate, fingerprint, serial, oris, notAfter };
}

/** Binds a certificate of a trusted external authority to ORIs. Unbound, it is good for nothing. */
export async function bindExternal({ sql, keys }: PeopleStore, pem: string, oris: readonly Ori[], note?: string, now: Date = new Date()): Promise<{ fingerprint: string; notAfter: Date }> {
  const checked = checkOris(oris, false);
  const certificate = readCertificate(pem);
  if (certificate.ca) throw new PeopleError('PEOPLE_CERTIFICATE', 'this is the certificate of an authority, not of a client', 'Add an authority with `weir agency trust`; bind the certificate of the client.');
  if (Date.parse(certificate.validTo) <= now.getTime()) throw new PeopleError('PEOPLE_EXPIRED', `the certificate ended on ${certificate.validTo}`, 'Ask the agency for its new one.');
  // OID of clientAuth (RFC 5280, 4.2.1.12); where no use is named, all are allowed
  const uses = certificate.keyUsage as readonly string[] | undefined;
  if (uses !== undefined && !uses.includes('1.3.6.1.5.5.7.3.2')) throw new PeopleError('PEOPLE_CERTIFICATE', 'the certificate is not meant for clients', 'Ask the agency for one with the use clientAuth.');
  const issuer = issuerOf(certificate, await trustedAuthorities(keys));
  if (issuer === null) throw new PeopleError('PEOPLE_UNTRUSTED', 'no trusted authority signed this certificate', 'Add its authority first: weir agency trust FILE.');
  return await remember(sql, certificate, subjectLine(issuer), checked, false, note);
}

/** Ends a certificate at once. Returns false where it was revoked before. */
export async function revoke(sql: Sql, fingerprint: string): Promise<boolean> {
  const wanted = fingerprint.replaceAll(':', '').toLowerCase();
  const rows = await sql<{ fingerprint: string; revoked_at: Date | null }[]>`
    select fingerprint, revoked_at from credential where starts_with(fingerprint, ${wanted}) limit 2`;
  const [row] = rows;
  if (!/^[0-9a-f]{8,64}$/.test(wanted) || row === undefined) throw new PeopleError('PEOPLE_UNKNOWN', 'no certificate has this fingerprint', 'See `weir agency list`; eight digits or more are enough.');
  if (rows.length > 1) throw new PeopleError('PEOPLE_UNKNOWN', 'more than one certificate begins with these digits', 'Give more digits of the fingerprint.');
  const done = await sql`update credential set revoked_at = now() where fingerprint = ${row.fingerprint} and revoked_at is null`;
  return done.count === 1;
}

/** ORIs as they are kept: nine letters or digits, upper case, each once. */
function checkOris(given: readonly string[], mayBeNone: boolean): Ori[] {
  const oris = [...new Set(given.map((ori) => ori.trim().toUpperCase()))];
  const bad = oris.find((ori) => !/^[0-9A-Z]{9}$/.test(ori));
  if (bad !== undefined) throw new PeopleError('PEOPLE_ORI', `\`${bad.slice(0, 20)}\` is not an ORI`, 'An ORI is nine letters or digits, such as WA0170000.');
  if (oris.length > 100) throw new PeopleError('PEOPLE_ORI', 'a certificate speaks for 100 ORIs at most', 'Enrol more than one certificate.');
  if (oris.length === 0 && !mayBeNone) throw new PeopleError('PEOPLE_ORI', 'a certificate speaks for at least one ORI', 'Name the ORI of the agency.');
  return oris;
}

function readCertificate(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw new PeopleError('PEOPLE_CERTIFICATE', 'the file holds no certificate', 'Give a certificate in PEM: it begins with -----BEGIN CERTIFICATE-----.', { cause });
  }
}

async function remember(sql: Sql, certificate: X509Certificate, issuedBy: string, oris: readonly Ori[], operator: boolean, note?: string): Promise<{ fingerprint: string; serial: string; notAfter: Date }> {
  const { fingerprintOf } = await import('./certificates.ts');
  const row = { fingerprint: fingerprintOf(certificate), serial: certificate.serialNumber.toLowerCase(), notAfter: new Date(certificate.validTo) };
  const done = await sql`
    insert into credential (fingerprint, subject, serial, oris, operator, issued_by, not_after, note)
    values (${row.fingerprint}, ${subjectLine(certificate)}, ${row.serial}, ${[...oris]}, ${operator}, ${issuedBy}, ${row.notAfter}, ${note ?? null})
    on conflict (fingerprint) do nothing`;
  if (done.count === 0) throw new PeopleError('PEOPLE_KNOWN', 'this certificate is bound already', 'Revoke it and take a new one: what a certificate stands for does not change.');
  return row;
}
