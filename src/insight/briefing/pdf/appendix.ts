import { drawChart, twinOf } from '../../../drawing/charts/index.ts';
import { light } from '../../../drawing/inks.ts';
import { drawPdf, type Doc } from '../../../drawing/pdf.ts';
import { drawTableRow, pdfTable } from '../../../drawing/pdfTable.ts';
import { drawParagraph, paragraph, type Run } from '../../../drawing/pdfText.ts';
import type { Twin } from '../../../drawing/twin.ts';
import type { Briefing } from '../types.ts';
import { sheet } from './front.ts';

const width = sheet.width - 2 * sheet.margin;
const size = 8.2;
const mostRows = 26;

/** The pages behind the one that is read: pictures that had no room there, tables of the others, and the rows behind each number. */
export function drawAppendix(doc: Doc, root: PDFKit.PDFStructureElement, briefing: Briefing): void {
  const flow = new Flow(doc, root);
  flow.text('H1', [{ text: 'Behind the numbers', bold: true }], 14);
  flow.text('P', [{ text: 'The numbers above the line on the first page name the tables here. The command below a table gives it again.' }], size);
  for (const chart of briefing.sections.flatMap(({ charts }) => charts)) {
    if (chart.chart === 'multiples') flow.table({ ...twinOf(chart), caption: chart.title }, 0);
    else flow.picture(chart);
  }
  for (const [place, { id, title, note, table, more, command }] of briefing.behind.entries()) {
    const shown = table.rows.length <= mostRows ? table.rows : [...table.rows.slice(0, mostRows - 1), ...table.rows.slice(-1)];
    flow.room(80);
    flow.destination(`rows-${id}`);
    flow.text('H2', [{ text: `${place + 1}. ${title}`, bold: true, ink: 'accent' }], 10);
    if (note !== null) flow.text('P', [{ text: note }], size);
    flow.table({ ...table, rows: shown, caption: '' }, more + table.rows.length - shown.length);
    flow.text('P', [{ text: command, code: true }], size);
    flow.down(6);
  }
}

/** Puts one thing below the other, and begins a page where there is no room. */
class Flow {
  readonly #doc: Doc;
  readonly #root: PDFKit.PDFStructureElement;
  #y = 0;

  constructor(doc: Doc, root: PDFKit.PDFStructureElement) {
    this.#doc = doc;
    this.#root = root;
    this.#page();
  }

  /** A page where less is left. */
  room(height: number): void {
    if (this.#y + height > sheet.height - sheet.margin) this.#page();
  }

  down(height: number): void {
    this.#y += height;
  }

  destination(name: string): void {
    this.#doc.addNamedDestination(name, 'XYZ', sheet.margin, this.#y, null);
  }

  text(tag: string, runs: readonly Run[], points: number): void {
    const made = paragraph(this.#doc, runs, { width, size: points });
    this.room(made.height);
    const y = this.#y;
    this.#root.add(this.#doc.struct(tag, {}, () => { drawParagraph(this.#doc, made, sheet.margin, y); }));
    this.#y += made.height + 3;
  }

  picture(chart: Parameters<typeof drawChart>[0]): void {
    const scene = drawChart(chart, 560);
    const wide = 380;
    const tall = (scene.height * wide) / scene.width;
    this.room(tall + 20);
    this.text('H2', [{ text: chart.title, bold: true }], 9.4);
    const y = this.#y;
    this.#root.add(this.#doc.struct('Figure', { alt: `${scene.title}. ${scene.description}` }, () => { drawPdf(this.#doc, scene, { x: sheet.margin, y, width: wide }); }));
    this.#y += tall + 10;
  }

  table(twin: Twin, more: number): void {
    if (twin.caption !== '') this.text('H2', [{ text: twin.caption, bold: true }], 9.4);
    const doc = this.#doc;
    const table = pdfTable(doc, twin, { width, size: 7.8 });
    const element = doc.struct('Table');
    this.#root.add(element);
    const line = (cells: readonly string[], head: boolean): void => {
      const row = doc.struct('TR');
      element.add(row);
      drawTableRow(doc, table, cells, { x: sheet.margin, y: this.#y, head, row });
      row.end();
      this.#y += table.lineHeight;
    };
    this.room(3 * table.lineHeight);
    line(table.head, true);
    for (const cells of table.rows) {
      if (this.#y + table.lineHeight > sheet.height - sheet.margin) {
        this.#page();
        line(table.head, true);
      }
      line(cells, false);
    }
    element.end();
    this.#y += 3;
    if (more > 0) this.text('P', [{ text: `${more.toLocaleString('en-US')} more lines: the command has them.`, ink: 'quiet' }], size);
  }

  #page(): void {
    this.#doc.addPage();
    this.#doc.fillColor(light.text);
    this.#y = sheet.margin;
  }
}
