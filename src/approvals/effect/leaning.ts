/** In which ways something gives more, and in which less: short reasons in words. Both may be empty. */
export interface Leaning {
  readonly widens: readonly string[];
  readonly narrows: readonly string[];
}

export const level: Leaning = { widens: [], narrows: [] };

/** All of them together, each reason once. */
export function together(all: readonly Leaning[]): Leaning {
  const once = (lists: readonly (readonly string[])[]): readonly string[] => [...new Set(lists.flat())];
  return { widens: once(all.map(({ widens }) => widens)), narrows: once(all.map(({ narrows }) => narrows)) };
}

/** A value as text that is equal for equal values, whatever the order of their keys. */
export function sameText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sameText).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value).filter(([, member]) => member !== undefined).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, member]) => `${JSON.stringify(key)}:${sameText(member)}`).join(',')}}`;
}

/** Whether every word of `few` is among `many`; absent means all there are. */
export function within<T>(few: readonly T[] | undefined, many: readonly T[] | undefined): boolean {
  if (many === undefined) return true;
  return few !== undefined && few.every((one) => many.includes(one));
}
