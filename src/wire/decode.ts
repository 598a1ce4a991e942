import type { DirectoryInquiry, Inquiry, WireFormat } from '../model/index.ts';
import { readJson } from './jsonRead.ts';
import { readLegacy } from './legacyRead.ts';
import { readNiem } from './niemRead.ts';
import { echoOf, Reject, visible, type Decoded, type Known } from './reject.ts';
import { defaultWireSettings, type WireSettings } from './settings.ts';

/**
 * Bytes of one message to an inquiry. Never throws; linear in the size of the body; what is wrong comes back as a
 * `WireFault`, with the sender and the control field where they could be read. Whoever sent the body controls all of it.
 */
export function decode(format: WireFormat, body: Uint8Array, settings: WireSettings = defaultWireSettings): Decoded {
  const known: Known = { requester: null, control: null };
  try {
    if (body.length > settings.maxBytes[format]) throw new Reject('tooLarge', `a message has at most ${settings.maxBytes[format]} bytes`, null);
    return { ok: true, value: readers[format](textOf(body), settings, known) };
  } catch (error) {
    const { code, message, at } = error instanceof Reject ? error : new Reject('internal', 'the message could not be read', null);
    return {
      ok: false,
      fault: { code, message, echo: echoOf(body), at: at === null ? null : visible(at) },
      requester: known.requester,
      control: known.control,
    };
  }
}

const readers: Readonly<Record<WireFormat, (text: string, settings: WireSettings, known: Known) => Inquiry | DirectoryInquiry>> = {
  legacy: readLegacy,
  niem: readNiem,
  json: readJson,
};

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function textOf(body: Uint8Array): string {
  try {
    return strict.decode(body);
  } catch {
    throw new Reject('malformed', 'the message is not valid UTF-8', null);
  }
}
