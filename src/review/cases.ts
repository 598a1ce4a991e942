import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inquiry, police, policyOf, world, type World } from '../../test/exchangeParts.ts';
import { startTestPostgres } from '../../test/postgres.ts';
import { createExchange, type ExchangeParts, type Source } from '../exchange/index.ts';
import type { ActEntry, ClassDecision, DecisionEntry, DecisionInput, Inquiry, VerdictEntry, WireFormat } from '../model/index.ts';
import { openActs } from '../people/acts/index.ts';
import type { Sql } from '../store/connect.ts';
import type { JournalReader } from '../store/journalReader.ts';
import { drainOutbox } from '../store/outbox.ts';
import { postgresTickets } from '../store/tickets.ts';
import { encodeInquiry } from '../wire/index.ts';
import { openReview, type ReviewDesk, type ReviewParts } from './index.ts';
import type { Asker, Decide, HeldErrorCode, Reviewer } from './types.ts';

/** When the requests of these tests come in: the clock of `test/exchangeParts.ts`. */
export const asked = Date.UTC(2026, 10, 22, 12);
export const hour = 3_600_000;

export const reviewer: Reviewer = { account: 'A-REVIEWER0001', person: 'U-REVIEWER0001', role: 'reviewer', desks: [], employer: null, name: 'Casey Reed' };
export const asker: Asker = { oris: new Set([police]), who: 'certificate 0123456789abcdef', role: null };
export const releaseAll: Decide = { decision: 'releaseAll', reason: 'lawAllows', note: 'the order was read' };
export const refuse: Decide = { decision: 'refuse', reason: 'noLegalGround', note: '' };

const { sealer: inMemory } = world().parts;

/** Seals so that it can be opened again, by its owner alone; no secret is needed in tests. */
export const sealer: ReviewParts['sealer'] = {
  tag: (owner, subject) => inMemory.tag(owner, subject),
  seal: (owner, plain) => Buffer.from(`${owner}\n${plain}`).reverse().toString('base64'),
  unseal(owner, sealed) {
    const text = Buffer.from(sealed, 'base64').reverse().toString();
    if (!text.startsWith(`${owner}\n`)) throw new Error('another owner sealed it');
    return text.slice(owner.length + 1);
  },
};

/** An exchange in memory whose held requests lie in a real PostgreSQL, with all its parts to bend. */
export interface HeldWorld {
  readonly sql: Sql;
  readonly url: string;
  readonly review: ReviewDesk;
  readonly parts: ReviewParts;
  readonly world: World;
  /** What the clock says, milliseconds since 1970. */
  at: number;
  /** What the policies of all owners decide, for each class. */
  decide: (input: DecisionInput, dataClass: string) => Partial<ClassDecision>;
  /** What the source says; null for what it says by itself. */
  source: Source['lookup'] | null;
  /** Sends a query; gives its ticket. */
  hold(over?: Partial<Inquiry>, format?: WireFormat): Promise<string>;
  /** What the ledger is told: all that waits in the outbox. */
  drain(): Promise<number>;
  entries(): { readonly decisions: DecisionEntry[]; readonly verdicts: VerdictEntry[]; readonly acts: ActEntry[] };
  /** The same review with some parts bent. */
  bent(parts: Partial<ReviewParts>): ReviewDesk;
  /** Everything about held requests is forgotten; the ledger keeps what it has. */
  forget(): Promise<void>;
  stop(): Promise<void>;
}

/** Holds the photo and the address for four hours, ends in a refusal, and gives the rest. */
export const holdPhoto: HeldWorld['decide'] = (_input, dataClass) => (dataClass === 'photo' || dataClass === 'address' ? held() : {});

export function held(over: Partial<NonNullable<ClassDecision['review']>> = {}): Partial<ClassDecision> {
  return { outcome: 'hold', review: { by: 'privacyDesk', withinSeconds: 14_400, onTimeout: 'deny', ...over } };
}

export async function heldWorld(bend: Partial<ExchangeParts> = {}): Promise<HeldWorld> {
  const postgres = await startTestPostgres({ migrate: true });
  const { sql } = postgres;
  const folder = mkdtempSync(join(tmpdir(), 'weir-held-'));
  const owners = ['ZW', 'ZX', 'ZY'];
  const state: { decide: HeldWorld['decide']; source: HeldWorld['source']; at: number } = { decide: holdPhoto, source: null, at: asked };
  const tickets = postgresTickets(sql);
  const inner: World = world({
    sealer, tickets, clock: { now: () => state.at },
    policies: { owners, of: (owner) => (owners.includes(owner) ? policyOf(owner, (input, dataClass) => state.decide(input, dataClass)) : null) },
    ...bend,
  });
  const own = inner.parts.sources;
  const sources: ExchangeParts['sources'] = { of: (owner) => ({ lookup: (query) => state.source?.(query) ?? own.of(owner)?.lookup(query) ?? Promise.resolve({ status: 'none' }) }) };
  const exchangeParts = { ...inner.parts, sources };
  const exchange = createExchange(exchangeParts);
  const recorded: JournalReader = {
    get size() { return inner.entries.length; },
    async* read(from, { end, where }) {
      await Promise.resolve();
      for (let index = from; index < end; index += 1) if (where(Buffer.from(JSON.stringify(inner.entries[index])), index)) yield { index, entry: inner.entries[index] };
    },
  };
  const now = (): number => state.at;
  const parts: ReviewParts = {
    sql, acts: openActs({ sql, sealer, journal: inner.parts.journal, now }), sealer, policies: inner.parts.policies, sources, registry: inner.parts.registry, confirmations: inner.parts.confirmations,
    reducer: inner.parts.reducer, settings: inner.parts.settings, wire: inner.parts.wire, peer: inner.parts.peer, recorded, agencyName: (ori) => `Office ${ori}`, parentOf: () => null, papersFolder: folder, now,
    onFault: (error) => inner.faults.push(error),
  };
  return {
    sql, url: postgres.url, review: openReview(parts), parts, world: inner,
    get at() { return state.at; },
    set at(value) { state.at = value; },
    get decide() { return state.decide; },
    set decide(value) { state.decide = value; },
    get source() { return state.source; },
    set source(value) { state.source = value; },
    async hold(over = {}, format = 'json') {
      const before = inner.entries.length;
      await exchange.handle({ body: Buffer.from(encodeInquiry(format, inquiry(over))), format, credential: { fingerprint: null, oris: null }, idempotencyKey: null });
      const entry = inner.entries[before];
      if (entry?.type !== 'decision' || entry.ticket === null) throw new Error('nothing was held');
      return entry.ticket.id;
    },
    drain: () => drainOutbox(sql, (entries) => inner.parts.journal.append(entries)),
    entries: () => ({
      decisions: inner.entries.filter((one): one is DecisionEntry => one.type === 'decision'), verdicts: inner.entries.filter((one): one is VerdictEntry => one.type === 'verdict'),
      acts: inner.entries.filter((one): one is ActEntry => one.type === 'act'),
    }),
    bent: (bentParts) => openReview({ ...parts, ...bentParts }),
    async forget() {
      for (const table of ['ticket', 'late_answer', 'held_question', 'held_paper', 'projection']) await sql.unsafe(`delete from ${table}`);
    },
    async stop() {
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A reviewer of `ZY` with an account and a role there, for some desks or for all. Gives them as they act. */
export async function seat(sql: Sql, account: string, desks: readonly string[], { person = account.replace('A-', 'U-'), role = 'reviewer' }: { readonly person?: string; readonly role?: Reviewer['role'] } = {}): Promise<Reviewer> {
  await sql`insert into person (id, name) values (${person}, ${`Invented ${account}`}) on conflict do nothing`;
  await sql`insert into account (id, person, kind, login) values (${account}, ${person}, 'local', ${account.toLowerCase()}) on conflict do nothing`;
  await sql`insert into role_grant (account, role, scope, desks, source, given_by) values (${account}, ${role}, 'owner ZY', ${[...desks]}, 'machine', 'operator') on conflict do nothing`;
  return { ...reviewer, account, person, role, desks: [...desks], name: `Invented ${account}` };
}

/** The code of the error, or `none` where there was none; another error goes on. */
export async function codeOf(work: Promise<unknown>): Promise<HeldErrorCode | 'none'> {
  try {
    await work;
    return 'none';
  } catch (error) {
    if (error instanceof Error && error.name === 'HeldError') return (error as Error & { code: HeldErrorCode }).code;
    throw error;
  }
}
