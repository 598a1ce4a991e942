import type { Answer, DirectoryAnswer, DirectoryInquiry, FaultAnswer, Inquiry, WireFormat } from '../model/index.ts';
import { writeJsonAnswer, writeJsonDirectory, writeJsonFault, writeJsonInquiry } from './jsonWrite.ts';
import { writeLegacyAnswer, writeLegacyDirectory, writeLegacyFault } from './legacyAnswer.ts';
import { writeLegacyInquiry } from './legacyWrite.ts';
import { writeNiemAnswer, writeNiemDirectory, writeNiemFault } from './niemAnswer.ts';
import { writeNiemInquiry } from './niemWrite.ts';
import { defaultPeer, defaultWireSettings, type PeerSettings, type WireSettings } from './settings.ts';

/**
 * An inquiry as a client sends it. Legacy text carries no extension: what stands there is left out.
 * For every inquiry that `decode` gave, `decode` of this gives an equal one in the same format.
 */
export function encodeInquiry(format: WireFormat, inquiry: Inquiry | DirectoryInquiry, settings: WireSettings = defaultWireSettings): string {
  switch (format) {
    case 'legacy':
      return writeLegacyInquiry(inquiry, settings);
    case 'niem':
      return writeNiemInquiry(inquiry, settings);
    case 'json':
      return writeJsonInquiry(inquiry);
  }
}

/** The answer of the owners. `peer` matters to legacy text and NIEM only: JSON says the status in a word of its own. */
export function encodeAnswer(format: WireFormat, answer: Answer, settings: WireSettings = defaultWireSettings, peer: PeerSettings = defaultPeer): string {
  switch (format) {
    case 'legacy':
      return writeLegacyAnswer(answer, settings, peer);
    case 'niem':
      return writeNiemAnswer(answer, settings, peer);
    case 'json':
      return writeJsonAnswer(answer);
  }
}

/** The answer of the directory: `TR`. */
export function encodeDirectory(format: WireFormat, answer: DirectoryAnswer, settings: WireSettings = defaultWireSettings): string {
  switch (format) {
    case 'legacy':
      return writeLegacyDirectory(answer, settings);
    case 'niem':
      return writeNiemDirectory(answer, settings);
    case 'json':
      return writeJsonDirectory(answer);
  }
}

/** A fault: `ER` or `SM`, or problem details in JSON. */
export function encodeFault(format: WireFormat, fault: FaultAnswer, settings: WireSettings = defaultWireSettings, peer: PeerSettings = defaultPeer): string {
  switch (format) {
    case 'legacy':
      return writeLegacyFault(fault, settings, peer);
    case 'niem':
      return writeNiemFault(fault, settings, peer);
    case 'json':
      return writeJsonFault(fault, peer);
  }
}
