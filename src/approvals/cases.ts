import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { startTestPostgres, type TestPostgres } from '../../test/postgres.ts';
import type { Entry } from '../model/index.ts';
import { openActs, type Acts } from '../people/acts/index.ts';
import type { Role } from '../people/roles/index.ts';
import { smallContent } from '../registry/cases.ts';
import { importContent } from '../registry/index.ts';
import { assess } from '../server/proof/assessJob.ts';
import { ProofLibrary } from '../server/proof/library.ts';
import { drainOutbox } from '../store/outbox.ts';
import { activatePolicy, readPolicy } from '../store/policies.ts';
import { ChangeError, openChanges, type ChangeActor, type Changes, type Checker, type ProposalView } from './index.ts';

/** For tests: changes over a real database with the real checks, a clock that is set by hand, and people with accounts and roles. */
export class Office {
  now = Date.parse('2026-03-02T09:00:00Z');
  readonly faults: unknown[];
  readonly acts: Acts;
  readonly checker: Checker;
  readonly changes: Changes;
  readonly #postgres: TestPostgres;

  constructor(postgres: TestPostgres, over: { readonly acts?: (acts: Acts) => Acts; readonly faults?: unknown[] } = {}) {
    this.#postgres = postgres;
    this.faults = over.faults ?? [];
    const acts = openActs({ sql: postgres.sql, sealer: { seal: (_owner, text) => Buffer.from(text).toString('base64') }, journal: null, now: () => this.now });
    this.acts = over.acts?.(acts) ?? acts;
    const library = new ProofLibrary(postgres.sql, () => this.now);
    this.checker = { assess: (owner, text) => assess(library, owner, text), backtest: () => Promise.resolve(null) };
    this.changes = openChanges({ sql: postgres.sql, acts: this.acts, checker: this.checker, now: () => this.now, onFault: (error) => this.faults.push(error) });
  }

  /** The same after the process ended and began anew; its faults are faults of both. */
  again(): Office {
    const next = new Office(this.#postgres, { faults: this.faults });
    next.now = this.now;
    return next;
  }

  /** Somebody with a role of an owner; with `like`, a second account of the same person. */
  async person(role: Role, { like, owner = 'CO' }: { readonly like?: ChangeActor; readonly owner?: string } = {}): Promise<ChangeActor> {
    const id = (prefix: string) => `${prefix}-${randomBytes(6).toString('hex').toUpperCase()}`;
    const [account, person] = [id('A'), like?.person ?? id('U')];
    const { sql } = this.#postgres;
    if (like === undefined) await sql`insert into person (id, name) values (${person}, ${`Person ${person}`})`;
    await sql`insert into account (id, person, kind, login) values (${account}, ${person}, 'local', ${account})`;
    await sql`insert into role_grant (account, role, scope, source, given_by) values (${account}, ${role}, ${`owner ${owner}`}, 'official', 'a test')`;
    return { account, person, name: `Person ${person}`, role };
  }

  /** A text that is drafted, checked and proposed. */
  async proposed(author: ChangeActor, text: string, over: { readonly startsAt?: string; readonly endsAt?: string; readonly owner?: string } = {}): Promise<ProposalView> {
    const { owner = 'CO', startsAt = null, endsAt = null } = over;
    const draft = await this.changes.begin(owner, { title: 'A change', text }, author);
    await this.changes.check(owner, draft.id, author);
    return this.changes.propose(owner, { draft: draft.id, etag: draft.etag, reason: 'The law says so.', startsAt, endsAt }, author);
  }

  approve(by: ChangeActor, { owner, id, hash }: Pick<ProposalView, 'owner' | 'id' | 'hash'>): Promise<ProposalView> {
    return this.changes.decide(owner, id, { hash, decision: 'approve', reason: 'I read it.' }, by);
  }

  /** The acts of a kind, oldest first. */
  async told(act: string): Promise<readonly { readonly who: string; readonly about: string | null; readonly result: string; readonly detail: Readonly<Record<string, unknown>> | null }[]> {
    return this.#postgres.sql`select who, about, result, detail from act where act = ${act} order by at, id`;
  }

  /** Events of the anchor log, recorded as the exchange does it: each at the next place. */
  async events(event?: string): Promise<readonly { readonly index: number; readonly entry: Extract<Entry, { readonly type: 'system' }> }[]> {
    const { sql } = this.#postgres;
    const [kept] = await sql<{ recorded: number }[]>`select count(*)::int as recorded from ledger_outbox where recorded_at is not null`;
    let place = kept?.recorded ?? 0;
    await drainOutbox(sql, (entries) => Promise.resolve(entries.map((entry) => ({ sequence: place, receipt: { log: 'anchor', index: place++, entry: entry.id, hash: '00', token: '' } }))));
    const rows = await sql<{ index: number; event: string; subject: string; hash: string | null; detail: Record<string, string | number> | null; at: Date; id: string }[]>`
      select (recorded->'receipt'->>'index')::int as index, event, subject, hash, detail, at, id from ledger_outbox where event is not null order by id`;
    return rows.filter((row) => event === undefined || row.event === event).map(({ index, at, id, ...rest }) => ({
      index, entry: { type: 'system', v: 1, id: `outbox-${id}`, at: at.toISOString(), ...rest } as Extract<Entry, { readonly type: 'system' }>,
    }));
  }
}

/** A policy of Colorado; `more` releases to counties too, `less` refuses a federal agency. */
export function policy(version: number, { extra = '', claim = '', effective = '2026-01-01', to = 'municipal' }: { readonly extra?: string; readonly claim?: string; readonly effective?: string; readonly to?: string } = {}): string {
  return `# version ${version}
policy: CO
version: ${version}
effective: ${effective}
rules:
  - { id: CO-1, release: { data: [name, photo], to: { level: ${to} } } }
${extra === '' ? '' : `  - ${extra}\n`}${claim === '' ? '' : `claims:\n  - ${claim}\n`}`;
}
export const refusal = '{ id: CO-2, deny: { data: photo, to: { level: municipal } } }';
export const wider = (version = 2): string => policy(version, { to: '[municipal, county]' });
export const narrower = (version = 2): string => policy(version, { extra: refusal });
export const hour = 3_600_000;
export const at = (ms: number): string => new Date(ms).toISOString();

/** What stands in each test of a file: an office at which version 1 is in force, with one author and two approvers. */
export interface Desk {
  readonly postgres: TestPostgres;
  now(): { readonly office: Office; readonly author: ChangeActor; readonly approver: ChangeActor; readonly privacy: ChangeActor };
  /** The version in force by the clock of the office. */
  inForce(office: Office): Promise<number | undefined>;
}

/** Makes a database for the file that calls it, and an office anew for each of its tests; no test may leave a fault behind. */
export function useDesk(): Desk {
  let postgres: TestPostgres;
  let now: ReturnType<Desk['now']>;
  beforeAll(async () => { postgres = await startTestPostgres({ migrate: true }); });
  beforeEach(async () => {
    const office = new Office(postgres);
    await importContent(postgres.sql, smallContent, 'a test');
    await activatePolicy(postgres.sql, policy(1), { author: 'a test', at: new Date(office.now) });
    now = { office, author: await office.person('policyAuthor'), approver: await office.person('policyApprover'), privacy: await office.person('privacyApprover') };
  });
  afterEach(async () => {
    expect(now.office.faults).toEqual([]);
    await postgres.sql`truncate policy_version, claim_verdict, claim_override, registry_version, registry_organisation, registry_office, registry_affiliation, registry_certification, policy_table,
      policy_draft, policy_proposal, policy_approval, policy_comment, approval_rule, approval_deputy, act, ledger_outbox, account, person cascade`;
  });
  afterAll(async () => { await postgres.stop(); });
  return {
    get postgres() { return postgres; },
    now: () => now,
    inForce: async (office) => (await readPolicy(postgres.sql, 'CO', undefined, new Date(office.now)))?.version,
  };
}

/** The code that a change was refused with, or `done`. */
export async function code(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'done';
  } catch (error) {
    if (error instanceof ChangeError) return error.code;
    throw error;
  }
}
