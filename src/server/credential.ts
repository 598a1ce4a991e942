import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

import type { Credential } from '../exchange/exchange.ts';
import type { Credentials, Enrolment, Listener } from './deps.ts';

/** The loopback demonstration, where the message is believed. */
const believed: Credential = { fingerprint: null, oris: null };

/** What was last found for a connection: an enrolment is one object until it changes, so the credential is made once. */
interface Known {
  readonly fingerprint: string;
  enrolment: Enrolment | null;
  credential: Credential | null;
}

/** Who asks over a connection, or null where the certificate is unknown or revoked. */
export type CredentialOf = (socket: Socket) => Credential | null;

/** The enrolment of a connection; null on the demonstration and where the certificate is unknown. */
export type EnrolmentOf = (socket: Socket) => Enrolment | null;

/**
 * Tells who is at the other end. The fingerprint is computed once for a connection;
 * the enrolment is asked for with every request, so that a revocation holds on connections that are open.
 */
export function credentialReader(listener: Listener, credentials: Credentials): { credentialOf: CredentialOf; enrolmentOf: EnrolmentOf } {
  if (listener.kind === 'http') return { credentialOf: () => believed, enrolmentOf: () => null };
  if (listener.kind === 'public' || listener.kind === 'people') return { credentialOf: () => null, enrolmentOf: () => null };
  const sockets = new WeakMap<Socket, Known>();

  const known = (socket: Socket): Known | null => {
    let found = sockets.get(socket);
    if (found === undefined) {
      const fingerprint = fingerprintOf(socket);
      if (fingerprint === null) return null;
      found = { fingerprint, enrolment: null, credential: null };
      sockets.set(socket, found);
    }
    const enrolment = credentials.of(found.fingerprint);
    if (enrolment !== found.enrolment) {
      found.enrolment = enrolment;
      found.credential = enrolment === null ? null : { fingerprint: found.fingerprint, oris: enrolment.oris };
    }
    return found;
  };
  return { credentialOf: (socket) => known(socket)?.credential ?? null, enrolmentOf: (socket) => known(socket)?.enrolment ?? null };
}

/** SHA-256 over the certificate, lower-case hexadecimal. Null where TLS proved none. */
function fingerprintOf(socket: Socket): string | null {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return null;
  const certificate = socket.getPeerX509Certificate();
  return certificate === undefined ? null : certificate.fingerprint256.replaceAll(':', '').toLowerCase();
}
