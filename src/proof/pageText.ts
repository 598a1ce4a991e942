import { count } from '../vocabulary/counts.ts';
import type { DataClass } from '../vocabulary/index.ts';
import { dataPhrases } from '../policy/phrases.ts';
import { both } from '../policy/words.ts';
import { shapes } from './forms.ts';
import type { PageCell, PageRow, PolicyPage } from './page.ts';

/** The page for a terminal `width` columns wide: a block a group of agencies, its classes of data with one fate together. */
export function pageText(page: PolicyPage, width = 100): string {
  return [
    headline(page), subline(page), '',
    ...page.rows.flatMap((row) => [...wrap(rowTitle(row), width), ...(row.examples.length === 0 ? [] : wrap(`for example ${row.examples.join('; ')}`, width, '  ', '  ')), ...(row.refused === null ? [] : wrap(`${shapes.deny} Everything is refused ${row.refused}. ${elsewhere(row)}`.trimEnd(), width, '  ', '    ')), ...linesOf(page, row, width), '']),
    ...(page.rest === null ? [] : [restWords(page.rest), '']),
    legend, '',
    ...page.notes.flatMap((note) => wrap(note, width)),
  ].join('\n');
}

/** The page as Markdown: one table, who × data class. */
export function pageMarkdown(page: PolicyPage): string {
  const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
  return [
    `# ${headline(page)}`, '', subline(page), '',
    `| Who | ${page.columns.map((column) => cell(columnTitle(column))).join(' | ')} |`,
    `|---|${page.columns.map(() => '---|').join('')}`,
    ...page.rows.map((row) => `| ${whoCells(row).map(cell).join('<br>')} | ${page.columns.map((column) => markdownCell(cellOf(row, column))).map(cell).join(' | ')} |`),
    '', ...(page.rest === null ? [] : [restWords(page.rest), '']), legend, '',
    ...page.notes.map((note) => `- ${cell(note)}`), '',
  ].join('\n');
}

function whoCells(row: PageRow): readonly string[] {
  return [
    `**${rowTitle(row)}**`,
    ...(row.examples.length === 0 ? [] : [`for example ${row.examples.join('; ')}`]),
    ...(row.refused === null ? [] : [`${shapes.deny} Everything is refused ${row.refused}. ${elsewhere(row)}`.trimEnd()]),
  ];
}

function markdownCell(cell: PageCell | null): string {
  return cell === null ? '' : `${mark(cell)} ${capital(cell.words)}${rulesText(cell)}`;
}

export function headline({ owner, title }: PolicyPage): string {
  return `What ${owner} gives to whom${title === null ? '' : `: ${title}`}`;
}

export function subline({ policyVersion, policyHash, registry }: PolicyPage): string {
  const about = registry === null ? 'for the usual kinds of agency' : `for the agencies of registry version ${registry.version} on ${registry.day}`;
  return `Version ${policyVersion} of the policy (${policyHash.slice(0, 12)}), ${about}.`;
}

/** "15,485 city agencies", "1 agency: city agencies …", "All agencies". */
export function rowTitle({ who, agencies }: PageRow): string {
  if (agencies === null) return capital(who);
  if (agencies === 1 || who.startsWith('all agencies')) return `${count(agencies)} ${agencies === 1 ? 'agency' : 'agencies'}: ${who}`;
  return `${count(agencies)} ${who}`;
}

export function columnTitle(column: readonly DataClass[]): string {
  return capital(both(column.map((one) => dataPhrases[one])));
}

export function cellOf(row: PageRow, column: readonly DataClass[]): PageCell | null {
  const [first] = column;
  return first === undefined ? null : row.cells[first];
}

export function restWords({ groups, agencies }: NonNullable<PolicyPage['rest']>): string {
  return `And ${count(groups)} more group${groups === 1 ? '' : 's'}${agencies === null ? '' : ` of ${count(agencies)} agencies`} that these rules treat in other ways; \`--rows\` shows more.`;
}

export const legend = `${shapes.release} in full   ${shapes.redact} reduced   ${shapes.hold} a person decides   ${shapes.deny} refused   ◒ it depends on the request`;

export function mark({ outcome }: PageCell): string {
  return outcome === 'mixed' ? '◒' : shapes[outcome];
}

export function rulesText({ rules, outcome }: PageCell): string {
  return rules.length > 0 ? ` (${rules.join(', ')})` : outcome === 'deny' ? ' (no rule gives it)' : '';
}

/** What joins the refusal of a row with its cells. */
export function elsewhere({ refused }: PageRow): string {
  return refused === null || refused === 'always' ? '' : 'Where it is not:';
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The classes of a row that meet one fate, together; what is refused altogether comes last. */
function linesOf(page: PolicyPage, row: PageRow, width: number): readonly string[] {
  const byFate = new Map<string, { readonly cell: PageCell; readonly classes: DataClass[] }>();
  for (const column of page.columns) {
    const cell = cellOf(row, column);
    if (cell === null) continue;
    const key = `${cell.words} ${cell.rules.join()}`;
    const known = byFate.get(key);
    if (known === undefined) byFate.set(key, { cell, classes: [...column] });
    else known.classes.push(...column);
  }
  const late = (cell: PageCell) => (cell.outcome === 'deny' ? 1 : 0);
  return [...byFate.values()].sort((a, b) => late(a.cell) - late(b.cell)).flatMap(({ cell, classes }) => [
    ...wrap(`${mark(cell)} ${columnTitle(classes)}`, width, '  ', '    '),
    ...wrap(`${cell.words}${rulesText(cell)}`, width, '      ', '      '),
  ]);
}

function wrap(text: string, width: number, first = '', next = first): readonly string[] {
  const lines: string[] = [];
  let line = first;
  for (const word of text.split(' ')) {
    if (line.trim() !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = next;
    }
    line = line.trim() === '' ? `${line}${word}` : `${line} ${word}`;
  }
  return [...lines, line];
}
