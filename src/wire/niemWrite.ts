import type { DirectoryInquiry, Inquiry } from '../model/index.ts';
import type { WireSettings } from './settings.ts';

export function writeNiemInquiry(inquiry: Inquiry | DirectoryInquiry, _settings: WireSettings): string {
  return inquiry.key;
}
