/** Why a witness does not cosign. One word for logs, metrics and tests. */
export type RefusalReason =
  | 'malformed' | 'tooLarge' | 'unknownLog' | 'notSigned' | 'oldSizeAbove' | 'otherSize' | 'otherRoot' | 'inconsistent' | 'tooOften' | 'busy' | 'notKept' | 'stopped';

/** What a witness answers to `add-checkpoint`. The text of a refusal never quotes the request. */
export type WitnessAnswer =
  | { readonly status: 200; readonly line: string; readonly origin: string; readonly size: number; readonly again: boolean }
  | { readonly status: 409; readonly reason: 'otherSize' | 'otherRoot'; readonly latest: number; readonly origin: string }
  | { readonly status: 400 | 403 | 404 | 413 | 422 | 503; readonly reason: RefusalReason; readonly words: string; readonly origin: string | null }
  | { readonly status: 429; readonly reason: 'tooOften' | 'busy'; readonly words: string; readonly origin: string; readonly afterMs: number };

export function refused(status: 400 | 403 | 404 | 413 | 422 | 503, reason: RefusalReason, words: string, origin: string | null = null): WitnessAnswer {
  return { status, reason, words, origin };
}
