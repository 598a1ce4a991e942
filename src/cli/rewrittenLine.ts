/** A line that is rewritten on a terminal, and written now and then elsewhere. Nothing is shown of what is over within two seconds. */
export class RewrittenLine {
  readonly #out: NodeJS.WriteStream;
  readonly #quiet: boolean;
  readonly #began = Date.now();
  #shownAt = Date.now();
  #open = false;

  constructor(out: NodeJS.WriteStream, quiet: boolean) {
    this.#out = out;
    this.#quiet = quiet;
  }

  /** Shows a text where it is time for one; it is given the seconds since the beginning, and made only then. */
  show(text: (seconds: number) => string): void {
    const now = Date.now();
    if (this.#quiet || now - this.#began < 2_000 || now - this.#shownAt < (this.#out.isTTY ? 200 : 5_000)) return;
    this.#shownAt = now;
    const line = text((now - this.#began) / 1000);
    this.#out.write(this.#out.isTTY ? `\r\u001b[2K${line}` : `${line}\n`);
    this.#open = this.#out.isTTY;
  }

  /** Ends the line, so that what follows starts on its own. */
  end(): void {
    if (this.#open) this.#out.write('\n');
    this.#open = false;
  }
}
