import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { verdicts as allVerdicts, type DecisionEntry, type VerdictEntry } from '../../model/index.ts';
import { allDataClasses, allPurposes, answerStatuses, evidenceGrades, namesOf, type RequesterAttributes } from '../../vocabulary/index.ts';
import { columnsSql } from '../archive/schema.ts';
import { ArchiveError, type ArchiveSession, type Dataset, type Period } from '../archive/types.ts';
import { plainRows, readChunk } from '../archive/values.ts';
import { sampleEntry } from '../../ledger/samples.ts';
import { entryWords } from './entryWords.ts';
import type { Names } from './types.ts';

/** Names as tests have them: of one organisation, one office and one rule. */
export const testNames: Names = {
  organisation: (id) => (id === 'us/dhs/ice' ? 'Immigration and Customs Enforcement' : null),
  agency: (ori) => (ori === 'ZX0010000' ? 'Sampleton Police' : null),
  rule: (_owner, id) => (id === 'ZY-7' ? 'Photos need a warrant' : null),
};

export const testDataset: Dataset = { weirArchive: 1, name: 'ledger', kind: 'ledger', label: 'The ledger of a test.', lacks: [], created: '2026-01-01T00:00:00.000Z', engine: 'weir-test' };

export interface Indexed {
  readonly index: number;
  readonly entry: DecisionEntry;
}

/** Invented decisions with all that can differ, by a small generator of its own so that they are the same each time. */
export function inventedDecisions(count: number, { owners = ['ZY', 'ZX'], from = Date.UTC(2025, 9, 1), to = Date.UTC(2026, 9, 1), seed = 1 }: { readonly owners?: readonly string[]; readonly from?: number; readonly to?: number; readonly seed?: number } = {}): readonly Indexed[] {
  let state = seed;
  const random = (n: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * n);
  };
  const pick = <T>(from: readonly T[]): T => from[random(from.length)] as T;
  const next = new Map<string, number>();
  return Array.from({ length: count }, (_, n): Indexed => {
    const owner = pick(owners);
    const index = next.get(owner) ?? 0;
    next.set(owner, index + 1);
    const at = new Date(from + Math.floor(((to - from) * n) / count)).toISOString();
    const asker = pick(askers);
    const wanted = allDataClasses.filter(() => random(4) === 0);
    const outcome = random(5);
    const decisions = wanted.map((dataClass) => ({ dataClass, outcome: outcome === 0 ? 'deny' as const : 'release' as const, rules: outcome === 0 ? [] : [`${owner}-${random(4)}`, ...(random(3) === 0 ? [`${owner}-7`] : [])], treatment: null, review: null }));
    const released = outcome === 0 ? [] : wanted.filter(() => random(4) > 0);
    return {
      index,
      entry: {
        ...sampleEntry(n), id: `e-${n}`, at, owner, requester: asker, purpose: random(3) > 0 ? 'notStated' : pick(allPurposes), status: pick(namesOf(answerStatuses)), decisions, released, records: released.length === 0 ? 0 : random(4),
        kind: random(10) === 0 ? 'nameSearch' : 'lookup', key: random(2) === 0 ? 'DQ' : 'RQ', evidence: { warrant: pick(namesOf(evidenceGrades)), court: 'notStated', caseNumber: pick(namesOf(evidenceGrades)) },
        policyVersion: outcome === 4 ? null : at < '2026-04' ? 1 : 2,
        ticket: n % 7 === 3 ? { id: `${owner}-T-${n}`, deadline: new Date(Date.parse(at) + 86_400_000).toISOString(), by: 'desk', onTimeout: 'deny', ...(n % 5 === 0 ? { exigent: true } : {}) } : null,
      },
    };
  });
}

/**
 * Verdicts on most of the held ones, minutes to weeks later: some given late what was given at once already, some have two of which the first counts, and one is on nothing that is there.
 * In the order of their time.
 */
export function inventedVerdicts(decisions: readonly Indexed[], seed = 7): readonly VerdictEntry[] {
  let state = seed;
  const random = (n: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * n);
  };
  const made = decisions.flatMap(({ entry }): readonly VerdictEntry[] => {
    if (entry.ticket === null || random(5) === 0) return [];
    const one = (after: number, times: string): VerdictEntry => {
      const verdict = allVerdicts[random(allVerdicts.length)] ?? 'refused';
      const released = verdict.startsWith('released') ? allDataClasses.filter(() => random(3) === 0) : [];
      return {
        type: 'verdict', v: 1, id: `v-${times}-${entry.id}`, at: new Date(Date.parse(entry.at) + after).toISOString(), inquiry: entry.inquiry, ticket: entry.ticket?.id ?? '', entry: entry.id, requester: entry.requester.ori, verdict,
        who: random(3) === 0 ? 'clock' : 'A-REVIEWER0001', role: null, reason: 'lawful', decisions: [], released, records: released.length === 0 ? 0 : 1 + random(5), releasedHash: null, policyVersion: 2, policyHash: null, subjectTag: null,
        recordTags: [], sealed: null, owner: entry.owner,
      };
    };
    const after = [60_000, 900_000, 3_600_000, 14_400_000, 86_400_000, 259_200_000, 40 * 86_400_000][random(7)] ?? 0;
    return [one(after - random(2), 'first'), ...(random(9) === 0 ? [one(after + 1_000 + random(86_400_000), 'second')] : [])];
  });
  const [first] = made;
  return [...made, ...(first === undefined ? [] : [{ ...first, id: 'v-nothing', entry: 'e-nothing', ticket: 'T-nothing' }])].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

/** The verdict that belongs to each decision, by its id: the first. */
export function firstVerdicts(verdicts: readonly VerdictEntry[]): ReadonlyMap<string, VerdictEntry> {
  const found = new Map<string, VerdictEntry>();
  for (const one of verdicts) if (!found.has(one.entry)) found.set(one.entry, one);
  return found;
}

const attributes = (more: Partial<RequesterAttributes>): RequesterAttributes => ({
  level: 'municipal', department: 'none', component: ['none'], homeState: 'undeclared', mission: ['generalPolice'], program287g: ['none'], taskForce: ['none'], certified: ['none'], audit: 'passed',
  criminalJustice: 'yes', sharedOri: 'no', vendorHosted: 'no', ...more,
});

const askers: readonly DecisionEntry['requester'][] = [
  { ori: 'ZX0010000', organisation: 'zx/sampleton', attributes: attributes({}) },
  { ori: 'ZX0010000', organisation: 'zx/sampleton', attributes: attributes({ program287g: ['taskForce', 'jail'] }) },
  { ori: 'ZXICE0010', organisation: 'us/dhs/ice', attributes: attributes({ level: 'federal', department: 'DHS', component: ['ICE', 'ERO'], homeState: 'none', mission: ['immigrationEnforcement'] }) },
  { ori: 'ZXHSI0010', organisation: 'us/dhs/ice/hsi', attributes: attributes({ level: 'federal', department: 'DHS', component: ['ICE', 'HSI'], homeState: 'none', mission: ['criminalInvestigation', 'immigrationEnforcement'] }) },
  { ori: 'ZXFBI0010', organisation: 'us/doj/fbi', attributes: attributes({ level: 'federal', department: 'DOJ', component: ['FBI'], homeState: 'none', mission: ['criminalInvestigation'] }) },
  { ori: 'ZX0020000', organisation: 'zx/hollow/jail', attributes: attributes({ level: 'county', mission: ['generalPolice', 'corrections'], certified: [] }) },
];

/** A session over tables in memory with the columns of the archive, made from entries without the archive's own writer. */
export async function memorySession(entries: readonly Indexed[], period: Period, { owners = ['ZY', 'ZX'], dataset = testDataset, events = [], verdicts = [] }: {
  readonly verdicts?: readonly VerdictEntry[]; readonly owners?: readonly string[]; readonly dataset?: Dataset; readonly events?: readonly (readonly [at: string, event: string, subject: string, hash: string, detail: string])[];
} = {}): Promise<ArchiveSession> {
  const instance = await DuckDBInstance.create(':memory:', { autoinstall_known_extensions: 'false', autoload_known_extensions: 'false', threads: '2' });
  const connection = await instance.connect();
  for (const name of ['attributes', 'requesters', 'contexts', 'outcomes', 'reviews', 'rows'] as const) await connection.run(`create table ${name === 'rows' || name === 'reviews' ? `all_${name}` : name} (owner varchar, ${columnsSql(name)})`);
  await connection.run(`create table events (${columnsSql('events')})`);
  await fill(connection, entries, verdicts);
  for (const [index, [at, event, subject, hash, detail]] of events.entries()) await connection.run('insert into events values ($1, cast($2 as timestamp), $3, $4, $5, $6)', [index, at, event, subject, hash, detail]);
  const watermarks = new Map(owners.map((owner) => {
    const own = entries.filter(({ entry }) => entry.owner === owner);
    return [owner, { next: own.length, newest: own.length === 0 ? null : Date.parse(own.at(-1)?.entry.at ?? '') }] as const;
  }));
  const over = async (of: Period): Promise<ArchiveSession> => {
    const own = await instance.connect();
    const range = `"at" >= epoch_ms(${of.from}) and "at" < epoch_ms(${of.to}) and owner in (${owners.map((owner) => `'${owner}'`).join(', ')})`;
    for (const name of ['rows', 'reviews']) await own.run(`create or replace temp view ${name} as select * from all_${name} where ${range}`);
    await own.run('create or replace temp view rollup as select owner, cast(date_trunc(\'month\', "at") as date) as month, type, who, behalf, context, outcome, count(*) as n, cast(sum(records) as bigint) as records from rows group by all');
    await own.run('create or replace temp view totals as select owner, type, who, behalf, context, outcome, n, records from rollup');
    const first = of === period;
    return {
      dataset, owners, period: of, watermarks, over,
      query: async <T extends object>(sql: string, parameters: readonly (string | number | bigint | boolean | null)[] = []) => {
        const result = await own.runAndReadAll(sql, [...parameters]);
        return plainRows(result.getRows(), result.columnNames(), result.columnTypes()) as T[];
      },
      columns: async (sql, take) => {
        const result = await own.stream(sql);
        for (;;) {
          const chunk = await result.fetchChunk();
          if (chunk === null || chunk.rowCount === 0) return;
          take(readChunk(chunk, result.columnTypes()));
        }
      },
      table: () => Promise.reject(new ArchiveError('ARCHIVE_QUESTION', 'not here')),
      words: () => Promise.reject(new ArchiveError('ARCHIVE_QUESTION', 'not here')),
      close: () => { own.closeSync(); if (first) instance.closeSync(); return Promise.resolve(); },
    };
  };
  return over(period);
}

async function fill(connection: DuckDBConnection, entries: readonly Indexed[], verdicts: readonly VerdictEntry[]): Promise<void> {
  const tables = new Map<string, unknown[]>();
  const numbers = new Map<string, number>();
  const word = (table: string, owner: string, value: Record<string, unknown>): number => {
    const key = `${table} ${owner} ${JSON.stringify(value)}`;
    const known = numbers.get(key);
    if (known !== undefined) return known;
    const rows = tables.get(table) ?? [];
    tables.set(table, rows);
    const id = rows.filter((row) => (row as { owner: string }).owner === owner).length;
    rows.push({ owner, id, ...value });
    numbers.set(key, id);
    return id;
  };
  const rows = entries.map(({ index, entry }) => {
    const { owner, requester, evidence } = entry;
    const own = word('attributes', owner, { ...requester.attributes, party: entryWords(entry, 'party')[0] });
    return {
      owner, index, at: entry.at.replace('Z', ''), type: 'decision', who: word('requesters', owner, { ori: requester.ori, organisation: requester.organisation, attributes: own }), records: entry.records,
      context: word('contexts', owner, { key: entry.key, kind: entry.kind, format: entry.format, purpose: entry.purpose, ...evidence, wanted: entry.decisions.map(({ dataClass }) => dataClass) }),
      outcome: word('outcomes', owner, {
        status: entry.status, decisions: JSON.stringify(entry.decisions), rules: [...new Set(entry.decisions.flatMap((one) => one.rules))], released: entry.released, usedUp: [], duties: [], held: entry.ticket !== null,
        policyVersion: entry.policyVersion, policyHash: entry.policyHash, tableHash: entry.tableHash, registryVersion: entry.registryVersion, registryHash: entry.registryHash,
      }),
    };
  });
  const ends = firstVerdicts(verdicts);
  const reviews = entries.flatMap(({ entry }, place) => {
    if (entry.ticket === null) return [];
    const end = ends.get(entry.id);
    return [{
      ...rows[place], deadline: entry.ticket.deadline.replace('Z', ''), exigent: entry.ticket.exigent ?? false, ...(end === undefined ? {} : {
        ended: verdicts.indexOf(end), endedAt: end.at.replace('Z', ''), verdict: end.verdict, decidedBy: end.who === 'clock' ? 'clock' : 'person', reason: end.reason, decisions: '[]', late: end.released, lateRecords: end.records,
        policyVersion: end.policyVersion, reviewMs: Date.parse(end.at) - Date.parse(entry.at),
      }),
    }];
  });
  const ended = verdicts.map((one, place) => ({ owner: one.owner, index: 1_000_000 + place, at: one.at.replace('Z', ''), type: 'verdict', records: one.records }));
  for (const [table, all] of [...tables, ['all_rows', [...rows, ...ended]] as const, ['all_reviews', reviews] as const]) {
    const shape = `'${JSON.stringify([await structOf(connection, table)])}'`;
    for (let at = 0; at < all.length; at += 2_000) {
      const text = JSON.stringify(all.slice(at, at + 2_000));
      await connection.run(`insert into ${table} by name select u.* from (select unnest(from_json($1, ${shape})) as u)`, [text]);
    }
  }
}

async function structOf(connection: DuckDBConnection, table: string): Promise<Record<string, unknown>> {
  const described = await connection.runAndReadAll(`select column_name, data_type from duckdb_columns() where table_name = $1 order by column_index`, [table]);
  return Object.fromEntries(described.getRows().map(([name, type]) => [String(name), String(type).endsWith('[]') ? [String(type).slice(0, -2)] : String(type)]));
}
