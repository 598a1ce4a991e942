import { request } from 'undici';
import type { Dispatcher } from 'undici';
import { nodeCrypto } from '../../verify/nodeCrypto.ts';
import { parseCosignature, verifyCosignature } from '../../verify/cosignature.ts';
import { parseNote, signatureLine } from '../../verify/note.ts';
import type { NoteSignature, Vkey } from '../../verify/note.ts';
import { VerifyError } from '../../verify/types.ts';
import { formatRequest, sizeOf } from './request.ts';
import type { AddCheckpoint } from './request.ts';

/** Why a witness gave no cosignature that counts. */
export type WitnessFaultCode =
  /** Nothing came in time. */
  | 'timeout'
  /** No connection, or it broke. */
  | 'unreachable'
  /** A status that the protocol does not have here, such as 500 or 301. */
  | 'status'
  /** The answer is not of the protocol's form. */
  | 'garbled'
  /** The answer was longer than is read. */
  | 'tooLong'
  /** No line of the answer is of the key that the policy has for this witness. */
  | 'wrongKey'
  /** A line is of its key by name and id, and the signature is not good. */
  | 'badSignature'
  /** 404: it does not watch the log. */
  | 'unknownLog'
  /** 403: it has another key for the log. */
  | 'notTrusted'
  /** It cosigned a larger tree of the log than is shown to it now. */
  | 'ahead'
  /** It cosigned another root at this size: one of the two histories is not ours. */
  | 'otherHistory'
  /** 422: our proof does not lead from what it cosigned to what is shown. */
  | 'inconsistent'
  /** 429. */
  | 'tooOften'
  /** The log itself could not make the proof. */
  | 'noProof';

/** Thrown inside this folder only; outside, it is a status. */
export class WitnessFault extends Error {
  override readonly name = 'WitnessFault';
  readonly code: WitnessFaultCode;

  constructor(code: WitnessFaultCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** The longest answer that is read: some lines of a few thousand letters at most. */
export const longestAnswer = 64 * 1024;

export interface Cosigned {
  /** With its line end. */
  readonly line: string;
  /** Seconds since 1970, as the witness states it. */
  readonly time: number;
}

/** Sends one `add-checkpoint`. Resolves with a cosignature that was verified, or the size that the witness has (409). Rejects with WitnessFault. The witness controls the answer. */
export async function askWitness(url: URL, key: Vkey, asked: AddCheckpoint, { dispatcher, signal }: { readonly dispatcher: Dispatcher; readonly signal: AbortSignal }): Promise<Cosigned | { readonly size: number }> {
  const { status, type, body } = await sent(url, formatRequest(asked), dispatcher, signal);
  switch (status) {
    case 200: return cosignedIn(body, key, asked.note);
    case 409: {
      const size = /^text\/x\.tlog\.size\s*(;|$)/.test(type) && body.endsWith('\n') ? sizeOf(body.slice(0, -1)) : null;
      if (size === null) throw new WitnessFault('garbled', 'it answered 409 without a size');
      return { size };
    }
    case 403: throw new WitnessFault('notTrusted', 'it does not trust the key that signed the checkpoint');
    case 404: throw new WitnessFault('unknownLog', 'it does not watch this log');
    case 422: throw new WitnessFault('inconsistent', 'it says that the checkpoint does not follow from what it cosigned');
    case 429: throw new WitnessFault('tooOften', 'it is asked too often');
    default: throw new WitnessFault('status', `it answered with status ${status}`);
  }
}

async function sent(url: URL, body: string, dispatcher: Dispatcher, signal: AbortSignal): Promise<{ status: number; type: string; body: string }> {
  for (let tries = 0; ; tries += 1) {
    try {
      const response = await request(url, { method: 'POST', headers: { 'content-type': 'text/plain; charset=utf-8' }, body, dispatcher, signal });
      const bytes = await response.body.bytes();
      const type = response.headers['content-type'];
      return { status: response.statusCode, type: typeof type === 'string' ? type.toLowerCase() : '', body: Buffer.from(bytes).toString('utf8') };
    } catch (error) {
      // A kept connection that the witness closed meanwhile. To be asked twice changes nothing for it.
      if (tries > 0 || signal.aborted || !['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'].includes(codeIn(error))) throw faultOf(error, signal);
    }
  }
}

/** "The client MAY concatenate it to the checkpoint, and use a note verification function configured with the witness keys it trusts." */
async function cosignedIn(body: string, key: Vkey, note: string): Promise<Cosigned> {
  const { text } = parseNote(note);
  const own = signaturesIn(`${note}${body}`, text).filter(({ name, keyId }) => name === key.name && Buffer.from(keyId).equals(key.keyId));
  const [signature] = own;
  if (signature === undefined) throw new WitnessFault('wrongKey', 'its answer has no cosignature of its key');
  for (const { bytes } of own) {
    if (!(await verifyCosignature(nodeCrypto, key.publicKey, text, bytes))) throw new WitnessFault('badSignature', 'its cosignature is not good');
  }
  return { line: signatureLine(signature.name, signature.keyId, signature.bytes), time: parseCosignature(signature.bytes)?.time ?? 0 };
}

function signaturesIn(note: string, text: string): readonly NoteSignature[] {
  try {
    const parsed = parseNote(note);
    // An empty line in the answer would make the checkpoint's signatures part of the text.
    if (parsed.text === text) return parsed.signatures;
  } catch (error) {
    if (!(error instanceof VerifyError)) throw error;
  }
  throw new WitnessFault('garbled', 'its answer is no signature line');
}

function faultOf(error: unknown, signal: AbortSignal): WitnessFault {
  const code = codeIn(error);
  if (signal.aborted || code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT') return new WitnessFault('timeout', 'it did not answer in time');
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return new WitnessFault('tooLong', 'its answer was too long');
  if (code.startsWith('HPE_') || code === 'UND_ERR_HEADERS_OVERFLOW' || code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') return new WitnessFault('garbled', 'its answer is no HTTP');
  return new WitnessFault('unreachable', `it cannot be reached${code === '' ? '' : ` (${code})`}`);
}

function codeIn(error: unknown): string {
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' ? code : '';
}
