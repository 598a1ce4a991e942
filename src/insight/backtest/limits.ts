import type { DataClass } from '../../vocabulary/index.ts';
import { classesOf, type LimitRule, type PolicyTable } from '../../policy/index.ts';
import type { OwnerWords } from '../archive/types.ts';
import type { InsightWorld } from '../world.ts';
import type { Decided } from './deciders.ts';
import type { LimitStanding, LimitTotal } from './types.ts';

/** The tables that decided the entries of these words and are still kept. Asked for only where a limit makes them matter. */
export async function tablesThen(words: OwnerWords, drafts: readonly PolicyTable[], world: InsightWorld): Promise<readonly PolicyTable[]> {
  if (drafts.every(({ limits }) => limits.length === 0) && words.outcomes.every(({ usedUp }) => usedUp.length === 0)) return [];
  const hashes = new Set(words.outcomes.flatMap(({ tableHash }) => (tableHash === null ? [] : [tableHash])));
  const found: PolicyTable[] = [];
  for (const hash of hashes) {
    const table = await world.tableOf(hash);
    if (table !== null) found.push(table);
  }
  return found;
}

/**
 * What counters on the record still tell of each limit of a draft. They count what another policy gave, by the limits that it had: of a limit that the draft
 * adds or changes they tell nothing.
 */
export function limitStandings(draft: PolicyTable, then: readonly PolicyTable[]): ReadonlyMap<string, LimitStanding> {
  const standings = new Map<string, LimitStanding>();
  for (const limit of draft.limits) {
    const same = then.map(({ limits }) => limits.find(({ id }) => id === limit.id) ?? null);
    const kept = same.filter((one) => one !== null);
    standings.set(limit.id, then.length === 0 ? 'unknown' : kept.length === 0 ? 'added' : kept.length === same.length && kept.every((one) => meaning(one) === meaning(limit)) ? 'same' : 'changed');
  }
  for (const { limits } of then) for (const { id } of limits) if (!standings.has(id)) standings.set(id, 'removed');
  return standings;
}

/** The limits whose use on the record is applied: those that are as they were, and those of which nothing better is known. */
export function limitsToApply(standings: ReadonlyMap<string, LimitStanding>): ReadonlySet<string> {
  return new Set([...standings].filter(([, standing]) => standing === 'same' || standing === 'unknown').map(([id]) => id));
}

/** Counts the requests that limits of a draft would count. */
export class LimitCounter {
  readonly #standings: ReadonlyMap<string, LimitStanding>;
  readonly #watched: readonly { readonly limit: LimitRule; readonly classes: ReadonlySet<DataClass>; readonly asker: Uint8Array; readonly decided: (boolean | undefined)[] }[];
  readonly #counts: Float64Array;
  readonly #decisions: readonly Decided[];

  constructor(words: OwnerWords, draft: PolicyTable, standings: ReadonlyMap<string, LimitStanding>, decisions: readonly Decided[]) {
    this.#standings = standings;
    this.#decisions = decisions;
    this.#watched = draft.limits.filter(({ id }) => standings.get(id) !== 'same').map((limit) => ({
      limit, classes: new Set(classesOf(limit.data)), decided: [],
      asker: Uint8Array.from(words.attributes, (one) => (draft.limitsOf(draft.classOf(one)).some(({ id }) => id === limit.id) ? 1 : 0)),
    }));
    this.#counts = new Float64Array(this.#watched.length);
  }

  add(attributes: number, behalf: number, after: number, n: number): void {
    this.#watched.forEach(({ asker, decided, classes }, place) => {
      if (asker[attributes] !== 1 && (behalf < 0 || asker[behalf] !== 1)) return;
      decided[after] ??= (this.#decisions[after]?.classes ?? []).some(({ dataClass, outcome }) => (outcome === 'release' || outcome === 'redact') && classes.has(dataClass));
      if (decided[after]) this.#counts[place] = (this.#counts[place] ?? 0) + n;
    });
  }

  totals(): readonly LimitTotal[] {
    const counted = new Map(this.#watched.map(({ limit }, place) => [limit.id, this.#counts[place] ?? 0]));
    return [...this.#standings].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, standing]) => ({ id, standing, concerned: counted.get(id) ?? null }));
  }
}

/** What a limit does, without its title and its law. */
function meaning({ data, to, per, max, beyond, review }: LimitRule): string {
  return JSON.stringify([data, Object.entries(to ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)), per, max.count, max.per, beyond, review]);
}
