import { RewrittenLine } from '../rewrittenLine.ts';

/** How far a log is verified, how quickly that goes, and how long it still takes. */
export class EntriesLine {
  readonly #line: RewrittenLine;
  #first: number | null = null;

  constructor(out: NodeJS.WriteStream, quiet: boolean) {
    this.#line = new RewrittenLine(out, quiet);
  }

  /** `done` of `total` entries. */
  show(done: number, total: number): void {
    const first = (this.#first ??= done);
    this.#line.show((seconds) => {
      const pace = (done - first) / seconds;
      const left = pace <= 0 ? '' : `, about ${timeWords((total - done) / pace)} left`;
      return `  ${String(Math.floor((100 * done) / total))} % of ${String(total)} entries, ${String(Math.round(pace))} a second${left}`;
    });
  }

  end(): void {
    this.#line.end();
  }
}

function timeWords(seconds: number): string {
  return seconds < 120 ? `${String(Math.ceil(seconds))} s` : `${String(Math.ceil(seconds / 60))} minutes`;
}
