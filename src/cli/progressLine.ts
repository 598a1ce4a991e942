/** Shows how far something is: one line that is rewritten on a terminal, and a line now and then elsewhere. */
export class ProgressLine {
  readonly #out: NodeJS.WriteStream;
  readonly #quiet: boolean;
  readonly #patience: number;
  readonly #parts = new Map<string, { readonly done: number; readonly total: number }>();
  readonly #began = Date.now();
  #shownAt = 0;
  #open = false;

  /** Nothing is shown before `patience` milliseconds: what comes at once needs no line in front of it. */
  constructor(out: NodeJS.WriteStream, quiet: boolean, patience = 2_000) {
    this.#out = out;
    this.#quiet = quiet;
    this.#patience = patience;
  }

  /** `part` is at `done` of `total`. */
  show(part: string, done: number, total: number): void {
    this.#parts.set(part, { done, total });
    const pause = this.#out.isTTY ? 100 : 5000;
    if (this.#quiet || Date.now() - this.#shownAt < pause || Date.now() - this.#began < this.#patience) return;
    this.#shownAt = Date.now();
    this.#write();
  }

  /** Ends the line, so that what follows starts on its own. */
  end(): void {
    if (!this.#open) return;
    this.#write();
    this.#out.write('\n');
    this.#open = false;
  }

  #write(): void {
    const seconds = Math.round((Date.now() - this.#began) / 1000);
    const text = [...this.#parts].map(([part, { done, total }]) => `${part} ${total === 0 ? 100 : Math.floor((100 * done) / total)} %`).join('   ');
    if (this.#out.isTTY) this.#out.write(`\r\u001b[2K  ${text}   (${seconds} s)`);
    else this.#out.write(`  ${text}   (${seconds} s)\n`);
    this.#open = this.#out.isTTY;
  }
}
