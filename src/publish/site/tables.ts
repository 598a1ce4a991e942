import { figureHtml } from '../../drawing/figure.ts';
import { html, type Html } from '../../drawing/html.ts';
import type { Aggregate, Cell, ReleaseTable } from '../types.ts';
import { cellWords, spanWords, tableNotes, tableTitles } from './words.ts';

/** One table: what is counted down the side, the groups across, totals last. Groups and words of which all is 0 are named below it. */
export function tableHtml(aggregate: Aggregate, table: ReleaseTable): Html {
  const { axes, threshold } = aggregate;
  const lines = [
    ...axes.columns[table.id].map(({ words }, place) => ({ words, cells: table.cells.map((line) => line[place] ?? 0), total: table.columnTotals[place] ?? 0, sum: false })),
    ...(table.rowTotals === null ? [] : [{ words: 'all', cells: [...table.rowTotals], total: table.total, sum: true }]),
  ];
  const empty = axes.groups.map((_, row) => lines.every(({ cells }) => cells[row] === 0));
  const shown = lines.filter(({ cells, total, sum }) => sum || total !== 0 || cells.some((cell) => cell !== 0));
  const zeros = [...axes.groups.filter((_, row) => empty[row]).map(({ words }) => words), ...lines.filter((line) => !shown.includes(line)).map(({ words }) => words)];
  const cell = (value: Cell | null): Html => (value === null ? html`<td class="hidden">not given</td>` : html`<td class="${typeof value === 'number' ? 'number' : 'hidden'}">${cellWords(value, threshold)}</td>`);
  return html`<section aria-labelledby="${table.id}"><h2 id="${table.id}">${tableTitles[table.id]}</h2>
<p>${tableNotes[table.id]}</p>
${shown.length === 0 || empty.every(Boolean) ? null : html`<div class="wide-table" role="region" aria-label="${tableTitles[table.id]}" tabindex="0"><table>
<caption>${tableTitles[table.id]}, ${spanWords(table.span)}</caption>
<thead><tr><td></td>${axes.groups.flatMap(({ words }, row) => (empty[row] === true ? [] : [html`<th scope="col" class="number">${words}</th>`]))}<th scope="col" class="number">all groups</th></tr></thead>
<tbody>
${shown.map(({ words, cells, total, sum }) => html`<tr${sum ? html` class="sums"` : null}><th scope="row">${words}</th>${cells.flatMap((value, row) => (empty[row] === true ? [] : [cell(value)]))}${cell(total)}</tr>\n`)}</tbody>
</table></div>`}
${zeros.length === 0 ? null : html`<p>0 in all of these: ${zeros.join('; ')}.</p>`}</section>`;
}

/** Bars of how many requests each group made, with the table that says the same. What is hidden has no bar. */
export function groupsFigure(aggregate: Aggregate, table: ReleaseTable): Html | null {
  if (table.rowTotals === null) return null;
  const rows = aggregate.axes.groups.map(({ words }, row) => ({ label: words, cell: table.rowTotals?.[row] ?? 0 })).filter(({ cell }) => cell !== 0);
  if (rows.length === 0) return null;
  return figureHtml({
    chart: 'bars', title: `Who asked, ${spanWords(table.span)}`, unit: 'requests', description: 'One bar for each group of agencies, as long as its number of requests. A group whose number is hidden has no bar.',
    rows: rows.map(({ label, cell }) => ({ label, value: typeof cell === 'number' ? cell : null, ...(typeof cell === 'number' ? {} : { note: cell.hidden === 'small' ? `1 to ${aggregate.threshold}` : 'it protects another number' }) })),
  }, { id: `groups-${table.span.slice(0, 7)}`, missing: 'hidden to protect people' });
}
