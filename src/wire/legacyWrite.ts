import type { DirectoryInquiry, Inquiry } from '../model/index.ts';
import { prefixes, type Field } from './fields.ts';
import type { WireSettings } from './settings.ts';
import { inquiryFields } from './inquiryFields.ts';
import { legacyOfDay } from './values.ts';

/** One legacy text message: header line, then the fields in the published order, the last without a period. */
export function writeLegacyInquiry(inquiry: Inquiry | DirectoryInquiry, settings: WireSettings): string {
  const destinations = inquiry.key === 'TQ' ? [inquiry.destination] : inquiry.destinations;
  const header = [inquiry.key, inquiry.requester, ...destinations].map((part) => `${part}.`).join('');
  const fields = inquiryFields(inquiry, settings).map(([field, value]) => `${prefixes[field]}/${legacyValue(field, value)}`);
  return `${header}${controlField(inquiry.control)}TXT\r\n${fields.join('.')}`;
}

function legacyValue(field: Field, value: string): string {
  return field === 'birthDate' ? legacyOfDay(value) : value;
}

/**
 * `*`, the content, a period: at most 11 characters (I). A content of ten leaves no room for the period; it is dropped
 * then, but not where the reader could mistake a part of the content for `TXT`.
 */
function controlField(control: string | null): string {
  if (control === null) return '';
  return control.length === 10 && `${control}TXT`.indexOf('TXT', 1) === 10 ? `*${control}` : `*${control}.`;
}
