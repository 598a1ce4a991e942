import type { FastifyInstance, FastifyReply } from 'fastify';

import { html, type Html } from '../../drawing/html.ts';
import { passkeyPagePolicy } from '../pages/policies.ts';
import { passkeyScript } from './passkeyScript.ts';

/** The one script of the pages for people. */
export function addPasskeyScript(app: FastifyInstance): void {
  app.get('/passkey.js', { config: { action: 'site.read' } }, (_request, reply) => reply.header('content-type', 'text/javascript; charset=utf-8').send(passkeyScript));
}

/** A button that asks the browser for a passkey. Hidden until the script finds that the browser has them: without script nothing is lost but the button. */
export function passkeyBox(use: 'sign-in' | 'again' | 'add', to: string): Html {
  const text = { 'sign-in': 'Sign in with a passkey', again: 'Show a passkey', add: 'Add a passkey' }[use];
  return html`<div id="passkey" data-use="${use}" data-to="${to}" hidden>
${use === 'add' ? html`<div class="field"><label for="passkeyName">Name of the passkey <span class="hint">so that you know it again: the key on my key ring</span></label><input id="passkeyName" type="text" maxlength="60" autocomplete="off"></div>` : null}
<p><button type="button" id="passkeyButton">${text}</button></p>
<p id="passkeyProblem" role="status"></p></div>
<script type="module" src="/passkey.js"></script>`;
}

/** Sends a page that may run the script, and nothing else. */
export function sendScriptPage(reply: FastifyReply, text: string): FastifyReply {
  return reply.header('content-security-policy', passkeyPagePolicy).header('content-type', 'text/html; charset=utf-8').send(text);
}
