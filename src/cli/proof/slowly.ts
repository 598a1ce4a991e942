import { setImmediate } from 'node:timers/promises';
import { ProgressLine } from '../progressLine.ts';

/** How far a verb is: a line on stderr from the third second on, and none in front of a result that came at once. */
export class Slowly {
  readonly #line: ProgressLine;

  constructor(quiet: boolean | undefined) {
    this.#line = new ProgressLine(process.stderr, quiet === true);
  }

  /** Proofs hold the thread; between two of them the line can be written, and Ctrl-C is heard. */
  async step(part: string, done: number, total: number): Promise<void> {
    await setImmediate();
    this.#line.show(part, done, total);
  }

  end(): void {
    this.#line.end();
  }
}
