import { html, type Html } from '../../drawing/html.ts';
import type { Aggregate, Approval, SiteIndex } from '../types.ts';
import { foot, page } from './page.ts';
import { groupsFigure, tableHtml } from './tables.ts';
import { cellWords, dayWords, hiddenWords, sourceWords, spanWords } from './words.ts';

type Trail = readonly (readonly [string | null, string])[];

/** The spans of a release, the whole period first. */
export function spansOf({ tables }: Aggregate): readonly string[] {
  return [...new Set(tables.map(({ span }) => span))].sort((a, b) => Number(b.includes('..')) - Number(a.includes('..')) || (a < b ? -1 : 1));
}

/** The first page of a version: what happened, in words and one picture, and the ways to all else. */
export function frontPage(aggregate: Aggregate, approval: Approval): string {
  const [whole = ''] = spansOf(aggregate);
  const requests = aggregate.tables.find(({ id, span }) => id === 'requests' && span === whole);
  const months = spansOf(aggregate).filter((span) => span !== whole || spansOf(aggregate).length === 1);
  return page({
    title: `Who asked for ${aggregate.ownerName} records, ${spanWords(whole)}`, invented: aggregate.dataset.kind === 'invented', trail: trailOf(aggregate, 'index.html'), foot: foot(aggregate, sourceWords(aggregate)),
    content: html`<p class="lead">${leadWords(aggregate)}</p>
<p>${hiddenWords(aggregate.threshold)}</p>
${requests === undefined ? null : groupsFigure(aggregate, requests)}
${aggregate.tables.filter(({ span, id }) => span === whole && id === 'requests').map((table) => tableHtml(aggregate, table))}
<h2>Month by month</h2>
<ul class="plain">${(spansOf(aggregate).length > 1 ? [whole, ...months] : months).map((span) => html`<li><a href="${span}.html">${spanWords(span)}: outcomes, reasons, what was given, holds</a></li>`)}</ul>
<h2>Review by people</h2>
<p>${aggregate.review}</p>
<h2>This version</h2>
<p>Version ${aggregate.version}${aggregate.corrects === null ? null : html`, which corrects version ${aggregate.corrects}`}. Prepared by ${aggregate.preparedBy} on ${dayWords(aggregate.preparedAt)}, approved by ${approval.by} on ${dayWords(approval.at)}.</p>`,
  });
}

/** All tables of one span. */
export function spanPage(aggregate: Aggregate, span: string): string {
  const tables = aggregate.tables.filter((table) => table.span === span);
  const requests = tables.find(({ id }) => id === 'requests');
  return page({
    title: `${aggregate.ownerName}: ${spanWords(span)}`, invented: aggregate.dataset.kind === 'invented', trail: trailOf(aggregate, `${span}.html`), foot: foot(aggregate, sourceWords(aggregate)),
    content: html`<p>${hiddenWords(aggregate.threshold)}</p>
${requests === undefined ? null : groupsFigure(aggregate, requests)}
${tables.map((table) => tableHtml(aggregate, table))}
${leftOutList(aggregate, span)}`,
  });
}

export function rulesPage(aggregate: Aggregate): string {
  const { policy, changes, ownerName } = aggregate;
  return page({
    title: `The rules of ${ownerName}`, invented: aggregate.dataset.kind === 'invented', trail: trailOf(aggregate, 'rules.html'), foot: foot(aggregate, sourceWords(aggregate)),
    content: html`${policy === null ? html`<p class="lead">No policy of ${ownerName} was in force when this was prepared. Then nothing is given.</p>` : html`<p class="lead">These rules decide, as written here: the system made the sentences from the policy in force. What no rule gives is refused. Where several match, the strictest wins.</p>
<dl>${policy.rules.map(({ id, sentence, cites }) => html`<dt id="${id}">${id}</dt><dd>${sentence}${cites.length === 0 ? null : html` <span class="quiet">(${cites.join('; ')})</span>`}</dd>`)}</dl>
<p>Version ${policy.version} of the policy, in force since ${dayWords(policy.since)}. Its SHA-256: <span class="hash">${policy.hash}</span></p>`}
<h2>What changed in the period</h2>
${changes.length === 0 ? html`<p>No other policy came into force.</p>` : html`<ul>${changes.map(({ at, version, hash }) => html`<li>${dayWords(at)}: version ${version} (<span class="hash">${hash.slice(0, 16)}</span>)</li>`)}</ul>`}`,
  });
}

export function dataPage(aggregate: Aggregate, hash: string): string {
  const { checkpoints, gaps, licence } = aggregate;
  return page({
    title: 'Data, sources and gaps', invented: aggregate.dataset.kind === 'invented', trail: trailOf(aggregate, 'data.html'), foot: foot(aggregate, sourceWords(aggregate)),
    content: html`<h2>Open data</h2>
<p>Licence: <a href="${licence.path}">${licence.title}</a>. What the columns mean is said in <a href="datapackage.json">datapackage.json</a>.</p>
<ul class="plain">${[...new Set(aggregate.tables.map(({ id }) => id))].map((id) => html`<li><a href="data/${id}.csv">${id}.csv</a></li>`)}<li><a href="aggregate.json">aggregate.json</a>: all of it, as it was approved</li></ul>
<h2>What is not in these numbers</h2>
<ul>${gaps.map((gap) => html`<li>${gap}</li>`)}</ul>
${leftOutList(aggregate, null)}
<h2>How to check it</h2>
<p>SHA-256 of what was approved: <span class="hash">${hash}</span>. With Weir, <code>weir public check SITE</code> compares every file with its hash, adds up the numbers, and tries to work out the hidden ones.</p>
${checkpoints.length === 0 ? html`<p>There is no checkpoint of a ledger beside it: the numbers are not from the ledger of the exchange, or none was published yet.</p>` : html`<p>Published states of the logs when this was prepared. A size counts all entries of a log, not only requests.</p>
<div class="wide-table" role="region" aria-label="Checkpoints" tabindex="0"><table><caption>Checkpoints</caption><thead><tr><th scope="col">log</th><th scope="col" class="number">size</th><th scope="col">root (base64)</th></tr></thead><tbody>${checkpoints.map(({ origin, size, root }) => html`<tr><th scope="row">${origin}</th><td>${size.toLocaleString('en-US')}</td><td class="hash">${root}</td></tr>`)}</tbody></table></div>`}`,
  });
}

/** The page of all versions of a site. */
export function sitePage({ ownerName, releases, invented }: SiteIndex): string {
  const newest = releases.at(-1);
  const replaced = new Map(releases.flatMap(({ version, corrects }) => (corrects === null ? [] : [[corrects, version] as const])));
  return page({
    title: `Who asks for ${ownerName} records`, invented, trail: [[null, 'All versions']],
    foot: html`<p>Each version is kept as it was published. A correction is a new version. The list as data: <a href="releases.json">releases.json</a></p>`,
    content: html`${newest === undefined ? null : html`<p class="lead">The newest release is about ${spanWords(newest.period)}: <a href="v${newest.version}/index.html">read it</a>.</p>`}
<h2>All versions</h2>
<ul class="plain">${[...releases].reverse().map(({ version, period, aggregate, approvedAt, corrects }) => html`<li><a href="v${version}/index.html">Version ${version}: ${spanWords(period)}</a>, approved on ${dayWords(approvedAt)}${corrects === null ? null : `, corrects version ${corrects}`}${replaced.has(version) ? `, replaced by version ${replaced.get(version) ?? ''}` : null}. SHA-256 <span class="hash">${aggregate}</span></li>`)}</ul>`,
  });
}

function leadWords(aggregate: Aggregate): string {
  const [whole = ''] = spansOf(aggregate);
  const requests = aggregate.tables.find(({ id, span }) => id === 'requests' && span === whole);
  if (requests?.total === undefined || requests.total === null) return `The number of requests in ${spanWords(whole)} is left out of this release.`;
  const { axes, threshold, ownerName } = aggregate;
  const all = typeof requests.total === 'number' ? `${cellWords(requests.total, threshold)} requests` : `A number of requests (${cellWords(requests.total, threshold)})`;
  const of = (column: string): string | null => {
    const at = axes.columns.requests.findIndex(({ id }) => id === column);
    const cell = requests.columnTotals[at];
    return typeof cell === 'number' ? cellWords(cell, threshold) : null;
  };
  const [answered, refused] = [of('answered'), of('refused')];
  return `${all} for ${ownerName} records came in ${spanWords(whole)}.${answered === null ? '' : ` ${answered} were answered in full.`}${refused === null ? '' : ` ${refused} were refused.`}`;
}

function leftOutList({ leftOut }: Aggregate, span: string | null): Html | null {
  const here = leftOut.filter((one) => span === null || one.span === span);
  return here.length === 0 ? null : html`<h2>Tables that are left out</h2><ul>${here.map(({ table, span: of, why }) => html`<li>${table}, ${spanWords(of)}: ${why}.</li>`)}</ul>`;
}

function trailOf(aggregate: Aggregate, here: string): Trail {
  const spans = spansOf(aggregate);
  const all: readonly (readonly [string, string])[] = [['../index.html', 'All versions'], ['index.html', 'Summary'], ...spans.map((span) => [`${span}.html`, span.includes('..') ? 'Whole period' : spanWords(span)] as const), ['rules.html', 'Rules'], ['data.html', 'Data and gaps']];
  return all.map(([address, words]) => [address === here ? null : address, words]);
}
