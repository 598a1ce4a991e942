import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { html, type Html } from '../../drawing/html.ts';
import { mostValidDays } from '../../duties/index.ts';
import type { CertificationText, CertificationView } from '../../duties/types.ts';
import { certifications, namesOf } from '../../vocabulary/index.ts';
import { personOf } from '../gate/actor.ts';
import { deskPage, sendPage } from '../pages/desk.ts';
import { field, fieldsOf } from '../pages/forms.ts';
import { table } from '../people/parts.ts';
import { dutyActor, ownerOf, partOf } from './answer.ts';
import { freshHint, may, orTold, typedOf, type PageParts, type Typed } from './forms.ts';
import { textsToSign } from './texts.ts';
import { certificationStates, certificationWords, faultBox, ownerName, reasonField, when } from './words.ts';

/** The texts and certifications of an owner, and the page on which an agency signs. */
export function addCertificationPages(scope: FastifyInstance, parts: PageParts): void {
  addTexts(scope, parts);
  addOwners(scope, parts);
  addAgencys(scope, parts);
}

function addTexts(scope: FastifyInstance, { people: { duties }, site }: PageParts): void {
  const show = async (request: FastifyRequest, reply: FastifyReply, fault: string | null): Promise<FastifyReply> => {
    const owner = ownerOf(request);
    const here = `/desk/${owner}/duties/texts`;
    return sendPage(reply, deskPage(site, request, `Texts of certifications to ${ownerName(owner)}`, textsPage(here, await duties.certificationTexts(owner), fault, may(request, 'certification.manage') ? html`${freshHint(request, here)}${textForm(here, typedOf(request))}` : null)));
  };
  scope.get('/desk/:owner/duties/texts', { config: { action: 'duty.read' } }, (request, reply) => show(request, reply, null));
  scope.post('/desk/:owner/duties/texts', { config: { action: 'certification.manage', keeps: true } }, (request, reply) => orTold(request, reply, async () => {
    const fields = fieldsOf(request);
    const remind = field(fields, 'remindDays', 100).split(/[\s,]+/).filter((one) => one !== '').map(Number);
    await duties.setCertificationText(ownerOf(request), {
      certification: field(fields, 'certification', 64), text: field(fields, 'text', 20_001), validDays: Number(field(fields, 'validDays', 6)), remindDays: remind, perjury: field(fields, 'perjury', 5) === 'yes',
    }, dutyActor(request));
    return `/desk/${ownerOf(request)}/duties/texts`;
  }, (fault) => show(request, reply, fault)));
}

function addOwners(scope: FastifyInstance, { people: { duties, agencyName }, site }: PageParts): void {
  const show = async (request: FastifyRequest, reply: FastifyReply, fault: string | null): Promise<FastifyReply> => {
    const owner = ownerOf(request);
    const all = await duties.certifications({ owner });
    const asked = (request.query as Readonly<Record<string, unknown>>)['state'];
    const listed = all.filter(({ state }) => typeof asked !== 'string' || !Object.hasOwn(certificationStates, asked) || state === asked).slice(0, 200);
    const here = `/desk/${owner}/duties/certifications`;
    const manage = may(request, 'certification.manage');
    return sendPage(reply, deskPage(site, request, `Certifications to ${ownerName(owner)}${typeof asked === 'string' && Object.hasOwn(certificationStates, asked) ? `: ${certificationStates[asked as CertificationView['state']].toLowerCase()}` : ''}`, html`<p><a href="/desk/${owner}/duties">Duties</a></p>
${faultBox(fault)}
<p><a href="${here}">All</a>, ${(['inForce', 'lapsing', 'lapsed', 'revoked'] as const).map((state, n) => html`${n === 0 ? '' : ', '}<a href="${here}?state=${state}">${certificationStates[state]}</a> ${all.filter((one) => one.state === state).length}`)}</p>
${manage ? freshHint(request, here) : null}
${listed.length === 0 ? html`<p>There are none.</p>` : listed.map((one) => ownersCard(here, one, agencyName(one.ori), manage, typedOf(request)))}
${all.length > listed.length ? html`<p class="quiet">${listed.length} of ${all.length}.</p>` : null}`));
  };
  const base = '/desk/:owner/duties/certifications';
  scope.get(base, { config: { action: 'duty.read' } }, (request, reply) => show(request, reply, null));
  for (const [path, act] of [['revocation', 'revokeCertification'], ['readmission', 'readmit']] as const) {
    scope.post(`${base}/:id/${path}`, { config: { action: 'certification.manage', keeps: true } }, (request, reply) => orTold(request, reply, async () => {
      await duties[act](ownerOf(request), partOf(request, 'id'), { reason: field(fieldsOf(request), 'reason', 2_001) }, dutyActor(request));
      return `/desk/${ownerOf(request)}/duties/certifications`;
    }, (fault) => show(request, reply, fault)));
  }
}

function addAgencys(scope: FastifyInstance, { people: { duties, agencyName }, site }: PageParts): void {
  const show = async (request: FastifyRequest, reply: FastifyReply, fault: string | null): Promise<FastifyReply> => {
    const ori = partOf(request, 'ori');
    const list = await duties.certifications({ ori });
    const texts = await textsToSign(duties, list);
    const here = `/agency/${ori}/certifications`;
    const sign = may(request, 'certification.sign');
    return sendPage(reply, deskPage(site, request, `Certifications of ${agencyName(ori) ?? ori}`, html`${faultBox(fault)}
<p>What your agency certified to the owners of records, and what it has not. Without it an owner's policy may give it less.</p>
${list.length === 0 ? html`<p>No owner asks your agency for a certification: an owner that does sets its text first, and it then stands here to be signed.</p>` : table('Certifications', ['To', 'What', 'State', 'To the end of'], list.map((one) => [ownerName(one.owner), certificationWords(one.certification), `${certificationStates[one.state]}${one.revokedWhy === null ? '' : `: ${one.revokedWhy}`}`, one.until === null ? 'not signed' : when(one.until)]))}
${sign && texts.length > 0 ? html`${freshHint(request, here)}${texts.map((text, n) => signForm(here, text, n, personOf(request).name, typedOf(request)))}` : null}`));
  };
  scope.get('/agency/:ori/certifications', { config: { action: 'certification.read' } }, (request, reply) => show(request, reply, null));
  scope.post('/agency/:ori/certifications', { config: { action: 'certification.sign', keeps: true } }, (request, reply) => orTold(request, reply, async () => {
    const [ori, fields] = [partOf(request, 'ori'), fieldsOf(request)];
    // Whether it was ticked is looked at where it is signed: what is not true there is refused.
    const ticked = field(fields, 'perjury', 5) === 'yes' as const;
    await duties.certify(ori, {
      owner: field(fields, 'owner', 2), certification: field(fields, 'certification', 64), textHash: field(fields, 'textHash', 64), typedName: field(fields, 'typedName', 200), underPenaltyOfPerjury: ticked as true,
    }, dutyActor(request));
    return `/agency/${ori}/certifications`;
  }, (fault) => show(request, reply, fault)));
}

function textsPage(here: string, texts: readonly CertificationText[], fault: string | null, form: Html | null): Html {
  return html`<p><a href="${here.replace(/\/texts$/, '')}">Duties</a></p>
${faultBox(fault)}
${texts.length === 0 ? html`<p>No text is set, so no agency can certify.</p>` : texts.map((one) => html`<section class="card"><h2>${certificationWords(one.certification)}</h2>
<p class="quiet">${one.certification}, version ${one.version}; holds ${one.validDays} days; reminders ${one.remindDays.length === 0 ? 'none' : `${one.remindDays.join(', ')} days before the end`}; ${one.perjury ? 'under penalty of perjury' : 'without penalty of perjury'}</p>
<pre tabindex="0">${one.text}</pre><p class="quiet">SHA-256 <code>${one.hash}</code></p></section>`)}
${form}`;
}

function textForm(here: string, typed: Typed): Html {
  return html`<h2>Set a text</h2><p>A new version: what was signed before holds to its end.</p><form method="post" action="${here}">
<div class="field"><label for="certification">What is certified</label><select id="certification" name="certification" required><option value="">Choose</option>${namesOf(certifications).filter((name) => name !== 'none' && name !== 'undeclared').map((name) => html`<option value="${name}"${typed('certification') === name ? html` selected` : null}>${certifications[name].plain}</option>`)}</select></div>
<div class="field"><label for="text">The text that is signed, word by word</label><textarea id="text" name="text" rows="8" maxlength="20000" required>${typed('text')}</textarea></div>
<div class="field"><label for="validDays">Days that a signature holds</label><span class="hint" id="validDays-hint">At most ${mostValidDays}.</span><input type="number" id="validDays" name="validDays" min="1" max="${mostValidDays}" value="${typed('validDays')}" required aria-describedby="validDays-hint"></div>
<div class="field"><label for="remindDays">Reminders, days before the end</label><span class="hint" id="remindDays-hint">Such as 60, 30, 7. May be empty.</span><input type="text" id="remindDays" name="remindDays" value="${typed('remindDays')}" maxlength="100" aria-describedby="remindDays-hint"></div>
<div class="field"><label class="tick" for="perjury"><input type="checkbox" id="perjury" name="perjury" value="yes"${typed('perjury') === 'yes' ? html` checked` : null}>It is signed under penalty of perjury</label></div>
<button type="submit">Set the text</button></form>`;
}

function ownersCard(here: string, one: CertificationView, agency: string | null, manage: boolean, typed: Typed): Html {
  const kind = one.state === 'inForce' ? 'good' : one.state === 'lapsing' ? 'warn' : 'bad';
  const form = (path: string, id: string, hint: string, button: string): Html => html`<details${typed('reason', one.id) === '' ? null : html` open`}><summary>${button}</summary><form method="post" action="${here}/${one.id}/${path}">${reasonField(id, hint, typed('reason', one.id))}<button type="submit">${button}</button></form></details>`;
  return html`<section class="card ${kind}"><h2>${agency ?? one.ori} (${one.ori})</h2>
<p class="status">${certificationWords(one.certification)}: ${certificationStates[one.state]}</p>
<dl><dt>Signed</dt><dd>${when(one.signedAt)}, by ${one.signedBy ?? 'somebody'}, text ${one.textVersion}</dd><dt>To the end of</dt><dd>${when(one.until)}</dd>
${one.revokedAt === null ? null : html`<dt>Revoked</dt><dd>${when(one.revokedAt)}: ${one.revokedWhy ?? ''}</dd>`}<dt>Number</dt><dd><code>${one.id}</code></dd></dl>
${!manage || one.state === 'lapsed' ? null : one.state === 'revoked' ? form('readmission', `r-${one.id}`, 'Why the agency may certify again. It must sign anew.', 'Let the agency certify again') : form('revocation', `r-${one.id}`, 'The agency reads it. Policies feel it at once.', 'Revoke this certification')}</section>`;
}

function signForm(here: string, text: CertificationText, n: number, name: string, typed: Typed): Html {
  return html`<section class="card"><h2>Certify to ${ownerName(text.owner)}: ${certificationWords(text.certification)}</h2>
<p>Version ${text.version}. It holds ${text.validDays} days. This is the whole text:</p>
<pre tabindex="0">${text.text}</pre>
<p class="quiet">You sign exactly this text: SHA-256 <code>${text.hash}</code></p>
<form method="post" action="${here}"><input type="hidden" name="owner" value="${text.owner}"><input type="hidden" name="certification" value="${text.certification}"><input type="hidden" name="textHash" value="${text.hash}">
<div class="field"><label class="tick" for="perjury-${n}"><input type="checkbox" id="perjury-${n}" name="perjury" value="yes" required>${text.perjury ? 'I declare under penalty of perjury that it is true' : 'I declare that it is true, and know that a false statement may be punished'}</label></div>
<div class="field"><label for="name-${n}">Your full name</label><span class="hint" id="name-${n}-hint">Type it as it stands here: ${name}</span><input type="text" id="name-${n}" name="typedName" value="${typed('textHash') === text.hash ? typed('typedName') : ''}" maxlength="200" autocomplete="off" required aria-describedby="name-${n}-hint"></div>
<button type="submit">Sign</button></form></section>`;
}
