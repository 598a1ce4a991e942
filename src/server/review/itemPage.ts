import type { FastifyRequest } from 'fastify';

import { html, type Html } from '../../drawing/html.ts';
import type { HeldDetail, Opened } from '../../review/types.ts';
import { jurisdictionName, labelOf } from '../../vocabulary/index.ts';
import { deskPage } from '../pages/desk.ts';
import type { Site } from '../pages/layout.ts';
import { decideForms, type Filled } from './decideForms.ts';
import { classWords, clockOf, conflictWords, counted, dateWords, evidenceWords, faultBox, harmWords, instant, keyWords, purposeWords, reasonWords, requesterOf, rowsOf, spanWords, stateWords, subjectRows, verdictWords } from './words.ts';

/** What the page of one request shows. */
export interface ItemView {
  readonly item: HeldDetail;
  /** The resident's data, where it was opened just now. */
  readonly opened: Opened | null;
  /** Why the last form was not taken, and what was filled in. */
  readonly fault: string | null;
  /** The field that is meant. */
  readonly at: string | null;
  readonly filled: Filled;
  readonly mayOpen: boolean;
  readonly mayDecide: boolean;
  readonly now: number;
}

/** `/desk/:owner/held/:ticket`: all that is needed to decide, in the order in which it is asked. */
export function itemPage(site: Site, request: FastifyRequest, view: ItemView): string {
  const { item, opened, fault, at, mayOpen, mayDecide, now } = view;
  const open = item.state !== 'decided';
  return deskPage(site, request, `Held request ${item.ticket}`, html`${faultBox(fault, at)}
<p><a href="/desk/${item.owner}/held">All held requests of ${jurisdictionName(item.owner)}</a></p>
<p>${item.harm === 2 ? null : html`<strong>${harmWords[item.harm]}.</strong> `}${clockOf(item, now)}.${open ? html` As of ${instant(new Date(now).toISOString())}. ${mayDecide && item.conflict === null ? html`<a href="#decide">To the decision</a>` : null}` : null}</p>
${item.kind === 'exigent' ? html`<section class="card warn"><p><strong>This was answered at once because of a stated emergency.</strong> Nothing can be held back any more: say whether it was right.</p></section>` : null}
${item.decided === null ? null : decidedParts(item.decided)}
${askParts(item)}
<h2>${open ? 'What would be released' : 'What was held'}</h2>
<table><caption class="hint">Each kind of data that is held, and what the policy in force now says of it</caption><thead><tr><th scope="col">Data</th><th scope="col">Held by</th><th scope="col">Now</th></tr></thead>
<tbody>${item.held.map(({ dataClass, rules }) => html`<tr><th scope="row">${labelOf(dataClass)}<br><span class="hint">${classWords(dataClass)}</span></th><td>${rules.length === 0 ? 'no rule allows it' : rules.join(', ')}</td><td>${nowWords(item, dataClass)}</td></tr>`)}</tbody></table>
<h2>Which rule held it</h2>
${item.rules.length === 0 ? html`<p>No rule allows it, and none refuses it.</p>` : html`<ul>${item.rules.map(({ id, words }) => html`<li><code>${id}</code> ${words}</li>`)}</ul>`}
<h2>The asker’s record</h2>
<p>${recordWords(item)}</p>
<h2>Similar decisions before</h2>
${item.similar.length === 0 ? html`<p>None yet.</p>` : html`<ul>${item.similar.map(({ at, verdict, reason, purpose, ticket }) => html`<li>${instant(at)}: ${verdictWords[verdict]}, because ${reasonWords(reason)} <span class="quiet">(for ${purposeWords(purpose)}; ${ticket})</span></li>`)}</ul>`}
${open ? html`<h2>What happens at zero</h2>
<p>${item.atZero.replace(/\d{4}-\d{2}-\d{2}T[\d:.]+Z/, dateWords)}</p>` : null}
${questionParts(item)}
${openParts(item, opened, mayOpen && open, now)}
${item.conflict === null || !open || !mayDecide ? null : html`<section class="card warn"><h2>You may not decide this</h2><p>${conflictWords[item.conflict]}</p></section>`}
${open && mayDecide && item.conflict === null ? decideForms(item, view.filled) : null}
${open && !mayDecide ? html`<p class="quiet">You may read this and not decide it: that is for reviewers. Who they are, an official of ${jurisdictionName(item.owner)} sees under People.</p>` : null}`);
}

/** Who decided, when, why and what was given by it. */
function decidedParts({ at, by, reason, released }: NonNullable<HeldDetail['decided']>): Html {
  return html`<h2>How it was decided</h2>
${rowsOf([['When', instant(at)], ['By', by === 'clock' ? 'nobody: its time ended' : by], ...(by === 'clock' ? [] : [['Because', reasonWords(reason)] as const]), ['Given by it', released.length === 0 ? 'nothing' : released.map(labelOf).join(', ')]])}`;
}

function askParts(item: HeldDetail): Html {
  const { requester, onBehalfOf, delegated, verified, purpose, evidence, userNamed, key, asked, desk, state, paperList } = item;
  const words = evidenceWords(evidence);
  const forWhom = onBehalfOf === null ? 'for itself' : html`<strong>${onBehalfOf.organisation}</strong> (${onBehalfOf.ori}); ${delegated === true ? 'the registry knows that it may ask for them' : 'the registry does not know that it may ask for them'}`;
  return html`<h2>Who asks, and why</h2>
${rowsOf([
    ['Who asks', requesterOf(requester)], ['For whom', forWhom],
    ['How verified', verified === 'certificate' ? 'its system proved itself by its certificate' : 'not at all: this is the demonstration, where every message is believed'],
    ['The person', userNamed ? 'is named in what can be opened' : 'is not named'], ['Purpose', purposeWords(purpose)], ['Case', words.caseNumber], ['Warrant or order', words.warrant],
    ['Papers handed in', paperList.length === 0 ? 'none' : counted(paperList.length, 'paper')], ['Kind of question', keyWords(key)], ['Asked', instant(asked)], ['Desk and state', `${desk}; ${stateWords[state]}`],
  ])}`;
}

function nowWords({ now }: HeldDetail, dataClass: HeldDetail['now'][number]['dataClass']): string {
  const found = now.find((one) => one.dataClass === dataClass);
  return found === undefined || found.outcome === 'deny' ? 'refused by now: it cannot be released' : found.outcome === 'redact' ? 'only in a reduced form' : 'a person may release it';
}

function recordWords({ askerRecord: { days, asked, released, refused, lapsed } }: HeldDetail): string {
  if (asked === 0) return `In the last ${days} days none of its requests was held besides this one.`;
  return `In the last ${days} days ${counted(asked, 'request')} of it ${asked === 1 ? 'was' : 'were'} held: ${released} released, all or in part, ${refused} refused, ${lapsed} not decided in time.`;
}

function questionParts({ questionList }: HeldDetail): Html | null {
  return questionList.length === 0 ? null : html`<h2>Questions put back</h2>
<ul>${questionList.map(({ at, text, answer, answeredAt }) => html`<li>${instant(at)}: ${text}<br>${answer === null || answeredAt === null ? html`<span class="quiet">No answer yet.</span>` : html`<strong>Answer</strong>, ${instant(answeredAt)}: ${answer}`}</li>`)}</ul>`;
}

/** The resident's data is not on the page until somebody opens it, and every time it is shown is on the record. */
function openParts(item: HeldDetail, opened: Opened | null, mayOpen: boolean, now: number): Html {
  const { owner, ticket, paperList, openedBy } = item;
  return html`<h2 id="opened">The resident’s data</h2>
${opened === null ? html`<p>Not shown: whom it is about, the case number and the person who asks are sealed.</p>
${mayOpen ? html`<form method="post" action="/desk/${owner}/held/${ticket}/opening"><button type="submit">Open the resident’s data</button> <span class="hint">That you opened it goes on the record, where the resident and auditors see it.</span></form>` : null}`
    : html`<section class="card warn"><p><strong>You opened this just now, and that is on the record.</strong></p>
${rowsOf([
      ...subjectRows(opened.subject), ['Who asks', opened.user ?? 'not stated'], ['Case number', opened.caseNumber ?? 'not stated'],
      ['Warrant or order', opened.warrant === null ? 'not stated' : `${opened.warrant.number ?? 'no number'}${opened.warrant.documentHash === null ? '' : `, fingerprint ${opened.warrant.documentHash}`}`], ['Attention', opened.attention ?? 'not stated'],
    ])}</section>`}
${openedBy.length === 0 ? html`<p class="quiet">Nobody has opened it before.</p>` : html`<p class="quiet">Opened ${counted(openedBy.length, 'time')}, last ${spanWords(Math.max(0, now - Date.parse(openedBy.at(-1)?.at ?? '')))} ago by ${openedBy.at(-1)?.account ?? ''}.</p>`}
${paperList.length === 0 ? null : html`<h3>Papers</h3>
<p>A paper is saved and not shown here: it comes from outside, and nobody has looked whether it is harmless. That you took it goes on the record.</p>
<ul>${paperList.map(({ id, at, bytes, hash }) => html`<li>${mayOpen ? html`<a href="/desk/${owner}/held/${ticket}/papers/${id}" download>Save the paper of ${instant(at)}</a>` : html`The paper of ${instant(at)}`} (PDF, ${Math.max(1, Math.round(bytes / 1024))} KiB) <span class="quiet">SHA-256 <code>${hash}</code></span></li>`)}</ul>`}`;
}
