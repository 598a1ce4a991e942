import type { WireFormat } from '../model/index.ts';

/** Which format a content type stands for. */
export const formatOf: ReadonlyMap<string, WireFormat> = new Map<string, WireFormat>([
  ['text/plain', 'legacy'],
  ['application/vnd.weir.nlets-text', 'legacy'],
  ['application/xml', 'niem'],
  ['text/xml', 'niem'],
  ['application/niem+xml', 'niem'],
  ['application/json', 'json'],
]);

/** The media type in which each format is answered; the exchange adds the charset. */
export const answerTypes: Readonly<Record<WireFormat, string>> = { legacy: 'text/plain', niem: 'application/xml', json: 'application/json' };

const utf8 = /^(?:"?utf-?8"?|"?us-ascii"?)$/;

/** The format of a `Content-Type` header, or null where it is none that is read here or not in UTF-8. */
export function formatOfHeader(header: string): WireFormat | null {
  const exact = formatOf.get(header);
  if (exact !== undefined) return exact;
  const [type = '', ...parameters] = header.toLowerCase().split(';').map((part) => part.trim());
  const format = formatOf.get(type);
  if (format === undefined) return null;
  const foreign = parameters.some((parameter) => parameter.startsWith('charset=') && !utf8.test(parameter.slice('charset='.length)));
  return foreign ? null : format;
}
