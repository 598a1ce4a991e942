import type { RequesterAttributes } from '../../vocabulary/index.ts';
import { isEmptyPlane, withoutPlane, type Plane } from './planes.ts';
import type { MatchSource } from './source.ts';
import type { Atom } from './types.ts';

/** The atoms that hold of one requester, one bit each. */
export type Signature = Uint8Array;

/** Evaluates every atom once. */
export function signer(atoms: readonly Atom[]): (attributes: RequesterAttributes) => Signature {
  const tests = atoms.map(({ attribute, words }) => ({ attribute, words: new Set(words) }));
  return (attributes) => Uint8Array.from(tests, ({ attribute, words }) => {
    const has: string | readonly string[] = attributes[attribute];
    if (typeof has === 'string') return words.has(has) ? 1 : 0;
    for (const word of has) if (words.has(word)) return 1;
    return 0;
  });
}

/** Planes by number, each kept once. */
export class PlaneBook {
  readonly planes: Plane[] = [];
  readonly #numbers = new Map<string, number>();

  number(plane: Plane): number {
    const key = plane.join();
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.planes.length);
    return this.planes.push(plane) - 1;
  }

  at(number: number): Plane {
    const plane = this.planes[number];
    if (plane === undefined) throw new RangeError(`there is no plane ${number}`);
    return plane;
  }
}

/** For which cells something matches a requester of this signature: the number of the plane, or -1 where it never does. */
export function matchPlane(match: MatchSource, signature: Signature, book: PlaneBook, known: Map<string, number>): number {
  if (!holds(match.who, signature)) return -1;
  const excepted = match.except.filter((one) => holds(one.who, signature));
  if (excepted.length === 0) return isEmptyPlane(book.at(match.plane)) ? -1 : match.plane;
  const key = `${match.plane}-${excepted.map(({ plane }) => plane).join('-')}`;
  let number = known.get(key);
  if (number === undefined) {
    const plane = excepted.reduce((left, one) => withoutPlane(left, book.at(one.plane)), book.at(match.plane));
    number = isEmptyPlane(plane) ? -1 : book.number(plane);
    known.set(key, number);
  }
  return number;
}

export function holds(who: readonly number[], signature: Signature): boolean {
  for (const atom of who) if (signature[atom] !== 1) return false;
  return true;
}
