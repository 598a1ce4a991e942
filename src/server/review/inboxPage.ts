import type { FastifyRequest } from 'fastify';

import { html, type Html } from '../../drawing/html.ts';
import type { HeldItem, HeldState } from '../../review/types.ts';
import { jurisdictionName } from '../../vocabulary/index.ts';
import { deskPage } from '../pages/desk.ts';
import { leftWords } from '../pages/clock.ts';
import type { Site } from '../pages/layout.ts';
import { classList, clockOf, counted, harmWords, instant, purposeWords, requesterOf, rowsOf, stateWords } from './words.ts';

/** What is shown of the inbox: it stands in the address, so that it can be kept and sent to a colleague. */
export interface InboxFilter {
  readonly desk: string | null;
  readonly state: HeldState | null;
  readonly all: boolean;
  readonly after: string | null;
}

/** `/desk/:owner/held`: one card a request, in order of deadline and harm. */
export function inboxPage(site: Site, request: FastifyRequest, owner: string, filter: InboxFilter, held: readonly HeldItem[], more: boolean, now: number): string {
  const here = `/desk/${owner}/held`;
  return deskPage(site, request, `Held requests of ${jurisdictionName(owner)}`, html`
<p><strong>${firstWords(held, more, filter, now)}</strong> As of ${instant(new Date(now).toISOString())}; the times do not run by themselves: <a href="${addressOf(here, filter, null)}">look again</a>. <a href="${here}/rota">Who is on duty</a></p>
<p class="quiet">They stand in order of the hour in which their time ends, and within it of the harm that waiting may do. Nothing here says whom a request is about.</p>
${filterForm(here, filter)}
${held.map((item) => cardOf(item, now))}
${more ? html`<p><a href="${addressOf(here, filter, held.at(-1)?.ticket ?? null)}">The next ones</a></p>` : null}`);
}

/** What the page answers: how many wait, and how long the first still can. */
function firstWords(held: readonly HeldItem[], more: boolean, { all, after, desk, state }: InboxFilter, now: number): string {
  const open = held.filter((item) => item.state !== 'decided');
  const [first] = open.map(({ deadline }) => Date.parse(deadline)).toSorted((a, b) => a - b);
  const some = desk !== null || state !== null || after !== null ? ' of those that you look at' : '';
  if (first === undefined) return all ? `None${some} waits for a decision any more.` : `Nothing waits${after === null ? '' : ' after these'}.`;
  return `${more ? `At least ${counted(open.length, 'request')}` : counted(open.length, 'request')}${some} ${open.length === 1 ? 'waits' : 'wait'} for a person; for the first the time ${first > now ? `ends in ${leftWords(first, now).replace(/ left$/, '')}` : 'is over'}.`;
}

function cardOf(item: HeldItem, now: number): Html {
  const { ticket, owner, harm, kind, requester, onBehalfOf, purpose, held, state, desk, papers, questions } = item;
  const harmed = harmWords[harm];
  const rules = [...new Set(held.flatMap(({ rules: ids }) => ids))];
  return html`<article class="card ${harm === 0 ? 'bad' : harm === 1 ? 'warn' : 'plain'}" aria-labelledby="t-${ticket}"><h2 id="t-${ticket}"><a href="/desk/${owner}/held/${ticket}">${requester.name}: ${classList(held)}</a></h2>
<p class="quiet">Ticket ${ticket}</p>
<p>${harmed === null ? null : html`<strong>${harmed}.</strong> `}${kind === 'exigent' ? html`<strong>Answered at once in an emergency: to be looked at now.</strong> ` : null}${clockOf(item, now)}.</p>
${rowsOf([
    ['Who asks', requesterOf(requester)], ...(onBehalfOf === null ? [] : [['For whom', `${onBehalfOf.organisation} (${onBehalfOf.ori})`] as const]), ['Purpose', purposeWords(purpose)], ['What is held', classList(held)],
    ['By which rule', rules.length === 0 ? 'no rule allows it' : rules.join(', ')], ['Desk and state', `${desk}; ${stateWords[state]}`],
    ...(papers + questions === 0 ? [] : [['With it', [papers === 0 ? '' : counted(papers, 'paper'), questions === 0 ? '' : counted(questions, 'question')].filter((one) => one !== '').join(', ')] as const]),
  ])}</article>
`;
}

function filterForm(here: string, { desk, state, all }: InboxFilter): Html {
  const option = (value: string, text: string, chosen: boolean): Html => html`<option value="${value}"${chosen ? html` selected` : null}>${text}</option>`;
  return html`<details${desk !== null || state !== null || all ? html` open` : null}><summary>Show only some</summary>
<form method="get" action="${here}">
<div class="field"><label for="desk">Desk <span class="hint">As the policy names it; empty for all.</span></label><input type="text" id="desk" name="desk" value="${desk ?? ''}" maxlength="60" spellcheck="false"></div>
<div class="field"><label for="state">State</label><select id="state" name="state">${option('', 'any', state === null)}${(Object.keys(stateWords) as HeldState[]).map((one) => option(one, stateWords[one], state === one))}</select></div>
<div class="field"><label class="tick"><input type="checkbox" name="all" value="yes"${all ? html` checked` : null}> Those that ended too</label></div>
<p><button type="submit">Show</button></p></form></details>`;
}

function addressOf(here: string, { desk, state, all }: InboxFilter, after: string | null): string {
  const query = new URLSearchParams({ ...(desk === null ? {} : { desk }), ...(state === null ? {} : { state }), ...(all ? { all: 'yes' } : {}), ...(after === null ? {} : { after }) }).toString();
  return query === '' ? here : `${here}?${query}`;
}
