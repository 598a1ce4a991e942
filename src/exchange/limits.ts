import type { AnswerStatus } from '../vocabulary/index.ts';
import type { Decision, DecisionInput, EntryLimit } from '../model/index.ts';
import { applyLimits, limitedClasses, limitsConcerned, windowOf, type LimitRule } from '../policy/index.ts';
import type { Case } from './case.ts';
import { otherInput } from './decide.ts';
import type { LimitClaim, LimitReading, Limits, OwnerPolicy } from './ports.ts';

/** A limit that counts what was decided, and the counter of it that this request is for. */
export interface LimitAsked {
  readonly limit: LimitRule;
  readonly claim: LimitClaim;
}

/** What the counters said, and what follows. */
export interface Limited {
  readonly decision: Decision;
  readonly readings: readonly LimitFound[];
  /** What was taken, to be given back where nothing leaves after all. */
  readonly taken: readonly LimitClaim[];
}

/** One counter as it was found. `used` is null where it could not be read. */
export interface LimitFound {
  readonly claim: LimitClaim;
  readonly used: number | null;
  readonly taken: boolean;
}

/** Of a request that no limit concerns: the same lists for all. */
export const noReadings: readonly LimitFound[] = Object.freeze([]);
export const noClaims: readonly LimitClaim[] = Object.freeze([]);
const noneAsked: readonly LimitAsked[] = Object.freeze([]);
const noEntries: readonly EntryLimit[] = Object.freeze([]);

/**
 * The counters that a decision concerns, each once. `per: agency` counts an organisation and not its offices; a request on behalf of another
 * organisation is counted for both. Where no limit is in force this makes nothing and waits for nothing.
 */
export function limitsAsked(policy: OwnerPolicy, request: Case, own: DecisionInput, decision: Decision): readonly LimitAsked[] {
  const mine = limitsConcerned(decision, policy.limitsFor(own));
  const other = otherInput(policy.owner, request, own);
  const theirs = other === null ? null : limitsConcerned(decision, policy.limitsFor(other));
  if (mine.length === 0 && (theirs === null || theirs.length === 0)) return noneAsked;
  const at = request.receivedAt.getTime();
  const found = new Map<string, LimitAsked>();
  for (const limit of mine) add(found, limit, request.requester.organisation, decision, at);
  for (const limit of theirs ?? []) add(found, limit, request.onBehalfOf?.requester?.organisation ?? unknownOrganisation, decision, at);
  return [...found.values()];
}

/**
 * Takes one of each counter, and withholds what a used-up limit counts. Counters that cannot be reached count as used up, so that a
 * lost database never lifts a limit.
 */
export async function takeLimits(limits: Limits, onFault: (error: unknown) => void, decision: Decision, asked: readonly LimitAsked[]): Promise<Limited> {
  let given: readonly LimitReading[] | null = null;
  try {
    given = await limits.take(decision.owner, asked.map(({ claim }) => claim));
  } catch (error) {
    onFault(error);
  }
  const readings = asked.map(({ claim }, n): LimitFound => ({ claim, used: given?.[n]?.used ?? null, taken: given?.[n]?.taken ?? false }));
  const usedUp = asked.filter((_one, n) => isUsedUp(readings[n])).map(({ limit }) => limit);
  return { decision: applyLimits(decision, usedUp), readings, taken: readings.filter(({ taken }) => taken).map(({ claim }) => claim) };
}

/** What the entry says of the counters. One is counted where it was taken and data could leave. */
export function entryLimits(readings: readonly LimitFound[], status: AnswerStatus): readonly EntryLimit[] {
  if (readings.length === 0) return noEntries;
  const left = leaves(status);
  return readings.map(({ claim: { rule, key, window, max }, used, taken }) => ({ rule, key, window, used, max, counted: taken && left }));
}

/** Whether an answer of this status gives data: then what was taken stays taken. */
export function leaves(status: AnswerStatus): boolean {
  return status === 'answered' || status === 'answeredInPart';
}

/** Whether this counter lets nothing more through. */
export function isUsedUp(found: LimitFound | undefined): boolean {
  return found === undefined || found.used === null || found.used >= found.claim.max;
}

/** All organisations that the registry does not know are counted as one: the asker writes their names. */
const unknownOrganisation = '?';

function add(found: Map<string, LimitAsked>, limit: LimitRule, organisation: string, decision: Decision, at: number): void {
  const key = limit.per === 'owner' ? '*' : organisation;
  const place = `${limit.id} ${key}`;
  if (found.has(place)) return;
  const { name: window, endsAt } = windowOf(limit.max.per, at);
  found.set(place, { limit, claim: { rule: limit.id, key, window, endsAt, max: limit.max.count, classes: limitedClasses(decision, limit) } });
}
