import { hash } from 'node:crypto';
import type { RegistryContent } from './model.ts';
import { lineOf, rowKinds, rowsOf, type RowKind } from './rows.ts';

/**
 * SHA-256 of a registry, hexadecimal: over its kinds in fixed order and, within each, its rows as sorted lines.
 * The order in which rows were read does not matter; every field of every row does. `weir-registry-1` names this form.
 */
export function hashContent(content: RegistryContent): string {
  return hash('sha256', ['weir-registry-1', ...rowKinds.map((kind) => section(content, kind))].join('\n'), 'hex');
}

/** A line never holds a line feed (JSON escapes it), so a row cannot pass for a heading or for two rows. */
function section(content: RegistryContent, kind: RowKind): string {
  const lines = rowsOf(content, kind).map((row) => lineOf(kind, row));
  return [`${kind} ${lines.length}`, ...lines.sort()].join('\n');
}
