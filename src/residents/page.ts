import { html } from '../drawing/html.ts';
import { reportLetter } from '../ledger/subjects/index.ts';
import type { Report } from '../verify/report.ts';
import { jurisdictionName } from '../vocabulary/index.ts';

/** The report as a page that can be kept and printed: the words of the letter, without a script or anything from elsewhere. */
export function reportPage(report: Report, nameOf: (organisation: string) => string | null): string {
  const [title = '', , ...lines] = reportLetter(report, nameOf).split('\n');
  const paragraphs = lines.join('\n').split(/\n\s*\n/).map((text) => text.trim()).filter((text) => text !== '');
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Who looked at your records, ${jurisdictionName(report.owner)} – Weir</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<main id="content">
<h1>${sentenceCase(title)}</h1>
${paragraphs.map((text) => (isHeading(text) ? html`<h2>${sentenceCase(text)}</h2>` : isCode(text) ? html`<p><code>${text}</code></p>` : isList(text) ? html`<ol>${itemsOf(text).map((item) => html`<li>${item}</li>`)}</ol>` : html`<p>${text.replace(/\s*\n\s*/g, ' ')}</p>`))}
</main>
</body>
</html>
`.toString();
}

function isHeading(text: string): boolean {
  return text.length < 60 && text === text.toUpperCase() && /[A-Z]/.test(text);
}

function isCode(text: string): boolean {
  return text.startsWith('weir verify');
}

function isList(text: string): boolean {
  return /^1\. /.test(text);
}

/** The sentences of a numbered list, whose lines are broken. */
function itemsOf(text: string): readonly string[] {
  return text.split(/\n\s*(?=\d+\. )/).map((item) => item.replace(/^\d+\. /, '').replace(/\s*\n\s*/g, ' '));
}

function sentenceCase(text: string): string {
  return text.charAt(0) + text.slice(1).toLowerCase();
}
