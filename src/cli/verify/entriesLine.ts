/** How far a log is verified, how quickly that goes, and how long it still takes: one line that is rewritten on a terminal, and one now and then elsewhere. */
export class EntriesLine {
  readonly #out: NodeJS.WriteStream;
  readonly #quiet: boolean;
  readonly #began = Date.now();
  #first: number | null = null;
  #shownAt = Date.now();
  #open = false;

  constructor(out: NodeJS.WriteStream, quiet: boolean) {
    this.#out = out;
    this.#quiet = quiet;
  }

  /** `done` of `total` entries. Nothing is shown of what is over within two seconds. */
  show(done: number, total: number): void {
    this.#first ??= done;
    const now = Date.now();
    const seconds = (now - this.#began) / 1000;
    if (this.#quiet || seconds < 2 || now - this.#shownAt < (this.#out.isTTY ? 200 : 5_000)) return;
    this.#shownAt = now;
    const pace = (done - this.#first) / seconds;
    const left = pace <= 0 ? '' : `, about ${timeWords((total - done) / pace)} left`;
    const text = `  ${String(Math.floor((100 * done) / total))} % of ${String(total)} entries, ${String(Math.round(pace))} a second${left}`;
    this.#out.write(this.#out.isTTY ? `\r\u001b[2K${text}` : `${text}\n`);
    this.#open = this.#out.isTTY;
  }

  /** Ends the line, so that what follows starts on its own. */
  end(): void {
    if (this.#open) this.#out.write('\n');
    this.#open = false;
  }
}

function timeWords(seconds: number): string {
  return seconds < 120 ? `${String(Math.ceil(seconds))} s` : `${String(Math.ceil(seconds / 60))} minutes`;
}
