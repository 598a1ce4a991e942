import '../../people/reflection.ts';

import { webcrypto, X509Certificate as NodeCertificate } from 'node:crypto';

import * as x509 from '@peculiar/x509';

/** Certificates for tests: made on the spot, valid for an hour. */
export interface TestCertificate {
  readonly key: string;
  readonly cert: string;
  /** As the server computes it. */
  readonly fingerprint: string;
}

export interface TestAuthority extends TestCertificate {
  /** A certificate for a client, or for a server at 127.0.0.1. */
  issue(name: string, use: 'client' | 'server'): Promise<TestCertificate>;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const hour = 3_600_000;
let serial = 0;

x509.cryptoProvider.set(webcrypto as never);

export async function testAuthority(name: string): Promise<TestAuthority> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: nextSerial(), name: `CN=${name}`, keys, signingAlgorithm: algorithm, ...validity(),
    extensions: [new x509.BasicConstraintsExtension(true, 0, true), new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true)],
  });
  return {
    ...(await written(root, keys)),
    async issue(subject, use) {
      const own = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
      const certificate = await x509.X509CertificateGenerator.create({
        serialNumber: nextSerial(), subject: `CN=${subject}`, issuer: root.subject, publicKey: own.publicKey, signingKey: keys.privateKey,
        signingAlgorithm: algorithm, ...validity(),
        extensions: [
          new x509.ExtendedKeyUsageExtension([use === 'client' ? x509.ExtendedKeyUsage.clientAuth : x509.ExtendedKeyUsage.serverAuth]),
          new x509.SubjectAlternativeNameExtension([{ type: 'ip', value: '127.0.0.1' }, { type: 'dns', value: 'localhost' }]),
        ],
      });
      return written(certificate, own);
    },
  };
}

function validity(): { readonly notBefore: Date; readonly notAfter: Date } {
  return { notBefore: new Date(Date.now() - hour), notAfter: new Date(Date.now() + hour) };
}

function nextSerial(): string {
  serial += 1;
  return serial.toString(16).padStart(4, '0');
}

async function written(certificate: x509.X509Certificate, keys: webcrypto.CryptoKeyPair): Promise<TestCertificate> {
  const cert = certificate.toString('pem');
  const key = x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
  return { key, cert, fingerprint: new NodeCertificate(cert).fingerprint256.replaceAll(':', '').toLowerCase() };
}
