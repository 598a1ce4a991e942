import { html, type Html } from './html.ts';

/** The numbers of a picture as a table, made from the same data. */
export interface Twin {
  readonly caption: string;
  /** The first names the lines. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** A number is written with commas; null is what is not known, or not said. */
export type Cell = string | number | null;

/** `missing` is what stands for null: never a blank, and never zero. */
export function twinHtml({ caption, columns, rows }: Twin, missing = 'not known'): Html {
  const [first, ...rest] = columns;
  return html`<div class="wide-table" role="group" aria-label="${caption}" tabindex="0"><table>
<caption>${caption}</caption>
<thead><tr><th scope="col">${first ?? ''}</th>${rest.map((name) => html`<th scope="col"${numeric(rows, columns.indexOf(name)) ? html` class="number"` : null}>${name}</th>`)}</tr></thead>
<tbody>
${rows.map(([name, ...cells]) => html`<tr><th scope="row">${cellText(name ?? null, missing)}</th>${cells.map((cell) => html`<td${typeof cell === 'number' ? html` class="number"` : null}>${cellText(cell, missing)}</td>`)}</tr>\n`)}</tbody>
</table></div>`;
}

export function twinMarkdown({ columns, rows }: Twin, missing = 'not known'): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(columns), line(columns.map((_, place) => (numeric(rows, place) ? '---:' : '---'))), ...rows.map((row) => line(row.map((cell) => cellText(cell, missing))))].join('\n');
}

/** Aligned columns, numbers to the right. */
export function twinText({ columns, rows }: Twin, missing = 'not known'): string {
  const cells = [columns, ...rows.map((row) => row.map((cell) => cellText(cell, missing)))];
  const widths = columns.map((_, place) => Math.max(...cells.map((row) => (row[place] ?? '').length)));
  const right = columns.map((_, place) => numeric(rows, place));
  return cells.map((row) => row.map((cell, place) => (right[place] === true ? cell.padStart(widths[place] ?? 0) : cell.padEnd(widths[place] ?? 0))).join('  ').trimEnd()).join('\n');
}

export function cellText(cell: Cell, missing: string): string {
  return cell === null ? missing : typeof cell === 'number' ? cell.toLocaleString('en-US') : cell;
}

/** A column in which some number stands, and no words. */
function numeric(rows: readonly (readonly Cell[])[], place: number): boolean {
  return place > 0 && rows.some((row) => typeof row[place] === 'number') && rows.every((row) => typeof row[place] !== 'string');
}
