import type { PolicyDocument } from '../document.ts';
import { compileTable } from './compile.ts';
import { readSource } from './source.ts';

/**
 * True where these bytes are what the compiler makes of this document for those classes of agencies: byte for byte. For whoever does not
 * want to believe the exchange that compiled them. Throws a `TableError` where they are no table.
 */
export function isTableOf(text: string, document: PolicyDocument): boolean {
  const { from, before, classes } = readSource(text);
  const at = from !== null ? Date.parse(from) : before !== null ? Date.parse(before) - 1 : 0;
  return compileTable(document, { at, classes: classes.map(([atoms]) => atoms) }) === text;
}
