import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from './until.ts';

/** A clock on the wall of other processes, which a test sets forward and back. */
export interface SteppedWall {
  /** For `node`: what is read before the program. */
  readonly nodeArguments: readonly string[];
  /** Sets it off the true time by so many milliseconds; with a process that runs, resolves when that has it. */
  step(milliseconds: number, running?: boolean): Promise<void>;
}

/** Makes one whose state lies in a folder. `Date` alone is bent: the monotonic clock goes on as it does where somebody sets a machine's clock. */
export async function steppedWall(folder: string): Promise<SteppedWall> {
  const [by, seen, code] = ['by', 'seen', 'wall.mjs'].map((name) => join(folder, name)) as [string, string, string];
  await writeFile(by, '0');
  await writeFile(code, `
import { readFileSync, writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
const Real = globalThis.Date;
let off = 0;
const read = () => {
  const text = readFileSync(${JSON.stringify(by)}, 'utf8');
  if (text === '' || Number(text) === off) return;
  off = Number(text);
  if (isMainThread) writeFileSync(${JSON.stringify(seen)}, text);
};
read();
globalThis.Date = class Date extends Real {
  constructor(...given) {
    if (given.length === 0) super(Real.now() + off);
    else super(...given);
  }
  static now() { return Real.now() + off; }
};
setInterval(read, 20).unref();
`);
  return {
    nodeArguments: ['--import', code],
    async step(milliseconds, running = true) {
      await rm(seen, { force: true });
      await writeFile(by, String(milliseconds));
      if (running) await until(() => readFile(seen, 'utf8').catch(() => ''), (text) => text === String(milliseconds));
    },
  };
}
