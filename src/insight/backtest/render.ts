import { Html, html, sheetStyle, twinHtml, twinMarkdown, twinText } from '../../drawing/index.ts';
import type { Block, Page } from './page.ts';

/** A page for a terminal. Lines are as long as they are: the terminal breaks them. */
export function pageText({ title, banner, lead, blocks, facts }: Page): string {
  const parts = [...(banner === null ? [] : [banner]), title, lead, ...blocks.map(blockText), facts.map(([key, value]) => `${key.padEnd(18)}${value}`).join('\n')];
  return parts.join('\n\n');
}

function blockText(block: Block): string {
  switch (block.block) {
    case 'heading': return block.text.toUpperCase();
    case 'text': return block.text;
    case 'list': return block.items.map((item) => `  - ${item}`).join('\n');
    case 'table': return `${block.table.caption}\n${block.table.rows.length === 0 ? '  none' : twinText(block.table).replaceAll(/^/gm, '  ')}`;
  }
}

export function pageMarkdown({ title, banner, lead, blocks, facts }: Page): string {
  return `${[
    `# ${escaped(title)}`, ...(banner === null ? [] : [`> **${escaped(banner)}**`]), escaped(lead), ...blocks.map(blockMarkdown), '## Where this comes from', facts.map(([key, value]) => `- **${key}:** ${escaped(value)}`).join('\n'),
  ].join('\n\n')}\n`;
}

function blockMarkdown(block: Block): string {
  switch (block.block) {
    case 'heading': return `## ${escaped(block.text)}`;
    case 'text': return escaped(block.text);
    case 'list': return block.items.map((item) => `- ${escaped(item)}`).join('\n');
    case 'table': return `**${escaped(block.table.caption)}**\n\n${block.table.rows.length === 0 ? 'None.' : escaped(twinMarkdown(block.table))}`;
  }
}

/** One file that needs nothing besides itself. */
export function pageHtml({ title, banner, lead, blocks, facts }: Page): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${new Html(sheetStyle())}</style>
</head>
<body>
${banner === null ? null : html`<div class="banner" role="note">${banner}</div>`}
<main>
<h1>${title}</h1>
<p class="lead">${lead}</p>
${blocks.map((block) => html`${blockHtml(block)}\n`)}<h2>Where this comes from</h2>
<ul>
${facts.map(([key, value]) => html`<li><strong>${key}:</strong> ${value}</li>\n`)}</ul>
</main>
</body>
</html>
`.toString();
}

function blockHtml(block: Block): Html {
  switch (block.block) {
    case 'heading': return html`<h2>${block.text}</h2>`;
    case 'text': return html`<p>${block.text}</p>`;
    case 'list': return html`<ul>\n${block.items.map((item) => html`<li>${item}</li>\n`)}</ul>`;
    case 'table': return block.table.rows.length === 0 ? html`<p>${block.table.caption}: none.</p>` : twinHtml(block.table);
  }
}

/** Text of policies and names of agencies are written by people whom the reader need not trust. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('[', '\\[');
}
