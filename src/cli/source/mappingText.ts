import { readFile } from 'node:fs/promises';
import { exitCodes, VerbError } from '../verb.ts';

/** Reads a mapping file, or says that it cannot be read. */
export async function mappingText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    throw new VerbError(exitCodes.usage, `\`${file}\` cannot be read`, 'Give the path of a mapping file.');
  }
}
