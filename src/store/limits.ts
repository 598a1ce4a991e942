import type { Sql } from 'postgres';
import { allDataClasses } from '../vocabulary/index.ts';
import type { LimitClaim, LimitReading, Limits } from '../exchange/ports.ts';
import type { JournalReader } from './journalReader.ts';
import { settleLimits, startLimits } from './limitLedger.ts';


/** The counters of volume limits in PostgreSQL. The journal is the truth: `start` and `catchUp` hold the counters against it. */
export interface LimitBook extends Limits {
  /** Before the first request: brings the counters to what the journal says. */
  start(journal: JournalReader): Promise<void>;
  /** Now and then: moves the watermark, and forgets windows that are long past. Returns how many entries were settled. */
  catchUp(journal: JournalReader): Promise<number>;
  /** Resolves once nothing waits to be taken or given back. */
  idle(): Promise<void>;
}

export interface LimitOptions {
  /** How long a request waits for the counters, in milliseconds; 2,000 unless told. */
  readonly patience?: number;
  /** Told where something could not be given back: it stays counted until the next start. */
  readonly onFault?: (error: unknown) => void;
}

/**
 * Requests that come while a statement is on its way wait for the next, which takes for all of them: one connection, one commit, and no
 * timer; the batches grow with the load by themselves.
 */
export function postgresLimits(sql: Sql, { patience = 2_000, onFault }: LimitOptions = {}): LimitBook {
  const waiting: Ask[] = [];
  let back = new Map<string, Counted>();
  let running: Promise<void> | null = null;

  const pump = async (): Promise<void> => {
    // Those that ask in the same turn go together.
    await Promise.resolve();
    while (waiting.length > 0 || back.size > 0) {
      const asks = waiting.splice(0, mostAsks).filter((ask) => !ask.late);
      const returned = back;
      back = new Map();
      if (asks.length === 0 && returned.size === 0) continue;
      try {
        answer(asks, await send(sql, asks, returned));
      } catch (error) {
        // Whether it was done cannot be known. What was to be given back stays counted: never one too many.
        if (returned.size > 0) onFault?.(error);
        for (const ask of asks) ask.fail(error);
      }
    }
    running = null;
  };
  const run = (): void => void (running ??= pump());
  const giveBack = (owner: string, claims: readonly LimitClaim[]): void => {
    for (const claim of claims) count(back, owner, claim).n += 1;
    run();
  };
  /** An answer that comes after its asker went away was given for nothing. */
  const answer = (asks: readonly Ask[], readings: readonly LimitReading[]): void => {
    let at = 0;
    for (const ask of asks) {
      const own = readings.slice(at, (at += ask.claims.length));
      if (ask.late) giveBack(ask.owner, ask.claims.filter((_claim, n) => own[n]?.taken));
      else ask.done(own);
    }
  };
  return {
    take: (owner, claims) => new Promise((resolve, reject) => {
      const timer = setTimeout(() => { ask.late = true; reject(new Error('the counters of volume limits did not answer in time')); }, patience);
      const ask: Ask = {
        owner, claims, late: false,
        done: (readings) => { clearTimeout(timer); resolve(readings); },
        fail: (error) => { clearTimeout(timer); reject(error instanceof Error ? error : new Error('the counters of volume limits failed', { cause: error })); },
      };
      waiting.push(ask);
      run();
    }),
    giveBack,
    start: (journal) => startLimits(sql, journal),
    catchUp: (journal) => settleLimits(sql, journal),
    idle: async () => { while (running !== null) await running; },
  };
}

/** A counter that an organisation has used something of. */
export interface UsedCounter {
  readonly rule: string;
  readonly key: string;
  readonly window: string;
  readonly used: number;
}

/** The counters of an owner whose windows are open. */
export async function usedCounters(sql: Sql, owner: string, now: Date): Promise<readonly UsedCounter[]> {
  const rows = await sql<UsedCounter[]>`
    select rule, key, span as window, taken as used from limit_counter where owner = ${owner} and ends_at > ${now} and taken > 0 order by rule, span, taken desc, key`;
  return rows.map(({ rule, key, window, used }) => ({ rule, key, window, used }));
}

/** Requests in one statement at most. */
const mostAsks = 256;

interface Ask {
  readonly owner: string;
  readonly claims: readonly LimitClaim[];
  readonly done: (readings: readonly LimitReading[]) => void;
  readonly fail: (error: unknown) => void;
  late: boolean;
}

interface Counted {
  readonly owner: string;
  readonly claim: LimitClaim;
  n: number;
}

function count(counters: Map<string, Counted>, owner: string, claim: LimitClaim): Counted {
  const place = placeOf(owner, claim);
  let found = counters.get(place);
  if (found === undefined) counters.set(place, (found = { owner, claim, n: 0 }));
  return found;
}

function placeOf(owner: string, { rule, key, window }: LimitClaim): string {
  return `${owner}\n${rule}\n${key}\n${window}`;
}

/** Gives back and takes in one statement, and so in one transaction. Readings in the order of the claims. */
async function send(sql: Sql, asks: readonly Ask[], back: ReadonlyMap<string, Counted>): Promise<readonly LimitReading[]> {
  const counters = new Map(back);
  for (const { owner, claims } of asks) for (const claim of claims) if (!counters.has(placeOf(owner, claim))) counters.set(placeOf(owner, claim), { owner, claim, n: 0 });
  // Sorted: of two statements that want the same counters the second waits for the first, and never the other way too.
  const sorted = [...counters].sort(([a], [b]) => (a < b ? -1 : 1));
  const places = new Map(sorted.map(([place], n) => [place, n + 1]));
  const of = sorted.map(([, one]) => one);
  const claims = asks.flatMap((ask, group) => ask.claims.map((claim) => ({ group, claim, counter: places.get(placeOf(ask.owner, claim)) ?? 0 })));
  const [row] = await sql<{ used: number[]; granted: boolean[] }[]>`
    select used, granted from limit_take(
      ${of.map(({ owner }) => owner)}::text[], ${of.map(({ claim }) => claim.rule)}::text[], ${of.map(({ claim }) => claim.key)}::text[], ${of.map(({ claim }) => claim.window)}::text[],
      ${of.map(({ claim }) => claim.endsAt)}::double precision[], ${of.map(({ n }) => n)}::int[],
      ${claims.map(({ group }) => group)}::int[], ${claims.map(({ counter }) => counter)}::int[], ${claims.map(({ claim }) => claim.max)}::int[], ${claims.map(({ claim }) => bitsOf(claim.classes))}::int[])`;
  return claims.map((_claim, n) => {
    const [used, taken] = [row?.used[n], row?.granted[n]];
    if (used === undefined || taken === undefined) throw new Error('the counters of volume limits gave no answer');
    return { used, taken };
  });
}

/** One bit for each class, in the order of the vocabulary, which has fewer than 31. */
function bitsOf(classes: LimitClaim['classes']): number {
  return classes.reduce((bits, one) => bits | (1 << allDataClasses.indexOf(one)), 0);
}
