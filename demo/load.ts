import type { Sql } from 'postgres';
import { defaultResidents, defaultSeed } from './landmarks.ts';
import { inventPictures } from './portraits.ts';
import { loadedRecords, type Progress, storeRecords } from './recordStore.ts';
import { residents as inventResidents } from './residents.ts';

export type { Progress } from './recordStore.ts';

export interface LoadOptions {
  readonly seed?: number;
  readonly residents?: number;
  readonly onProgress?: Progress;
  /** Draws the pictures; tests give one that is quicker. */
  readonly draw?: typeof inventPictures;
}

/**
 * Sees to it that a database holds the demonstration's records for this seed and number of residents. Where it already
 * does, nothing is done and `loaded` is false; where it holds others, or half a load, they are made anew.
 * Drawings are made while residents are stored. Rejects with the database's own error.
 */
export async function loadRecords(
  sql: Sql,
  { seed = defaultSeed, residents = defaultResidents, onProgress = () => undefined, draw = inventPictures }: LoadOptions = {},
): Promise<{ readonly loaded: boolean }> {
  const found = await loadedRecords(sql);
  if (found?.seed === seed && found.residents === residents) return { loaded: false };
  const people = inventResidents({ seed, count: residents });
  const pictures = draw(seed, (done, total) => onProgress(done, total, 'pictures'));
  pictures.catch(() => undefined); // heard where it is awaited, below
  await storeRecords(sql, { seed, residents }, () => pictures, people, onProgress);
  return { loaded: true };
}
