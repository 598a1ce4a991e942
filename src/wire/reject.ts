import type { Inquiry, DirectoryInquiry, Ori, WireFault, WireFaultCode } from '../model/index.ts';

/** What a reader makes of one message. With a fault, what was already known of the sender goes along. */
export type Decoded =
  | { readonly ok: true; readonly value: Inquiry | DirectoryInquiry }
  | { readonly ok: false; readonly fault: WireFault; readonly requester: Ori | null; readonly control: string | null };

/** Thrown inside the readers only, and turned into a `WireFault` before it leaves them. */
export class Reject extends Error {
  override readonly name = 'Reject';
  readonly code: WireFaultCode;
  readonly at: string | null;

  constructor(code: WireFaultCode, message: string, at: string | null) {
    super(message);
    this.code = code;
    this.at = at;
  }
}

/** Stops reading. `message` says what is wrong and never repeats the input; `at` says where. */
export function reject(code: WireFaultCode, message: string, at: string | null): never {
  throw new Reject(code, message, at);
}

/** What a reader has found out by the time it fails: who asked, so that the fault can be sent back. */
export interface Known {
  requester: Ori | null;
  control: string | null;
}

/** The first 100 characters of a message, with control and invisible characters made visible: whoever sent it controls it. */
export function echoOf(body: Uint8Array): string {
  return visible(lenient.decode(body.subarray(0, 400)));
}

/** At most `most` characters, none of them a control or a formatting character. */
export function visible(text: string, most = 100): string {
  let out = '';
  let count = 0;
  for (const character of text) {
    if (count === most) break;
    count += 1;
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x20) out += String.fromCharCode(0x2400 + code);
    else if (code === 0x7f) out += '\u2421';
    else if (code > 0x7f && unseen.test(character)) out += '\ufffd';
    else if (code > 0xffff) {
      out += '\ufffd'; // one unit each, so that 100 characters are 100 however they are counted
    } else out += character;
  }
  return out;
}

const lenient = new TextDecoder('utf-8', { ignoreBOM: true });
const unseen = /[\p{C}\p{Z}]/u;
