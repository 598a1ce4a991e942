import { createHash } from 'node:crypto';
import { figureHtml } from '../../drawing/figure.ts';
import { html, Html } from '../../drawing/html.ts';
import { sheetStyle } from '../../drawing/sheet.ts';
import { twinHtml } from '../../drawing/twin.ts';
import { basisSentences, inventedWords } from './basisWords.ts';
import { isQuantity } from './say.ts';
import type { Behind, Briefing, NeededDecision, Section, Sentence } from './types.ts';

const style = `${sheetStyle()}
.decide { border: 2px solid var(--accent); border-radius: 4px; padding: .25rem 1rem .5rem; margin: 1rem 0; }
.decide h2 { margin-top: .5rem; }
.decide li { margin-bottom: .5rem; }
.decide code, .command { display: block; color: var(--quiet); overflow-wrap: anywhere; }
.behind caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.said { list-style: none; margin: .25rem 0 .75rem; padding: 0; } .said li { margin: 0 0 .3rem; }
@media (min-width: 60rem) { .pair { columns: 2; column-gap: 2.5rem; } .pair > section { break-inside: avoid; } .pair > .broad { column-span: all; } .pair > section > h2 { margin-top: 0; padding-top: 1.25rem; } }
@media print { .pair { columns: 2; column-gap: 8mm; } .pair > .broad { column-span: all; } .decide code { display: inline; } .said li { margin: 0 0 1pt; } .banner { padding: 1mm 2mm; } figure { margin: 2pt 0 4pt; } }
`;

/** For the header `content-security-policy` of whoever serves the page: nothing but its own style, known by its hash. The file says it itself too. */
export const briefingPagePolicy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'`;

/** One file: no script, and nothing is fetched. Each number leads to the rows behind it, further down on the page. */
export function briefingHtml(briefing: Briefing): string {
  const { title, basis, opening, outcomes, decisions, sections, behind, command } = briefing;
  const invented = inventedWords(briefing);
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta http-equiv="Content-Security-Policy" content="${briefingPagePolicy}">
<title>${title}, ${basis.period.words}</title>
<style>${new Html(style)}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
${invented === null ? null : html`<header class="banner"><strong>${invented}</strong></header>\n`}<main id="content">
<h1>${title}</h1>
<p class="quiet">${basis.period.words}, UTC</p>
<p class="lead">${sentencesHtml(opening)}</p>
${outcomes === null ? null : figureHtml(outcomes, { id: 'outcomes', width: 900 })}
${decisionsHtml(decisions)}
<div class="pair">
${sections.map(sectionHtml)}</div>
<section aria-labelledby="behind" class="behind new-page">
<h2 id="behind">Behind the numbers</h2>
<p>Each number above leads to its rows here. The command below a table gives it again.</p>
${behind.map(behindHtml)}</section>
</main>
<footer>
${basisSentences(basis).map((sentence) => html`<p>${sentence}</p>\n`)}<p>Made by the system from counts, and never typed. The same again: <code>${command}</code></p>
</footer>
</body>
</html>
`.toString();
}

function decisionsHtml(decisions: readonly NeededDecision[]): Html {
  return html`<section class="decide" aria-labelledby="decide">
<h2 id="decide">What needs a decision?</h2>
${decisions.length === 0 ? html`<p>Nothing that these figures show.</p>` : html`<ol>
${decisions.map(({ what, command }) => html`<li>${sentenceHtml(what)} <code>${command}</code></li>\n`)}</ol>`}
</section>`;
}

function sectionHtml({ id, question, sentences, charts }: Section): Html {
  const broad = charts.some(({ chart }) => chart === 'multiples');
  return html`<section aria-labelledby="${id}"${broad ? html` class="broad"` : null}>
<h2 id="${id}">${question}</h2>
<ul class="said">
${sentences.map((sentence) => html`<li>${sentenceHtml(sentence)}</li>\n`)}</ul>
${charts.map((chart, place) => figureHtml(chart, { id: `${id}-${place}`, width: broad ? 900 : 460 }))}
</section>
`;
}

function behindHtml({ id, title, command, note, table, more }: Behind): Html {
  return html`<h3 id="rows-${id}">${title}</h3>
${note === null ? null : html`<p>${note}</p>`}${twinHtml({ ...table, caption: title })}
${more === 0 ? null : html`<p class="quiet">${more.toLocaleString('en-US')} more lines: the command has them.</p>`}<pre tabindex="0">${command}</pre>
`;
}

function sentencesHtml(sentences: readonly Sentence[]): readonly Html[] {
  return sentences.map((sentence, place) => html`${place === 0 ? null : ' '}${sentenceHtml(sentence)}`);
}

function sentenceHtml(sentence: Sentence): Html {
  return html`${sentence.map((span) => (typeof span === 'string' ? span : isQuantity(span) ? html`<a class="number-link" href="#rows-${span.rows}">${span.text}</a>` : span.name))}`;
}
