import type { Sql } from '../../store/index.ts';
import { openActs, type Acts } from '../../people/acts/index.ts';
import { DirectoryError } from '../../people/scim/index.ts';
import { withStore } from '../store.ts';
import { exitCodes, VerbError, type CommonOptions } from '../verb.ts';

/** Whoever sits at the machine, as it stands on the record. */
export const atMachine = 'operator';

/** Gives `work` the database and the record of acts; what a directory cannot be becomes wrong usage, with its mend. The acts of these verbs have no words of people, so that no key is needed. */
export async function withDirectories<T>(options: CommonOptions, work: (parts: { readonly sql: Sql; readonly acts: Acts }, folder: string) => Promise<T>): Promise<T> {
  const sealer = { seal: (): string => { throw new Error('an act of the command line has words to be sealed'); } };
  try {
    return await withStore(options, async ({ sql, folder }) => await work({ sql, acts: openActs({ sql, sealer, journal: null }) }, folder));
  } catch (error) {
    if (error instanceof DirectoryError) throw new VerbError(exitCodes.usage, error.message, error.mend, { cause: error });
    throw error;
  }
}
