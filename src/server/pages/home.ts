import type { Example, HealthReport } from '../deps.ts';
import { html, type Html } from '../../drawing/html.ts';
import { page, type Site } from './layout.ts';

/** `GET /`: what this is, how it is, and what to try. `origin` is the address under which the reader came. */
export function homePage(site: Site, origin: string, examples: readonly Example[], health: HealthReport): string {
  return page(site, 'Who may see a driver’s record?', '/', html`
<p>Police agencies ask this exchange for driver and vehicle records. The state that owns a record decides by its own written rules:
it gives all of the record, gives part of it, refuses, or lets a person look first. Every decision is on record before the answer leaves.</p>
${statusOf(health)}
${examples.length === 0 ? null : html`<h2>Copy and paste</h2>
<p>Each line sends one query, in a format that agency systems speak. The answer comes in the same format.</p>
${examples.map((example) => html`<h3>${example.title}</h3>
<pre tabindex="0" aria-label="Command: ${example.title}"><code>${commandOf(site, origin, example)}</code></pre>`)}`}
${site.byHand ? html`<p>Or <a href="/try">fill in a form</a> and read the answer in plain words.</p>` : null}
${site.people === true ? html`<h2>For officials, approvers, reviewers and agencies</h2>
<p>${site.byHand ? html`<a href="/sign-in">Be an invented person with one click</a>: change a policy with a second person’s approval, decide a held request against its clock, certify for an agency.` : html`<a href="/desk">Go to your desk</a>: what waits for you, and what your roles open.`}</p>
` : null}<h2>For programmers and operators</h2>
<ul>
<li><a href="/docs">The interface for agency systems</a>, also as <a href="/openapi.json">OpenAPI</a></li>
<li><a href="/metrics">Counters</a> in the format of Prometheus; nothing in them names a person</li>
<li><a href="/readyz">Readiness</a> and <a href="/healthz">life</a>, for a monitor</li>
</ul>`);
}

/** How the exchange is: what keeps queries from being answered, and what does not but must be looked at. */
export function statusOf(health: HealthReport): Html {
  const [broken, warnings] = [health.filter((part) => !part.ok && part.warning !== true), health.filter((part) => !part.ok && part.warning === true)];
  const list = (parts: HealthReport): Html => html`<ul>${parts.map((part) => html`<li>${part.name}: ${part.reason ?? 'not ready'}</li>`)}</ul>`;
  if (broken.length > 0) return html`<p class="status bad">Not ready: queries are not answered now.</p>${list([...broken, ...warnings])}`;
  return html`<p class="status good">Ready: queries are answered.</p>${warnings.length === 0 ? null : html`<p class="status warn">Somebody must look at this, though:</p>${list(warnings)}`}`;
}

const contentTypes = { legacy: 'text/plain', niem: 'application/xml', json: 'application/json' } as const;

function commandOf(site: Site, origin: string, example: Example): string {
  const certificate = site.byHand ? '' : ' --cert agency.crt --key agency.key --cacert weir-ca.crt';
  return `curl -s${certificate} ${origin}/v1/inquiries -H 'content-type: ${contentTypes[example.format]}' --data-binary '${example.body.replaceAll("'", `'\\''`)}'`;
}
