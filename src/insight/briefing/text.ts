import { twinOf } from '../../drawing/charts/index.ts';
import type { Chart } from '../../drawing/charts/types.ts';
import { twinText } from '../../drawing/twin.ts';
import { basisSentences, inventedWords } from './basisWords.ts';
import { isQuantity, plainOf } from './say.ts';
import type { Briefing, Sentence } from './types.ts';

/** For a terminal. Under each part stand the commands that give its numbers again. */
export function briefingText(briefing: Briefing, width = 92): string {
  const { title, basis, opening, outcomes, decisions, sections } = briefing;
  const invented = inventedWords(briefing);
  const lines = [
    title, `${basis.period.words}, UTC`, ...(invented === null ? [] : ['', ...wrapped(invented.toUpperCase(), width)]), '',
    ...wrapped(opening.map(plainOf).join(' '), width), '',
    ...(outcomes === null ? [] : [twinText({ ...twinOf(outcomes), columns: ['what came of them', 'requests'], rows: partRows(outcomes) }), '']),
    'WHAT NEEDS A DECISION?',
    ...(decisions.length === 0 ? ['  Nothing that these figures show.'] : decisions.flatMap(({ what, command }, place) => [...wrapped(plainOf(what), width - 4).map((line, at) => `${at === 0 ? `${place + 1}. `.padEnd(4) : '    '}${line}`), `      ${command}`])), '',
    ...sections.flatMap(({ question, sentences }) => [question.toUpperCase(), ...wrapped(sentences.map(plainOf).join(' '), width - 2).map((line) => `  ${line}`), ...commands(sentences).map((command) => `      ${command}`), '']),
    ...basisSentences(basis).flatMap((sentence) => wrapped(sentence, width)),
  ];
  return lines.join('\n').trimEnd();
}

/** Without parts that are not there. */
function partRows(chart: Chart): readonly (readonly [string, number])[] {
  if (chart.chart !== 'stack') return [];
  return chart.parts.map(({ name }, place): [string, number] => [name, chart.rows[0]?.values[place] ?? 0]).filter(([, n]) => n > 0);
}

function commands(sentences: readonly Sentence[]): readonly string[] {
  return [...new Set(sentences.flat().flatMap((span) => (isQuantity(span) ? [span.command] : [])))];
}

/** The rows behind numbers, one table; null where no number of the briefing has them. */
export function rowsText({ behind, basis, invented }: Briefing, id: string, width = 92): string | null {
  const found = behind.find((one) => one.id === id);
  if (found === undefined) return null;
  const label = inventedWords({ invented });
  return [
    found.title, ...(label === null ? [] : wrapped(label.toUpperCase(), width)), '', twinText(found.table), '', ...(found.more === 0 ? [] : [`${found.more.toLocaleString('en-US')} more lines: ${found.command}`]),
    ...(found.note === null ? [] : wrapped(found.note, width)), ...basisSentences(basis).flatMap((sentence) => wrapped(sentence, width)),
  ].join('\n');
}

/** Words in lines of a width; a longer word has a line of its own. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
