import { shapes } from './forms.ts';
import type { PageCell, PageRow, PolicyPage } from './page.ts';
import { capital, cellOf, columnTitle, elsewhere, headline, mark, restWords, rowTitle, rulesText, subline } from './pageText.ts';

/**
 * The page as one HTML file that needs nothing besides itself: no script, no font, no picture. Reads in the dark, on paper and on a phone,
 * where each row becomes a block with the class of data before each cell; the roles say that it is a table still.
 */
export function pageHtml(page: PolicyPage): string {
  const title = escape(headline(page));
  const titles = page.columns.map((column) => escape(columnTitle(column)));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p>${escape(subline(page))}</p>
<ul class="legend" aria-label="What the shapes mean">
<li><span aria-hidden="true">${shapes.release}</span> in full</li><li><span aria-hidden="true">${shapes.redact}</span> reduced</li><li><span aria-hidden="true">${shapes.hold}</span> a person decides</li><li><span aria-hidden="true">${shapes.deny}</span> refused</li><li><span aria-hidden="true">◒</span> it depends on the request</li>
</ul>
<table role="table">
<caption>Who may get what, and when</caption>
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Who</th>${titles.map((text) => `<th role="columnheader" scope="col">${text}</th>`).join('')}</tr></thead>
<tbody role="rowgroup">
${page.rows.map((row) => rowHtml(page, row, titles)).join('\n')}
</tbody>
</table>
${page.rest === null ? '' : `<p>${escape(restWords(page.rest))}</p>\n`}<h2>To know besides</h2>
<ul>
${page.notes.map((note) => `<li>${escape(note)}</li>`).join('\n')}
</ul>
</main>
</body>
</html>
`;
}

function rowHtml(page: PolicyPage, row: PageRow, titles: readonly string[]): string {
  const examples = row.examples.length === 0 ? '' : `<p class="examples">for example ${escape(row.examples.join('; '))}</p>`;
  const refused = row.refused === null ? '' : `<p class="refused"><span aria-hidden="true">${shapes.deny}</span> Everything is refused ${escape(row.refused)}. ${elsewhere(row)}</p>`;
  return `<tr role="row"><th role="rowheader" scope="row"><p>${escape(rowTitle(row))}</p>${examples}${refused}</th>${page.columns.map((column, i) => cellHtml(cellOf(row, column), titles[i] ?? '')).join('')}</tr>`;
}

function cellHtml(cell: PageCell | null, title: string): string {
  if (cell === null) return '<td role="cell"></td>';
  const steps = cell.parts.map(({ outcome, words }) => words === null ? '' : `<li class="${outcome}"><span aria-hidden="true">${shapes[outcome]}</span> ${escape(capital(words))}</li>`).join('');
  return `<td role="cell" class="${cell.outcome}"><span class="label" aria-hidden="true">${title} ${mark(cell)}</span><ol>${steps}</ol><p class="rules">${escape(rulesText(cell).trim())}</p></td>`;
}

/** Text of policies is written by people whom the reader need not trust. */
function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

const style = `
:root { color-scheme: light dark; --ink: #1b1b1b; --soft: #565c65; --paper: #fff; --line: #a9aeb1; --full: #e3f5e1; --part: #fef6d8; --shut: #f3f3f3; }
@media (prefers-color-scheme: dark) { :root { --ink: #f0f0f0; --soft: #c6cace; --paper: #1b1b1b; --line: #71767a; --full: #1e3a24; --part: #3f3616; --shut: #2a2a2a; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.45 system-ui, sans-serif; }
main { max-width: 100rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .5rem; }
h2 { font-size: 1.2rem; margin: 1.5rem 0 .5rem; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; list-style: none; margin: 1rem 0; padding: 0; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; font-weight: 700; padding: .25rem 0; }
th, td { border: 1px solid var(--line); padding: .5rem; text-align: left; vertical-align: top; font-weight: 400; overflow-wrap: break-word; }
thead th { font-weight: 700; }
tbody th { min-width: 14rem; }
tbody th p { margin: 0 0 .4rem; }
tbody th p:first-child { font-weight: 700; }
td ol { list-style: none; margin: 0; padding: 0; }
td li { margin: 0 0 .4rem; }
.examples, .rules { color: var(--soft); font-size: .875rem; margin: 0; }
.release { background: var(--full); }
td.redact, td.hold, td.mixed { background: var(--part); }
td.deny { background: var(--shut); }
li.release, li.redact, li.hold, li.deny { background: none; }
.label { display: none; }
@media (max-width: 60rem) {
  table, caption, thead, tbody, tr, th, td { display: block; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tr { margin: 0 0 1.5rem; border: 2px solid var(--line); }
  .label { display: block; font-weight: 700; }
}
@media print {
  :root { --ink: #000; --soft: #333; --paper: #fff; --line: #777; --full: #fff; --part: #fff; --shut: #fff; }
  body { font-size: 9pt; }
  main { padding: 0; }
  tr { break-inside: avoid; }
  thead { display: table-header-group; }
  @page { size: landscape; margin: 12mm; }
}
`;
