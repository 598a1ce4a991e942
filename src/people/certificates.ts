import './reflection.ts';

import { webcrypto, type X509Certificate as NodeCertificate } from 'node:crypto';

import {
  AuthorityKeyIdentifierExtension, BasicConstraintsExtension, ExtendedKeyUsage, ExtendedKeyUsageExtension, KeyUsageFlags, KeyUsagesExtension, PemConverter,
  SubjectAlternativeNameExtension, SubjectKeyIdentifierExtension, X509Certificate, X509CertificateGenerator, type Extension,
} from '@peculiar/x509';

/** P-256 with SHA-256: what every TLS library of an agency's system knows. */
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** A certificate with its private key, both PEM. */
export interface KeyedCertificate {
  readonly key: string;
  readonly certificate: string;
}

/** What a certificate of ours says. */
export interface CertificateRequest {
  readonly commonName: string;
  readonly organisation: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly use: 'client' | 'server';
  readonly names: readonly { readonly type: 'dns' | 'ip' | 'url'; readonly value: string }[];
}

/** Makes an authority: a self-signed certificate that may sign others, but no further authorities. */
export async function makeAuthority(commonName: string, notBefore: Date, notAfter: Date): Promise<KeyedCertificate> {
  const keys = await newKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [commonName] }, { O: ['Weir'] }], keys, notBefore, notAfter, signingAlgorithm: algorithm, serialNumber: newSerial(),
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { key: await exportKey(keys.privateKey), certificate: endLine(certificate.toString('pem')) };
}

/** Makes a key and a certificate for it, signed by the authority (RFC 5280; no CA, one use). */
export async function issue(authority: KeyedCertificate, request: CertificateRequest): Promise<KeyedCertificate> {
  const issuer = new X509Certificate(authority.certificate);
  const keys = await newKeys();
  const extensions: Extension[] = [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([request.use === 'client' ? ExtendedKeyUsage.clientAuth : ExtendedKeyUsage.serverAuth]),
    new SubjectAlternativeNameExtension([...request.names]),
    await SubjectKeyIdentifierExtension.create(keys.publicKey),
    await AuthorityKeyIdentifierExtension.create(issuer),
  ];
  const certificate = await X509CertificateGenerator.create({
    subject: [{ CN: [request.commonName] }, { O: [request.organisation] }], issuer: issuer.subjectName, publicKey: keys.publicKey,
    signingKey: await importKey(authority.key), signingAlgorithm: algorithm, serialNumber: newSerial(),
    notBefore: request.notBefore, notAfter: request.notAfter, extensions,
  });
  return { key: await exportKey(keys.privateKey), certificate: endLine(certificate.toString('pem')) };
}

/** SHA-256 over the certificate, lower-case hexadecimal: its name in the table of credentials. */
export function fingerprintOf(certificate: NodeCertificate): string {
  return certificate.fingerprint256.replaceAll(':', '').toLowerCase();
}

async function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  return endLine(PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY'));
}

async function importKey(pem: string): Promise<webcrypto.CryptoKey> {
  return await webcrypto.subtle.importKey('pkcs8', PemConverter.decodeFirst(pem), algorithm, false, ['sign']);
}

/** 16 random octets, the first bit clear so that the number is positive and the second set so that it has its full length. */
function newSerial(): string {
  const octets = webcrypto.getRandomValues(new Uint8Array(16));
  octets[0] = ((octets[0] ?? 0) & 0x7f) | 0x40;
  return Buffer.from(octets).toString('hex');
}

function endLine(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}
