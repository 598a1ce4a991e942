import type { WireFormat } from '../model/index.ts';

const written: Readonly<Record<WireFormat, string>> = {
  legacy: 'text/plain; charset=utf-8',
  niem: 'application/xml; charset=utf-8',
  json: 'application/json; charset=utf-8',
};

const read = new Map<string, WireFormat>([
  ['text/plain', 'legacy'],
  ['application/vnd.weir.nlets-text', 'legacy'],
  ['application/xml', 'niem'],
  ['text/xml', 'niem'],
  ['application/niem+xml', 'niem'],
  ['application/json', 'json'],
]);

/** The media type in which an answer of this format leaves. */
export function contentTypeOf(format: WireFormat): string {
  return written[format];
}

/** The media type of a fault: problem+json (RFC 9457) in JSON, else that of the format. */
export function faultContentTypeOf(format: WireFormat): string {
  return format === 'json' ? 'application/problem+json; charset=utf-8' : written[format];
}

/**
 * The format that a `Content-Type` names, or null. Parameters are ignored but for a charset, which has to be
 * UTF-8 or its subset ASCII: the readers know no other.
 */
export function formatOf(contentType: string | undefined): WireFormat | null {
  if (contentType === undefined || contentType.length > 256) return null;
  const [type, ...parameters] = contentType.toLowerCase().split(';');
  const format = read.get((type ?? '').trim());
  if (format === undefined) return null;
  for (const parameter of parameters) {
    const [name, value] = parameter.split('=');
    if (name?.trim() !== 'charset') continue;
    const charset = (value ?? '').trim().replace(/^"(.*)"$/, '$1');
    if (charset !== 'utf-8' && charset !== 'utf8' && charset !== 'us-ascii') return null;
  }
  return format;
}
