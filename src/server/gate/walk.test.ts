import { readFileSync, writeFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { commandTable, touches } from '../../cli/commandTable.ts';
import { actions, allActions, allRoles, roles, type Action, type Role, type Scope } from '../../people/roles/index.ts';
import { allJurisdictions } from '../../vocabulary/index.ts';
import { buildServer } from '../app.ts';
import { testAuthority } from '../testing/certificates.ts';
import { cookieFor, testPeople, testPerson, type TestPeople } from '../testing/people.ts';
import { testDeps } from '../testing/server.ts';
import { rolesText, type RouteLine } from './rolesText.ts';

const ownOri = 'ZZ0000101';
const scopes: Readonly<Record<string, Scope>> = { owner: { kind: 'owner', owner: 'WA' }, agency: { kind: 'agency', ori: ownOri }, person: { kind: 'person' }, machine: { kind: 'machine' } };
const people = allRoles.map((role) => testPerson(role, [{ role, scope: scopes[roles[role].scope] ?? { kind: 'person' }, desks: [] }]));

describe('the table of roles, walked', () => {
  let app: FastifyInstance;
  let deps: TestPeople;
  let routes: readonly RouteLine[];
  beforeAll(async () => {
    const { key, cert } = await (await testAuthority('test')).issue('localhost', 'server');
    deps = testPeople(people);
    app = buildServer(testDeps({ people: deps, listener: { kind: 'people', key, cert }, mode: 'production' }));
    await app.ready();
    routes = app.routeLines;
  });
  afterAll(() => app.close());

  /** What the door says to a role on a route: it lets them through, or not. */
  async function ask(route: RouteLine, role: Role | null, owner: string, ori: string, session: string | null = role): Promise<string> {
    const url = route.url.replace(':owner', owner).replace(':ori', ori).replace(/:[a-zA-Z]+/g, 'x1').replace('*', 'x');
    const answer = await app.inject({
      method: route.method as 'GET', url, headers: { host: 'localhost', origin: 'https://localhost', accept: 'application/json', ...(session === null ? {} : { cookie: `__Host-weir=${cookieFor(session)}` }) },
    });
    const type = String(answer.headers['content-type'] ?? '').includes('problem') ? (JSON.parse(answer.body) as { type: string }).type.replace('urn:weir:problem:', '') : '';
    if (type === 'signInNeeded') return 'signIn';
    if (type === 'notPermitted') return 'refused';
    return type === 'freshSignInNeeded' || type === 'sessionLocked' || type === 'foreignOrigin' ? type : 'through';
  }

  /** The same said again, out of the table alone. */
  function expected(action: Action, role: Role, owner: string, ori: string): 'through' | 'refused' {
    const { scope, to } = actions[action] as { scope: string; to: readonly string[] };
    if (to.includes('anybody') || to.includes('signedIn')) return 'through';
    if (!to.includes(role)) return 'refused';
    if (scope === 'owner') return owner === 'WA' ? 'through' : 'refused';
    if (scope === 'agency') return ori === ownOri ? 'through' : 'refused';
    return 'through';
  }

  it('is described with a name for each, and no name twice', async () => {
    const { paths } = (await app.inject({ url: '/openapi.json', headers: { host: 'localhost' } })).json<{ paths: Record<string, Record<string, { operationId: string }>> }>();
    const names = Object.values(paths).flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId));
    expect(names.length).toBeGreaterThan(100);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });

  it('has a route for all that can be done, and no route without an action', () => {
    expect(routes.length).toBeGreaterThan(60);
    const used = new Set(routes.map(({ action }) => action));
    expect(allActions.filter((action) => !used.has(action))).toEqual([]);
  });

  it('lets each role through where the table says so, for its own owner and no other, and records what it refuses', async () => {
    const wrong: string[] = [];
    let refusals = 0;
    for (const route of routes) {
      const owners = route.url.includes(':owner') ? allJurisdictions : ['WA'];
      const oris = route.url.includes(':ori') ? [ownOri, 'ZZ0000202'] : [ownOri];
      for (const role of allRoles) for (const owner of owners) for (const ori of oris) {
        const before = deps.recorded.length;
        const [got, wanted] = [await ask(route, role, owner, ori), expected(route.action, role, owner, ori)];
        // The route of personas itself refuses on every listener but the demonstration's.
        if (got !== wanted && route.url !== '/sign-in/persona') wrong.push(`${route.method} ${route.url} as ${role} for ${owner} ${ori}: ${got}, not ${wanted}`);
        if (wanted === 'refused') {
          refusals += 1;
          if (!deps.recorded.slice(before).some(({ act, who }) => act === 'refused' && who === `A-${role}`)) wrong.push(`${route.method} ${route.url} as ${role}: not recorded`);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(refusals).toBeGreaterThan(1_000);
  });

  it('records what it refuses for the owner in the address, however it is written', async () => {
    for (const owner of ['OR', 'or', 'oR']) {
      const before = deps.recorded.length;
      expect(await ask({ method: 'GET', url: '/v1/owners/:owner/held', action: 'held.read' }, 'reviewer', owner, ownOri)).toBe('refused');
      expect(deps.recorded.slice(before)).toMatchObject([{ act: 'refused', owner: 'OR', who: 'A-reviewer' }]);
    }
  });

  it('lets nobody through who is not signed in, but to what is for everybody', async () => {
    const wrong: string[] = [];
    for (const route of routes) {
      const open = (actions[route.action] as { to: readonly string[] }).to.includes('anybody');
      const got = await ask(route, null, 'WA', ownOri);
      if ((got === 'signIn') === open) wrong.push(`${route.method} ${route.url}: ${got}`);
      if (!open && (await ask(route, null, 'WA', ownOri, 'nobodyAtAll')) !== 'signIn') wrong.push(`${route.method} ${route.url}: a made-up cookie`);
    }
    expect(wrong).toEqual([]);
  });

  it('keeps from each what is never theirs', () => {
    const may = (role: Role): readonly Action[] => allActions.filter((action) => (actions[action].to as readonly string[]).includes(role));
    const personal = allActions.filter((action) => 'personal' in actions[action]);
    // The operator runs the machine and sees no resident's data, and decides nothing.
    expect(may('operator').filter((action) => personal.includes(action) || /^(held|change|duty|notice|certification|resident)\./.test(action))).toEqual([]);
    // An auditor reads; whatever opens a resident's data or decides is not theirs.
    expect(may('auditor').filter((action) => /(open|decide|draft|propose|approve|manage|sign|send|emergency|act$)/.test(action.split('.')[1] ?? ''))).toEqual([]);
    expect(may('policyAuthor')).not.toContain('change.approve');
    expect(may('agencyUser')).not.toContain('certification.sign');
    for (const role of allRoles) if (role !== 'reviewer') expect(may(role)).not.toContain('held.decide');
    // Whatever gives power, or widens, needs a sign-in of the last minutes.
    for (const action of ['people.manage', 'people.agency.manage', 'people.machine', 'token.own', 'factor.own', 'change.approve', 'change.emergency', 'certification.sign', 'certification.manage', 'delivery.manage'] as const) expect(actions[action]).toHaveProperty('fresh', true);
  });

  it('starts no server with a route that names no action', async () => {
    const bare = buildServer(testDeps());
    expect(() => bare.get('/forgotten', (_request, reply) => reply.send('x'))).toThrow('/forgotten');
    await bare.close();
  });

  it('is what docs/roles.md says', () => {
    const commands = Object.entries(touches).map(([touch, plain]) => [plain, Object.entries(commandTable).filter(([, one]) => one === touch).map(([name]) => name)] as const);
    const text = rolesText(routes, commands);
    const path = new URL('../../../docs/roles.md', import.meta.url);
    if (process.env['WEIR_WRITE_DOCS'] === '1') writeFileSync(path, text);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });
});
