import { answerStatuses, dataClasses, jurisdictionName, outcomes, treatments, type AnswerStatus } from '../../vocabulary/index.ts';
import { html, type Html } from '../../drawing/html.ts';
import { dateWords } from './clock.ts';
import type { JsonAnswer, JsonOwnerAnswer } from './json.ts';
import { recordOf } from './record.ts';

/** The answer to a query by hand, in plain words. */
export function answerOf(answer: JsonAnswer): Html {
  const { summary } = answer;
  const several = summary.asked > 1;
  return html`${several ? html`<p class="status">${summary.asked} states were asked: ${summary.hit} had a record, ${summary.noHit} had none, ${summary.refused} refused, ${summary.held} held it for a person, ${summary.silent} did not answer.</p>` : null}
${answer.answers.map(ownerOf)}
${answer.answers.length === 0 ? html`<p>No state had anything to give.</p>` : null}
${several ? namesOf('Refused', summary.owners.refused) : null}${several ? namesOf('Did not answer', summary.owners.silent) : null}
<p class="quiet">Inquiry ${answer.id}, as ${answer.requester}.</p>`;
}

const headings: Readonly<Record<AnswerStatus, readonly [string, 'good' | 'warn' | 'bad']>> = {
  answered: ['Answered', 'good'],
  answeredInPart: ['Answered in part', 'warn'],
  held: ['Held: a person will decide', 'warn'],
  refused: ['Refused by the rules of the state', 'bad'],
  noRecord: ['No such record', 'warn'],
  unavailable: ['The state could not look', 'bad'],
};

function ownerOf(owner: JsonOwnerAnswer): Html {
  const [heading, tone] = headings[owner.status];
  return html`<section class="card ${tone}"><h2>${jurisdictionName(owner.owner)}: ${heading}</h2>
<p class="quiet">${sentence(answerStatuses[owner.status].plain)}</p>
${owner.reasons.length === 0 ? null : html`<ul>${owner.reasons.map((reason) => html`<li>${reason}</li>`)}</ul>`}
${owner.ticket === null ? null : html`<p><strong>Ticket ${owner.ticket.id}.</strong> A person decides by ${dateWords(owner.ticket.deadline)}. If nobody does, it is ${owner.ticket.onTimeout === 'deny' ? 'refused' : 'released'}. <a href="/v1/tickets/${owner.ticket.id}">How it stands</a></p>`}
${owner.records.map(recordOf)}
${owner.more ? html`<p>More records matched than are given.</p>` : null}
${owner.classes.length === 0 ? null : decisions(owner)}
${owner.receipt === null ? null : html`<p class="quiet">On record in the log ${owner.receipt.log} as entry ${owner.receipt.index}, commitment ${owner.receipt.hash}${owner.policyVersion === null ? null : html`, under policy version ${owner.policyVersion}`}.</p>`}
</section>`;
}

function decisions(owner: JsonOwnerAnswer): Html {
  return html`<details><summary>What was decided about each kind of data</summary>
<table><thead><tr><th scope="col">Data</th><th scope="col">Decision</th><th scope="col">Rules</th></tr></thead>
<tbody>${owner.classes.map((one) => html`<tr><th scope="row">${dataClasses[one.dataClass].plain}</th><td>${one.treatment === null ? outcomes[one.outcome].plain : treatments[one.treatment].plain}</td><td>${one.rules.length === 0 ? 'no rule allows it' : one.rules.join(', ')}</td></tr>`)}</tbody></table></details>`;
}

function namesOf(title: string, owners: readonly string[]): Html | null {
  return owners.length === 0 ? null : html`<p><strong>${title}:</strong> ${owners.map(jurisdictionName).join(', ')}.</p>`;
}

function sentence(plain: string): string {
  return `${plain.charAt(0).toUpperCase()}${plain.slice(1)}.`;
}
