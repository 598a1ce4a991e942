import { Html, html } from '../../drawing/html.ts';
import { sheetStyle } from '../../drawing/sheet.ts';
import type { Aggregate } from '../types.ts';

const style = `${sheetStyle()}
.trail { max-width: 62rem; margin: 0 auto; padding: .75rem 1rem 0; }
tbody th { min-width: 8rem; }
.trail ul { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; }
.trail a, .plain a { display: inline-block; padding: .2rem 0; }
.hidden { color: var(--quiet); font-style: italic; min-width: 7rem; }
.sums th, .sums td { font-weight: 600; }
dt { font-weight: 600; } dd { margin: 0 0 .5rem; }
.hash { font: .85rem/1.4 ui-monospace, "DejaVu Sans Mono", monospace; }`;

export interface PageParts {
  readonly title: string;
  readonly invented: boolean;
  /** Links of the page: address and words; the page itself has no address. */
  readonly trail: readonly (readonly [string | null, string])[];
  readonly content: Html;
  readonly foot: Html;
}

/** One page that stands alone: no script, nothing from elsewhere. */
export function page({ title, invented, trail, content, foot }: PageParts): string {
  return `${html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${new Html(style)}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
${invented ? html`<p class="banner"><strong>Demonstration.</strong> All people, agencies and numbers here are invented.</p>\n` : null}<header><nav class="trail" aria-label="Pages"><ul>${trail.map(([address, words]) => html`<li>${address === null ? html`<span aria-current="page">${words}</span>` : html`<a href="${address}">${words}</a>`}</li>`)}</ul></nav></header>
<main id="content">
<h1>${title}</h1>
${content}
</main>
<footer>${foot}</footer>
</body>
</html>`.toString()}\n`;
}

/** What stands under every page of a release: whence, until when, which version. */
export function foot(aggregate: Aggregate, words: string): Html {
  const { version, period, newest, threshold } = aggregate;
  return html`<p>${words} Period ${period.text}, in days of UTC. Newest entry: ${newest ?? 'none'}. Numbers from 1 to ${threshold} are hidden.</p>
<p>Version ${version}, made by Weir ${aggregate.engine}. It is never changed: a correction is a new version. <a href="data.html">Data, sources and gaps</a></p>`;
}
