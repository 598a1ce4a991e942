import type PDFDocument from 'pdfkit';
import { light } from './inks.ts';
import type { Mark, Scene } from './scene.ts';
import { winAnsi } from './winAnsi.ts';

/** A document of pdfkit. */
export type Doc = InstanceType<typeof PDFDocument>;

/** Draws a picture with its upper left at a point, scaled to a width in points. The caller marks it as a figure with its description as the alternative. */
export function drawPdf(doc: Doc, scene: Scene, { x, y, width }: { readonly x: number; readonly y: number; readonly width: number }): void {
  doc.save().translate(x, y).scale(width / scene.width);
  for (const mark of scene.marks) draw(doc, mark);
  doc.restore();
}

function draw(doc: Doc, mark: Mark): void {
  switch (mark.mark) {
    case 'rect':
      paint(mark.radius === undefined ? doc.rect(mark.x, mark.y, mark.width, mark.height) : doc.roundedRect(mark.x, mark.y, mark.width, mark.height, mark.radius), mark.fill, mark.stroke ?? null);
      break;
    case 'line':
      stroked(doc, mark.thick, mark.dash);
      paint(doc.moveTo(mark.x1, mark.y1).lineTo(mark.x2, mark.y2), null, mark.stroke);
      break;
    case 'path':
      stroked(doc, mark.thick, mark.dash);
      paint(doc.path(mark.d), mark.fill, mark.stroke);
      break;
    case 'circle':
      stroked(doc, mark.thick);
      paint(doc.circle(mark.x, mark.y, mark.r), mark.fill, mark.stroke ?? null);
      break;
    case 'text': {
      const text = winAnsi(mark.text);
      doc.font(mark.bold === true ? 'Helvetica-Bold' : 'Helvetica').fontSize(mark.size).fillColor(light[mark.ink]);
      const wide = doc.widthOfString(text);
      const left = mark.x - (mark.anchor === 'end' ? wide : mark.anchor === 'middle' ? wide / 2 : 0);
      doc.text(text, left, mark.y, { lineBreak: false, baseline: 'alphabetic' });
      break;
    }
    case 'group':
      for (const inner of mark.marks) draw(doc, inner);
  }
}

function stroked(doc: Doc, thick = 1, dash?: readonly number[]): void {
  doc.lineWidth(thick);
  if (dash === undefined) doc.undash();
  else doc.dash(dash[0] ?? 3, { space: dash[1] ?? 3 });
}

function paint(doc: Doc, fill: keyof typeof light | null, stroke: keyof typeof light | null): void {
  if (fill !== null && stroke !== null) doc.fillAndStroke(light[fill], light[stroke]);
  else if (fill !== null) doc.fill(light[fill]);
  else if (stroke !== null) doc.stroke(light[stroke]);
  doc.undash();
}
