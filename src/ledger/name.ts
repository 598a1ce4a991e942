import { mkdir, readFile } from 'node:fs/promises';
import { JournalError } from '../exchange/errors.ts';
import { diskFs, replaceFile } from './files.ts';
import type { LogName } from './record.ts';

const nameFile = 'name';
/** A schema-less address, as the origin of a checkpoint is one by custom (C2SP tlog-checkpoint); no space and no plus, which would end a key's name. */
const sound = /^[a-z0-9](?:[a-z0-9.-]{0,100}[a-z0-9])?(?::[0-9]{1,5})?(?:\/[a-z0-9._-]{1,60}){0,4}$/;

/** The origin of a log. */
export function originOf(prefix: string, log: LogName): string {
  return `${prefix}/log/${log}`;
}

/** The name under which receipts are signed. */
export function receiptsName(prefix: string): string {
  return `${prefix}/receipts`;
}

/**
 * The prefix of a ledger's names: the one that was chosen first, kept in `PLACE/name`. Rejects with `JOURNAL_CORRUPT` where another is wanted:
 * a log that changed its origin would be another log to all who hold its checkpoints.
 */
export async function keepPrefix(place: string, wanted: string | null, otherwise: string): Promise<string> {
  const kept = await readPrefix(place);
  if (kept !== null) {
    if (wanted !== null && wanted !== kept) throw new JournalError('JOURNAL_CORRUPT', `the ledger in this data folder is named ${kept}, and the settings name it ${wanted}; a ledger keeps its name`);
    return kept;
  }
  const prefix = wanted ?? otherwise;
  if (!sound.test(prefix)) throw new JournalError('JOURNAL_CORRUPT', `${prefix} is no name for a ledger: a host name in small letters, with a path where that is wanted`);
  await mkdir(place, { recursive: true, mode: 0o755 });
  await replaceFile(diskFs, place, nameFile, Buffer.from(`${prefix}\n`));
  return prefix;
}

/** The kept prefix; null where there is no ledger yet. */
export async function readPrefix(place: string): Promise<string | null> {
  try {
    return (await readFile(`${place}/${nameFile}`, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
