import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { ResidentError, type ResidentErrorCode, type ResidentEvent, type ResidentRequest, type Residents } from '../../residents/index.ts';
import { testBrowser, type TestBrowser } from '../testing/browser.ts';
import { stopAll } from '../testing/server.ts';
import { ownerRole, startTown, type Town } from '../testing/town.ts';

const number = 'R-8Q4M0K2X9D';
const secret = 'a-secret-of-a-resident';
const fresh: ResidentRequest = {
  number, owner: 'WA', state: 'proofing', askedAt: '2099-03-01T10:00:00.000Z', dueAt: '2099-03-31T10:00:00.000Z', from: '2098-03-01', to: '2099-03-01', entries: null, readUntil: null,
  steps: [{ id: 'letterCode', plain: 'a code by letter', by: 'resident', done: false, doneAt: null }, { id: 'inPerson', plain: 'an official saw the person', by: 'owner', done: false, doneAt: null }],
};

describe('the pages of residents', () => {
  let town: Town;
  let olive: TestBrowser;
  let request = fresh;
  let history: readonly ResidentEvent[] = [];
  let fails: ResidentErrorCode | null = null;
  const calls: (readonly unknown[])[] = [];
  const known = (...args: readonly unknown[]): Promise<ResidentRequest> => {
    calls.push(args);
    const [name, first, second] = args;
    if (['own', 'doStep'].includes(String(name)) && (first !== number || second !== secret)) return Promise.reject(new ResidentError('RESIDENT_UNKNOWN', 'there is no request of this number and secret', 'Check both.'));
    return fails !== null && name !== 'own' ? Promise.reject(new ResidentError(fails, 'the period is none', 'Write it again.')) : Promise.resolve(request);
  };
  const residents: Residents = {
    ask: async (...args) => ({ request: await known('ask', ...args), secret }), own: (...args) => known('own', ...args), doStep: (...args) => known('doStep', ...args), list: () => Promise.resolve([request]),
    open: async (...args) => { await known('open', ...args); return { given: { licences: ['WDL3B7K902XM'], plates: [], vins: [], people: [{ name: { surname: 'MARROWBY', given: 'TESSA', middle: '' }, birthDate: '1988-04-12' }] }, contact: null, code: 'K7Q2' }; },
    history: () => Promise.resolve(history), confirmStep: (...args) => known('confirmStep', ...args), make: (...args) => known('make', ...args),
    report: async (...args) => { await known('report', ...args); return { contentType: 'text/html', body: Buffer.from('<html><body>report</body></html>'), fileName: 'report' }; },
    tick: () => Promise.resolve(0),
  };
  beforeAll(async () => {
    town = await startTown({}, { people: { residents } });
    olive = await town.enter(await town.person('Olive Marsh', [ownerRole('ownerOfficial')]));
  });
  beforeEach(() => { request = fresh; history = []; fails = null; calls.length = 0; });
  afterAll(async () => { await stopAll(); await town.stop(); });

  const asked = { owner: 'WA', licence: 'WDL3B7K902XM', surname: 'Marrowby', given: 'Tessa', birth: '1988-04-12', from: '2098-03-01', to: '2099-03-01', contact: 'call at <noon>' };

  it('takes a request, shows number and secret once, and puts neither into an address', async () => {
    const nobody = testBrowser(town.url);
    const made = await nobody.post('/residents', asked);
    expect(made.status).toBe(200);
    expect(made.body).toContain(secret);
    expect(nobody.addresses.join(' ')).not.toMatch(/R-8Q4M|a-secret/);
    expect(calls[0]).toEqual(['ask', 'WA', { licences: ['WDL3B7K902XM'], plates: [], vins: [], people: [{ name: { surname: 'Marrowby', given: 'Tessa', middle: '' }, birthDate: '1988-04-12' }] }, { from: '2098-03-01', to: '2099-03-01' }, 'call at <noon>']);
  });

  it('loses nothing that was typed where it is not taken, and leads to the field', async () => {
    fails = 'RESIDENT_FIELD';
    const { status, body } = await testBrowser(town.url).post('/residents', asked);
    expect(status).toBe(422);
    for (const value of ['value="WDL3B7K902XM"', 'value="Marrowby"', 'value="1988-04-12"', 'value="2098-03-01"', '>call at &lt;noon&gt;</textarea>', '<option value="WA" selected>', 'href="#from"']) expect(body).toContain(value);
  });

  it.each([['RESIDENT_PROOF', 422], ['RESIDENT_STATE', 409], ['RESIDENT_MANY', 429], ['RESIDENT_LEDGER', 503]] as const)('tells %s as %i, with a way on', async (code, status) => {
    fails = code;
    const answer = await testBrowser(town.url).post('/residents/request', { number: number.toLowerCase(), secret, step: 'letterCode', answer: 'x' });
    expect(answer.status).toBe(status);
    expect(answer.body).toContain('role="alert"');
    expect(answer.body).toContain(code === 'RESIDENT_MANY' ? 'id="asked"' : 'Code from the letter');
  });

  it('says the same of a number that is not there and of a wrong secret, and keeps the number alone', async () => {
    const [wrong, none] = [await testBrowser(town.url).post('/residents/request', { number, secret: 'wrong-secret' }), await testBrowser(town.url).post('/residents/request', { number: 'R-0000000000', secret })];
    expect([wrong.status, none.status]).toEqual([404, 404]);
    expect(wrong.body.replace(number, 'N')).toBe(none.body.replace('R-0000000000', 'N'));
    expect(wrong.body).not.toContain('wrong-secret');
  });

  it.each(['proofing', 'ready', 'made', 'delivered', 'refused', 'lapsed'] as const)('says of %s what is next', async (state) => {
    request = { ...fresh, state, entries: 2 };
    const { body } = await testBrowser(town.url).post('/residents/request', { number, secret });
    expect(body.includes('Read it here')).toBe(state === 'made' || state === 'delivered');
    expect(body.includes('You may ask again')).toBe(state === 'refused' || state === 'lapsed');
    expect(body.includes('Send the code')).toBe(state === 'proofing');
  });

  it('says until when a report can be read, and when it was erased, and then offers none', async () => {
    request = { ...fresh, state: 'delivered', entries: 2, readUntil: '2099-04-02T10:00:00.000Z' };
    const { body } = await testBrowser(town.url).post('/residents/request', { number, secret });
    expect(body).toContain('2 April 2099');
    request = { ...request, readUntil: '2026-04-02T10:00:00.000Z' };
    const after = await testBrowser(town.url).post('/residents/request', { number, secret });
    expect(after.body).toContain('2 April 2026');
    expect(after.body).not.toContain('Read it here');
    expect((await olive.get('/desk/WA/residents')).body).toContain('2 April 2026');
  });

  it('shows a resident who did what with the request, the office by its role', async () => {
    const at = '2099-03-02T10:00:00.000Z';
    history = [
      { at, what: 'residentReportRead', by: 'holder', role: null, detail: 'letter' }, { at, what: 'residentReportMade', by: 'operator', role: null, detail: null }, { at, what: 'identityProofed', by: 'office', role: 'privacyApprover', detail: 'inPerson' },
      { at, what: 'identityRefused', by: 'holder', role: null, detail: 'letterCode' }, { at, what: 'identityStep', by: 'office', role: null, detail: 'gone' }, { at, what: 'opened', by: 'office', role: 'ownerOfficial', detail: null },
      { at, what: 'lapsed', by: 'clock', role: null, detail: null }, { at, what: 'residentAsked', by: 'holder', role: null, detail: null }, { at, what: '<later>', by: 'office', role: 'later', detail: null },
    ];
    const { body } = await testBrowser(town.url).post('/residents/request', { number, secret });
    for (const words of ['Who did what with your request', 'read, as a letter', 'the operator of the exchange', 'the office: privacy or legal approver', 'it is you: a code by letter', 'A step was done: gone', 'the office: official of the owner', 'the exchange by itself', 'with the number and the secret', '&lt;later&gt;']) expect(body).toContain(words);
    history = [];
    expect((await testBrowser(town.url).post('/residents/request', { number, secret })).body).not.toContain('Who did what');
  });

  it('labels a report of the demonstration', async () => {
    expect((await testBrowser(town.url).post('/residents/report', { number, secret, form: 'page' })).body).toContain('<strong>Demonstration.</strong>');
  });

  it('shows the office what was given only after it opened it, in words, and keeps the note of a step that was not taken', async () => {
    const list = await olive.get('/desk/WA/residents');
    expect(list.body).toContain(number);
    expect(list.body).not.toContain('MARROWBY');
    const opened = await olive.post(`/desk/WA/residents/${number}`, { do: 'open' });
    expect(opened.body).toContain('MARROWBY, TESSA, born 12 April 1988');
    expect(opened.body).toContain('K7Q2');
    fails = 'RESIDENT_STATE';
    const refused = await olive.post(`/desk/WA/residents/${number}`, { do: 'confirm', step: 'inPerson', note: 'a "passport"' });
    expect(refused.status).toBe(409);
    expect(refused.body).toContain('value="a &quot;passport&quot;"');
    expect(refused.body).toMatch(/value="confirm" required checked/);
  });

  it('has no answer chosen beforehand, and does nothing with a form that says neither: the note is kept', async () => {
    const { body } = await olive.get('/desk/WA/residents');
    expect([body.match(/type="radio" [^>]*name="do"/g)?.length, body.includes(' checked'), /<button name="do" value="(?:confirm|deny)"/.test(body)]).toEqual([2, false, false]);
    for (const fields of [{ do: 'rubbish' }, { do: '' }, {}]) {
      calls.length = 0;
      const refused = await olive.post(`/desk/WA/residents/${number}`, { ...fields, step: 'inPerson', note: 'a "passport"' });
      expect([refused.status, calls, refused.body.includes('value="a &quot;passport&quot;"'), refused.body.includes(' checked')]).toEqual([422, [], true, false]);
    }
  });

  it('confirms and does not confirm by what was chosen, and goes back to the list', async () => {
    for (const [act, confirmed] of [['confirm', true], ['deny', false]] as const) {
      calls.length = 0;
      const { status, headers } = await olive.post(`/desk/WA/residents/${number}`, { do: act, step: 'inPerson', note: 'passport' });
      expect([status, headers.location]).toEqual([303, '/desk/WA/residents']);
      expect(calls[0]?.[4]).toEqual({ confirmed, note: 'passport' });
    }
  });
});
