import { join } from 'node:path';

import { PeopleError, type PeopleStore } from '../../people/index.ts';
import { withStore } from '../store.ts';
import { exitCodes, VerbError, type CommonOptions } from '../verb.ts';

/** Gives `work` the database and the keys; a refusal of the people room becomes wrong usage, with its mend. */
export async function withPeople<T>(options: CommonOptions, work: (people: PeopleStore, folder: string) => Promise<T>): Promise<T> {
  try {
    return await withStore(options, async ({ sql, folder }) => await work({ sql, keys: join(folder, 'keys') }, folder));
  } catch (error) {
    if (error instanceof PeopleError) {
      throw new VerbError(error.code === 'PEOPLE_AUTHORITY' ? exitCodes.environment : exitCodes.usage, error.message, error.mend, { cause: error });
    }
    throw error;
  }
}
