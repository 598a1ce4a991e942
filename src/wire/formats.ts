import type { WireFormat } from '../model/index.ts';

/** The media types that are read, and the format that each stands for. */
export const formatOfType: ReadonlyMap<string, WireFormat> = new Map<string, WireFormat>([
  ['text/plain', 'legacy'],
  ['application/vnd.weir.nlets-text', 'legacy'],
  ['application/xml', 'niem'],
  ['text/xml', 'niem'],
  ['application/niem+xml', 'niem'],
  ['application/json', 'json'],
]);

/** The media type in which each format is written, without its charset. */
export const typeOfFormat: Readonly<Record<WireFormat, string>> = { legacy: 'text/plain', niem: 'application/xml', json: 'application/json' };

const written: Readonly<Record<WireFormat, string>> = { legacy: `${typeOfFormat.legacy}; charset=utf-8`, niem: `${typeOfFormat.niem}; charset=utf-8`, json: `${typeOfFormat.json}; charset=utf-8` };
const charsets = new Set(['utf-8', 'utf8', 'us-ascii']);

/** The media type in which an answer of this format leaves. */
export function contentTypeOf(format: WireFormat): string {
  return written[format];
}

/** The media type of a fault: problem+json (RFC 9457) in JSON, else that of the format. */
export function faultContentTypeOf(format: WireFormat): string {
  return format === 'json' ? 'application/problem+json; charset=utf-8' : written[format];
}

/**
 * The format that a `Content-Type` names, or null. Whoever asks controls the text. Parameters are ignored but for each charset, which
 * has to be UTF-8 or its subset ASCII: the readers know no other. One that is not well written is another charset.
 */
export function formatOf(contentType: string | undefined): WireFormat | null {
  if (contentType === undefined || contentType.length > 256) return null;
  const exact = formatOfType.get(contentType);
  if (exact !== undefined) return exact;
  // Apart at each semicolon that does not stand in quotes.
  const [type = '', ...parameters] = contentType.toLowerCase().match(/(?:[^;"]|"(?:[^"\\]|\\.)*"?)+/g) ?? [];
  const format = formatOfType.get(type.trim());
  return format === undefined || parameters.some(isForeign) ? null : format;
}

function isForeign(parameter: string): boolean {
  const [name = '', ...value] = parameter.split('=');
  return name.trim() === 'charset' && !charsets.has(value.join('=').trim().replace(/^"(.*)"$/, '$1'));
}
