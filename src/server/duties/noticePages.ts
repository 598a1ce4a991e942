import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { html, type Html } from '../../drawing/html.ts';
import { delayGrounds, mostDelayDays } from '../../duties/index.ts';
import { DutyError, type Duties, type NoticeView } from '../../duties/types.ts';
import { counted } from '../pages/clock.ts';
import { deskPage, sendPage } from '../pages/desk.ts';
import { field, fieldsOf } from '../pages/forms.ts';
import { problems } from '../problems.ts';
import { answerProblem } from '../people/faults.ts';
import { table } from '../people/parts.ts';
import { dutyActor, dutyRefusal, ownerOf, partOf } from './answer.ts';
import { may, orTold, typedOf, type PageParts, type Typed } from './forms.ts';
import { channelWords, dueWords, faultBox, noticeStates, ownerName, when } from './words.ts';

type Opened = Awaited<ReturnType<Duties['openNotice']>>;

/** `/desk/:owner/duties`, and the notices under it. */
export function addNoticePages(scope: FastifyInstance, { people: { duties, agencyName }, site }: PageParts): void {
  scope.get('/desk/:owner/duties', { config: { action: 'duty.read' } }, async (request, reply) => {
    const owner = ownerOf(request);
    const now = Date.now();
    const due = await duties.due({ owner }, now);
    const late = due.filter(({ dueAt }) => Date.parse(dueAt) <= now).length;
    return sendPage(reply, deskPage(site, request, `Duties of ${ownerName(owner)}`, html`
<p><strong>${due.length === 0 ? 'Nothing is due.' : `${counted(due.length, 'duty is', 'duties are')} to be done${late === 0 ? '' : `; ${late} ${late === 1 ? 'is' : 'are'} overdue`}.`}</strong></p>
<ul><li><a href="/desk/${owner}/duties/notices">Notices to residents</a></li><li><a href="/desk/${owner}/duties/certifications">Certifications of agencies</a></li>
<li><a href="/desk/${owner}/duties/texts">Texts of certifications</a></li><li><a href="/desk/${owner}/duties/users">Reviews of users</a></li><li><a href="/desk/${owner}/duties/agencies">Re-certification of agencies</a></li></ul>
<h2>What is due</h2>
${due.length === 0 ? html`<p>Nothing is due.</p>` : table('What is due, the first first', ['What', 'By when'], due.toSorted((a, b) => a.dueAt.localeCompare(b.dueAt)).map(({ kind, id, words, dueAt }) => [placeOf(owner, kind, id) === null ? words : html`<a href="${placeOf(owner, kind, id) ?? ''}">${words}</a>`, dueWords(dueAt, now)]))}`));
  });

  scope.get('/desk/:owner/duties/notices', { config: { action: 'duty.read' } }, async (request, reply) => {
    const owner = ownerOf(request);
    const asked = (request.query as Readonly<Record<string, unknown>>)['state'];
    const state = Object.keys(noticeStates).find((one): one is NoticeView['state'] => one === asked) ?? null;
    const all = await duties.notices(owner, state === null ? ['due', 'overdue', 'delayed'] : [state]);
    return sendPage(reply, deskPage(site, request, `Notices of ${ownerName(owner)}${state === null ? '' : `: ${noticeStates[state].toLowerCase()}`}`, html`
<p><a href="/desk/${owner}/duties">Duties</a></p>
<p>A rule of the policy says who must be told of a request, and by when. <a href="/desk/${owner}/duties/notices">All that are open</a>, <a href="/desk/${owner}/duties/notices?state=overdue">overdue</a>, <a href="/desk/${owner}/duties/notices?state=delayed">delayed</a>, <a href="/desk/${owner}/duties/notices?state=sent">sent</a></p>
${all.length === 0 ? html`<p>There are none.</p>` : html`${table('Notices', ['Notice', 'Due', 'State', 'Who asked, by which rule'], all.slice(0, 500).map((one) => [html`<a href="/desk/${owner}/duties/notices/${one.id}">${one.id}</a>`, one.state === 'sent' ? when(one.dueAt) : dueWords(one.dueAt, Date.now()), noticeStates[one.state], `${agencyName(one.requester) ?? one.requester}, ${one.rule}`]))}
${all.length > 500 ? html`<p class="quiet">The first 500 of ${all.length}.</p>` : null}`}`));
  });

  const show = async (request: FastifyRequest, reply: FastifyReply, { fault = null, opened = null }: { readonly fault?: string | null; readonly opened?: Opened | null }): Promise<FastifyReply> => {
    const owner = ownerOf(request);
    try {
      const notice = await duties.notice(owner, partOf(request, 'id'));
      return await sendPage(reply, deskPage(site, request, `Notice ${notice.id}`, noticePage({ notice, fault, opened, typed: typedOf(request), agency: agencyName(notice.requester), mayOpen: may(request, 'notice.open'), mayAct: may(request, 'duty.act') })));
    } catch (error) {
      if (error instanceof DutyError) return answerProblem(request, reply, 'unknownObject');
      throw error;
    }
  };
  const base = '/desk/:owner/duties/notices/:id';
  const here = (request: FastifyRequest): string => `/desk/${ownerOf(request)}/duties/notices/${partOf(request, 'id')}`;
  scope.get(base, { config: { action: 'duty.read' } }, (request, reply) => show(request, reply, {}));
  // What is personal is shown in the answer to the form and stands at no address that could be opened again unrecorded.
  scope.post(`${base}/opening`, { config: { action: 'notice.open' } }, async (request, reply) => {
    try {
      return await show(request, reply, { opened: await duties.openNotice(ownerOf(request), partOf(request, 'id'), dutyActor(request)) });
    } catch (error) {
      const refusal = dutyRefusal(error);
      if (refusal === null) throw error;
      const { status, mend } = problems[refusal.name];
      return await show(request, reply.code(status), { fault: refusal.extras.detail ?? mend });
    }
  });
  scope.post(`${base}/sent`, { config: { action: 'duty.act', keeps: true } }, (request, reply) => orTold(request, reply, async () => {
    const fields = fieldsOf(request);
    await duties.noticeSent(ownerOf(request), partOf(request, 'id'), { channel: field(fields, 'channel', 10) as 'letter', reference: field(fields, 'reference', 300) }, dutyActor(request));
    return here(request);
  }, (fault) => show(request, reply, { fault })));
  scope.post(`${base}/delay`, { config: { action: 'duty.act', keeps: true } }, (request, reply) => orTold(request, reply, async () => {
    const fields = fieldsOf(request);
    const day = field(fields, 'until', 10);
    await duties.delayNotice(ownerOf(request), partOf(request, 'id'), { until: `${day}T00:00:00Z`, ground: field(fields, 'ground', 40), order: field(fields, 'order', 100) }, dutyActor(request));
    return here(request);
  }, (fault) => show(request, reply, { fault })));
}

interface Shown {
  readonly notice: NoticeView;
  readonly agency: string | null;
  readonly fault: string | null;
  readonly opened: Opened | null;
  readonly typed: Typed;
  readonly mayOpen: boolean;
  readonly mayAct: boolean;
}

function noticePage({ notice, agency, fault, opened, typed, mayOpen, mayAct }: Shown): Html {
  const { id, owner, state, proof, delay } = notice;
  const here = `/desk/${owner}/duties/notices/${id}`;
  return html`<p><a href="/desk/${owner}/duties/notices">Notices</a></p>
${faultBox(fault)}
<p class="status ${state === 'overdue' ? 'bad' : state === 'sent' ? 'good' : 'warn'}">${noticeStates[state]}</p>
<dl><dt>Whom to tell</dt><dd>${notice.who === 'subject' ? 'the resident whose record was asked for' : 'the owner'}</dd><dt>By</dt><dd>${state === 'sent' ? when(notice.dueAt) : dueWords(notice.dueAt, Date.now())}</dd><dt>Who asked</dt><dd>${agency ?? notice.requester} (${notice.requester})</dd>
<dt>Asked</dt><dd>${when(notice.askedAt)}</dd><dt>By rule</dt><dd><code>${notice.rule}</code></dd><dt>Inquiry</dt><dd><code>${notice.inquiry}</code></dd>
${proof === null ? null : html`<dt>Sent</dt><dd>${when(notice.sentAt)}, ${channelWords[proof.channel]}: ${proof.reference}</dd><dt>SHA-256 of the letter</dt><dd><code>${proof.hash}</code></dd>`}
${delay === null ? null : html`<dt>Delayed until</dt><dd>${when(delay.until)}, because ${Object.hasOwn(delayGrounds, delay.ground) ? delayGrounds[delay.ground as keyof typeof delayGrounds] : delay.ground}; order ${delay.order}, by ${delay.by}</dd>`}</dl>
${opened === null ? null : html`<section class="card"><h2>The letter</h2>
${notice.who === 'subject' && opened.address === null ? html`<p class="warn">The owner's records give no address for it.</p>` : null}
<pre tabindex="0">${opened.letter}</pre><p class="quiet">That you opened it is in the ledger.</p></section>`}
${state === 'sent' ? null : html`
${mayOpen ? html`<h2>Open it</h2><p>Shows name, address and letter. The opening is put on the record first.</p><form method="post" action="${here}/opening"><button type="submit">Open the letter</button></form>` : null}
${mayAct ? html`
<h2>It was sent</h2><form method="post" action="${here}/sent">
<div class="field"><label for="channel">How</label><select id="channel" name="channel" required><option value="">Choose</option>${(['letter', 'email', 'spool'] as const).map((one) => html`<option value="${one}"${typed('channel') === one ? html` selected` : null}>${channelWords[one]}</option>`)}</select></div>
<div class="field"><label for="reference">What proves it</label><span class="hint" id="reference-hint">Such as the number of a registered letter. No names.</span><input type="text" id="reference" name="reference" value="${typed('reference')}" maxlength="200" required aria-describedby="reference-hint"></div>
<button type="submit">Note that it was sent</button></form>
<h2>It must wait, by law</h2><form method="post" action="${here}/delay">
<div class="field"><label for="until">Until this day</label><span class="hint" id="until-hint">At most ${mostDelayDays} days from now. The delay ends by itself, at 00:00 UTC.</span><input type="date" id="until" name="until" value="${typed('until')}" required aria-describedby="until-hint"></div>
<div class="field"><label for="ground">Because</label><select id="ground" name="ground" required><option value="">Choose</option>${Object.entries(delayGrounds).map(([value, text]) => html`<option value="${value}"${typed('ground') === value ? html` selected` : null}>${text}</option>`)}</select></div>
<div class="field"><label for="order">Number of the order</label><input type="text" id="order" name="order" value="${typed('order')}" maxlength="64" required></div>
<button type="submit">Delay it</button></form>` : null}`}`;
}

function placeOf(owner: string, kind: string, id: string): string | null {
  const base = `/desk/${owner}/duties`;
  if (kind === 'notice' || kind === 'noticeOverdue') return `${base}/notices/${id}`;
  if (kind === 'userReview') return `${base}/users`;
  if (kind === 'certificationLapsing') return `${base}/certifications`;
  return kind === 'recertification' || kind === 'recertificationToBegin' || kind === 'writeIntoPolicy' ? `${base}/agencies` : null;
}
