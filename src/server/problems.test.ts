import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';

import { afterEach, describe, expect, it } from 'vitest';

import { ChangeError } from '../approvals/types.ts';
import { defaultSignIn } from '../people/accounts/types.ts';
import { allRoles, type Grant } from '../people/roles/index.ts';
import { ResidentError } from '../residents/types.ts';
import { HeldError } from '../review/types.ts';
import { DatabaseError } from '../store/driver/index.ts';
import { faultStatus } from '../wire/index.ts';
import type { Limits } from './limits.ts';
import { problemTables } from './problemTables.ts';
import type { JobAnswer } from './proof/job.ts';
import { messageProblems, problems, problemType, type ProblemName } from './problems.ts';
import { call, inquire, type Called } from './testing/call.ts';
import { testAuthority } from './testing/certificates.ts';
import { lastBody, raw } from './testing/raw.ts';
import { cookieFor, testPeople, testPerson } from './testing/people.ts';
import { echoExchange, startTest, stopAll, testDeps, testDesk } from './testing/server.ts';


afterEach(stopAll);

/** How each problem is met. The compiler asks for one way for each. */
const ways: Readonly<Record<ProblemName, () => Promise<Pick<Called, 'status' | 'body'> & { readonly headers: Readonly<Record<string, unknown>> }>>> = {
  malformedRequest: () => overRaw('GET / HTTP/1.1\r\nHost: localhost\r\nBad Header\r\n\r\n'),
  badParameter: () => demonstration((url) => call(`${url}/v1/registry/agencies/lower`)),
  badIdempotencyKey: () => demonstration((url) => inquire(url, { headers: { 'idempotency-key': 'k'.repeat(129) } })),
  emptyBody: () => demonstration((url) => inquire(url, { body: '' })),
  badBody: () => demonstration((url) => call(`${url}/v1/policies/WA/ask`, { body: '{"as":', headers: { 'content-type': 'application/json' } })),
  unknownCertificate: () => overTls((url, agent) => inquire(url, { agent })),
  foreignOrigin: () => demonstration((url) => inquire(url, { headers: { origin: 'https://elsewhere.example' } })),
  operatorsOnly: () => overTls((url, agent) => call(`${url}/metrics`, { agent })),
  notFound: () => demonstration((url) => call(`${url}/planted?x=planted`)),
  unknownTicket: () => demonstration((url) => call(`${url}/v1/tickets/WA-0000-0000-0000-0000`)),
  unknownAgency: () => demonstration((url) => call(`${url}/v1/registry/agencies/ZZ9999999`)),
  unknownOwner: () => demonstration((url) => call(`${url}/v1/policies/ZQ`)),
  unknownClaim: () => desk({ ok: false, problem: 'unknownClaim' }),
  methodNotAllowed: () => demonstration((url) => call(`${url}/v1/inquiries`, { method: 'DELETE' })),
  notAcceptable: () => demonstration((url) => inquire(url, { headers: { accept: 'image/png' } })),
  requestTimeout: () => overRaw('POST /v1/inquiries HTTP/1.1\r\nHost: localhost\r\nContent-Le', { headersTimeout: 100, requestTimeout: 200, checkEvery: 50 }),
  bodyTooLarge: () => demonstration((url) => inquire(url, { body: 'A'.repeat(64 * 1024 + 1) })),
  unsupportedMediaType: () => demonstration((url) => inquire(url, { headers: { 'content-type': 'image/png' } })),
  expectationFailed: () => demonstration((url) => inquire(url, { headers: { expect: 'the impossible' } })),
  misdirected: () => demonstration((url) => call(`${url}/healthz`, { headers: { host: 'elsewhere.example' } })),
  unsoundPolicy: () => desk({ ok: false, problem: 'unsoundPolicy', reasons: ['line 3, column 1: unknownKey'] }),
  otherOwner: () => desk({ ok: false, problem: 'otherOwner' }),
  headersTooLarge: () => overRaw(`GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`),
  internal: () => demonstration((url) => inquire(url), { exchange: { ...echoExchange(), handle: () => Promise.reject(new Error('a secret')) } }),
  proofBusy: () => desk({ ok: false, problem: 'proofBusy' }),
  archiveBusy: () => demonstration((url) => call(`${url}/briefings/ZZ`)),
  proofTooLarge: () => desk({ ok: false, problem: 'proofTooLarge' }),
  signInNeeded: () => signedIn('/v1/owners/WA/held', { cookie: null }),
  sessionLocked: () => signedIn('/v1/owners/WA/held', { state: 'locked' }),
  noticeDue: () => signedIn('/v1/owners/WA/held', { state: 'notice' }),
  freshSignInNeeded: () => signedIn('/v1/me/tokens', { shownAt: Date.now() - 301_000 }),
  notPermitted: () => signedIn('/v1/owners/OR/held'),
  ownWork: () => signedIn('/v1/owners/WA/changes/proposals', { failure: new ChangeError('CHANGE_OWN', 'it is your own', 'Another must.') }),
  unknownObject: () => signedIn('/v1/owners/WA/changes/proposals', { failure: new ChangeError('CHANGE_UNKNOWN', 'there is none', 'Check it.') }),
  stateChanged: () => signedIn('/v1/owners/WA/changes/proposals', { failure: new ChangeError('CHANGE_STATE', 'it is decided', 'Read it.') }),
  staleVersion: () => signedIn('/v1/owners/WA/changes/proposals', { failure: new ChangeError('CHANGE_STALE', 'it was saved since', 'Read it.') }),
  fieldWrong: () => signedIn('/v1/owners/WA/changes/proposals', { failure: new ChangeError('CHANGE_FIELD', 'a field is wrong', 'Mend it.') }),
  checksFailed: () => signedIn('/v1/owners/WA/changes/proposals', { failure: new ChangeError('CHANGE_CHECKS', 'the checks failed', 'Mend it.') }),
  ruleForbids: () => signedIn('/v1/owners/WA/held', { failure: new HeldError('HELD_RULE', 'the policy denies it now', 'Read it.') }),
  paperRefused: () => signedIn('/v1/owners/WA/held', { failure: new HeldError('HELD_PAPER', 'it is no PDF', 'Send a PDF.') }),
  notRecorded: () => signedIn('/v1/owners/WA/held', { failure: new HeldError('HELD_LEDGER', 'the ledger is down', 'Wait.') }),
  recordsDown: () => signedIn('/v1/owners/WA/held', { failure: new HeldError('HELD_SOURCE', 'the records are down', 'Wait.') }),
  databaseDown: () => signedIn('/v1/owners/WA/changes/proposals', { failure: new DatabaseError('CONNECTION_CLOSED') }),
  tooManyTries: () => signedIn('/v1/resident-requests/R-0000000000', { failure: new ResidentError('RESIDENT_MANY', 'too many', 'Wait.') }),
  notReady: () => demonstration((url) => call(`${url}/readyz`), { health: () => [{ name: 'journal', ok: false, reason: 'the disk is full' }] }),
};

describe('problems', () => {
  it.each(Object.keys(problems) as ProblemName[])('%s is answered as problem details of RFC 9457', async (name) => {
    const answer = await ways[name]();
    const problem = JSON.parse(answer.body) as Record<string, unknown>;
    expect(answer.status).toBe(problems[name].status);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(problem).toMatchObject({ type: problemType(name), title: problems[name].title, status: problems[name].status });
    expect(Object.keys(problem).filter((key) => !['type', 'title', 'status', 'detail', 'instance', 'reasons', 'reasonCode'].includes(key))).toEqual([]);
    expect(answer.body).not.toMatch(/secret|elsewhere\.example|planted|node_modules|\.ts:/);
  });

  it('lists the reasons why the exchange is not ready', async () => {
    const answer = await ways.notReady();
    expect(JSON.parse(answer.body)).toMatchObject({ reasons: ['journal: the disk is full'] });
  });

  it('names the methods of an address', async () => {
    const answer = await ways.methodNotAllowed();
    expect(answer.headers['allow']).toBe('POST');
  });

  it('have a row each in docs/api.md', () => {
    const page = readFileSync(new URL('../../docs/api.md', import.meta.url), 'utf8');
    for (const table of problemTables()) expect(page).toContain(table);
  });

  it('know every fault of a message, under names that do not clash', () => {
    expect(Object.keys(messageProblems).sort()).toEqual(Object.keys(faultStatus).sort());
    const shared = Object.keys(messageProblems).filter((name) => Object.hasOwn(problems, name));
    expect(shared).toEqual(['internal']);
  });
});

async function demonstration(ask: (url: string) => Promise<Called>, change: Parameters<typeof testDeps>[0] = {}): Promise<Called> {
  return ask((await startTest(testDeps(change))).url);
}

/** As a person with all roles of Washington, over parts that all fail in one way. */
function signedIn(path: string, { failure, cookie = '', state = 'open', shownAt = Date.now() }: { failure?: Error; cookie?: null | ''; state?: 'open' | 'locked' | 'notice'; shownAt?: number } = {}): Promise<Called> {
  const person = testPerson('olive', allRoles.map((role): Grant => ({ role, scope: { kind: 'owner', owner: 'WA' }, desks: [] })), { shownAt });
  const people = testPeople([person], failure);
  const session = (): ReturnType<typeof people.accounts.session> => Promise.resolve({ state, person });
  const accounts = { ...people.accounts, settings: defaultSignIn, session, byToken: () => Promise.resolve(null), tokens: () => Promise.resolve([]) } as typeof people.accounts;
  return demonstration((url) => call(`${url}${path}`, { headers: { accept: 'application/json', ...(cookie === null ? {} : { cookie: `weir=${cookieFor('olive')}` }) } }), { people: { ...people, accounts } });
}

function desk(answer: JobAnswer): Promise<Called> {
  return demonstration((url) => call(`${url}/v1/policies/WA/prove`, { method: 'POST' }), { policyDesk: testDesk({ run: () => Promise.resolve(answer) }) });
}

async function overTls(ask: (url: string, agent: Agent) => Promise<Called>): Promise<Called> {
  const authority = await testAuthority('Test authority');
  const server = await authority.issue('server', 'server');
  const client = await authority.issue('stranger', 'client');
  const { url } = await startTest(testDeps({ mode: 'production', listener: { kind: 'mtls', key: server.key, cert: server.cert, ca: [authority.cert] } }));
  return ask(url, new Agent({ ca: authority.cert, cert: client.cert, key: client.key }));
}

async function overRaw(bytes: string, limits: Partial<Limits> = {}) {
  const { port } = await startTest(testDeps({ limits }));
  const stream = await raw(port, bytes);
  const [head = ''] = stream.split('\r\n\r\n');
  const headers = Object.fromEntries(head.split('\r\n').slice(1).map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]));
  return { status: Number(head.split(' ')[1]), headers, body: lastBody(stream) };
}
