import { light } from './inks.ts';
import type { Doc } from './pdf.ts';
import { cellText, type Cell, type Twin } from './twin.ts';
import { winAnsi } from './winAnsi.ts';

/** A table cut into widths: text takes what numbers leave. */
export interface PdfTable {
  readonly widths: readonly number[];
  readonly right: readonly boolean[];
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly size: number;
  readonly lineHeight: number;
}

/** Measures a table for a width. Texts that do not fit are cut with an ellipsis; numbers never are. */
export function pdfTable(doc: Doc, { columns, rows }: Twin, { width, size, missing = 'not known' }: { readonly width: number; readonly size: number; readonly missing?: string }): PdfTable {
  const gap = 10;
  const text = (cell: Cell): string => winAnsi(cellText(cell, missing)).replaceAll('\n', ' ');
  const cells = rows.map((row) => columns.map((_, place) => text(row[place] ?? '')));
  const right = columns.map((_, place) => place > 0 && rows.some((row) => typeof row[place] === 'number'));
  doc.font('Helvetica').fontSize(size);
  const wanted = columns.map((name, place) => Math.max(doc.font('Helvetica-Bold').widthOfString(winAnsi(name)), ...cells.map((row) => doc.font('Helvetica').widthOfString(row[place] ?? ''))) + gap);
  const fixed = wanted.reduce((sum, one, place) => (right[place] === true ? sum + one : sum), 0);
  const flexible = wanted.reduce((sum, one, place) => (right[place] === true ? sum : sum + one), 0);
  const squeeze = Math.min(1, Math.max(0.1, (width - fixed) / Math.max(1, flexible)));
  const widths = wanted.map((one, place) => (right[place] === true ? one : one * squeeze));
  const fit = (row: readonly string[]): readonly string[] => row.map((cell, place) => (right[place] === true ? cell : cutToWidth(doc, cell, (widths[place] ?? 0) - gap)));
  return { widths, right, head: fit(columns.map(winAnsi)), rows: cells.map(fit), size, lineHeight: size * 1.42 };
}

/** Draws the head or one row with its upper left at a point, each cell as a child of `row` in the structure. */
export function drawTableRow(doc: Doc, table: PdfTable, cells: readonly string[], { x, y, head, row }: { readonly x: number; readonly y: number; readonly head: boolean; readonly row: PDFKit.PDFStructureElement }): void {
  let left = x;
  cells.forEach((cell, place) => {
    const width = table.widths[place] ?? 0;
    const at = left;
    row.add(doc.struct(head || place === 0 ? 'TH' : 'TD', {}, () => {
      doc.font(head ? 'Helvetica-Bold' : 'Helvetica').fontSize(table.size).fillColor(light.text);
      const inset = table.right[place] === true ? width - 10 - doc.widthOfString(cell) : 0;
      doc.text(cell, at + inset, y + table.size, { lineBreak: false, baseline: 'alphabetic' });
    }));
    left += width;
  });
}

function cutToWidth(doc: Doc, text: string, width: number): string {
  if (doc.widthOfString(text) <= width) return text;
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (doc.widthOfString(`${text.slice(0, middle)}…`) <= width) low = middle;
    else high = middle - 1;
  }
  return `${text.slice(0, low).trimEnd()}…`;
}
