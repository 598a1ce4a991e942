import { existsSync } from 'node:fs';
import { link, open, unlink } from 'node:fs/promises';
import { exitCodes, VerbError } from '../verb.ts';

/** A `VerbError` where the file is there already: what was handed out is never written over. Asked before anything is recorded. */
export function refuseExisting(path: string): void {
  if (existsSync(path)) throw new VerbError(exitCodes.usage, `${path} is there already`, 'Name another file, or move this one away.');
}

/** Writes lines into a new file that only its owner may read: whole under its name, or not there. */
export async function writeNew(path: string, lines: AsyncIterable<string> | Iterable<string>): Promise<void> {
  refuseExisting(path);
  const making = `${path}.part`;
  const file = await open(making, 'wx', 0o600).catch((error: unknown) => {
    throw new VerbError(exitCodes.environment, `${making} cannot be written: ${(error as NodeJS.ErrnoException).code ?? 'unknown'}`, 'Name a file in a folder that you may write to; a .part file left by an end half-way may be deleted.', { cause: error });
  });
  try {
    let waiting: string[] = [];
    let length = 0;
    for await (const line of lines) {
      waiting.push(line);
      length += line.length;
      if (length < 1_000_000) continue;
      await file.appendFile(waiting.join(''));
      waiting = [];
      length = 0;
    }
    await file.appendFile(waiting.join(''));
    await file.sync();
    await file.close();
    await link(making, path);
  } finally {
    await file.close().catch(() => undefined);
    await unlink(making);
  }
}
