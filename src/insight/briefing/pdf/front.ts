import { drawChart } from '../../../drawing/charts/index.ts';
import type { Chart } from '../../../drawing/charts/types.ts';
import { light } from '../../../drawing/inks.ts';
import { drawPdf, type Doc } from '../../../drawing/pdf.ts';
import { drawParagraph, paragraph, type Paragraph, type Run } from '../../../drawing/pdfText.ts';
import type { Scene } from '../../../drawing/scene.ts';
import { basisSentences, inventedWords } from '../basisWords.ts';
import { isQuantity } from '../say.ts';
import type { Briefing, Section, Sentence } from '../types.ts';

/** The paper: Letter, in points. */
export const sheet = { width: 612, height: 792, margin: 34 } as const;
const wide = sheet.width - 2 * sheet.margin;
const gutter = 20;
const half = (wide - gutter) / 2;

/** Something that is placed on the page: how tall it is, its tag in the structure, and how it is drawn. */
interface Block {
  readonly height: number;
  readonly tag: string;
  /** What is read aloud in place of a picture. */
  readonly alt?: string;
  readonly draw: (x: number, y: number) => void;
}

interface Fit {
  readonly size: number;
  readonly chart: boolean;
  readonly sentences: number;
  readonly decisions: number;
}

const barest: Fit = { size: 7.4, chart: false, sentences: 1, decisions: 2 };

/** From the fullest page to the barest: smaller letters before fewer words. */
const fits: readonly Fit[] = [
  ...[9.4, 9, 8.6, 8.2, 7.8, 7.4].map((size) => ({ size, chart: true, sentences: Infinity, decisions: Infinity })),
  ...[8.2, 7.8, 7.4].map((size) => ({ size, chart: false, sentences: Infinity, decisions: Infinity })),
  ...[[4, 6], [3, 5], [2, 3]].map(([sentences = 1, decisions = 1]) => ({ ...barest, sentences, decisions })), barest,
];

/** Draws the one page that is read, at the largest size at which all of it fits. What has no room even at the smallest is said to be on the page for screens. */
export function drawFront(doc: Doc, root: PDFKit.PDFStructureElement, briefing: Briefing): void {
  for (const { block, x, y } of frontPage(doc, briefing).placed) root.add(doc.struct(block.tag, block.alt === undefined ? {} : { alt: block.alt }, () => { block.draw(x, y); }));
}

/** What stands where. `whole`: nothing of the briefing was left out; `inside`: nothing goes beyond the paper. */
export function frontPage(doc: Doc, briefing: Briefing): { readonly placed: readonly Placed[]; readonly inside: boolean; readonly whole: boolean } {
  for (const fit of fits) {
    const { placed, bottom } = laidOut(doc, briefing, fit);
    if (bottom <= sheet.height - sheet.margin) return { placed, inside: true, whole: fit.sentences === Infinity };
  }
  return { placed: laidOut(doc, briefing, barest).placed, inside: false, whole: false };
}

interface Placed {
  readonly block: Block;
  readonly x: number;
  readonly y: number;
}

function laidOut(doc: Doc, briefing: Briefing, fit: Fit): { readonly placed: readonly Placed[]; readonly bottom: number } {
  const { size } = fit;
  const placed: Placed[] = [];
  let y: number = sheet.margin;
  const put = (block: Block, after: number): void => {
    placed.push({ block, x: sheet.margin, y });
    y += block.height + after;
  };
  const invented = inventedWords(briefing);
  if (invented !== null) put(boxed(doc, textBlock(doc, 'P', [{ text: invented, bold: true, ink: 'refused' }], wide - 12, size)), size * 0.6);
  put(textBlock(doc, 'H1', [{ text: briefing.title, bold: true }], wide, size * 1.75), 1);
  put(textBlock(doc, 'P', [{ text: `${briefing.basis.period.words}, UTC`, ink: 'quiet' }], wide, size), size * 0.5);
  put(textBlock(doc, 'P', runsOf(briefing.opening, briefing), wide, size * 1.2), size * 0.6);
  if (briefing.outcomes !== null) put(figure(doc, briefing.outcomes, wide, 720), size * 0.7);
  for (const block of decisionBlocks(doc, briefing, fit)) put(block, size * 0.25);
  y += size * 0.5;
  const sections = briefing.sections.map((section) => sectionBlocks(doc, section, briefing, fit));
  const split = evenSplit(sections.map((blocks) => heightOf(blocks, size)));
  y += Math.max(...[sections.slice(0, split), sections.slice(split)].map((column, place) => {
    let at = y;
    for (const block of column.flat()) {
      placed.push({ block, x: sheet.margin + place * (half + gutter), y: at });
      at += block.height + (block.tag === 'H2' ? 1 : size * 0.55);
    }
    return at - y;
  }));
  const lines = briefing.sections.flatMap(({ charts }) => charts).find(({ chart }) => chart === 'multiples');
  if (fit.chart && lines !== undefined) put(figure(doc, lines, wide, 760), size * 0.4);
  put(textBlock(doc, 'P', [{ text: `${basisSentences(briefing.basis).join(' ')} Numbers above the line name the tables behind.${fit.sentences === Infinity ? '' : ' Some sentences had no room here: the page for screens has all.'}`, ink: 'quiet' }], wide, Math.max(6.2, size * 0.76)), 0);
  return { placed, bottom: y };
}

function decisionBlocks(doc: Doc, briefing: Briefing, { size, decisions }: Fit): readonly Block[] {
  const shown = briefing.decisions.slice(0, decisions);
  const more = briefing.decisions.length - shown.length;
  return [
    textBlock(doc, 'H2', [{ text: 'What needs a decision?', bold: true, ink: 'accent' }], wide, size * 1.15),
    ...(shown.length === 0 ? [textBlock(doc, 'P', [{ text: 'Nothing that these figures show.' }], wide, size)] : shown.map(({ what, command }, place) =>
      textBlock(doc, 'P', [{ text: `${place + 1}. `, bold: true }, ...runsOf([what], briefing), { text: ` ${command}`, code: true, ink: 'quiet' }], wide, size))),
    ...(more === 0 ? [] : [textBlock(doc, 'P', [{ text: `And ${more} more.`, ink: 'quiet' }], wide, size)]),
  ];
}

function sectionBlocks(doc: Doc, { question, sentences }: Section, briefing: Briefing, { size, sentences: most }: Fit): readonly Block[] {
  return [textBlock(doc, 'H2', [{ text: question, bold: true, ink: 'accent' }], half, size * 1.15), textBlock(doc, 'P', runsOf(sentences.slice(0, most), briefing), half, size)];
}

function heightOf(blocks: readonly Block[], size: number): number {
  return blocks.reduce((sum, { height, tag }) => sum + height + (tag === 'H2' ? 1 : size * 0.55), 0);
}

/** After how many the second column begins, so that the taller of the two is as short as it can be. */
function evenSplit(heights: readonly number[]): number {
  const total = heights.reduce((sum, height) => sum + height, 0);
  let [best, least, left] = [0, Infinity, 0];
  for (let split = 0; split <= heights.length; split += 1) {
    const taller = Math.max(left, total - left);
    if (taller < least) [best, least] = [split, taller];
    left += heights[split] ?? 0;
  }
  return best;
}

/** Sentences as runs; each number has the place of its table above the line, and leads there. */
function runsOf(sentences: readonly Sentence[], { behind }: Briefing): readonly Run[] {
  return sentences.flatMap((sentence, place): readonly Run[] => [
    ...(place === 0 ? [] : [{ text: ' ' }]),
    ...sentence.flatMap((span): readonly Run[] => {
      if (typeof span === 'string') return [{ text: span }];
      if (!isQuantity(span)) return [{ text: span.name }];
      const goTo = `rows-${span.rows}`;
      return [{ text: span.text, bold: true, goTo }, { text: String(behind.findIndex(({ id }) => id === span.rows) + 1), raised: true, ink: 'accent', goTo }];
    }),
  ]);
}

function textBlock(doc: Doc, tag: string, runs: readonly Run[], width: number, size: number): Block {
  const made: Paragraph = paragraph(doc, runs, { width, size });
  return { height: made.height, tag, draw: (x, y) => { drawParagraph(doc, made, x, y); } };
}

function boxed(doc: Doc, inner: Block): Block {
  return {
    ...inner, height: inner.height + 6,
    draw: (x, y) => {
      doc.lineWidth(0.8).rect(x, y, wide, inner.height + 6).stroke(light.refused);
      inner.draw(x + 6, y + 3);
    },
  };
}

function figure(doc: Doc, chart: Chart, width: number, units: number): Block {
  const scene: Scene = drawChart(chart, units);
  return { height: (scene.height * width) / scene.width, tag: 'Figure', alt: `${scene.title}. ${scene.description}`, draw: (x, y) => { drawPdf(doc, scene, { x, y, width }); } };
}
