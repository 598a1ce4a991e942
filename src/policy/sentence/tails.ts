import type { Review } from '../../model/index.ts';
import { caps, type Afterwards, type Condition, type ProofDomain, type ProofWorld } from '../document.ts';
import { Book, fixed } from './book.ts';
import { readCondition, type ConditionBook } from './condition.ts';
import type { Cursor } from './cursor.ts';
import { readAfterwards, readDay, readReview } from './quantities.ts';

const period = fixed('.');
const ifs = new Book([[', if', true], [', but only if', true]]);
const appliesOnly = fixed('. This applies only if');
const from = fixed(', from');
const upTo = fixed(', up to');
const unless = fixed(', unless');
const orUnless = fixed(', or unless');
const doesNotApply = fixed('. This does not apply if');
const norApplies = fixed('. Nor does it apply if');
const personAllows = fixed('a person allows it');
const comma = fixed(',');
const thisHolds = fixed('. This holds');
const rulesBroken = fixed('even if others break the rules');
const whoeverJoins = fixed('whoever joins later');

/** Which endings an item may have. A book that is absent: no such condition may stand there. */
export interface TailBooks {
  readonly when?: ConditionBook;
  readonly unless?: ConditionBook;
  /** Whether it may say in spite of what it holds, and that a person may allow it. */
  readonly claim?: boolean;
  readonly review?: boolean;
  readonly afterwards?: boolean;
}

export interface Tails {
  readonly when: Condition | null;
  readonly effective: string | null;
  readonly expires: string | null;
  readonly unless: readonly Condition[];
  readonly person: boolean;
  readonly world: ProofWorld;
  readonly domain: ProofDomain;
  readonly review: Review | null;
  readonly afterwards: Afterwards | null;
}

/**
 * All that may follow the main part of a sentence, up to its end:
 * [, even if …] [, whoever …] [, if …] [, from DAY] [, up to DAY] [, unless … [, or unless …]…]
 * [. This holds …] [. This applies only if …] [. This does not apply if … [. Nor does it apply if …]…] [. REVIEW] [. AFTERWARDS] [.]
 * Null where it cannot be read.
 */
export function readTails(cursor: Cursor, books: TailBooks): Tails | null {
  const beside = books.claim === true ? { world: after(cursor, comma, rulesBroken), domain: after(cursor, comma, whoeverJoins) } : { world: false, domain: false };
  const inline = books.when !== undefined && cursor.take(ifs) !== null ? readCondition(cursor, books.when) : null;
  const effective = cursor.take(from) === null ? null : readDay(cursor);
  const ends = cursor.take(upTo) !== null;
  const lastAt = cursor.place;
  const expires = ends ? readDay(cursor) : null;
  const exceptions = new Exceptions(cursor, books);
  exceptions.read(unless, orUnless);
  const holds = books.claim === true && !beside.world && !beside.domain && cursor.take(thisHolds) !== null ? readHolds(cursor) : beside;
  const apart = books.when !== undefined && inline === null && cursor.take(appliesOnly) !== null ? readCondition(cursor, books.when) : null;
  if (exceptions.none) exceptions.read(doesNotApply, norApplies);
  const review = books.review === true ? cursor.attempt(() => (cursor.take(period) === null ? null : readReview(cursor))) : null;
  const afterwards = books.afterwards === true ? cursor.attempt(() => (cursor.take(period) === null ? null : readAfterwards(cursor))) : null;
  cursor.take(period);
  if (!cursor.atEnd) cursor.unexpected();
  if (cursor.fault === null && effective !== null && expires !== null && effective > expires) {
    cursor.fail('expiresFirst', lastAt, `the period ends on ${expires}, before it begins on ${effective}`, 'change one of the two dates');
  }
  if (cursor.fault !== null) return null;
  const { world, domain } = holds;
  return { when: inline ?? apart, effective, expires, unless: exceptions.conditions, person: exceptions.person, world: world ? 'possible' : 'honoured', domain: domain ? 'schema' : 'registry', review, afterwards };
}

function readHolds(cursor: Cursor): { readonly world: boolean; readonly domain: boolean } {
  const world = cursor.take(rulesBroken) !== null;
  const domain = world ? after(cursor, comma, whoeverJoins) : cursor.need(whoeverJoins) !== null;
  return { world, domain };
}

/** Whether the second stands here after the first. */
function after(cursor: Cursor, first: Book<true>, second: Book<true>): boolean {
  return cursor.attempt(() => (cursor.take(first) === null ? null : cursor.take(second))) !== null;
}

class Exceptions {
  readonly conditions: Condition[] = [];
  person = false;
  readonly #cursor: Cursor;
  readonly #books: TailBooks;

  constructor(cursor: Cursor, books: TailBooks) {
    this.#cursor = cursor;
    this.#books = books;
  }

  get none(): boolean {
    return this.conditions.length === 0 && !this.person;
  }

  read(first: typeof unless, others: typeof unless): void {
    const { unless: book, claim } = this.#books;
    if (book === undefined) return;
    for (let lead = first; this.#cursor.take(lead) !== null; lead = others) {
      const at = this.#cursor.place;
      if (claim === true && this.#cursor.take(personAllows) !== null) {
        this.person = true;
        return;
      }
      const condition = readCondition(this.#cursor, book);
      if (condition === null) return;
      this.conditions.push(condition);
      if (this.conditions.length > caps.conditions) this.#cursor.fail('tooMany', at, `there are more than ${caps.conditions} exceptions`, 'write a second rule');
    }
  }
}
