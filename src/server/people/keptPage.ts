import type { FastifyInstance } from 'fastify';

import { html } from '../../drawing/html.ts';
import { personOf } from '../gate/actor.ts';
import { showOnly } from '../gate/kept.ts';
import { deskPage, sendPage } from '../pages/desk.ts';
import type { PeopleContext } from './context.ts';
import { hidden } from './parts.ts';

/** `/kept/:id`: leads back to a form that its sender filled in before all factors had to be shown. It is only shown again; to do it is another step, of theirs. */
export function addKeptPage(app: FastifyInstance, { site }: PeopleContext): void {
  app.get<{ Params: { readonly id: string } }>('/kept/:id', { config: { action: 'session.own' }, exposeHeadRoute: false }, (request, reply) => {
    const kept = app.keptForms.find(personOf(request), request.params.id);
    if (kept === null) {
      return sendPage(reply.code(404), deskPage(site, request, 'The form is not kept any more', html`
<p>Nothing was done with it. A form is kept for 15 minutes, in the session that sent it, and only the last one.</p>
<p><a href="/desk">Back to the desk</a></p>`));
    }
    return sendPage(reply, deskPage(site, request, 'Back to what you filled in', html`
<p><strong>Nothing was done yet.</strong> You have shown all factors now. Go back to the form, look at it, and send it once more within five minutes.</p>
<form method="post" action="${kept.url}">${[...new URLSearchParams(kept.body)].filter(([name]) => name !== showOnly).map(([name, value]) => hidden({ [name]: value }))}${hidden({ [showOnly]: 'yes' })}
<p><button type="submit">Go back to the form</button> <a href="/desk">Leave it</a></p></form>`));
  });
}
