/** Things that come due, the soonest first; of those of one moment the one that was put first. */
export class Soonest<T> {
  readonly #heap: { readonly at: number; readonly order: number; readonly what: T }[] = [];
  #order = 0;

  /** The moment of the soonest; never (infinity) where there is none. */
  get at(): number {
    return this.#heap[0]?.at ?? Infinity;
  }

  put(at: number, what: T): void {
    const heap = this.#heap;
    let place = heap.push({ at, order: this.#order++, what }) - 1;
    while (place > 0 && this.#before(place, (place - 1) >> 1)) place = this.#swap(place, (place - 1) >> 1);
  }

  /** Takes the soonest out; undefined where there is none. */
  take(): T | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first?.what;
    heap[0] = last;
    for (let place = 0; ;) {
      const left = 2 * place + 1;
      const least = left + 1 < heap.length && this.#before(left + 1, left) ? left + 1 : left;
      if (least >= heap.length || !this.#before(least, place)) return first.what;
      place = this.#swap(place, least);
    }
  }

  #before(a: number, b: number): boolean {
    const [one, other] = [this.#heap[a], this.#heap[b]];
    return one !== undefined && other !== undefined && (one.at - other.at || one.order - other.order) < 0;
  }

  /** Returns the other place. */
  #swap(a: number, b: number): number {
    const [one, other] = [this.#heap[a], this.#heap[b]];
    if (one !== undefined && other !== undefined) [this.#heap[a], this.#heap[b]] = [other, one];
    return b;
  }
}
