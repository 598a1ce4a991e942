import type { DirectoryInquiry, Inquiry } from '../model/index.ts';
import { reject, type Known } from './reject.ts';
import type { WireSettings } from './settings.ts';

export function readNiem(_text: string, _settings: WireSettings, _known: Known): Inquiry | DirectoryInquiry {
  return reject('unsupportedFormat', 'not yet', null);
}
