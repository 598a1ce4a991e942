import type { PolicyDocument } from '../../policy/index.ts';
import { span } from '../../policy/period.ts';
import { stretchOf } from '../../policy/table/stretch.ts';

/** So many stretches of days are looked at; where there are more, nothing can be said and the change counts as widening. */
export const mostMoments = 24;

/**
 * The instants at which two lines of policies must be compared: `now`, or the first day of the new one where that has not come, and every
 * later day on which some item of any of them begins or ends. Between two of these nothing changes by itself. `all` is false where there were more than the cap.
 */
export function momentsOf(before: readonly PolicyDocument[], after: PolicyDocument, now: number): { readonly moments: readonly number[]; readonly all: boolean } {
  const documents = [...before, after];
  const moments: number[] = [];
  for (let at = Math.max(now, Date.parse(after.effective)); Number.isFinite(at);) {
    if (moments.length >= mostMoments) return { moments, all: false };
    moments.push(at);
    const instant = at;
    at = Math.min(...documents.map((document) => stretchOf(document, instant).before));
  }
  return { moments, all: true };
}

/** The document that decides at an instant: the highest version whose first day has come; null where there is none. */
export function standingAt(line: readonly PolicyDocument[], at: number): PolicyDocument | null {
  return line.filter((document) => span(document).from <= at).reduce<PolicyDocument | null>((best, one) => (best === null || one.version > best.version ? one : best), null);
}
