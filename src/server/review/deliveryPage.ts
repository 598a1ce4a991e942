import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { html, type Html } from '../../drawing/html.ts';
import type { Delivery, DeliveryAddress, DeliveryKind, DeliveryLine } from '../../review/delivery/index.ts';
import { actorOf } from '../gate/actor.ts';
import { deskPage, sendPage, withName } from '../pages/desk.ts';
import { field, fieldsOf, takeForms } from '../pages/forms.ts';
import type { Site } from '../pages/layout.ts';
import { problems } from '../problems.ts';
import { faultOf } from './faults.ts';
import { faultBox, instant, rowsOf } from './words.ts';

type Agency = { Params: { readonly ori: string } };

const kindWords: Readonly<Record<DeliveryKind, readonly [title: string, says: string]>> = {
  event: ['A note that a ticket was decided', 'Says which ticket and how it ended; nothing of the request. Your system fetches the answer then.'],
  message: ['The late answer itself', 'In the format of the question, with the same control field, as it would come on the line.'],
};

/** `/agency/:ori/deliveries`: where late answers are sent. */
export function addDeliveryPages(app: FastifyInstance, delivery: Delivery, site: Site): void {
  const config = { action: 'delivery.manage' } as const;
  void app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    takeForms(scope);
    scope.get<Agency>('/agency/:ori/deliveries', { config }, (request, reply) => show(delivery, site, request, reply, null, null));
    scope.post<Agency>('/agency/:ori/deliveries', { config }, async (request, reply) => {
      const { ori } = request.params;
      const { account: who, role } = actorOf(request);
      const fields = fieldsOf(request);
      const kind = field(fields, 'kind', 20);
      try {
        if (field(fields, 'do', 20) === 'remove') {
          await delivery.remove(ori, kind, { who, role });
          return await reply.code(303).header('location', `/agency/${ori}/deliveries`).send();
        }
        const { secret } = await delivery.set(ori, { kind, url: field(fields, 'url', 501), ca: field(fields, 'ca', 16_385), newSecret: fields.get('newSecret') === 'yes' }, { who, role });
        if (secret === null) return await reply.code(303).header('location', `/agency/${ori}/deliveries`).send();
        // Shown once, so it is on this page and not on one that can be loaded again.
        return await show(delivery, site, request, reply, null, secret);
      } catch (error) {
        const fault = faultOf(error);
        if (fault === null) throw error;
        request.server.countProblem(fault.name);
        return await show(delivery, site, request, reply.code(problems[fault.name].status), fault.extras.detail ?? problems[fault.name].mend, null);
      }
    });
    done();
  });
}

async function show(delivery: Delivery, site: Site, request: FastifyRequest, reply: FastifyReply, fault: string | null, secret: string | null): Promise<FastifyReply> {
  const { ori } = request.params as Agency['Params'];
  const [addresses, latest] = await Promise.all([delivery.addresses(ori), delivery.lines(ori, 25)]);
  return sendPage(reply, deskPage(site, request, `Late answers for ${withName(ori, site.agencyName?.(ori) ?? null)}`, html`${faultBox(fault)}
${secret === null ? null : html`<section class="card good" role="status"><h2>The secret of the signature</h2><p>Give it to the receiving system now. It is not shown again.</p><pre tabindex="0" aria-label="The secret"><code>${secret}</code></pre></section>`}
<p>A late answer can always be fetched with the number of its ticket. Here you say that it, or a note of it, is sent to you as well. Both are signed; a delivery that does not arrive is tried again for 24 hours.</p>
${(Object.keys(kindWords) as DeliveryKind[]).map((kind) => kindParts(ori, kind, addresses.find((one) => one.kind === kind)))}
<h2>The latest</h2>
${latest.length === 0 ? html`<p>Nothing was sent yet.</p>` : html`<table><thead><tr><th scope="col">Ticket</th><th scope="col">What</th><th scope="col">How it went</th></tr></thead><tbody>${latest.map(lineOf)}</tbody></table>`}`));
}

function kindParts(ori: string, kind: DeliveryKind, address: DeliveryAddress | undefined): Html {
  const [title, says] = kindWords[kind];
  const action = `/agency/${ori}/deliveries`;
  return html`<h2>${title}</h2><p>${says}</p>
${address === undefined ? html`<p>It is sent nowhere.</p>` : html`${rowsOf([['Goes to', address.url], ['Authority', address.ca === null ? 'a public one' : 'your own'], ['Set', html`${instant(address.setAt.toISOString())} by ${address.setBy}`]])}
<form method="post" action="${action}"><input type="hidden" name="do" value="remove"><input type="hidden" name="kind" value="${kind}"><p><button type="submit" class="quiet">Send it there no more</button></p></form>`}
<form method="post" action="${action}" autocomplete="off"><input type="hidden" name="kind" value="${kind}">
<div class="field"><label for="url-${kind}">Address <span class="hint">It begins with https://.</span></label><input type="text" id="url-${kind}" name="url" value="${address?.url ?? ''}" maxlength="500" spellcheck="false" required></div>
<div class="field"><label for="ca-${kind}">Certificate of your authority <span class="hint">In PEM. Empty where a public authority issued the receiver’s certificate.</span></label><textarea id="ca-${kind}" name="ca" rows="3" spellcheck="false">${address?.ca ?? ''}</textarea></div>
${address === undefined ? null : html`<div class="field"><label class="tick"><input type="checkbox" name="newSecret" value="yes"> Make a new secret; the old one signs beside it for a day</label></div>`}
<p><button type="submit">${address === undefined ? 'Send it there' : 'Change it'}</button></p></form>`;
}

function lineOf({ ticket, kind, state, queuedAt, nextAt, attempts }: DeliveryLine): Html {
  const last = attempts.at(-1);
  const how = { sent: 'arrived', failed: 'given up', dropped: 'dropped', waiting: attempts.length === 0 ? 'about to be sent' : 'tried again soon' }[state];
  return html`<tr><th scope="row">${ticket}<br><span class="hint">${instant(queuedAt.toISOString())}</span></th><td>${kind === 'event' ? 'note' : 'answer'}</td>
<td>${how}${last === undefined ? null : html`; ${attempts.length === 1 ? 'one attempt' : `${attempts.length} attempts`}, last ${last.status === null ? (last.why ?? '') : `status ${last.status}`}`}${nextAt === null || attempts.length === 0 ? null : html`; next ${instant(nextAt.toISOString())}`}</td></tr>`;
}
