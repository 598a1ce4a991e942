import { emptyPlane, isEmptyPlane, orPlanes, type Plane } from '../policy/index.ts';

/** Sets of cells by number, equal ones once, so that a set costs an integer to pass on. Number 0 is the empty set. */
export class PlaneSets {
  readonly #planes: Plane[];
  readonly #numbers = new Map<string, number>();
  readonly #byPlane = new WeakMap<Plane, number>();
  readonly #unions = new Map<number, number>();

  constructor(size: number) {
    this.#planes = [emptyPlane(size)];
  }

  /** How many different sets there are. */
  get count(): number {
    return this.#planes.length;
  }

  number(plane: Plane): number {
    let number = this.#byPlane.get(plane);
    if (number === undefined) this.#byPlane.set(plane, (number = this.#find(plane)));
    return number;
  }

  plane(number: number): Plane {
    const plane = this.#planes[number];
    if (plane === undefined) throw new RangeError(`there is no set ${number}`);
    return plane;
  }

  union(a: number, b: number): number {
    if (a === b || b === 0) return a;
    if (a === 0) return b;
    const key = a < b ? a * pairs + b : b * pairs + a;
    let union = this.#unions.get(key);
    if (union === undefined) this.#unions.set(key, (union = this.#find(orPlanes(this.plane(a), this.plane(b)))));
    return union;
  }

  #find(plane: Plane): number {
    if (isEmptyPlane(plane)) return 0;
    const key = plane.join();
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.#planes.length);
    return this.#planes.push(plane) - 1;
  }
}

/** Above any number of sets, and small enough that a pair is a whole number. */
const pairs = 2 ** 26;
