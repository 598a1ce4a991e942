import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { exitCodes, VerbError } from '../verb.ts';
import { fileText } from './trust.ts';

const headBytes = 65_536;

/**
 * An opening's text; or its lines, where it was written one entry a line and may be larger than a text can be. Which of the two is seen
 * in its first line alone. Throws VerbError `environment`.
 */
export async function openingOf(path: string): Promise<string | AsyncIterable<string>> {
  if (path === '-' || !(await hasLines(path))) return await fileText(path);
  return createInterface({ input: createReadStream(path), crlfDelay: 0 });
}

async function hasLines(path: string): Promise<boolean> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
      const [first = ''] = buffer.toString('utf8', 0, bytesRead).split('\n');
      return first.endsWith(',"entries":[');
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new VerbError(exitCodes.environment, `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`, null, { cause: error });
  }
}
