import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { isRunning, ownMark, type ProcessMark } from './processes.ts';

/** `run/server.json`: the server that runs on this data folder. */
export interface ServerFile extends ProcessMark {
  readonly urls: readonly string[];
  /** Where people come in with a browser; null where they cannot. */
  readonly people?: string | null;
  readonly startedAt: string;
}

/** Tells other processes where this server listens. */
export async function writeServerFile(folder: string, urls: readonly string[], people: string | null = null): Promise<void> {
  const path = join(folder, 'run', 'server.json');
  const file: ServerFile = { ...await ownMark(), urls, people, startedAt: new Date().toISOString() };
  await writeFile(`${path}.making`, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600 });
  await rename(`${path}.making`, path);
}

/** The server that runs on the folder; null where none does, whatever an ended one left. */
export async function readServerFile(folder: string): Promise<ServerFile | null> {
  try {
    const file = JSON.parse(await readFile(join(folder, 'run', 'server.json'), 'utf8')) as ServerFile;
    return await isRunning(file) ? file : null;
  } catch {
    return null;
  }
}

export async function removeServerFile(folder: string): Promise<void> {
  await rm(join(folder, 'run', 'server.json'), { force: true });
}
