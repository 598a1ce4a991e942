import { RewrittenLine } from '../rewrittenLine.ts';

/** How far one long reading is, and about how long it still takes. */
export class TimeLeft {
  readonly #line: RewrittenLine;

  constructor(out: NodeJS.WriteStream, quiet: boolean) {
    this.#line = new RewrittenLine(out, quiet);
  }

  /** `done` of `total` bytes. */
  show(done: number, total: number): void {
    this.#line.show((seconds) => {
      const part = total === 0 ? 1 : done / total;
      const left = part === 0 ? null : Math.round(seconds * (1 / part - 1));
      return `  ${Math.floor(part * 100)} % of ${Math.round(total / 1e6)} MB${left === null ? '' : `, about ${left} s left`}`;
    });
  }

  end(): void {
    this.#line.end();
  }
}
