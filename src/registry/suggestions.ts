import { hash } from 'node:crypto';
import { isDate } from './days.ts';
import { RegistryError } from './errors.ts';
import type { Affiliation, RegistryContent } from './model.ts';
import { keyOf } from './rows.ts';

/** An affiliation that waits for a person. `id` is short, for a command line; it is made from the key and so is the same in every version. */
export interface Suggestion {
  readonly id: string;
  readonly affiliation: Affiliation;
}

/** Who says so and when. `by` is a desk or an office, not a person's name: it is kept for good and shown to every owner. */
export interface SaidBy {
  readonly by: string;
  /** `YYYY-MM-DD`. */
  readonly on: string;
}

/** All affiliations that nobody has confirmed, in the order of their organisations. */
export function suggestionsOf(content: RegistryContent): readonly Suggestion[] {
  return content.affiliations.filter((row) => !row.confirmed).map((affiliation) => ({ id: suggestionId(affiliation), affiliation }))
    .sort((a, b) => (a.affiliation.from === b.affiliation.from ? a.id.localeCompare(b.id) : a.affiliation.from < b.affiliation.from ? -1 : 1));
}

/** The first 12 hexadecimal digits of the SHA-256 of the key. */
export function suggestionId(affiliation: Affiliation): string {
  return hash('sha256', keyOf('affiliations', affiliation), 'hex').slice(0, 12);
}

/** Turns suggestions into facts: `confirmed`, with who confirmed and when at the end of the provenance. Throws `unknownSuggestion`. */
export function confirmSuggestions(content: RegistryContent, ids: readonly string[], said: SaidBy): RegistryContent {
  const wanted = wantedOf(content, ids, said);
  return {
    ...content,
    affiliations: content.affiliations.map((row) =>
      (wanted.has(suggestionId(row)) ? { ...row, confirmed: true, provenance: `${row.provenance}; confirmed by ${said.by.trim()} on ${said.on}` } : row)),
  };
}

/** Takes suggestions that are wrong out of the registry. A later list that has them suggests them again. Throws `unknownSuggestion`. */
export function rejectSuggestions(content: RegistryContent, ids: readonly string[], said: SaidBy): RegistryContent {
  const wanted = wantedOf(content, ids, said);
  return { ...content, affiliations: content.affiliations.filter((row) => !wanted.has(suggestionId(row))) };
}

function wantedOf(content: RegistryContent, ids: readonly string[], said: SaidBy): ReadonlySet<string> {
  if (!isDate(said.on)) throw new RegistryError('badDate', 'the day is not a date such as 2026-01-31');
  const open = new Set(content.affiliations.filter((row) => !row.confirmed).map(suggestionId));
  const unknown = ids.filter((id) => !open.has(id));
  if (unknown.length > 0) throw new RegistryError('unknownSuggestion', `${unknown.length} of the ids name no open suggestion`);
  return new Set(ids);
}
