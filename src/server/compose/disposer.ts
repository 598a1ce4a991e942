/** Undoes what was begun, last first, whatever fails on the way. */
export class Disposer {
  readonly #steps: (() => Promise<void> | void)[] = [];
  #running: Promise<readonly unknown[]> | null = null;

  add(step: () => Promise<void> | void): void {
    this.#steps.push(step);
  }

  /** Runs every step once; returns what failed. */
  dispose(): Promise<readonly unknown[]> {
    return (this.#running ??= this.#run());
  }

  async #run(): Promise<readonly unknown[]> {
    const failures: unknown[] = [];
    for (const step of this.#steps.reverse()) {
      try {
        await step();
      } catch (error) {
        failures.push(error);
      }
    }
    return failures;
  }
}
