/** Counts tries, in memory: of this process, besides whatever the database counts. */
export interface Tries {
  /** Null where it may be tried now; else in how many seconds. */
  take(key: string, now?: number): number | null;
}

/** Beyond this many keys the oldest are forgotten: whoever has so many addresses is not held by this. */
const mostKeys = 20_000;

/** At most `most` tries of one key within `within` milliseconds. The keys come from whoever asks. */
export function tries(most: number, within: number): Tries {
  const seen = new Map<string, number[]>();
  return {
    take(key, now = Date.now()) {
      const recent = (seen.get(key) ?? []).filter((at) => at > now - within);
      // The newest stand last, so that the first key of the map is the one to forget.
      seen.delete(key);
      seen.set(key, recent);
      if (seen.size > mostKeys) seen.delete(seen.keys().next().value ?? '');
      const [first] = recent;
      if (recent.length >= most && first !== undefined) return Math.max(1, Math.ceil((first + within - now) / 1000));
      recent.push(now);
      return null;
    },
  };
}
