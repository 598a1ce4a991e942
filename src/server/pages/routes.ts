import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import type { ServerDeps } from '../deps.ts';
import { answerOf } from './answer.ts';
import { abouts, fieldNames, formOf, type About, type Filled } from './form.ts';
import { homePage } from './home.ts';
import { html, type Html } from '../../drawing/html.ts';
import type { JsonAnswer } from './json.ts';
import { page, type Site } from './layout.ts';
import { filledFrom, messageOf } from './message.ts';
import { pagePolicy } from './policies.ts';
import { style } from './style.ts';
import { addVerifyPage } from './verify.ts';

/** `GET /`, and on the loopback demonstration `/try`, where a person sends a query by hand. Only the page that verifies files in the browser has a script. */
export function addPages(app: FastifyInstance, deps: ServerDeps, site: Site): void {
  app.get('/style.css', { config: { action: 'site.read' } }, (_request, reply) => reply.header('content-type', 'text/css; charset=utf-8').header('cache-control', 'max-age=300').send(style));
  app.get('/', { config: { action: 'site.read' } }, async (request, reply) => {
    const health = await Promise.resolve(deps.health()).catch(() => [{ name: 'database' as const, ok: false, reason: 'the parts could not be looked at' }]);
    return send(reply, homePage(site, originOf(request, site), deps.examples, health));
  });
  addVerifyPage(app, site);
  if (site.byHand) addForm(app, deps, site);
}

function addForm(app: FastifyInstance, deps: ServerDeps, site: Site): void {
  void app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string', bodyLimit: 8192 }, (_request, body, next) => next(null, body));
    scope.get('/try', { config: { action: 'inquiry.send' } }, (request, reply) => {
      const about = aboutOf(request);
      return send(reply, page(site, 'Try a query', '/try', formOf(about, filledFrom(about, deps.examples), deps.policies.owners)));
    });
    scope.post('/try', { config: { action: 'inquiry.send' } }, async (request, reply) => {
      const about = aboutOf(request);
      const filled = filledIn(typeof request.body === 'string' ? request.body : '');
      const { title, content } = await ask(deps, about, filled);
      return send(reply, page(site, title, '/try', html`${content}<h2>Ask again</h2>${formOf(about, filled, deps.policies.owners)}`));
    });
    done();
  });
}

async function ask(deps: ServerDeps, about: About, filled: Filled): Promise<{ readonly title: string; readonly content: Html }> {
  const started = performance.now();
  const outgoing = await deps.exchange.handle({
    body: Buffer.from(messageOf(about, filled)), format: 'json', credential: { fingerprint: null, oris: null }, idempotencyKey: null,
  });
  deps.metrics.inquiry('json', outgoing.outcome, outgoing.status, (performance.now() - started) / 1000);
  const body = JSON.parse(typeof outgoing.body === 'string' ? outgoing.body : Buffer.from(outgoing.body).toString()) as unknown;
  if (outgoing.status === 200) return { title: 'The answer', content: answerOf(body as JsonAnswer) };
  const { title, detail } = body as { readonly title: string; readonly detail: string };
  return { title: 'The query could not be sent', content: html`<section class="card bad"><h2>${title}</h2><p>${detail}</p></section>` };
}

function aboutOf({ query }: FastifyRequest): About {
  const { about } = query as { about?: unknown };
  return typeof about === 'string' && Object.hasOwn(abouts, about) ? (about as About) : 'licence';
}

function filledIn(body: string): Filled {
  const sent = new URLSearchParams(body);
  return Object.fromEntries(fieldNames.map((name) => [name, (sent.get(name) ?? '').slice(0, 200)]));
}

/** The address under which the reader came. On the demonstration the door has checked it; elsewhere it is only shown. */
function originOf(request: FastifyRequest, site: Site): string {
  const host = request.headers.host ?? '';
  const shown = /^[A-Za-z0-9.:[\]-]{1,100}$/.test(host) ? host : 'localhost';
  return `${site.byHand ? 'http' : 'https'}://${shown}`;
}

function send(reply: FastifyReply, text: string): FastifyReply {
  return reply.header('content-security-policy', pagePolicy).header('content-type', 'text/html; charset=utf-8').send(text);
}
