import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startTestPostgres } from '../../../test/postgres.ts';
import type { Sql } from '../../store/index.ts';
import { agencyActs, allActs, countActs, findAct, insertAct, searchActs, signInActs, type ActScope } from './index.ts';

let sql: Sql;
let stop: () => Promise<void>;
const accounts = ['A-000000000001', 'A-000000000002', 'A-000000000003'];
const held = ['owner WA', 'owner OR', 'agency ZZ0000101', 'agency ZZ0000202'];
const oris = ['ZZ0000101', 'ZZ0000202'];
const hour = 3_600_000;
const begin = Date.parse('2026-03-01T00:00:00Z');
const iso = (h: number): string => new Date(begin + h * hour).toISOString();

beforeAll(async () => {
  const postgres = await startTestPostgres({ migrate: true });
  ({ sql } = postgres);
  stop = () => postgres.stop();
  for (const account of accounts) {
    await sql`insert into person (id, name) values (${account.replace('A-', 'U-')}, 'Invented')`;
    await sql`insert into account (id, person, kind, login) values (${account}, ${account.replace('A-', 'U-')}, 'local', ${account})`;
  }
});
afterAll(() => stop());

interface GrantRow { readonly account: string; readonly scope: string; readonly from: number; readonly to: number | null }
interface ActRow { readonly act: string; readonly owner: string; readonly who: string; readonly role: string | null; readonly about: string | null; readonly at: number; readonly detail: Record<string, string> | null; readonly result: 'done' | 'refused' }

const account = fc.constantFrom(...accounts);
const grant: fc.Arbitrary<GrantRow> = fc.record({ account, scope: fc.constantFrom(...held, 'agency ZZ0000101', 'agency ZZ0000202'), from: fc.nat(20), to: fc.option(fc.nat(20), { nil: null }) }).map(({ to, ...one }) => ({ ...one, to: to === null ? null : one.from + to }));
// The owner of a sign-in is none; what is told of an agency's people too. Others stand in an owner's log, or in none.
const act: fc.Arbitrary<ActRow> = fc.record({
  act: fc.constantFrom('signedIn', 'refused', 'accountDisabled', 'roleGiven', 'userReviewed', 'heldOpened', 'lateAnswerTaken', 'certificationSigned', 'actsSearched'), owner: fc.constantFrom('WA', 'OR', '00', '00'), who: fc.oneof(account, fc.constant('operator')),
  role: fc.constantFrom(null, 'auditor', 'agencyUser', 'agencyUser', 'agencyCoordinator'), about: fc.oneof(fc.constant(null), fc.constant('T-2'), account, fc.constantFrom('T-1', ...oris)), at: fc.nat(40).map((n) => n + 0.5),
  detail: fc.constantFrom(null, null, null, { ori: 'ZZ0000101' }, { ori: 'ZZ0000202' }, { scope: 'agency ZZ0000101' }, { scope: 'agency ZZ0000202' }, { scope: 'owner WA' }), result: fc.constantFrom('done', 'refused'),
});

/** The rule said again, without a database. */
function sees(scope: Exclude<ActScope, null>, grants: readonly GrantRow[], one: ActRow): boolean {
  const had = (who: string, where: (text: string) => boolean): boolean => grants.some((given) => given.account === who && where(given.scope) && one.at >= given.from && (given.to === null || one.at <= given.to));
  if ('account' in scope) return one.who === scope.account;
  const subject = one.about?.startsWith('A-') === true ? one.about : one.who;
  const signIn = one.owner === '00' && (signInActs as readonly string[]).includes(one.act);
  if ('owner' in scope) return one.owner === scope.owner || (scope.owner !== '00' && signIn && had(subject, (text) => text === `owner ${scope.owner}`));
  const own = `agency ${scope.agency}`;
  if (signIn) return had(subject, (text) => text === own);
  const aboutPeople = one.owner === '00' && (agencyActs as readonly string[]).includes(one.act);
  if (aboutPeople) return one.detail?.['scope'] === own;
  const named = one.about === scope.agency || one.detail?.['ori'] === scope.agency || one.detail?.['scope'] === own;
  return (one.role === 'agencyUser' || one.role === 'agencyCoordinator') && had(one.who, (text) => text === own) && (named || !had(one.who, (text) => text.startsWith('agency ') && text !== own));
}

describe('whose acts are seen', () => {
  it('is what the rule says, and nothing else, for each owner, agency and person', async () => {
    await fc.assert(fc.asyncProperty(fc.array(grant, { minLength: 3, maxLength: 10 }), fc.array(act, { minLength: 10, maxLength: 40 }), async (grants, list) => {
      await sql`truncate act`;
      await sql`delete from role_grant`;
      for (const { account: who, scope, from, to } of grants) {
        // Of roles that are held now there is one of a kind: the role's name tells these apart.
        const [{ n } = { n: 0 }] = await sql<{ n: number }[]>`select count(*)::int as n from role_grant`;
        await sql`insert into role_grant (account, role, scope, source, given_by, given_at, ended_at) values (${who}, ${`role${n}`}, ${scope}, 'machine', 'operator', ${iso(from)}, ${to === null ? null : iso(to)})`;
      }
      for (const [i, one] of list.entries()) await insertAct(sql, { type: 'act', v: 1, id: `act-${String(i).padStart(3, '0')}`, at: iso(one.at), act: one.act, who: one.who, role: one.role, on: one.about, result: one.result, hash: null, detail: one.detail, sealed: 'x', owner: one.owner });
      const scopes: readonly Exclude<ActScope, null>[] = [...['WA', 'OR', '00', 'ID'].map((owner) => ({ owner })), ...[...oris, 'ZZ0000303'].map((agency) => ({ agency })), ...accounts.map((one) => ({ account: one }))];
      for (const scope of scopes) {
        const wanted = list.flatMap((one, i) => (sees(scope, grants, one) ? [`act-${String(i).padStart(3, '0')}`] : []));
        const seen: string[] = [];
        let cursor: string | null = null;
        do {
          const page: Awaited<ReturnType<typeof searchActs>> = await searchActs(sql, scope, allActs, cursor, 7);
          expect(page.total).toBe(wanted.length - seen.length);
          for (const facet of [page.facets.act, page.facets.outcome, page.facets.who]) expect(facet.reduce((sum, { count }) => sum + count, 0)).toBe(page.total);
          seen.push(...page.acts.map(({ id }) => id));
          cursor = page.next;
        } while (cursor !== null);
        expect([...seen].sort()).toEqual(wanted);
        expect(await countActs(sql, scope, allActs, 1_000)).toEqual({ total: wanted.length, atLeast: false });
        for (const [i] of list.slice(0, 6).entries()) expect(await findAct(sql, scope, `act-${String(i).padStart(3, '0')}`) !== null).toBe(wanted.includes(`act-${String(i).padStart(3, '0')}`));
      }
    }), { numRuns: 20 });
  });

  it('of somebody who works for two agencies at once, shows each only what names it; of one after the other, what was done meanwhile', async () => {
    await sql`truncate act`;
    await sql`delete from role_grant`;
    const [both, moved] = accounts as [string, string];
    for (const [who, scope, from, to] of [[both, 'agency ZZ0000101', 0, null], [both, 'agency ZZ0000202', 0, null], [moved, 'agency ZZ0000101', 0, 10], [moved, 'agency ZZ0000202', 20, null]] as const) {
      await sql`insert into role_grant (account, role, scope, source, given_by, given_at, ended_at) values (${who}, 'agencyUser', ${scope}, 'machine', 'operator', ${iso(from)}, ${to === null ? null : iso(to)})`;
    }
    const put = (id: string, who: string, at: number, detail: Record<string, string> | null) => insertAct(sql, { type: 'act', v: 1, id, at: iso(at), act: 'moreAnswered', who, role: 'agencyUser', on: 'WA-T-1', result: 'done', hash: null, detail, sealed: null, owner: 'WA' });
    await put('act-unnamed', both, 5, null);
    await put('act-named', both, 6, { ori: 'ZZ0000202' });
    await put('act-before', moved, 5, null);
    await put('act-between', moved, 15, null);
    await put('act-after', moved, 25, null);
    const seen = async (agency: string) => (await searchActs(sql, { agency }, allActs, null)).acts.map(({ id }) => id);
    expect(await seen('ZZ0000101')).toEqual(['act-before']);
    expect(await seen('ZZ0000202')).toEqual(['act-after', 'act-named']);
  });

  it('counts up to a number, and says so plainly', async () => {
    await sql`truncate act`;
    for (let i = 0; i < 5; i += 1) await insertAct(sql, { type: 'act', v: 1, id: `act-${i}`, at: iso(i), act: 'heldOpened', who: 'operator', role: null, on: null, result: 'done', hash: null, detail: null, sealed: null, owner: 'WA' });
    expect(await searchActs(sql, { owner: 'WA' }, allActs, null, 2, 5)).toMatchObject({ total: 5, atLeast: false });
    expect(await searchActs(sql, { owner: 'WA' }, allActs, null, 2, 4)).toMatchObject({ total: 4, atLeast: true });
    expect(await countActs(sql, { owner: 'WA' }, allActs, 4)).toEqual({ total: 4, atLeast: true });
  });
});
