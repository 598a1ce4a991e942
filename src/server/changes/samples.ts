import { randomBytes } from 'node:crypto';

import { ChangeError, defaultApprovalRule, type ChangeErrorCode, type Changes, type Checks, type DraftView, type ProposalView } from '../../approvals/types.ts';
import type { Acts, NewAct } from '../../people/acts/index.ts';
import type { Accounts } from '../../people/accounts/types.ts';
import type { Action, Grant, Person, Role } from '../../people/roles/index.ts';
import type { PeopleDeps } from '../gate/deps.ts';

/** What tests of the routes of changes are made of. All people are invented. */
export const sampleChecks: Checks = {
  hash: '0'.repeat(64), at: '2026-03-02T17:00:00.000Z', base: { version: 14, hash: 'a'.repeat(64) }, registry: { version: 3, hash: 'b'.repeat(64) }, ok: true,
  findings: [{ code: 'noExpiry', severity: 'notice', line: 4, message: 'rule `WA-1` stays in force until it is changed' }], claims: [{ claim: 'WA-C1', holds: true, sentence: 'ICE never gets photos by any path.' }], effect: 'widening',
  difference: ['41 agencies get home address for any purpose', '2 agencies no longer wait for a review'],
  backtest: { period: '2025-12-04..2026-03-03', text: ['Newly given: 12. 12 requests would get data that was kept back.'], newlyReleased: 12, newlyHeld: 3, newlyRefused: 1, hash: 'c'.repeat(64) },
};

export const sampleDraft: DraftView = {
  id: 'D-1', owner: 'WA', title: 'Photos for safety', text: 'policy: WA\nversion: 15\neffective: 2026-01-01\nrules:\n  - { id: WA-1, release: { data: photo } }\n', etag: 3, author: 'A-AAAAAAAAAAAA', authorName: 'Avery Author',
  savedAt: '2026-03-02T16:00:00.000Z', checks: null, comments: [{ id: 'C-1', rule: 'WA-1', by: 'A-BBBBBBBBBBBB', byName: 'Blake Approver', at: '2026-03-02T16:30:00.000Z', text: 'Why <every> purpose?' }],
};

export const sampleProposal: ProposalView = {
  id: 'P-1', owner: 'WA', kind: 'policy', state: 'open', round: 1, hash: 'd'.repeat(64), version: 15, text: sampleDraft.text, effect: 'widening', needs: { approvals: 2, privacy: 1 }, author: 'A-AAAAAAAAAAAA', authorName: 'Avery Author',
  reason: 'A <reason>.', proposedAt: '2026-03-02T17:10:00.000Z', lapsesAt: '2026-03-16T17:10:00.000Z', startsAt: null, endsAt: null, checks: sampleChecks, approvals: [], comments: [],
};

/** Changes that answer with samples and keep what they were asked; `fails` throws one code from every method that changes something. */
export function sampleChanges(fails: ChangeErrorCode | null = null, over: Partial<Changes> = {}): Changes & { readonly asked: (readonly unknown[])[] } {
  const asked: (readonly unknown[])[] = [];
  const done = <T>(name: string, value: T) => (...args: readonly unknown[]): Promise<T> => {
    asked.push([name, ...args]);
    return fails === null ? Promise.resolve(value) : Promise.reject(new ChangeError(fails, 'it was refused by a test', 'Mend the test.'));
  };
  const read = <T>(value: T) => (): Promise<T> => Promise.resolve(value);
  const one = <T extends { readonly id: string }>(value: T) => (_owner: string, id: string): Promise<T | null> => Promise.resolve(id === value.id ? value : null);
  return {
    asked, rule: read(defaultApprovalRule), drafts: read([sampleDraft]), draft: one(sampleDraft), proposals: (owner, states) => { asked.push(['proposals', owner, states]); return Promise.resolve([sampleProposal]); }, proposal: one(sampleProposal),
    begin: done('begin', sampleDraft), save: done('save', { ...sampleDraft, etag: 4 }), drop: done('drop', undefined), comment: done('comment', sampleDraft.comments[0] as DraftView['comments'][number]), check: done('check', sampleChecks),
    propose: done('propose', sampleProposal), proposeRule: done('proposeRule', { ...sampleProposal, kind: 'rule', version: null }), proposeStepBack: done('proposeStepBack', { ...sampleProposal, kind: 'stepBack' }), emergency: done('emergency', { ...sampleProposal, kind: 'emergency' }),
    decide: done('decide', sampleProposal), withdraw: done('withdraw', { ...sampleProposal, state: 'withdrawn' }), delegate: done('delegate', undefined), certificate: done('certificate', null), tick: read(0), ...over,
  };
}

export interface SamplePerson {
  readonly token: string;
  readonly cookie: string;
}

/** People of one test, with tokens and sessions, and all that the gate asks of them. */
export function samplePeople(changes: Changes, more: Partial<PeopleDeps> = {}): { readonly people: PeopleDeps; readonly acts: NewAct[]; add(roles: readonly Role[], owner?: string, options?: { readonly fresh?: boolean; readonly only?: readonly Action[] }): SamplePerson & { readonly account: string } } {
  const byToken = new Map<string, Person>();
  const bySession = new Map<string, Person>();
  const acts: NewAct[] = [];
  const keep = (act: NewAct): Promise<string> => { acts.push(act); return Promise.resolve('act-1'); };
  const accounts = {
    byToken: (secret: string) => Promise.resolve(byToken.get(secret) ?? null),
    session: (cookie: string) => { const person = bySession.get(cookie); return Promise.resolve(person === undefined ? { state: 'none' } : { state: 'open', person }); },
    list: () => Promise.resolve([]),
  } as unknown as Accounts;
  const people = {
    accounts, acts: { put: (_tx: unknown, act: NewAct) => keep(act), record: keep } satisfies Acts, changes, isOwner: () => true, agencyName: () => null, personas: [], ...more,
  } as unknown as PeopleDeps;
  return {
    people, acts,
    add(roles, owner = 'WA', { fresh = true, only } = {}) {
      const place = String(byToken.size).padStart(12, 'A');
      const grants: readonly Grant[] = roles.map((role) => ({ role, scope: { kind: 'owner', owner }, desks: [] }));
      const base = { person: `U-${place}`, account: `A-${place}`, name: `Person ${place}`, employer: null, grants, session: 's', only: only ?? null } as const;
      const [token, cookie] = [`weir_${randomBytes(32).toString('base64url')}`, randomBytes(32).toString('base64url')];
      byToken.set(token, { ...base, via: 'token', shownAt: null });
      bySession.set(cookie, { ...base, via: 'session', shownAt: fresh ? Date.now() : Date.now() - 3_600_000 });
      return { token, cookie, account: base.account };
    },
  };
}
