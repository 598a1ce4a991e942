import { light, type Ink } from './inks.ts';
import type { Doc } from './pdf.ts';
import { winAnsi } from './winAnsi.ts';

/** Text in one look. `goTo` is the name of a place in the document that a reader can jump to from here. */
export interface Run {
  readonly text: string;
  readonly bold?: boolean;
  readonly code?: boolean;
  readonly ink?: Ink;
  /** Small, above the line: the mark of a note. */
  readonly raised?: boolean;
  readonly goTo?: string;
}

interface Piece extends Run {
  readonly width: number;
}

/** Lines of a paragraph, ready to be drawn: measured once, so that a page can be tried before it is written. */
export interface Paragraph {
  readonly lines: readonly (readonly (readonly Piece[])[])[];
  readonly size: number;
  readonly height: number;
  readonly space: number;
}

const leading = 1.24;

/** Breaks runs into lines of a width, in points. What stands together without a space stays together; a longer word is cut. */
export function paragraph(doc: Doc, runs: readonly Run[], { width, size }: { readonly width: number; readonly size: number }): Paragraph {
  const space = doc.font('Helvetica').fontSize(size).widthOfString(' ');
  const lines: Piece[][][] = [];
  let room = 0;
  for (const cluster of clusters(runs).flatMap((one) => cutDown(one.map((run) => measured(doc, run, size)), width, doc, size))) {
    const wide = cluster.reduce((sum, piece) => sum + piece.width, 0);
    const line = lines.at(-1);
    if (line === undefined || room < space + wide) {
      lines.push([[...cluster]]);
      room = width - wide;
    } else {
      line.push([...cluster]);
      room -= space + wide;
    }
  }
  return { lines, size, height: lines.length * size * leading, space };
}

/** Draws a paragraph with its upper left at a point. */
export function drawParagraph(doc: Doc, { lines, size, space }: Paragraph, x: number, y: number): void {
  lines.forEach((line, row) => {
    const base = y + row * size * leading + size * 0.95;
    let at = x;
    for (const [place, cluster] of line.entries()) {
      if (place > 0) {
        // A space that is written, so that the text can be copied and read aloud.
        doc.font('Helvetica').fontSize(size).text(' ', at, base, { lineBreak: false, baseline: 'alphabetic' });
        at += space;
      }
      for (const piece of cluster) {
        const up = piece.raised === true ? size * 0.34 : 0;
        face(doc, piece, size).fillColor(light[piece.ink ?? 'text']).text(piece.text, at, base - up, { lineBreak: false, baseline: 'alphabetic' });
        if (piece.goTo !== undefined) doc.goTo(at, base - size, piece.width, size * 1.15, piece.goTo);
        at += piece.width;
      }
    }
  });
}

function face(doc: Doc, { bold, code, raised }: Run, size: number): Doc {
  return doc.font(code === true ? 'Courier' : bold === true ? 'Helvetica-Bold' : 'Helvetica').fontSize(raised === true ? size * 0.62 : code === true ? size * 0.92 : size);
}

function measured(doc: Doc, run: Run, size: number): Piece {
  return { ...run, width: face(doc, run, size).widthOfString(run.text) };
}

/** Pieces between spaces. */
function clusters(runs: readonly Run[]): readonly (readonly Run[])[] {
  const found: Run[][] = [];
  let open = false;
  for (const run of runs) {
    for (const [place, word] of winAnsi(run.text).split(/ +|\n/).entries()) {
      if (place > 0) open = false;
      if (word === '') continue;
      const piece = { ...run, text: word };
      if (open) found.at(-1)?.push(piece);
      else found.push([piece]);
      open = true;
    }
  }
  return found;
}

/** A cluster that is wider than the line, letter by letter. */
function cutDown(cluster: readonly Piece[], width: number, doc: Doc, size: number): readonly (readonly Piece[])[] {
  if (cluster.reduce((sum, piece) => sum + piece.width, 0) <= width) return [cluster];
  const found: Piece[][] = [[]];
  let room = width;
  for (const piece of cluster) {
    for (const letter of piece.text) {
      const one = measured(doc, { ...piece, text: letter }, size);
      if (one.width > room && (found.at(-1)?.length ?? 0) > 0) {
        found.push([]);
        room = width;
      }
      found.at(-1)?.push(one);
      room -= one.width;
    }
  }
  return found;
}
