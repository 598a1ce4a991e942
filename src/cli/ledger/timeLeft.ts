/** How far one long reading is, and about how long it still takes: a line that is rewritten on a terminal, and one now and then elsewhere. */
export class TimeLeft {
  readonly #out: NodeJS.WriteStream;
  readonly #quiet: boolean;
  readonly #began = Date.now();
  #shownAt = Date.now();
  #open = false;

  constructor(out: NodeJS.WriteStream, quiet: boolean) {
    this.#out = out;
    this.#quiet = quiet;
  }

  /** `done` of `total` bytes. Nothing is shown of what is over within two seconds. */
  show(done: number, total: number): void {
    const now = Date.now();
    if (this.#quiet || now - this.#began < 2_000 || now - this.#shownAt < (this.#out.isTTY ? 200 : 5_000)) return;
    this.#shownAt = now;
    const part = total === 0 ? 1 : done / total;
    const left = part === 0 ? null : Math.round(((now - this.#began) / 1000) * (1 / part - 1));
    const text = `  ${Math.floor(part * 100)} % of ${Math.round(total / 1e6)} MB${left === null ? '' : `, about ${left} s left`}`;
    this.#out.write(this.#out.isTTY ? `\r\u001b[2K${text}` : `${text}\n`);
    this.#open = this.#out.isTTY;
  }

  /** Ends the line, so that what follows starts on its own. */
  end(): void {
    if (this.#open) this.#out.write('\n');
    this.#open = false;
  }
}
