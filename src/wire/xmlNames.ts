/** The namespaces, under the prefixes that this program uses for them (S X1, X3, X4; n2c C N10; wx is Weir's own). */
export const namespaces = {
  n2: 'http://www.nlets.org/niem/1.0',
  nh2: 'http://www.nlets.org/niem/nlets-hdr/1.0',
  n2c: 'http://www.nlets.org/niem/nlets-core/1.0',
  nc: 'http://niem.gov/niem/niem-core/2.0',
  j: 'http://niem.gov/niem/domains/jxdm/4.1',
  wx: 'urn:weir:exchange:1.0',
} as const;

const byUri = new Map<string, string>([
  ...Object.entries(namespaces).map(([prefix, uri]): [string, string] => [uri, prefix]),
  // Newer payloads use NIEM 3 (S X1, X3, X4): read as the same.
  ['http://release.niem.gov/niem/niem-core/3.0/', 'nc'],
  ['http://release.niem.gov/niem/domains/jxdm/5.0/', 'j'],
  ['http://www.w3.org/2001/XMLSchema-instance', 'xsi'],
]);

/** The prefix of a namespace, or `?` for one that is not known, which no name here begins with. */
export function prefixOf(uri: string): string {
  return byUri.get(uri) ?? '?';
}
