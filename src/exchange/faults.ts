import type { WireFaultCode } from '../model/index.ts';

/** The HTTP status of each fault. A policy refusal is no fault: it is an answer, with status 200. */
export const faultStatus: Readonly<Record<WireFaultCode, number>> = {
  malformed: 400,
  badHeader: 400,
  keyNotAllowed: 400,
  noText: 400,
  badBirthDate: 400,
  badYear: 400,
  fieldMissing: 400,
  badAttention: 400,
  badDestination: 400,
  badCombination: 400,
  badValue: 400,
  tooLarge: 413,
  unsupportedFormat: 415,
  notAuthorised: 403,
  unknownRequester: 403,
  conflict: 422,
  busy: 503,
  ledgerUnavailable: 503,
  internal: 500,
};

/** How long a caller should wait where the fault passes by itself, in seconds. */
export function retryAfter(code: WireFaultCode): number | null {
  return faultStatus[code] === 503 ? 1 : null;
}

const encoder = new TextDecoder('utf-8', { fatal: false });

/** The first 100 characters of what came in, for the answer to a fault found after decoding. */
export function echoOf(body: Uint8Array): string {
  return Array.from(encoder.decode(body.subarray(0, 400)), visible).slice(0, 100).join('');
}

function visible(character: string): string {
  return /\p{C}/u.test(character) ? ' ' : character;
}

