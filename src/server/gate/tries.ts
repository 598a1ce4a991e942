/** Counts tries, in memory: of this process, besides whatever the database counts. */
export interface Tries {
  /** Null where it may be tried now; else in how many seconds. */
  take(key: string, now?: number): number | null;
}

/** Whom an address is counted as: itself, or of IPv6 the network of 64 bits that one household or office has to itself. Node gives the addresses, so they are well-formed. */
export function networkOf(address: string): string {
  if (!address.includes(':') || address.includes('.')) return address;
  const [before = '', after] = address.split('%', 1)[0]?.split('::', 2) ?? [];
  const head = before === '' ? [] : before.split(':');
  const tail = after === undefined || after === '' ? [] : after.split(':');
  const zeros = after === undefined ? [] : Array<string>(Math.max(0, 8 - head.length - tail.length)).fill('0');
  return [...head, ...zeros, ...tail].slice(0, 4).join(':');
}

/** Beyond this many keys the oldest are forgotten: whoever has so many addresses is not held by this. */
const mostKeys = 20_000;

/** At most `most` tries of one key within `within` milliseconds of `clock`. The keys come from whoever asks. */
export function tries(most: number, within: number, clock: () => number = Date.now): Tries {
  const seen = new Map<string, number[]>();
  return {
    take(key, now = clock()) {
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
