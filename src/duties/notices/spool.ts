import { open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MendableError } from '../../model/codedError.ts';
import { sha256 } from '../parts.ts';
import { DutyError, type Duties, type DutyActor } from '../types.ts';

/** `SPOOL_FOLDER`: it is not there, or cannot be written to. `SPOOL_MANIFEST`: one in it is not as it was written. */
export class SpoolError extends MendableError<'SPOOL_FOLDER' | 'SPOOL_MANIFEST'> {
  override readonly name = 'SpoolError';
}

/** What came of it: notices written now, those that a manifest had already, and those that could not be written, with why. */
export interface Spooled {
  readonly written: readonly string[];
  readonly known: readonly string[];
  readonly left: readonly { readonly id: string; readonly why: string }[];
  readonly manifest: { readonly file: string; readonly hash: string } | null;
}

interface Manifest {
  readonly weir: 'notices/v1';
  readonly owner: string;
  readonly letters: readonly { readonly id: string; readonly file: string; readonly sha256: string }[];
}

/** Letters in one manifest. */
const most = 500;

/**
 * Writes the letters of an owner's residents that are due into the folder of a letter shop, and then marks them as sent, with the hash of the manifest as the reference. Letters and
 * manifest are on the disk before anything is marked. Whatever was broken off: a notice that a manifest of the folder names is marked and not written again, and one that none names is written
 * over under the same name, so no letter is there twice. Throws `SpoolError`, and `DUTY_LEDGER` where openings cannot be recorded.
 */
export async function spoolNotices(duties: Duties, owner: string, folder: string, actor: DutyActor, now: number = Date.now()): Promise<Spooled> {
  const named = await readManifests(folder, owner);
  const due = (await duties.notices(owner, ['due', 'overdue'])).filter(({ who }) => who === 'subject');
  const known: string[] = [];
  const left: { id: string; why: string }[] = [];
  const letters: Manifest['letters'][number][] = [];
  for (const { id } of due) {
    // Those that cannot be written do not keep back the others.
    if (letters.length === most) break;
    const manifest = named.get(id);
    if (manifest !== undefined) {
      if (await mark(duties, owner, id, manifest, actor)) known.push(id);
      continue;
    }
    try {
      const { name, address, letter } = await duties.openNotice(owner, id, actor);
      // A street and a town: with less it goes nowhere.
      if (name === null || address === null || address.length < 2) {
        left.push({ id, why: 'the owner\'s records give no whole address' });
        continue;
      }
      const file = `${id}.txt`;
      await writeDurably(folder, file, letter);
      letters.push({ id, file, sha256: sha256(letter) });
    } catch (error) {
      if (!(error instanceof DutyError) || error.code === 'DUTY_LEDGER') throw error;
      left.push({ id, why: error.message });
    }
  }
  if (letters.length === 0) return { written: [], known, left, manifest: null };
  const text = `${JSON.stringify({ weir: 'notices/v1', owner, letters } satisfies Manifest, null, 2)}\n`;
  const hash = sha256(text);
  const file = `manifest-${new Date(now).toISOString().replaceAll(':', '-').slice(0, 19)}-${hash.slice(0, 12)}.json`;
  await writeDurably(folder, file, text);
  const written: string[] = [];
  for (const { id } of letters) if (await mark(duties, owner, id, hash, actor)) written.push(id);
  return { written, known, left, manifest: { file, hash } };
}

/** Which notices manifests of the folder name, with the hash of the manifest. A letter shop may have taken the letters away by now. */
async function readManifests(folder: string, owner: string): Promise<ReadonlyMap<string, string>> {
  const named = new Map<string, string>();
  const names = await readdir(folder).catch((cause: unknown) => { throw new SpoolError('SPOOL_FOLDER', 'the folder cannot be read', 'Make the folder, for its owner alone, and give its path.', { cause }); });
  for (const name of names.filter((one) => /^manifest-.*\.json$/.test(one)).sort()) {
    const text = await readFile(join(folder, name), 'utf8');
    const hash = sha256(text);
    if (!name.endsWith(`-${hash.slice(0, 12)}.json`)) throw new SpoolError('SPOOL_MANIFEST', `the manifest ${name} is not as it was written`, 'Find out who changed it; put back the file as it was, or move it away.');
    const manifest = JSON.parse(text) as Manifest;
    if (manifest.owner === owner) for (const { id } of manifest.letters) named.set(id, hash);
  }
  return named;
}

/** False where somebody else marked or delayed it meanwhile. */
async function mark(duties: Duties, owner: string, id: string, manifest: string, actor: DutyActor): Promise<boolean> {
  try {
    await duties.noticeSent(owner, id, { channel: 'spool', reference: manifest }, actor);
    return true;
  } catch (error) {
    if (error instanceof DutyError && error.code === 'DUTY_STATE') return false;
    throw error;
  }
}

/** Under a name of its own first, and renamed once every byte is on the disk. For its owner alone. */
async function writeDurably(folder: string, name: string, text: string): Promise<void> {
  const part = join(folder, `.${name}.${process.pid}.part`);
  try {
    const file = await open(part, 'w', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(part, join(folder, name));
    const place = await open(folder, 'r');
    await place.sync().finally(() => place.close());
  } catch (cause) {
    await rm(part, { force: true });
    throw new SpoolError('SPOOL_FOLDER', 'a file cannot be written into the folder', 'Look at its permissions and at the space on the disk.', { cause });
  }
}
