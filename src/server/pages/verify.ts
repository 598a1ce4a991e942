import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';

import { packageFolder } from '../../store/index.ts';
import { html, type Html } from '../../drawing/html.ts';
import { page, type Site } from './layout.ts';
import { verifyPagePolicy } from './policies.ts';
import { verifyScript } from './verifyScript.ts';

/** The kinds of `src/verify/browser.ts` in words, and what the second file of some is. */
const kinds: readonly (readonly [kind: string, words: string])[] = [
  ['receipt', 'a receipt, or an answer'], ['answer', 'an answer in JSON, with an opening'], ['proof', 'a proof of one entry, with its hash'], ['checkpoint', 'a checkpoint of a log'],
  ['opening', 'an opening of entries'], ['release', 'published totals, with an opening'], ['report', 'a report to a resident'],
];

/**
 * `GET /verify`: one chooses a file and whom to trust, and reads the verdict. All of it happens in the browser, by the modules of `src/verify` as they were
 * built; nothing that is chosen is sent anywhere, and the page may not even ask. `modules` is the folder of the built modules.
 */
export function addVerifyPage(app: FastifyInstance, site: Site, modules: string = join(packageFolder(), 'dist', 'src', 'verify')): void {
  app.get('/verify', { config: { action: 'site.read' } }, (_request, reply) => reply.header('content-security-policy', verifyPagePolicy).header('content-type', 'text/html; charset=utf-8').send(page(site, 'Verify', '/verify', form())));
  app.get('/verify/page.js', { config: { action: 'site.read' } }, (_request, reply) => reply.header('content-type', 'text/javascript; charset=utf-8').send(verifyScript));
  app.get<{ Params: { name: string } }>('/verify/modules/:name', { config: { action: 'site.read' } }, async (request, reply) => {
    // A name of a module and no path: nothing else of the disk can be asked for.
    const text = /^[A-Za-z]{1,40}\.js$/.test(request.params.name) ? await readFile(join(modules, request.params.name), 'utf8').catch(() => null) : null;
    if (text === null) return reply.code(404).header('content-type', 'text/plain; charset=utf-8').send('There is no such module.\n');
    return reply.header('content-type', 'text/javascript; charset=utf-8').send(text);
  });
}

function form(): Html {
  return html`<p>Choose a file that you were given, and the file that says whom you trust. Your browser verifies it by itself: nothing leaves this computer.</p>
<p class="quiet">To trust no copy of this page either, use <code>weir verify</code> on a computer of your own, or any program that knows the formats.</p>
<noscript><p class="card bad">This page needs JavaScript. Without it, use <code>weir verify</code>.</p></noscript>
<form id="form">
<div class="field"><label for="kind">What is it?</label><select id="kind">${kinds.map(([kind, words]) => html`<option value="${kind}">${words}</option>`)}</select></div>
<div class="field"><label for="file">The file</label><input id="file" type="file" required></div>
<div class="field"><label for="policy">Whom you trust <span class="hint">a policy file: logs, witnesses and a quorum. Get it from somebody other than whoever gave you the file.</span></label><input id="policy" type="file" required></div>
<div class="field" id="openingField" hidden><label for="opening">The opening</label><input id="opening" type="file"></div>
<div class="field" id="hashField" hidden><label for="hash">The hash of the entry <span class="hint">64 hexadecimal digits; a receipt has it</span></label><input id="hash" type="text" autocomplete="off" spellcheck="false"></div>
<p><button>Verify</button></p>
</form>
<div id="verdict" role="status"></div>
<script type="module" src="/verify/page.js"></script>`;
}
