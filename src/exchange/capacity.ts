/** Counts what is in hand, so that too much is refused at once instead of piling up in memory. */
export class Capacity {
  readonly limit: number;
  #inHand = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  get inHand(): number {
    return this.#inHand;
  }

  /** False where there is no room for `weight` more. A weight above the limit fits only into an empty exchange. */
  enter(weight: number): boolean {
    if (this.#inHand > 0 && this.#inHand + weight > this.limit) return false;
    this.#inHand += weight;
    return true;
  }

  leave(weight: number): void {
    this.#inHand -= weight;
  }
}
