import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, realpath, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { fileFault, StoreError } from './errors.ts';
import { weirVersion } from './version.ts';

/** Number of the layout of the data folder. A folder with a higher one was made by a newer Weir. */
export const folderFormat = 1;

/** `weir.json`. */
export interface FolderInfo {
  readonly format: number;
  readonly id: string;
  readonly madeAt: string;
  readonly madeBy: string;
  /** Where the embedded cluster lies, if not in `postgres`. */
  readonly cluster?: string;
}

/** Where things lie in the data folder. */
export interface DataFolder {
  readonly path: string;
  readonly postgres: string;
  readonly journal: string;
  readonly ledger: string;
  readonly keys: string;
  readonly run: string;
  readonly sources: string;
  readonly info: FolderInfo;
  /** True where this call made it. */
  readonly fresh: boolean;
}

/** The folder that `--data` names, else `WEIR_DATA`, else `weir-data` under the current folder; absolute. */
export function folderPath(data?: string): string {
  return resolve(data ?? (process.env['WEIR_DATA'] || 'weir-data'));
}

/** Opens the data folder, and makes it where there is none. Refuses one of a newer Weir, and a folder with other things in it. */
export async function openFolder(data?: string): Promise<DataFolder> {
  const wanted = folderPath(data);
  try {
    await mkdir(wanted, { recursive: true });
    const path = await realpath(wanted);
    const known = await readInfo(path);
    const info = known ?? await make(path);
    const folder: DataFolder = { ...partsOf(path), path, info, fresh: known === null };
    for (const part of [folder.journal, folder.ledger, folder.keys, folder.run, folder.sources]) await mkdir(part, { recursive: true, mode: 0o700 });
    return folder;
  } catch (error) {
    throw fileFault(error, wanted);
  }
}

/** Writes `weir.json` anew, whole or not at all. */
export async function writeInfo(path: string, info: FolderInfo): Promise<void> {
  const making = join(path, `.weir.json.${process.pid}`);
  await writeFile(making, `${JSON.stringify(info, null, 2)}\n`, { mode: 0o644 });
  await rename(making, join(path, 'weir.json'));
}

async function readInfo(path: string): Promise<FolderInfo | null> {
  const text = await readFile(join(path, 'weir.json'), 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return null;
  const info = parse(text);
  if (info === null) throw new StoreError('STORE_FOLDER', `the file weir.json in ${path} cannot be read`, 'Bring it back from a backup, or name another folder with --data.');
  if (info.format <= folderFormat) return info;
  throw new StoreError('STORE_NEWER', `the data folder ${path} was made by a newer Weir (${info.madeBy}, format ${info.format}; this one knows ${folderFormat})`,
    'Run the newer Weir, or name another folder with --data.');
}

function parse(text: string): FolderInfo | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'format' in value && Number.isInteger(value.format) ? value as FolderInfo : null;
  } catch {
    return null;
  }
}

/** As root the folder itself lets others pass, because PostgreSQL runs as another user; its parts are closed. */
async function make(path: string): Promise<FolderInfo> {
  const there = (await readdir(path)).filter((name) => name !== 'lost+found' && !name.startsWith('.weir.json.'));
  // the operator may put settings and trusted authorities there before the first start
  if (!there.every((name) => name === 'settings.yaml' || Object.hasOwn(partsOf(path), name))) {
    throw new StoreError('STORE_FOLDER', `the folder ${path} has other things in it and is no data folder of Weir`, 'Name an empty or a new folder with --data.');
  }
  await chmod(path, process.getuid?.() === 0 ? 0o711 : 0o700);
  const info: FolderInfo = { format: folderFormat, id: randomBytes(8).toString('hex'), madeAt: new Date().toISOString(), madeBy: weirVersion() };
  await writeInfo(path, info);
  return info;
}

function partsOf(path: string): Record<'postgres' | 'journal' | 'ledger' | 'keys' | 'run' | 'sources', string> {
  return { postgres: join(path, 'postgres'), journal: join(path, 'journal'), ledger: join(path, 'ledger'), keys: join(path, 'keys'), run: join(path, 'run'), sources: join(path, 'sources') };
}
