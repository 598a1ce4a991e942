import type { DatasetKind } from '../../insight/archive/types.ts';

/** Where a data set came from, for people. */
export const kindWords: Readonly<Record<DatasetKind, string>> = { ledger: 'this exchange\'s ledger', invented: 'INVENTED', imported: 'imported' };

/** Rows of text in columns; those that are all numbers, or a dash, stand to the right. */
export function tableText(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  const right = head.map((_, column) => rows.length > 0 && rows.every((row) => /^(?:-|-?[\d,.]+(?: [kMG]?B)?)$/.test(row[column] ?? '')));
  return all.map((row) => row.map((cell, column) => (right[column] === true ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0))).join('  ').trimEnd()).join('\n');
}

export function countText(count: number): string {
  return count.toLocaleString('en-US');
}

export function bytesText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  for (const [unit, size] of [['kB', 1e3], ['MB', 1e6]] as const) if (bytes < size * 1_000) return `${(bytes / size).toFixed(1)} ${unit}`;
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

/** `2026-10-03 12:00:05` UTC; a dash where there is none. */
export function momentText(at: number | null): string {
  return at === null ? '-' : new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}
