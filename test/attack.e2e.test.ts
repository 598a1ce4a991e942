import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startProcess, temporaryFolder, type WeirProcess } from '../bench/weirProcess.ts';
import { allRoutes, everybody, form, planted, type Cast, type Route } from './attack.ts';
import { patientSettings } from './patient.ts';
import { heldByLegacy, type Said } from './peopleClient.ts';
import { until } from './until.ts';

/** The running demonstration, attacked over HTTP. What was tried and held is in docs/threats.md. */
describe('an attack on a running exchange', () => {
  let folder: string;
  let weir: WeirProcess;
  let as: Cast;
  const routes = allRoutes();
  /** What Washington has of each kind, by the name in an address, where the address has it. */
  let of: { ticket: string; draft: string; proposal: string; account: string; grant: string; act: string; paper: string; resident: string; question: string };
  const raw = (method: string, path: string, headers: Readonly<Record<string, string>> = {}, body?: string): Promise<Response> => fetch(`${weir.http}${path}`, { method, redirect: 'manual', headers, ...(body === undefined ? {} : { body }) });
  const json = <T>({ json: value }: Said): T => value as T;

  beforeAll(async () => {
    folder = await temporaryFolder();
    await patientSettings(`${folder}/data`);
    weir = await startProcess({ data: `${folder}/data`, residents: 2_000, agencies: 3_500 });
    as = await everybody(weir.http);
    const { ticket } = await heldByLegacy(weir.http, 'ATTACK01');
    const { id: question } = json<{ id: string }>(await as.Ruth.send('POST', `/v1/owners/WA/held/${ticket}/questions`, { text: planted('question') }));
    const sent = (await (await raw('POST', `/v1/tickets/${ticket}/papers`, { 'content-type': 'application/pdf' }, '%PDF-1.7\n<html><script>zqpdf</script>\n%%EOF')).json()) as { id: string };
    const draft = json<{ id: string; etag: number; text: string }>(await as.Adam.send('POST', '/v1/owners/WA/changes/drafts', { title: planted('title') }));
    await as.Adam.send('POST', `/v1/owners/WA/changes/drafts/${draft.id}/comments`, { text: planted('comment') });
    const rule = { widening: 3, narrowing: 1, lapsesAfterDays: 10, emergencyHours: 24 };
    const proposal = json<{ id: string }>(await as.Adam.send('POST', '/v1/owners/WA/changes/proposals', { kind: 'rule', rule, reason: planted('reason') }));
    const { people } = json<{ people: { account: string; roles: { id: string }[] }[] }>(await as.Olive.send('GET', '/v1/owners/WA/people'));
    const ruth = people.find(({ account }) => account === as.Ruth.account);
    const { acts } = json<{ acts: { id: string }[] }>(await as.Aldo.send('GET', '/v1/owners/WA/acts'));
    const asked = (await (await raw('POST', '/v1/owners/WA/resident-requests', { 'content-type': 'application/json' }, JSON.stringify({ given: { licences: ['WDL3B7K902XM'] }, from: '2026-01-01', to: '2026-02-01', contact: planted('contact') }))).json()) as { request: { number: string } };
    of = { ticket, draft: draft.id, proposal: proposal.id, account: as.Ruth.account, grant: ruth?.roles[0]?.id ?? '', act: acts[0]?.id ?? '', paper: sent.id, resident: asked.request.number, question };
    expect(Object.entries(of).filter(([, id]) => typeof id !== 'string' || id === '')).toEqual([]);
  });
  afterAll(async () => {
    await weir.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** The address with what another has, and with what nobody has. */
  function addresses({ url }: Route, scope: { readonly owner: string; readonly ori: string }): readonly (readonly [string, readonly string[]])[] {
    const other = (id: string): string => id.replace(/[0-9A-Z](?=[^0-9A-Z]*$)/, (last) => (last === 'Q' ? 'R' : 'Q'));
    const known: Readonly<Record<string, string>> = { account: of.account, grant: of.grant, ticket: of.ticket, paper: of.paper, number: of.resident, id: url.includes('/acts/') ? of.act : url.includes('/drafts/') ? of.draft : url.includes('/proposals/') ? of.proposal : url.includes('ticket') ? of.ticket : 'N-WA-0000-0000-0000-0000' };
    return [(id: string) => id, other].map((turn) => {
      const ids: string[] = [];
      const path = url.replace(':owner', scope.owner).replace(':ori', scope.ori).replace(/:([a-zA-Z]+)/g, (_all, name: string) => {
        const id = turn(known[name] ?? 'X-0000');
        ids.push(id);
        return encodeURIComponent(id);
      });
      return [path, ids] as const;
    });
  }

  /** Bodies that each route takes, so that it is the number that is refused. */
  const bodies: readonly (readonly [RegExp, unknown])[] = [
    [/decision$/, { hash: '0'.repeat(64), decision: 'approve', reason: 'stolen' }], [/drafts\/:id$/, { title: 'stolen', text: 'policy: NY' }], [/withdrawal$/, { reason: 'stolen' }], [/(comments|questions|replies)$/, { text: 'stolen', question: 'X' }],
    [/escalation$/, { note: 'stolen' }], [/disable$/, { why: 'stolen' }], [/roles$/, { role: 'auditor' }], [/steps/, { confirmed: true, note: 'stolen' }], [/(revocation|readmission)$/, { reason: 'stolen stolen' }], [/./, {}],
  ];
  const heldDecision = { decision: 'refuse', reason: 'noLegalGround', note: '' };

  it('finds with a number of another owner exactly what it finds with a number of nobody', async () => {
    const wrong: string[] = [];
    let tried = 0;
    for (const route of routes) {
      if (!/:(?!owner\b|ori\b)[a-z]/.test(route.url) || /\/(scim|log|verify|sign-in|again|invitation|machine)\b/.test(route.url) || !/:(owner|ori)/.test(route.url)) continue;
      // A role is given to an account of anybody, by its number: that is how somebody comes to work for two.
      if (/\/people\/:account\/roles$/.test(route.url)) continue;
      for (const [client, scope] of [[as.Nora, { owner: 'NY', ori: 'NY5010100' }], [as.Nils, { owner: 'NY', ori: 'NY5010100' }]] as const) {
        const page = !route.url.startsWith('/v1/');
        const body = route.method === 'GET' || route.method === 'DELETE' ? undefined : page ? new URLSearchParams({ reason: 'stolen', note: 'stolen', text: 'stolen', hash: '0'.repeat(64), decision: 'approve', do: 'open', grant: of.grant })
          : /held.*decision$/.test(route.url) ? heldDecision : bodies.find(([pattern]) => pattern.test(route.url))?.[1];
        const answers = await Promise.all(addresses(route, scope).map(async ([path, ids]) => form(await client.send(route.method, path, body, { ...(page ? { accept: 'text/html' } : {}), ...(route.url.includes('drafts/:id') ? { 'if-match': '"1"' } : {}) }), ids)));
        tried += 1;
        if (answers[0] !== answers[1]) wrong.push(`${route.method} ${route.url}: ${difference(answers[0] ?? '', answers[1] ?? '')}`);
        if (/^(2|500)/.test(answers[0] ?? '')) wrong.push(`${route.method} ${route.url}: ${answers[0]?.slice(0, 160) ?? ''}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(tried).toBeGreaterThan(120);
    expect(json<{ state: string }>(await as.Ruth.send('GET', `/v1/owners/WA/held/${of.ticket}`)).state).toBe('asked');
    expect(json<{ state: string }>(await as.Adam.send('GET', `/v1/owners/WA/changes/proposals/${of.proposal}`)).state).toBe('open');
  });

  it('finds a ticket of another agency no more than one that there is not', async () => {
    for (const path of ['/v1/tickets/:id', '/v1/tickets/:id/answer', '/ticket/:id']) {
      const [one, none] = await Promise.all(addresses({ method: 'GET', url: path, action: '' }, { owner: '', ori: '' }).map(async ([address, ids]) => form(await as.Uri.send('GET', address), ids)));
      expect(one).toMatch(/^404/);
      expect(one).toBe(none);
    }
  });

  it('changes nothing on a word of another site, whatever it says of itself, and nothing by GET', async () => {
    const cookie = await sessionOf('Olive');
    const wrong: string[] = [];
    for (const { method, url, action } of routes) {
      if (method === 'GET' || action === 'inquiry.send') continue;
      const path = url.replace(':owner', 'WA').replace(':ori', 'WA5010100').replace(/:[a-zA-Z]+/g, 'x').replace('*', 'x');
      for (const headers of [{ origin: 'https://evil.example' }, { origin: 'null' }, { origin: weir.http.replace('http:', 'https:') }, { 'sec-fetch-site': 'cross-site' }] as Readonly<Record<string, string>>[]) {
        const said = await raw(method, path, { cookie, 'content-type': 'application/x-www-form-urlencoded', ...headers }, method === 'DELETE' ? undefined : 'x=1');
        if (said.status !== 403 || !(await said.text()).includes('foreignOrigin')) wrong.push(`${method} ${url} ${JSON.stringify(headers)}: ${said.status}`);
      }
      for (const trick of ['X-HTTP-Method-Override', 'X-Method-Override']) {
        const said = await raw('GET', path, { cookie, [trick]: method });
        if (![200, 303, 400, 401, 403, 404, 405, 422].includes(said.status)) wrong.push(`${method} ${url} by ${trick}: ${said.status}`);
      }
    }
    expect(wrong).toEqual([]);
    expect((await raw('GET', '/v1/me', { cookie })).status).toBe(200);
  });

  it('serves its invented people to no other name, and lets no other place in', async () => {
    // `fetch` sets the host itself.
    const { request } = await import('node:http');
    const { port } = new URL(weir.http);
    const status = (host: string): Promise<number> => new Promise((done, fail) => request({ host: '127.0.0.1', port, path: '/sign-in', headers: { host } }, (said) => { said.resume(); done(said.statusCode ?? 0); }).on('error', fail).end());
    for (const host of ['evil.example', `evil.example:${port}`, 'localhost.evil.example', `127.0.0.1.evil.example:${port}`, 'localhost@evil.example', '0.0.0.0', '[::ffff:7f00:1]']) expect([host, await status(host)]).toEqual([host, 421]);
    expect(await status(`localhost:${port}`)).toBe(200);
  });

  it('leads back to no other site after signing in, and takes no cookie that was planted', async () => {
    for (const to of ['//evil.example', '/\\evil.example', '/\t/evil.example', '/\n/evil.example', 'https://evil.example', '/%0d%0aset-cookie:x=1', '/.//evil.example', '/desk\r\nset-cookie: x=1', 'javascript:alert(1)', '/∕evil.example', 'x'.repeat(5_000)]) {
      const planted = `weir=${'A'.repeat(43)}`;
      const said = await raw('POST', '/sign-in/persona', { origin: weir.http, cookie: planted, 'content-type': 'application/x-www-form-urlencoded' }, new URLSearchParams({ account: as.Adam.account, to }).toString());
      const lead = new URL(said.headers.get('location') ?? '', weir.http);
      expect([said.status, lead.origin]).toEqual([303, new URL(weir.http).origin]);
      const then = new URL(lead.searchParams.get('to') ?? '', weir.http);
      expect([to, then.origin]).toEqual([to, new URL(weir.http).origin]);
      expect(said.headers.getSetCookie().every((one) => !one.startsWith(planted) && /; HttpOnly; SameSite=Lax; /.test(one))).toBe(true);
    }
  });

  it('lets nothing through a locked screen, by page, program or polling', async () => {
    const cookie = await sessionOf('Ruth');
    await raw('POST', '/lock', { cookie, origin: weir.http, 'content-type': 'application/x-www-form-urlencoded' }, '');
    for (const path of ['/v1/me', '/v1/owners/WA/held', `/v1/owners/WA/held/${of.ticket}`, '/v1/owners/WA/acts', '/v1/me/acts']) {
      for (let n = 0; n < 3; n += 1) expect([path, (await raw('GET', path, { cookie })).status]).toEqual([path, 401]);
    }
    expect((await raw('GET', '/desk', { cookie, accept: 'text/html' })).headers.get('location')).toBe('/unlock?to=%2Fdesk');
    expect((await raw('GET', '/v1/me', { cookie: `${cookie}; ${cookie}` })).status).toBe(401);
  });

  it('shows what was planted in every free text as text, on every page of everybody', async () => {
    const open = await heldByLegacy(weir.http, 'ATTACK02');
    await raw('POST', `/v1/tickets/${of.ticket}/replies`, { 'content-type': 'application/json' }, JSON.stringify({ question: of.question, text: planted('reply') }));
    await as.Ruth.send('POST', `/v1/owners/WA/held/${of.ticket}/escalation`, { note: planted('escalation') });
    await as.Ruth.send('POST', `/v1/owners/WA/held/${open.ticket}/decision`, { ...heldDecision, note: planted('note') });
    const invited = await as.Olive.send('POST', '/v1/owners/WA/people', { name: planted('name'), login: 'planted', role: 'reviewer', email: '"<script>zqmail</script>"@example.org' });
    expect(invited.status).toBe(200);
    await as.Olive.send('POST', `/v1/owners/WA/people/${json<{ account: string }>(invited).account}/disable`, { why: planted('why') });
    await as.Cora.send('POST', '/v1/agencies/WA5010100/people', { name: planted('user'), login: 'planted2', role: 'agencyUser' });
    await as.Olive.send('POST', '/v1/me/tokens', { name: planted('token').slice(0, 60), days: 1, actions: ['change.read'] });
    await as.Cora.send('PUT', '/v1/agencies/WA5010100/deliveries', { kind: 'event', url: 'https://example.org/"><script>zqurl</script>' });
    const wrong: string[] = [];
    const seen = new Set<string>();
    let plantedSeen = 0;
    for (const [name, client] of Object.entries(as)) {
      const queue = ['/desk', '/account', '/account/acts', '/account/tokens', `/ticket/${of.ticket}`, `/ticket/${open.ticket}`, '/residents'];
      const done = new Set<string>();
      for (let path = queue.shift(); path !== undefined && done.size < 120; path = queue.shift()) {
        // Of many of a kind, three.
        const kind = path.replace(/[A-Za-z]{1,3}-[0-9A-Za-z-]{8,}/g, 'ID').replace(/\?.*/, '?');
        if (done.has(path) || [...done].filter((one) => one.startsWith(`${kind} `)).length >= 3) continue;
        done.add(path).add(`${kind} ${path}`);
        const said = await client.send('GET', path, undefined, { accept: 'text/html' });
        if (said.status >= 500) wrong.push(`${name} ${path}: ${said.status}`);
        if (!(said.headers.get('content-type') ?? '').startsWith('text/html')) continue;
        seen.add(kind);
        plantedSeen += (said.text.match(/zq[a-z]+/g) ?? []).length;
        const policy = said.headers.get('content-security-policy') ?? '';
        if (/<script>zq|<img src=x/.test(said.text)) wrong.push(`${name} ${path}: it is HTML`);
        if (!policy.includes("default-src 'none'") || !policy.includes("frame-ancestors 'none'") || /script-src[^;]*unsafe/.test(policy)) wrong.push(`${name} ${path}: ${policy}`);
        for (const [, to = ''] of said.text.matchAll(/(?:href|action)="([^"]+)"/g)) {
          if (/^(?:javascript|vbscript):/i.test(to)) wrong.push(`${name} ${path}: ${to}`);
          else if (/^\/(?:desk|agency|account|ticket|machine)/.test(to)) queue.push(to.replaceAll('&amp;', '&').split('#', 1)[0] ?? '');
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(seen.size).toBeGreaterThan(40);
    expect(plantedSeen).toBeGreaterThan(20);
  });

  it('keeps names, addresses, secrets and what was planted out of counters, errors and open fields', async () => {
    const counters = await (await raw('GET', '/metrics')).text();
    expect(counters).not.toMatch(/zq|example\.org|A-[0-9A-Z]{12}|WDL3B7K902XM|weir_[\w-]{43}\b/);
    const errors = await Promise.all([
      raw('GET', '/v1/owners/WA/held/zqmarker'), raw('POST', '/v1/sign-in', { 'content-type': 'application/json', origin: weir.http }, '{"login":"zqmarker@example.org","password":"zqmarker"}'),
      raw('POST', '/v1/sign-in', { 'content-type': 'application/json', origin: weir.http }, '{"login":"zqmarker@example.org"'), raw('GET', '/zqmarker?zqmarker=1'), raw('GET', '/v1/me', { authorization: 'Bearer weir_zqmarkerzqmarkerzqmarker' }),
    ]);
    for (const said of errors) expect(await said.text()).not.toContain('zqmarker');
    const { acts } = json<{ acts: Record<string, unknown>[] }>(await as.Aldo.send('GET', '/v1/owners/WA/acts'));
    expect(acts.length).toBeGreaterThan(10);
    // The numbers of accounts are chance, in capitals.
    expect(JSON.stringify(acts)).not.toMatch(/zq[a-z]|onerror|example\.org|Marrowby|MARROWBY|WDL3B7K902XM/);
  });

  it('of sixty-four approvals, returns and withdrawals at once takes what one proposal can have, and one outcome', async () => {
    const { id, hash } = json<{ id: string; hash: string }>(await as.Adam.send('GET', `/v1/owners/WA/changes/proposals/${of.proposal}`));
    const at = `/v1/owners/WA/changes/proposals/${id}`;
    const said = await Promise.all(Array.from({ length: 64 }, async (_, n) => {
      if (n % 16 === 3) return ['withdraw', (await as.Adam.send('POST', `${at}/withdrawal`, { reason: 'withdrawn' })).status] as const;
      const who = n % 2 === 0 ? as.Petra : as.Priya;
      return ['decide', (await who.send('POST', `${at}/decision`, { hash, decision: n % 8 === 7 ? 'return' : 'approve', reason: `at once ${n}` })).status] as const;
    }));
    expect(said.filter(([, status]) => status >= 500)).toEqual([]);
    const after = json<{ state: string; approvals: { account: string; decision: string }[] }>(await as.Adam.send('GET', at));
    expect(['inForce', 'withdrawn', 'returned']).toContain(after.state);
    const approved = after.approvals.filter(({ decision }) => decision === 'approve').map(({ account }) => account);
    expect(new Set(approved).size).toBe(approved.length);
    expect(said.filter(([what, status]) => what === 'withdraw' && status === 200).length).toBe(after.state === 'withdrawn' ? 1 : 0);
    const refused = await until(() => as.Aldo.send('GET', `/v1/owners/WA/acts?q=${encodeURIComponent(`on:${id} result:refused`)}`), ({ text }) => text.includes('approvalRefused'));
    expect(refused.text).toContain('approvalRefused');
  });

  it('lets a token neither approve, nor begin an emergency, nor make another, whatever it asks for', async () => {
    const actions = ['change.approve', 'change.emergency', 'people.manage', 'token.own', 'factor.own', 'session.own', 'certification.manage'];
    for (const action of actions) expect([action, (await as.Petra.send('POST', '/v1/me/tokens', { name: 'steal', days: 1, actions: [action] })).status]).toEqual([action, 422]);
    const { secret } = json<{ secret: string }>(await as.Petra.send('POST', '/v1/me/tokens', { name: 'reader', days: 1, actions: ['change.read', 'change.comment'] }));
    const authorization = `Bearer ${secret}`;
    expect((await raw('GET', '/v1/owners/WA/changes/drafts', { authorization })).status).toBe(200);
    for (const [path, body] of [[`/v1/owners/WA/changes/proposals/${of.proposal}/decision`, { hash: '0'.repeat(64), decision: 'approve', reason: 'x' }], ['/v1/me/tokens', { name: 'more', days: 1, actions: ['change.read'] }], ['/v1/me/passkeys/options', {}]] as const) {
      expect([path, (await raw('POST', path, { authorization, 'content-type': 'application/json' }, JSON.stringify(body))).status]).toEqual([path, 403]);
    }
    expect((await raw('GET', '/v1/owners/NY/changes/drafts', { authorization })).status).toBe(403);
  });

  /** Where two answers part. */
  function difference(one: string, other: string): string {
    const at = Array.from({ length: one.length }, (_, n) => n).find((n) => one.charAt(n) !== other.charAt(n)) ?? one.length;
    return `${one.slice(0, 3)} ${one.slice(Math.max(0, at - 40), at + 80)} | ${other.slice(0, 3)} ${other.slice(Math.max(0, at - 40), at + 80)}`;
  }

  /** The cookie of a new session of somebody. */
  async function sessionOf(name: keyof Cast): Promise<string> {
    const form = { origin: weir.http, 'content-type': 'application/x-www-form-urlencoded' };
    const said = await raw('POST', '/sign-in/persona', form, new URLSearchParams({ account: as[name].account, to: '/desk' }).toString());
    const cookie = said.headers.getSetCookie().find((one) => one.startsWith('weir='))?.split(';')[0] ?? '';
    await raw('POST', '/notice', { ...form, cookie }, 'to=%2Fdesk');
    return cookie;
  }
});
