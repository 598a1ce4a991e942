import { twinOf } from '../../drawing/charts/index.ts';
import { twinMarkdown } from '../../drawing/twin.ts';
import { basisSentences, inventedWords } from './basisWords.ts';
import { isQuantity } from './say.ts';
import type { Briefing, Sentence } from './types.ts';

/** With a footnote for each number, which names its rows and its command. Pictures are their tables. */
export function briefingMarkdown(briefing: Briefing): string {
  const { title, basis, opening, outcomes, decisions, sections, behind, command } = briefing;
  const invented = inventedWords(briefing);
  const places = new Map(behind.map(({ id }, place) => [id, place + 1]));
  const text = (sentence: Sentence): string => sentence.map((span) => (typeof span === 'string' ? escaped(span) : isQuantity(span) ? `${span.text}[^${places.get(span.rows) ?? 0}]` : escaped(span.name))).join('');
  const lines = [
    `# ${escaped(title)}`, '',
    ...(invented === null ? [] : [`> **${invented}**`, '']),
    `${basis.period.words}, UTC`, '',
    opening.map(text).join(' '), '',
    ...(outcomes === null ? [] : [twinMarkdown(twinOf(outcomes)), '']),
    '## What needs a decision?', '',
    ...(decisions.length === 0 ? ['Nothing that these figures show.'] : decisions.map(({ what, command: begin }, place) => `${place + 1}. ${text(what)} \`${begin}\``)), '',
    ...sections.flatMap(({ question, sentences, charts }) => [
      `## ${escaped(question)}`, '', sentences.map(text).join(' '), '',
      ...charts.flatMap((chart) => [`**${escaped(chart.title)}** (${chart.unit})`, '', twinMarkdown(shortened(twinOf(chart))), '']),
    ]),
    '## Where this comes from', '', ...basisSentences(basis).map((sentence) => `- ${escaped(sentence)}`), '- Made by the system from counts, and never typed. The same again: `' + command + '`', '',
    '## Behind the numbers', '',
    ...behind.flatMap(({ title: name, table, command: again, note, more }, place) => [
      `### ${place + 1}. ${escaped(name)}`, '', ...(note === null ? [] : [escaped(note), '']), twinMarkdown(table), '',
      ...(more === 0 ? [] : [`${more.toLocaleString('en-US')} more lines: the command has them.`, '']), `    ${again}`, '',
    ]),
    ...behind.map(({ title: name, command: again }, place) => `[^${place + 1}]: ${escaped(name)}: \`${again}\``),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

/** Only lines that say something: a map has one for each of 56. */
function shortened(twin: ReturnType<typeof twinOf>): ReturnType<typeof twinOf> {
  const rows = twin.rows.filter((row) => row.slice(1).some((cell) => cell !== 0 && cell !== null));
  return { ...twin, rows: rows.length === 0 ? twin.rows.slice(0, 1) : rows.slice(0, 20) };
}

/** Names come from registries: nothing in them is markup. */
function escaped(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>|#]/g, (character) => `\\${character}`).replaceAll('\n', ' ');
}
