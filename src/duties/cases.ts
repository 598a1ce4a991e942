import { startTestPostgres } from '../../test/postgres.ts';
import { sampleEntry } from '../ledger/samples.ts';
import type { DecisionEntry, Entry, SystemEntry, ActEntry } from '../model/index.ts';
import { openActs } from '../people/acts/index.ts';
import { createSnapshot, importContent, latestVersion, readContent, type ContentSnapshot, type RegistryContent } from '../registry/index.ts';
import { organisation, office } from '../registry/cases.ts';
import type { Sql } from '../store/index.ts';
import type { JournalReader } from '../store/journalReader.ts';
import { drainOutbox } from '../store/outbox.ts';
import { openDuties, type Duties, type DutiesParts, type DutyActor } from './index.ts';

/** A database, a ledger in memory and duties over them, for tests. Everything in it is invented. */
export interface DutyWorld {
  readonly sql: Sql;
  readonly entries: Entry[];
  readonly journal: JournalReader;
  readonly duties: Duties;
  /** Another instance, as in another process. */
  another(change?: Partial<DutiesParts>): Duties;
  clock: number;
  /** What the exchange does within milliseconds: what waits in the outbox goes into the ledger. */
  drain(): Promise<void>;
  acts(act?: string): readonly ActEntry[];
  events(event?: string): readonly SystemEntry[];
  registry(): Promise<ContentSnapshot>;
  /** Whether the ledger takes anything. */
  broken: boolean;
  stop(): Promise<void>;
}

export const ori = 'COZZ00100';
export const otherOri = 'COZZ00200';

export const content: RegistryContent = {
  organisations: [
    organisation('co', { level: 'state', homeState: 'CO' }),
    organisation('co/springfield', { name: 'Springfield Police (invented)', parent: 'co', level: 'municipal', missions: ['generalPolice'] }),
    organisation('co/juniper', { name: 'Juniper Sheriff (invented)', parent: 'co', level: 'county', missions: ['corrections'] }),
  ],
  offices: [office(ori, 'co/springfield', { name: 'Springfield Police (invented)' }), office(otherOri, 'co/juniper')],
  affiliations: [], certifications: [],
};

export const official: DutyActor = { account: 'A-000000000001', person: 'U-000000000001', name: 'Olive Official', role: 'ownerOfficial' };
export const coordinator: DutyActor = { account: 'A-000000000002', person: 'U-000000000002', name: 'Carl Coordinator', role: 'agencyCoordinator' };

export const sealed = (owner: string, plain: string): string => Buffer.from(`${owner}|${plain}`).toString('base64');
export const unsealed = (owner: string, text: string): string => {
  const plain = Buffer.from(text, 'base64').toString();
  if (!plain.startsWith(`${owner}|`)) throw new Error('another owner sealed this');
  return plain.slice(owner.length + 1);
};

export async function dutyWorld(): Promise<DutyWorld> {
  const postgres = await startTestPostgres({ migrate: true });
  const { sql } = postgres;
  const entries: Entry[] = [];
  const world = { broken: false, clock: Date.parse('2026-11-22T12:00:00.000Z') };
  const append = (given: readonly Entry[]) => {
    if (world.broken) return Promise.reject(new Error('the ledger cannot write'));
    return Promise.resolve(given.map((entry) => {
      const sequence = entries.push(entry) - 1;
      return { sequence, receipt: { log: 'zy', index: sequence, entry: entry.id, hash: '', token: '' } };
    }));
  };
  const journal: JournalReader = {
    get size() { return entries.length; },
    async *read(from, { end, where }) {
      await Promise.resolve();
      for (const [index, entry] of entries.entries()) if (index >= from && index < end && where(Buffer.from(JSON.stringify(entry)), index)) yield { index, entry };
    },
  };
  const registry = async (): Promise<ContentSnapshot> => {
    const latest = await latestVersion(sql);
    return createSnapshot(await readContent(sql), latest?.version ?? 0, latest?.hash ?? '');
  };
  const now = (): number => world.clock;
  const acts = openActs({ sql, sealer: { seal: sealed }, journal: { append }, now });
  const another = (change: Partial<DutiesParts> = {}): Duties => openDuties({
    sql, acts, journal, seal: sealed, unseal: unsealed, registry, agencyName: (one) => (one === ori ? 'Springfield Police (invented)' : null),
    subjectAddress: () => Promise.resolve({ name: 'PAT PERSON', address: ['1 INVENTED ST', 'SPRINGFIELD CO 80000'] }), now, seldom: 0, ...change,
  });
  await importContent(sql, content, 'invented');
  return Object.assign(world, {
    sql, entries, journal, another, registry, duties: another(),
    drain: async () => { await drainOutbox(sql, append); },
    acts: (act?: string) => entries.filter((entry) => entry.type === 'act').filter((entry) => act === undefined || entry.act === act),
    events: (event?: string) => entries.filter((entry) => entry.type === 'system').filter((entry) => event === undefined || entry.event === event),
    stop: () => postgres.stop(),
  });
}

/** An entry of CO that says that somebody must be told within three days. */
export function owed(number: number, change: Partial<DecisionEntry> = {}): DecisionEntry {
  return {
    ...sampleEntry(number), id: `e-${number}`, owner: 'CO', at: '2026-11-22T12:00:00.000Z', requester: { ...sampleEntry(number).requester, ori },
    status: 'answered', released: ['name', 'photo'], records: 1,
    decisions: [{ dataClass: 'name', outcome: 'release', rules: ['CO-1'], treatment: null, review: null }, { dataClass: 'photo', outcome: 'redact', rules: ['CO-2'], treatment: 'reduced', review: null }],
    duties: [{ rule: 'CO-50', who: 'subject', withinSeconds: 259_200 }],
    sealed: sealed('CO', JSON.stringify({ subject: { kind: 'licence', number: '99SECRET' }, user: null })), ...change,
  };
}

/** A person with an account and roles. */
export async function person(sql: Sql, number: number, name: string, grants: readonly (readonly [role: string, scope: string])[], of = number): Promise<DutyActor> {
  const id = (letter: string, n: number): string => `${letter}-${String(n).padStart(12, '0')}`;
  await sql`insert into person (id, name) values (${id('U', of)}, ${name}) on conflict do nothing`;
  await sql`insert into account (id, person, kind, login) values (${id('A', number)}, ${id('U', of)}, 'local', ${`login${number}`}) on conflict do nothing`;
  for (const [role, scope] of grants) await sql`insert into role_grant (account, role, scope, source, given_by) values (${id('A', number)}, ${role}, ${scope}, 'machine', 'operator')`;
  return { account: id('A', number), person: id('U', of), name, role: (grants[0]?.[0] ?? 'ownerOfficial') as DutyActor['role'] };
}
