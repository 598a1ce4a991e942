import { allPurposes, type AnswerStatus } from '../../vocabulary/index.ts';
import { partyWords } from '../parties.ts';
import type { OwnerWords, Party } from '../archive/types.ts';
import { compareDecisions, type Change } from './compare.ts';
import type { Decided } from './deciders.ts';
import { changeKinds, foundKinds, type FoundKind } from './kinds.ts';

/** Lines of the rollup by column: words by number (-1 for none), how many entries, how many records were given. */
export interface Lines {
  readonly length: number;
  readonly who: Int32Array;
  readonly behalf: Int32Array;
  readonly context: Int32Array;
  readonly outcome: Int32Array;
  readonly n: Int32Array;
  readonly records: Int32Array;
  /** Place in `entryTypes`, -1 for another. */
  readonly type: Int32Array;
}

/** One pair of decisions that was met, with how often. */
export interface Met extends Change {
  readonly dutiesBefore: readonly string[];
  readonly dutiesAfter: readonly string[];
  /** Requests and records by what became of them then, in the order of `foundKinds`. */
  readonly requests: readonly number[];
  readonly records: readonly number[];
}

/** Slots by which requests are counted for askers and contexts: the kinds of change, and apart from the last what stays given. */
export const slots = changeKinds.length + 1;
export const unchangedSlot = changeKinds.length - 1;
export const stillGivenSlot = changeKinds.length;
export const parties = Object.keys(partyWords) as readonly Party[];

/** Adds up what changes, over the words of one owner. All counts are whole and exact. */
export class Tally {
  /** By number of asker, then slot. */
  readonly byAsker: Float64Array;
  /** By context, then slot. */
  readonly byContext: Float64Array;
  /** By party of the asker, purpose, then slot. */
  readonly byPartyPurpose = new Float64Array(parties.length * allPurposes.length * slots);
  readonly #before: readonly Decided[];
  readonly #after: readonly Decided[];
  readonly #pairs: (number | undefined)[][] = [];
  readonly #met: { readonly change: Change; readonly slot: number; readonly before: Decided; readonly after: Decided; readonly requests: Float64Array; readonly records: Float64Array }[] = [];
  readonly #found: Uint8Array;
  readonly #party: Int32Array;
  readonly #purpose: Int32Array;

  /** `before` and `after` are the lists of the deciders, which may still grow. */
  constructor(words: OwnerWords, before: readonly Decided[], after: readonly Decided[]) {
    this.#before = before;
    this.#after = after;
    this.byAsker = new Float64Array(words.requesters.length * slots);
    this.byContext = new Float64Array(words.contexts.length * slots);
    this.#found = Uint8Array.from(words.outcomes, ({ status }) => foundKinds.indexOf(foundOf(status)));
    this.#party = Int32Array.from(words.requesters, ({ attributes }) => parties.indexOf(words.attributes[attributes]?.party ?? 'undeclared'));
    this.#purpose = Int32Array.from(words.contexts, ({ purpose }) => allPurposes.indexOf(purpose));
  }

  /** Counts `n` requests of these words, decided so before and so after (numbers of decisions). Gives their slot. */
  add(who: number, context: number, outcome: number, before: number, after: number, n: number, records: number): number {
    const met = this.#met[this.#pair(before, after)];
    if (met === undefined) return unchangedSlot;
    const found = this.#found[outcome] ?? 0;
    met.requests[found] = (met.requests[found] ?? 0) + n;
    met.records[found] = (met.records[found] ?? 0) + records;
    const { slot } = met;
    const asker = who * slots + slot;
    this.byAsker[asker] = (this.byAsker[asker] ?? 0) + n;
    const asked = context * slots + slot;
    this.byContext[asked] = (this.byContext[asked] ?? 0) + n;
    const cross = ((this.#party[who] ?? 0) * allPurposes.length + (this.#purpose[context] ?? 0)) * slots + slot;
    this.byPartyPurpose[cross] = (this.byPartyPurpose[cross] ?? 0) + n;
    return slot;
  }

  /** The change from one decision to another. */
  change(before: number, after: number): Change {
    const met = this.#met[this.#pair(before, after)];
    if (met === undefined) throw new RangeError('there is no such decision');
    return met.change;
  }

  /** Every pair of decisions that was met. */
  met(): readonly Met[] {
    return this.#met.map(({ change, before, after, requests, records }) => ({ ...change, dutiesBefore: before.duties, dutiesAfter: after.duties, requests: [...requests], records: [...records] }));
  }

  #pair(before: number, after: number): number {
    const row = (this.#pairs[before] ??= []);
    const known = row[after];
    if (known !== undefined) return known;
    const [one, other] = [this.#before[before], this.#after[after]];
    if (one === undefined || other === undefined) throw new RangeError('there is no such decision');
    const change = compareDecisions(one.classes, other.classes);
    const slot = change.kind === 'unchanged' && change.after === 'given' ? stillGivenSlot : changeKinds.indexOf(change.kind);
    return (row[after] = this.#met.push({ change, slot, before: one, after: other, requests: new Float64Array(foundKinds.length), records: new Float64Array(foundKinds.length) }) - 1);
  }
}

/** What became of a request then. What is held or refused was never looked up. */
export function foundOf(status: AnswerStatus): FoundKind {
  switch (status) {
    case 'answered': case 'answeredInPart': return 'found';
    case 'noRecord': case 'unavailable': return 'nothingThere';
    case 'held': case 'refused': return 'notLooked';
  }
}
