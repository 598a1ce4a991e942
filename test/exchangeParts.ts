import { createHash, hash } from 'node:crypto';
import { undeclaredAttributes, type RequesterAttributes } from '../src/vocabulary/index.ts';
import type { LimitRule } from '../src/policy/index.ts';
import type { ClassDecision, DecisionInput, Entry, Inquiry, RecordData } from '../src/model/index.ts';
import { emptyExtension } from '../src/model/index.ts';
import { defaultExchangeSettings, JournalError, type ExchangeParts, type IdempotencyClaim, type KeptAnswer, type LimitClaim, type Limits, type OwnerPolicy, type Requester, type Source, type SourceQuery } from '../src/exchange/index.ts';
import { defaultWireSettings } from '../src/wire/index.ts';

/** A small exchange in memory, for tests of the pipeline: every port can be bent, and everything that happened is kept in order. */
export interface World {
  readonly parts: ExchangeParts;
  readonly log: string[];
  readonly entries: Entry[];
  readonly queries: SourceQuery[];
  readonly faults: unknown[];
}

export const police = 'ZX0010100';
export const immigration = 'ZXICE001Z';

export const record: RecordData = {
  licenceStatus: { status: 'LIC' },
  licenceNumber: { number: 'Q4471180023', jurisdiction: 'ZY' },
  name: { surname: 'MARROWBY', given: 'TESSA', middle: 'Q' },
  birthDate: '1984-02-29',
  description: { sex: 'F', height: 66 },
  address: { street: '12 EXAMPLE RD', city: 'SAMPLETON', county: 'HOLLOW', state: 'ZY', zip: '00000' },
  photo: { mediaType: 'image/png', bytes: Buffer.from('portrait-marker') },
  ssn: '900123456',
};

/** Decides each class by a function, and names the rule `RULE-class`. */
export function policyOf(owner: string, outcome: (input: DecisionInput, dataClass: string) => Partial<ClassDecision>): OwnerPolicy {
  return {
    owner,
    version: 3,
    hash: hash('sha256', owner, 'hex'),
    words: (id) => `the words of ${id}`,
    limitsFor: () => noLimits,
    decide: (input) => ({
      owner, policyVersion: 3, policyHash: hash('sha256', owner, 'hex'), tableHash: null, duties: [],
      classes: input.classes.map((dataClass) => ({ dataClass, outcome: 'release', rules: [`RULE-${dataClass}`], treatment: null, review: null, ...outcome(input, dataClass) })),
    }),
  };
}

export function inquiry(over: Partial<Inquiry> = {}): Inquiry {
  return {
    key: 'DQ', requester: police, destinations: ['ZY'], control: 'A1B2C3D4', subject: { kind: 'licence', number: 'Q4471180023' }, image: true, reason: null,
    legacyPurpose: null, attention: null, extension: emptyExtension, ...over,
  };
}

export function world(bend: Partial<ExchangeParts> = {}, source?: Partial<Source>): World {
  const log: string[] = [];
  const entries: Entry[] = [];
  const queries: SourceQuery[] = [];
  const faults: unknown[] = [];
  const kept = new Map<string, { hash: string; answer: KeptAnswer | null }>();
  const owners = ['ZW', 'ZX', 'ZY'];
  const policies = new Map(owners.map((owner) => [owner, policyOf(owner, () => ({}))]));
  const parts: ExchangeParts = {
    settings: { ...defaultExchangeSettings, engine: 'weir-test', capacity: 64 },
    registry: { current: () => registry },
    policies: { owners, of: (owner) => policies.get(owner) ?? null },
    sources: {
      of: () => ({
        async lookup(query) {
          log.push('fetch');
          queries.push(query);
          if (source?.lookup !== undefined) return source.lookup(query);
          return Promise.resolve({ status: 'found', records: [record], more: false });
        },
      }),
    },
    journal: {
      healthy: true,
      async append(added) {
        log.push('record');
        await new Promise((done) => setImmediate(done));
        const receipts = added.map((entry) => {
          const sequence = entries.push(entry) - 1;
          const log = entry.type === 'system' ? 'anchor' : entry.owner.toLowerCase();
          return { sequence, receipt: { log, index: sequence, entry: entry.id, hash: hash('sha256', JSON.stringify(entry), 'hex'), token: 'token' } };
        });
        log.push('durable');
        return receipts;
      },
      witnessed() {
        log.push('witnessed');
        return Promise.resolve();
      },
    },
    sealer: {
      tag: (owner, subject) => createHash('sha256').update(owner).update(JSON.stringify(subject)).digest('hex'),
      seal: (_owner, plain) => createHash('sha256').update(plain).digest('hex'),
    },
    confirmations: { court: (_owner, number) => (number === 'CONFIRMED-1' ? 'articleThree' : null) },
    reducer: { reduce: () => Promise.resolve(Buffer.from('small')) },
    tickets: { note: () => Promise.resolve() },
    limits: memoryLimits(),
    idempotency: {
      claim(requester, key, requestHash): Promise<IdempotencyClaim> {
        const standing = kept.get(requester + key);
        if (standing === undefined) {
          kept.set(requester + key, { hash: requestHash, answer: null });
          return Promise.resolve({ state: 'new' });
        }
        if (standing.hash !== requestHash) return Promise.resolve({ state: 'conflict' });
        return Promise.resolve(standing.answer === null ? { state: 'running' } : { state: 'done', answer: standing.answer });
      },
      complete(requester, key, answer) {
        const standing = kept.get(requester + key);
        if (standing !== undefined) standing.answer = answer;
        return Promise.resolve();
      },
      abandon(requester, key) {
        kept.delete(requester + key);
        return Promise.resolve();
      },
    },
    clock: { now: () => Date.UTC(2026, 10, 22, 12) },
    wire: defaultWireSettings,
    peer: () => ({ codes: 'weir' }),
    firstNumber: 0,
    onAnswer: () => undefined,
    onFault: (error) => faults.push(error),
    ...bend,
  };
  return { parts, log, entries, queries, faults };
}

const noLimits: readonly LimitRule[] = [];

/** The counters of limits in memory, as the store counts them: also what tests of the store hold it against. `taken` is by owner, limit, key and window. */
export function memoryLimits(taken = new Map<string, number>()): Limits & { readonly taken: Map<string, number> } {
  const place = (owner: string, { rule, key, window }: LimitClaim): string => [owner, rule, key, window].join(' ');
  const add = (at: string, n: number): void => void taken.set(at, Math.max(0, (taken.get(at) ?? 0) + n));
  return {
    taken,
    take(owner, claims) {
      const used = claims.map((claim) => taken.get(place(owner, claim)) ?? 0);
      const withheld = new Set(claims.flatMap((claim, n) => ((used[n] ?? 0) >= claim.max ? claim.classes : [])));
      const readings = claims.map((claim, n) => ({ used: used[n] ?? 0, taken: (used[n] ?? 0) < claim.max && claim.classes.some((one) => !withheld.has(one)) }));
      claims.forEach((claim, n) => { if (readings[n]?.taken === true) add(place(owner, claim), 1); });
      return Promise.resolve(readings);
    },
    giveBack(owner, claims) {
      for (const claim of claims) add(place(owner, claim), -1);
    },
  };
}

export const brokenJournal: ExchangeParts['journal'] = {
  healthy: true,
  append: () => Promise.reject(new JournalError('JOURNAL_WRITE', 'the disk failed')),
  witnessed: () => Promise.resolve(),
};

const attributes = new Map<string, RequesterAttributes>([
  [police, { ...undeclaredAttributes, level: 'municipal', mission: ['generalPolice'] }],
  [immigration, { ...undeclaredAttributes, level: 'federal', mission: ['immigrationEnforcement'] }],
]);

const registry: ReturnType<ExchangeParts['registry']['current']> = {
  version: 7,
  hash: hash('sha256', 'registry', 'hex'),
  requester(ori): Requester | null {
    const known = attributes.get(ori);
    return known === undefined ? null : { ori, organisation: ori.toLowerCase(), name: ori, attributes: () => known };
  },
  mayActFor: (requester, other) => requester === police && other === immigration,
  directory: () => ({ entries: [{ ori: police, name: 'Sampleton Police', type: 'PD', state: 'ZX', active: true }], more: false }),
};
