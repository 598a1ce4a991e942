import PDFDocument from 'pdfkit';
import { writeWidths } from '../../drawing/pdfFaces.ts';
import { winAnsi } from '../../drawing/winAnsi.ts';
import { drawAppendix } from './pdf/appendix.ts';
import { drawFront, sheet } from './pdf/front.ts';
import { inventedWords } from './basisWords.ts';
import type { Briefing } from './types.ts';

/** One page that is read, then the rows behind its numbers. Tagged, in the standard faces, without a date of its own: the same briefing gives the same bytes but for the document's id. */
export async function briefingPdf(briefing: Briefing): Promise<Uint8Array> {
  const { title, basis } = briefing;
  const invented = inventedWords(briefing);
  const doc = new PDFDocument({
    size: [sheet.width, sheet.height], margin: 0, autoFirstPage: true, tagged: true, lang: 'en-US', displayTitle: true, pdfVersion: '1.7',
    info: { Title: winAnsi(`${title}, ${basis.period.words}`), Author: 'Weir', Subject: winAnsi(invented ?? basis.label), CreationDate: new Date(basis.newest ?? basis.period.to) },
  });
  const chunks: Uint8Array[] = [];
  const done = new Promise<void>((resolve, reject) => doc.on('data', (chunk: Uint8Array) => chunks.push(chunk)).on('end', () => { resolve(); }).on('error', reject));
  const root = doc.struct('Document', { title: winAnsi(title) });
  doc.addStructure(root);
  drawFront(doc, root, briefing);
  drawAppendix(doc, root, briefing);
  root.end();
  writeWidths(doc);
  doc.end();
  await done;
  return new Uint8Array(Buffer.concat(chunks));
}
