import type { WireSettings } from './settings.ts';

/** The wildcards of the wire as `*` and `?`; a `*` or `?` that is no wildcard there becomes a character that no plate has. */
export function fromWire(text: string, { wildcards }: WireSettings): string {
  return swap(text, new Map([['*', '\0'], ['?', '\0'], [wildcards.one, '?'], [wildcards.any, '*']]));
}

/** The other way round. */
export function toWire(pattern: string, { wildcards }: WireSettings): string {
  return swap(pattern, new Map([['*', wildcards.any], ['?', wildcards.one]]));
}

function swap(text: string, table: ReadonlyMap<string, string>): string {
  return Array.from(text, (character) => table.get(character) ?? character).join('');
}
