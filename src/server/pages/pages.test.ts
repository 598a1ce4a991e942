import { afterEach, describe, expect, it } from 'vitest';

import type { Exchange } from '../../exchange/exchange.ts';
import type { Answer, Inquiry } from '../../model/index.ts';
import { decode, encodeAnswer, encodeFault } from '../../wire/index.ts';
import { call } from '../testing/call.ts';
import { startTest, stopAll, testDeps } from '../testing/server.ts';
import { html } from '../../drawing/html.ts';

afterEach(stopAll);

const nasty = `<script>alert(1)</script>"'&`;
const png = Buffer.from('iVBORw0KGgo=', 'base64');

/** An exchange that reads the message as the real one does, and answers from `make`. */
function wired(make: (inquiry: Inquiry) => Partial<Answer>): Exchange & { readonly seen: Inquiry[] } {
  const seen: Inquiry[] = [];
  const clocks = { received: 0, sent: 0, receiveNumber: 1, sendNumber: 1 };
  return {
    seen,
    handle(incoming) {
      const decoded = decode(incoming.format, incoming.body);
      const common = { contentType: 'application/json', id: 'id-1', retryAfter: null, owners: [] };
      if (!decoded.ok) return Promise.resolve({ ...common, status: 400, outcome: 'fault', body: encodeFault(incoming.format, { ...decoded, clocks, format: incoming.format, id: 'id-1' }) });
      const inquiry = decoded.value as Inquiry;
      seen.push(inquiry);
      const answer: Answer = {
        id: 'id-1', inquiryKey: inquiry.key, key: 'DR', requester: inquiry.requester, destinations: inquiry.destinations, control: null, clocks, answers: [], merged: false, demonstration: true,
        summary: { asked: 1, hit: 0, noHit: 0, refused: 0, held: 0, silent: 0, owners: { hit: [], noHit: [], refused: [], held: [], silent: [] } }, ...make(inquiry),
      };
      return Promise.resolve({ ...common, status: 200, outcome: 'answered', body: encodeAnswer('json', answer) });
    },
  };
}

const none = { records: [], more: false, classes: [], reasons: [], policyVersion: 1, ticket: null, receipt: null } as const;

async function post(exchange: Exchange, fields: Record<string, string>, about = 'licence') {
  const { url } = await startTest(testDeps({ exchange }));
  return call(`${url}/try?about=${about}`, { body: new URLSearchParams(fields).toString(), headers: { 'content-type': 'application/x-www-form-urlencoded' } });
}

const licence = { requester: 'zz0000101', destination: 'WA', number: 'invented1' };

describe('html', () => {
  it('escapes every value, in lists too, and no value twice', () => {
    const inner = html`<b>${nasty}</b>`;
    expect(html`<p title="${nasty}">${[inner, 'a<b', null]}${3}</p>`.toString()).toBe(
      '<p title="&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;"><b>&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;</b>a&lt;b3</p>',
    );
  });
});

describe('pages', () => {
  it('have no script, one heading, a language, a banner, and load nothing from elsewhere', async () => {
    const { url } = await startTest(testDeps({ examples: [{ title: nasty, format: 'legacy', body: `DQ.ZZ0000101.WA.TXT NAM/O'HARA,${nasty}.` }] }));
    for (const path of ['/', '/try', '/try?about=person', '/try?about=plate', `/try?about=${encodeURIComponent(nasty)}`]) {
      const { status, body, headers } = await call(`${url}${path}`);
      expect(status).toBe(200);
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'self'; img-src 'self' data:/);
      expect(headers['content-security-policy']).not.toContain('script-src');
      expect(body).not.toMatch(/<script|https?:\/\/(?!localhost)/);
      expect(body.match(/<h1>/g)).toHaveLength(1);
      expect(body).toMatch(/<html lang="en">[^]*name="viewport"[^]*class="banner"[^]*<main id="content">/);
      const ids = [...body.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
      expect(new Set(ids).size).toBe(ids.length);
      for (const [, id] of body.matchAll(/<label for="([^"]+)"/g)) expect(ids).toContain(id);
    }
    expect((await call(`${url}/style.css`)).headers['content-type']).toMatch(/^text\/css/);
  });

  it('list the states to be briefed about, and show a briefing that may load nothing', async () => {
    const { url } = await startTest(testDeps());
    const list = await call(`${url}/briefings`);
    expect(list.headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'self'/);
    expect(list.body).toContain('href="/briefings/WA"');
    const briefing = await call(`${url}/briefings/wa?period=2026-10&period=x`);
    expect(briefing.status).toBe(200);
    expect(briefing.headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/);
    expect((await call(`${url}/briefings/WA?period=2026-10`)).body).toContain('Briefing 2026-10');
    expect((await call(`${url}/briefings/OR`)).status).toBe(404);
    expect((await call(`${url}/briefings/<b>`)).status).toBe(400);
  });

  it('say how the exchange is, and give lines that a shell takes as they stand', async () => {
    const examples = [{ title: 'One', format: 'json' as const, body: `{"n":"O'HARA"}` }];
    const { url } = await startTest(testDeps({ examples, health: () => [{ name: 'journal', ok: false, reason: 'the disk is full' }] }));
    const { body } = await call(`${url}/`);
    expect(body).toContain('journal: the disk is full');
    const [, command = ''] = /<code>([^]*?)<\/code>/.exec(body) ?? [];
    expect(command.replaceAll('&#39;', "'").replaceAll('&quot;', '"')).toBe(`curl -s ${url}/v1/inquiries -H 'content-type: application/json' --data-binary '{"n":"O'\\''HARA"}'`);
  });
});

describe('a query by hand', () => {
  it('is filled in from the example of its kind', async () => {
    const { url } = await startTest(testDeps({ examples: [{ title: 'One', format: 'json', body: JSON.stringify({ key: 'DQ', requester: 'ZZ0000101', destinations: ['WA'], subject: { kind: 'licence', number: 'INVENTED1' }, image: true, purpose: 'theft' }) }] }));
    const { body } = await call(`${url}/try`);
    expect(body).toMatch(/name="requester" value="ZZ0000101"/);
    expect(body).toMatch(/name="number" value="INVENTED1"/);
    expect(body).toMatch(/<option value="WA" selected>/);
    expect(body).toMatch(/<option value="theft" selected>/);
    expect(body).toMatch(/name="image" value="yes" checked/);
  });

  it('becomes the message that its fields say', async () => {
    const exchange = wired(() => ({}));
    await post(exchange, { ...licence, image: 'yes', purpose: 'violentCrime', caseNumber: ' C-1 ', user: 'INVENTED 1', warrant: 'W-1', court: 'stateCourt' });
    await post(exchange, { requester: 'ZZ0000101', destination: 'NL', surname: 'sample', given: 'jordan  q', birthDate: '1990-01-31', sex: 'X', court: 'no such court', purpose: 'no such purpose' }, 'person');
    await post(exchange, { requester: 'ZZ0000101', destination: 'WA', plate: 'inv1' }, 'plate');
    expect(exchange.seen).toMatchObject([
      { key: 'DQ', requester: 'ZZ0000101', destinations: ['WA'], subject: { kind: 'licence', number: 'INVENTED1' }, image: true,
        extension: { purpose: 'violentCrime', caseNumber: 'C-1', user: 'INVENTED 1', warrant: { number: 'W-1', documentHash: null, court: 'stateCourt' } } },
      { key: 'DQ', destinations: ['NL'], subject: { kind: 'person', name: { surname: 'SAMPLE', given: 'JORDAN', middle: 'Q' }, birthDate: '1990-01-31', sex: 'X' }, extension: { purpose: null, warrant: { court: 'notStated' } } },
      { key: 'RQ', subject: { kind: 'plate', plate: 'INV1' }, extension: { purpose: null, warrant: null } },
    ]);
  });

  it('is answered in plain words: the record with its picture, what was decided, and where it is on record', async () => {
    const { status, body, headers } = await post(wired(() => ({
      answers: [{
        ...none, owner: 'WA', status: 'answeredInPart', reasons: [nasty], receipt: { log: 'wa', index: 7, entry: 'e', hash: 'ab'.repeat(32), token: 'tok-en' },
        classes: [{ dataClass: 'address', outcome: 'redact', treatment: 'county', rules: ['WA-1'] }, { dataClass: 'ssn', outcome: 'deny', treatment: null, rules: [] }],
        records: [{ name: { surname: nasty, given: 'JORDAN', middle: '' }, birthDate: '1990', description: { height: 70 }, photo: { mediaType: 'image/png', bytes: png } }],
      }],
    })), licence);
    expect(status).toBe(200);
    expect(headers['cache-control']).toBe('no-store');
    expect(body).toContain(`<img src="data:image/png;base64,${png.toString('base64')}" alt="Portrait on the licence">`);
    expect(body).toContain('Washington: Answered in part');
    expect(body).toContain('only the county and the state');
    expect(body).toContain('no rule allows it');
    expect(body).toContain('5 ft 10 in');
    expect(body).toContain('entry 7');
    expect(body).not.toContain('<script');
    expect(body.match(/&lt;script&gt;/g)).toHaveLength(2);
  });

  it('tells of a hold with its ticket and of a refusal with its rule', async () => {
    const { body } = await post(wired(() => ({
      answers: [
        { ...none, owner: 'CO', status: 'held', ticket: { id: 'CO-3F7K-Q2XD-9HTB-M4VE', deadline: '2026-03-02T21:04:05.000Z', onTimeout: 'deny' } },
        { ...none, owner: 'WA', status: 'refused', reasons: ['WA-7: a judge’s warrant is needed'] },
      ],
      summary: { asked: 2, hit: 0, noHit: 0, refused: 1, held: 1, silent: 0, owners: { hit: [], noHit: [], refused: ['WA'], held: ['CO'], silent: [] } },
    })), { ...licence, destination: 'NL' });
    expect(body).toContain('Ticket CO-3F7K-Q2XD-9HTB-M4VE.');
    expect(body).toContain('by 2 March 2026, 21:04 UTC. If nobody does, it is refused.');
    expect(body).toContain('WA-7: a judge’s warrant is needed');
    expect(body).toContain('2 states were asked: 0 had a record, 0 had none, 1 refused, 1 held');
  });

  it('says what is wrong with a query that cannot be sent, and keeps what was filled in', async () => {
    const { status, body } = await post(wired(() => ({})), { ...licence, number: nasty });
    expect(status).toBe(200);
    expect(body).toContain('<title>The query could not be sent');
    expect(body).toContain('value="&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;"');
    expect(body).not.toContain('<script');
  });

  it('takes a form and nothing else', async () => {
    const { url } = await startTest(testDeps());
    expect((await call(`${url}/try`, { body: '{}', headers: { 'content-type': 'application/json' } })).status).toBe(415);
    expect((await call(`${url}/try`, { body: 'a'.repeat(9000), headers: { 'content-type': 'application/x-www-form-urlencoded' } })).status).toBe(413);
    expect((await call(`${url}/try`, { body: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://example.org' } })).status).toBe(403);
  });
});
