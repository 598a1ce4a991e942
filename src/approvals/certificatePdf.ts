import type { Doc } from '../drawing/pdf.ts';
import { writeWidths } from '../drawing/pdfFaces.ts';
import { drawParagraph, paragraph, type Paragraph, type Run } from '../drawing/pdfText.ts';
import { winAnsi } from '../drawing/winAnsi.ts';
import { roles } from '../people/roles/index.ts';
import type { Certificate } from './types.ts';

const sheet = { width: 612, height: 792, margin: 48 } as const;
const wide = sheet.width - 2 * sheet.margin;

/** The certificate as one page to be kept and read aloud: tagged, in the standard faces. The JSON is what is verified; long reasons are cut here and whole there. */
export async function certificatePdf(certificate: Certificate): Promise<Uint8Array> {
  // Loaded at the first certificate: no start waits for it.
  const { default: PDFDocument } = await import('pdfkit');
  const title = titleOf(certificate);
  const doc = new PDFDocument({
    size: [sheet.width, sheet.height], margin: 0, autoFirstPage: true, tagged: true, lang: 'en-US', displayTitle: true, pdfVersion: '1.7',
    info: { Title: winAnsi(title), Author: 'Weir', Subject: winAnsi(`${certificate.proposal}, ${certificate.hash}`), CreationDate: new Date(certificate.inForceAt ?? certificate.approvals.at(-1)?.at ?? certificate.proposedAt) },
  });
  const chunks: Uint8Array[] = [];
  const done = new Promise<void>((resolve, reject) => doc.on('data', (chunk: Uint8Array) => chunks.push(chunk)).on('end', () => { resolve(); }).on('error', reject));
  const root = doc.struct('Document', { title: winAnsi(title) });
  doc.addStructure(root);
  let y: number = sheet.margin;
  for (const { tag, made, after } of laidOut(doc, certificate)) {
    const at = y;
    root.add(doc.struct(tag, {}, () => { drawParagraph(doc, made, sheet.margin, at); }));
    y += made.height + after;
  }
  root.end();
  writeWidths(doc);
  doc.end();
  await done;
  return new Uint8Array(Buffer.concat(chunks));
}

interface Block {
  readonly tag: 'H1' | 'H2' | 'P';
  readonly made: Paragraph;
  readonly after: number;
}

/** From the largest to the smallest that still can be read; then fewer words of each reason. */
const fits: readonly (readonly [size: number, letters: number])[] = [[10.5, 2_000], [9.5, 2_000], [8.5, 2_000], [8, 900], [8, 400], [7.5, 200], [7.5, 80]];

/** The page at the largest size at which all of it fits. */
function laidOut(doc: Doc, certificate: Certificate): readonly Block[] {
  let blocks: readonly Block[] = [];
  for (const [size, letters] of fits) {
    blocks = blocksOf(doc, certificate, size, letters);
    if (blocks.reduce((sum, { made, after }) => sum + made.height + after, 0) <= sheet.height - 2 * sheet.margin) break;
  }
  return blocks;
}

function blocksOf(doc: Doc, certificate: Certificate, size: number, letters: number): readonly Block[] {
  const { owner, proposal, hash, effect, rule, reason, author, proposedAt, inForceAt, approvals } = certificate;
  const block = (tag: Block['tag'], runs: readonly Run[], points: number, after: number): Block => ({ tag, made: paragraph(doc, runs, { width: wide, size: points }), after });
  const line = (name: string, text: string, code = false): Block => block('P', [{ text: `${name}: `, bold: true }, { text, code }], size, size * 0.3);
  const cut = (text: string): string => { const plain = text.replaceAll('\n', ' '); return plain.length > letters ? `${plain.slice(0, letters).trimEnd()}… (whole in the JSON)` : plain; };
  return [
    block('H1', [{ text: titleOf(certificate), bold: true }], size * 1.7, size * 1.4),
    line('Owner', owner), line('Proposal', proposal), line(certificate.kind === 'rule' ? 'SHA-256 of the rule' : 'SHA-256 of the policy', hash, true),
    line('What it does', effectWords[effect]), line('Reason', cut(reason)),
    line('Proposed', `by ${author.name} (${author.account}), ${proposedAt}`),
    line('In force', inForceAt === null ? 'not yet' : `since ${inForceAt}`),
    line('Rule of approval', `${rule.widening} approvals for a widening change, one at least by the privacy or legal office; ${rule.narrowing} for any other`),
    block('P', [{ text: '' }], size * 0.4, 0),
    ...approvals.flatMap((one, place) => [
      block('H2', [{ text: `Approval ${place + 1}: ${one.name}`, bold: true, ink: 'accent' }], size * 1.15, size * 0.2),
      line('As', `${roles[one.role].plain}${one.deputyOf === null ? '' : `, as deputy of ${one.deputyOf}`} (${one.account}), ${one.at}`), line('Reason', cut(one.reason)),
      line('Salt', one.salt, true), line('SHA-256 of the statement', one.statement, true),
      block('P', [{ text: 'On the anchor log: ', bold: true }, { text: one.anchor === null ? 'recorded, and not yet placed when this was made' : `entry ${one.anchor}` }], size, size * 0.9),
    ]),
    block('P', [{ text: 'This page is a picture of the certificate. The JSON of it is what is verified: each statement gives its SHA-256, which stands in the anchor log of the ledger, where anybody can look it up (docs/changes.md).', ink: 'quiet' }], Math.max(7, size * 0.85), 0),
  ];
}

function titleOf({ kind, owner, version }: Certificate): string {
  return kind === 'rule' ? `Certificate of approval: the rule of approval of ${owner}` : `Certificate of approval: version ${version ?? 0} of the policy of ${owner}`;
}

const effectWords = {
  widening: 'widening: some request gets more than before', narrowing: 'narrowing: no request gets more, and some get less', neutral: 'neutral: every request is decided as before',
} as const;
