import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { html, type Html } from '../../drawing/html.ts';
import type { Asker, AskerView, LateAnswer } from '../../review/types.ts';
import { jurisdictionName } from '../../vocabulary/index.ts';
import type { CredentialOf } from '../credential.ts';
import type { PeopleDeps } from '../gate/deps.ts';
import { answerOf } from '../pages/answer.ts';
import { deskPage, sendPage } from '../pages/desk.ts';
import { field, fieldsOf, takeForms } from '../pages/forms.ts';
import type { JsonAnswer } from '../pages/json.ts';
import type { Site } from '../pages/layout.ts';
import { problems, type ProblemName } from '../problems.ts';
import { faultOf, sendFaultPage } from './faults.ts';
import { letGo, readPaperForm, refusePaper, takeFileForms, uploadWords } from './upload.ts';
import { askerOf } from './who.ts';
import { clockOf, faultBox, instant } from './words.ts';

type TicketRequest = { Params: { readonly id: string } };
const back = ['/ticket', 'Another ticket'] as const;

/** `/ticket` and `/ticket/:id`: a held request as its asker sees it, on the demonstration and for people of agencies. */
export function addTicketPages(app: FastifyInstance, people: PeopleDeps, site: Site, credentialOf: CredentialOf): void {
  void app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    takeForms(scope);
    scope.get('/ticket', { config: { action: 'ticket.read' } }, (request, reply) => {
      const { number } = request.query as { readonly number?: unknown };
      const id = typeof number === 'string' ? number.trim().toUpperCase().slice(0, 40) : '';
      if (ticketPattern.test(id)) return reply.code(303).header('location', `/ticket/${id}`).send();
      return sendPage(reply, deskPage(site, request, 'What became of a held request?', html`${faultBox(id === '' ? null : 'This is not the number of a ticket. It is as it was given in the answer, such as WA-3F7K-Q2XD-9HTB-M4VE.')}
<form method="get" action="/ticket" autocomplete="off"><div class="field"><label for="number">Number of the ticket <span class="hint">As it was given in the answer, such as WA-3F7K-Q2XD-9HTB-M4VE.</span></label>
<input type="text" id="number" name="number" value="${id}" maxlength="40" spellcheck="false" required></div><p><button type="submit">Look it up</button></p></form>`));
    });
    scope.get<TicketRequest>('/ticket/:id', { config: { action: 'ticket.read' }, exposeHeadRoute: false }, (request, reply) => forTicket(people, site, credentialOf, request, reply, (ticket) => show(site, request, reply, ticket, null)));
    scope.post<TicketRequest>('/ticket/:id/answer', { config: { action: 'ticket.read' } }, (request, reply) => forTicket(people, site, credentialOf, request, reply, async (ticket, asker) => {
      const late = await people.review.answer(ticket.id, asker);
      return late === null ? refuse(site, request, reply, ticket, 'stateChanged', 'There is no late answer to take now.') : sendPage(reply, deskPage(site, request, `The late answer to ${ticket.id}`, lateParts(late)));
    }));
    scope.post<TicketRequest>('/ticket/:id/replies', { config: { action: 'ticket.answer' } }, (request, reply) => forTicket(people, site, credentialOf, request, reply, async (ticket, asker) => {
      const fields = fieldsOf(request);
      await people.review.reply(ticket.id, field(fields, 'question', 60), field(fields, 'text', 4_000), asker);
      return await reply.code(303).header('location', `/ticket/${ticket.id}`).send();
    }));
    done();
  });
  void app.register((scope, _options, done) => {
    takeFileForms(scope);
    scope.post<TicketRequest>('/ticket/:id/papers', { config: { action: 'ticket.answer' } }, (request, reply) => forTicket(people, site, credentialOf, request, reply, async (ticket, asker) => {
      const upload = await readPaperForm(request);
      if (upload.ok) {
        await people.review.addPaper(ticket.id, upload.bytes, asker);
        return await reply.code(303).header('location', `/ticket/${ticket.id}`).send();
      }
      if (upload.why === 'busy') {
        letGo(request);
        return refuse(site, request, reply.header('retry-after', '5'), ticket, 'tooManyTries', uploadWords.busy);
      }
      await refusePaper(people, request, asker, ticket, upload.why);
      return refuse(site, request, reply, ticket, 'paperRefused', uploadWords[upload.why]);
    }));
    done();
  });
}

/** Finds who asks and the ticket; one of another agency is as none. What the rules refuse is said on the ticket's page. */
async function forTicket(people: PeopleDeps, site: Site, credentialOf: CredentialOf, request: FastifyRequest, reply: FastifyReply, work: (ticket: AskerView, asker: Asker) => FastifyReply | Promise<FastifyReply>): Promise<FastifyReply> {
  const asker = askerOf(credentialOf, request, reply);
  if (asker === null) return reply;
  const { id } = request.params as TicketRequest['Params'];
  try {
    const ticket = ticketPattern.test(id) ? await people.review.ticket(id, asker) : null;
    if (ticket === null) {
      letGo(request);
      const extras = request.person === null ? {} : { detail: 'Check the number. A ticket is shown only to people, and systems, of the agency that asked.' };
      return await sendFaultPage(site, request, reply, { name: 'unknownTicket', extras }, back);
    }
    try {
      return await work(ticket, asker);
    } catch (error) {
      const fault = faultOf(error);
      if (fault === null || fault.name === 'notRecorded') throw error;
      return await refuse(site, request, reply, ticket, fault.name, fault.extras.detail ?? problems[fault.name].mend);
    }
  } catch (error) {
    const fault = faultOf(error);
    if (fault === null) throw error;
    return sendFaultPage(site, request, reply, fault, back);
  }
}

function refuse(site: Site, request: FastifyRequest, reply: FastifyReply, ticket: AskerView, problem: ProblemName, text: string): FastifyReply {
  request.server.countProblem(problem);
  return show(site, request, reply.code(problems[problem].status), ticket, text);
}

const headings: Readonly<Record<AskerView['status'], readonly [string, string]>> = {
  held: ['A person will decide', 'warn'], released: ['Released', 'good'], releasedInPart: ['Released in part', 'warn'], refused: ['Refused', 'bad'], expired: ['Nobody decided in time: refused', 'bad'], noRecord: ['It was to be released, and there is no such record', 'warn'],
};

function show(site: Site, request: FastifyRequest, reply: FastifyReply, ticket: AskerView, fault: string | null): FastifyReply {
  const { id, owner, status, asked, requester, papers, answer, deadline, onTimeout } = ticket;
  const held = status === 'held';
  const [heading, tone] = headings[status];
  return sendPage(reply, deskPage(site, request, `Ticket ${id}`, html`${faultBox(fault)}
<section class="card ${tone}"><h2>${jurisdictionName(owner)}: ${heading}</h2>
${held ? html`<p>${clockOf({ kind: 'hold', state: 'waiting', verdict: null, deadline, onTimeout }, Date.now())}. <a href="/ticket/${id}">Look again</a></p>` : null}
<p class="quiet">Asked by ${requester}, ${instant(asked)}.</p>${status === 'refused' || status === 'expired' ? html`<p>${answer ? 'The late answer has the reason. ' : ''}You may ask again, and say what was missing: a purpose, a case number, a warrant.</p>` : null}</section>
${answer ? html`<form method="post" action="/ticket/${id}/answer"><p><button type="submit">Show the late answer</button> <span class="hint">That it was taken goes on the record.</span></p></form>` : null}
${!answer && !held ? html`<p>There is no late answer to take: it is given for seven days after the decision.</p>` : null}
${questionParts(ticket, held)}
<h2>Papers</h2>
${papers.length === 0 ? html`<p>None was handed in.</p>` : html`<ul>${papers.map(({ at, bytes, hash }) => html`<li>${instant(at)}, ${Math.max(1, Math.round(bytes / 1024))} KiB <span class="quiet">SHA-256 <code>${hash}</code></span></li>`)}</ul>`}
${held ? html`<form method="post" action="/ticket/${id}/papers" enctype="multipart/form-data">
<div class="field"><label for="paper">Hand in a paper, such as a warrant <span class="hint">A PDF of at most 10 MiB, at most 10 for one ticket. It is kept encrypted, and its hash stands in the ledger.</span></label><input type="file" id="paper" name="paper" accept="application/pdf" required></div>
<p><button type="submit">Hand in the paper</button></p></form>` : null}
<p><a href="${back[0]}">${back[1]}</a></p>`));
}

function questionParts({ id, questions }: AskerView, held: boolean): Html | null {
  if (questions.length === 0) return null;
  return html`<h2>Questions put back</h2>
${questions.map((question) => html`<section class="card${question.answer === null && held ? ' warn' : ''}"><p>${instant(question.at)}: ${question.text}</p>
${question.answer !== null ? html`<p><strong>Your answer</strong>${question.answeredAt === null ? null : html`, ${instant(question.answeredAt)}`}: ${question.answer}</p>` : held ? html`<form method="post" action="/ticket/${id}/replies" autocomplete="off"><input type="hidden" name="question" value="${question.id}">
<div class="field"><label for="q-${question.id}">Your answer <span class="hint">The reviewer sees it. At most 2,000 characters.</span></label><textarea id="q-${question.id}" name="text" rows="3" maxlength="2000" required></textarea></div>
<p><button type="submit">Send the answer</button></p></form>` : html`<p class="quiet">It was not answered.</p>`}</section>`)}`;
}

/** In plain words where it came as JSON; as it came on the line otherwise. */
function lateParts({ ticket, contentType, body }: LateAnswer): Html {
  const text = Buffer.from(body).toString('utf8');
  const shown = contentType.startsWith('application/json') ? answerOf(JSON.parse(text) as JsonAnswer) : html`<pre tabindex="0" aria-label="The answer as it came on the line"><code>${printable(withoutPictures(text))}</code></pre>`;
  return html`<p><strong>That this was taken is on the record.</strong></p>${shown}
<p><a href="/ticket/${ticket}">Back to the ticket</a></p>`;
}

/** What a picture is on the line, five or more full lines of base64, says nothing to a person: the message itself has it. */
function withoutPictures(text: string): string {
  return text.replaceAll(/(?:^[A-Za-z0-9+/]{60,}\r?\n){5,}(?:[A-Za-z0-9+/=]{4,}\r?\n?)?/gm, '(the data of the picture: the message that your system takes has it)\n');
}

/** The control characters of a line are shown as spaces: HTML has none. */
function printable(text: string): string {
   
  return text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, ' ');
}

const ticketPattern = /^[A-Z]{2}(?:-[0-9A-HJKMNP-TV-Z]{4}){4}$/;
