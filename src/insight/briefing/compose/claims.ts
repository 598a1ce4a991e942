import type { ClaimInput, OwnerInput } from '../input.ts';
import { many, nameOf, say } from '../say.ts';
import type { Section, Sentence } from '../types.ts';
import type { Book, Source } from './book.ts';
import { reviewsSource } from './reviews.ts';

/** Which of the owner's promises stand, on every path. */
export function claimsSection({ policy, owner, reviews }: Pick<OwnerInput, 'policy' | 'owner' | 'reviews'>, book: Book): Section {
  return { id: 'claims', question: 'Which of our promises hold?', sentences: [...sentencesOn(policy, claimsSource(book, owner, policy?.claims ?? [])), ...besideClaims(reviews, book)], charts: [] };
}

/** The table of all claims. */
export function claimsSource(book: Book, owner: string, claims: readonly ClaimInput[]): Source {
  return book.raw({
    id: 'claims', title: 'The claims of the policy', command: `weir prove ${owner}`, more: 0, note: 'Proved for the rules in force and the registry of today, in the world and domain that each claim names.',
    table: { caption: 'The claims of the policy', columns: ['claim', 'what it says', 'verdict', 'bodies against it'], rows: claims.map(({ id, title, holds, count }) => [id, title, verdict(holds), count]) },
  });
}

function sentencesOn(policy: OwnerInput['policy'], source: Source): readonly Sentence[] {
  if (policy === null || policy.claims.length === 0) return [say`The policy makes no claim, so none was checked.`];
  const holding = policy.claims.filter(({ holds }) => holds === true).length;
  const all = policy.claims.length;
  return [
    holding === all ? say`${all === 1 ? 'The one claim holds' : say`All ${source.count(all)} claims hold`}, on each path that was looked at.` : say`${source.count(holding)} of ${many(source.count(all), 'claim')} ${holding === 1 ? 'holds' : 'hold'}.`,
    ...policy.claims.filter(({ holds }) => holds !== true).slice(0, 3).map((claim) => failing(claim, source)),
  ];
}

/** A proof is about rules: what people gave after review stands beside it, as a number. */
function besideClaims(reviews: OwnerInput['reviews'], book: Book): readonly Sentence[] {
  if (reviews === null || reviews.given === 0) return [];
  return [say`Claims are about rules. After review, people or the clock gave data to ${many(reviewsSource(book, reviews).count(reviews.given), 'held request')}.`];
}

function failing({ id, title, holds, count, example }: ClaimInput, source: Source): Sentence {
  if (holds === 'capped') return say`Claim ${{ name: id }} could not be decided: ${nameOf(title, 160)}.`;
  const who = example === null ? '' : say`, such as ${nameOf(example, 44)}`;
  return say`Claim ${{ name: id }} fails${count === null || count === 0 ? who : say` for ${many(source.count(count), 'body', 'bodies')}${who}`}: ${nameOf(title, 160)}.`;
}

function verdict(holds: ClaimInput['holds']): string {
  return holds === 'capped' ? 'not decided' : holds ? 'holds' : 'fails';
}
