import type { RequesterAttributes } from '../../vocabulary/index.ts';
import { isEmptyPlane, withoutPlane, type Plane } from './planes.ts';
import type { MatchSource } from './source.ts';
import type { Atom } from './types.ts';

/** The atoms that hold of one requester, one bit each. */
export type Signature = Uint8Array;

/** Evaluates every atom: each word that a requester has names the atoms that hold because of it. */
export function signer(atoms: readonly Atom[]): (attributes: RequesterAttributes) => Signature {
  const asked = [...new Set(atoms.map(({ attribute }) => attribute))].map((attribute) => ({ attribute, holding: atomsByWord(atoms, attribute) }));
  return (attributes) => {
    const signature = new Uint8Array(atoms.length);
    for (const { attribute, holding } of asked) {
      const has: string | readonly string[] = attributes[attribute];
      if (typeof has === 'string') mark(signature, holding.get(has));
      else for (const word of has) mark(signature, holding.get(word));
    }
    return signature;
  };
}

function atomsByWord(atoms: readonly Atom[], attribute: Atom['attribute']): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  atoms.forEach((atom, place) => {
    if (atom.attribute !== attribute) return;
    for (const word of atom.words) found.set(word, [...(found.get(word) ?? []), place]);
  });
  return found;
}

function mark(signature: Signature, places: readonly number[] | undefined): void {
  if (places !== undefined) for (const place of places) signature[place] = 1;
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
