import { readFile } from 'node:fs/promises';
import { ReleaseError } from '../../insight/release/index.ts';
import { PublishError, readAggregate, type Aggregate } from '../../publish/index.ts';
import { exitCodes, VerbError } from '../verb.ts';

/** Runs work of the public release; what it refuses becomes a sentence with its mend and exit code. */
export async function inWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ReleaseError) {
      const [exit, mend] = {
        RELEASE_QUESTION: [exitCodes.usage, null],
        RELEASE_HISTORY: [exitCodes.finding, 'Nothing was written. Look for what changed: weir archive check. A period that shares no month with an earlier release can be published all the same.'],
        RELEASE_UNSAFE: [exitCodes.finding, 'Nothing was written: the earlier releases alone tell it. Withdraw the one that does, and tell whoever is responsible for privacy.'],
      }[error.code] as [1 | 2, string | null];
      throw new VerbError(exit, error.message, mend, { cause: error });
    }
    if (error instanceof PublishError) throw publishFault(error.code, error.message, error);
    throw error;
  }
}

/** A fault of the builder, or of a file that it was given. */
export function publishFault(code: string, message: string, cause?: unknown): VerbError {
  const mends: Readonly<Record<string, string>> = {
    PUBLISH_FORMAT: 'Take the file that weir public prepare wrote, unchanged; or prepare it again.',
    PUBLISH_SMALL: 'It must not be published. Prepare it again: weir public prepare.',
    PUBLISH_APPROVAL: 'Have another office than the one that prepared it approve exactly this file: weir public approve.',
    PUBLISH_FROZEN: 'Prepare it again with --earlier naming the site as it is now.',
  };
  return new VerbError(exitCodes.finding, message, mends[code] ?? null, { cause });
}

/** Reads a file of the user's. */
export async function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    throw new VerbError(exitCodes.usage, `${path} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown'}`, 'Name the file that weir public prepare wrote.', { cause: error });
  });
}

export async function aggregateOf(path: string): Promise<{ readonly aggregate: Aggregate; readonly hash: string }> {
  const text = await textOf(path);
  return inWords(() => Promise.resolve().then(() => readAggregate(text)));
}

/** The name of an office, never of a person: it stands in the ledger and on the page. */
export function officeOf(text: string): string {
  const name = text.trim();
  if (name.length < 2 || name.length > 80 || /\p{C}/u.test(name)) throw new VerbError(exitCodes.usage, '--by is not the name of an office', 'Give 2 to 80 characters, such as --by "Privacy office". It is published: name no person.');
  return name;
}
