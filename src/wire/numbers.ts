import type { AnswerStatus } from '../vocabulary/index.ts';
import type { WireFault, WireFaultCode, WireFormat } from '../model/index.ts';
import type { PeerSettings } from './settings.ts';

/** An `ER` or `SM` message: its key, its number as it is written, and what it says in capitals. */
export interface MessageNumber {
  readonly key: 'ER' | 'SM';
  readonly number: string;
  readonly text: string;
}

/** The HTTP status of each fault. A policy refusal is no fault: it is an answer, with status 200. */
export const faultStatus: Readonly<Record<WireFaultCode, number>> = {
  malformed: 400, badHeader: 400, keyNotAllowed: 400, noText: 400, badBirthDate: 400, badYear: 400, fieldMissing: 400,
  badAttention: 400, badDestination: 400, badCombination: 400, badValue: 400, tooLarge: 413, unsupportedFormat: 415,
  notAuthorised: 403, unknownRequester: 403, conflict: 422, busy: 503, ledgerUnavailable: 503, internal: 500,
};

/** What we send to a peer that knows our codes: published numbers (C N14, N15a) where there is one, `.90.` to `.96.` are Weir's own. */
const faultNumbers: Readonly<Record<WireFaultCode, MessageNumber>> = {
  malformed: { key: 'ER', number: '0', text: 'MESSAGE FORMAT ERROR' },
  badHeader: { key: 'ER', number: '.01.', text: 'INVALID HEADER INFORMATION' },
  keyNotAllowed: { key: 'ER', number: '.02.', text: 'MESSAGE TYPE NOT ALLOWED TO DESTINATION' },
  noText: { key: 'ER', number: '.03.', text: 'TXT NOT FOUND' },
  badBirthDate: { key: 'ER', number: '.05.', text: 'DOB INVALID OR MISSING' },
  badYear: { key: 'ER', number: '.10.', text: 'YEAR FIELD INVALID OR MISSING' },
  fieldMissing: { key: 'ER', number: '.14.', text: 'REQUIRED FIELD MISSING' },
  badAttention: { key: 'ER', number: '.16.', text: 'ATN INVALID' },
  badDestination: { key: 'ER', number: '.19.', text: 'INVALID DESTINATION ORI' },
  badCombination: { key: 'ER', number: '.22.', text: 'INVALID MESSAGE FORMAT' },
  badValue: { key: 'ER', number: '.22.', text: 'INVALID FIELD FORMAT' },
  tooLarge: { key: 'ER', number: '0', text: 'MESSAGE TOO LARGE' },
  unsupportedFormat: { key: 'ER', number: '0', text: 'MESSAGE FORMAT NOT SUPPORTED' },
  unknownRequester: { key: 'ER', number: '.01.', text: 'SENDING ORI NOT KNOWN' },
  busy: { key: 'ER', number: '.92.', text: 'EXCHANGE BUSY - SEND AGAIN' },
  notAuthorised: { key: 'ER', number: '.93.', text: 'NOT AUTHORISED FOR THIS ORI' },
  ledgerUnavailable: { key: 'ER', number: '.94.', text: 'NOTHING RELEASED - LEDGER NOT AVAILABLE - SEND AGAIN' },
  internal: { key: 'ER', number: '.95.', text: 'NOTHING RELEASED - EXCHANGE FAULT - SEND AGAIN' },
  conflict: { key: 'ER', number: '.96.', text: 'IDEMPOTENCY KEY USED FOR ANOTHER MESSAGE' },
};

/** The lossy mapping for a peer that knows published numbers only: the nearest one, with the words unchanged. */
const publishedFaults: Readonly<Partial<Record<WireFaultCode, Pick<MessageNumber, 'key' | 'number'>>>> = {
  busy: { key: 'SM', number: '.04.' },
  ledgerUnavailable: { key: 'SM', number: '.04.' },
  internal: { key: 'SM', number: '.04.' },
  notAuthorised: { key: 'ER', number: '.01.' },
  conflict: { key: 'ER', number: '0' },
};

const refused: MessageNumber = { key: 'ER', number: '.90.', text: 'REFUSED BY POLICY' };
const held: MessageNumber = { key: 'ER', number: '.91.', text: 'HELD FOR REVIEW BY A PERSON' };
const unavailable: MessageNumber = { key: 'SM', number: '.04.', text: 'FILE NOT AVAILABLE - SEND AGAIN' };

/** The number of a fault; malformed XML has the number of a missing TXT (C N15a). */
export function numberOfFault(fault: WireFault, format: WireFormat, peer: PeerSettings): MessageNumber {
  const ours = fault.code === 'malformed' && format === 'niem'
    ? { key: 'ER' as const, number: '.03.', text: 'MALFORMED XML' }
    : faultNumbers[fault.code];
  return peer.codes === 'published' ? { ...ours, ...publishedFaults[fault.code] } : ours;
}

/**
 * The number under which one owner's answer goes out where it is no data; null where it is. To a peer of published codes a
 * refusal is `.02.` (type not allowed to destination) and a hold `.04.` (send again): never "not on file", words unchanged.
 */
export function numberOfStatus(status: AnswerStatus, peer: PeerSettings): MessageNumber | null {
  const published = peer.codes === 'published';
  switch (status) {
    case 'refused':
      return published ? { ...refused, number: '.02.' } : refused;
    case 'held':
      return published ? { ...held, key: 'SM', number: '.04.' } : held;
    case 'unavailable':
      return unavailable;
    case 'answered':
    case 'answeredInPart':
    case 'noRecord':
      return null;
  }
}
