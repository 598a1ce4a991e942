import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What size of which log each witness last had, by its key. */
export interface Remembered {
  get(vkey: string, log: string): number;
  set(vkey: string, log: string, size: number): void;
  /** Writes what is not written yet. */
  close(): Promise<void>;
}

/** The name of the file in the ledger's folder. */
export const rememberedFile = 'witnesses.json';
const writeAfterMs = 5_000;

/**
 * Opens the file, or begins with nothing where there is none that can be read. It only saves a question: a witness that has another size says so (409).
 * So it is neither synced nor a reason to fail.
 */
export async function openRemembered(place: string): Promise<Remembered> {
  const path = join(place, rememberedFile);
  const sizes = parse(await readFile(path, 'utf8').catch(() => '{}'));
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> = Promise.resolve();
  const write = (): Promise<void> => {
    timer = null;
    writing = writing.then(async () => {
      await mkdir(place, { recursive: true, mode: 0o700 });
      await writeFile(`${path}.tmp`, `${JSON.stringify(Object.fromEntries([...sizes].map(([vkey, logs]) => [vkey, Object.fromEntries(logs)])), null, 1)}\n`, { mode: 0o600 });
      await rename(`${path}.tmp`, path);
    }).catch(() => undefined);
    return writing;
  };
  return {
    get: (vkey, log) => sizes.get(vkey)?.get(log) ?? 0,
    set(vkey, log, size) {
      const logs = sizes.get(vkey) ?? new Map<string, number>();
      sizes.set(vkey, logs);
      if (logs.get(log) === size) return;
      logs.set(log, size);
      timer ??= setTimeout(() => void write(), writeAfterMs).unref();
    },
    async close() {
      if (timer !== null) {
        clearTimeout(timer);
        await write();
      }
      await writing;
    },
  };
}

function parse(text: string): Map<string, Map<string, number>> {
  const found = new Map<string, Map<string, number>>();
  for (const [vkey, logs] of membersOf(json(text))) {
    found.set(vkey, new Map(membersOf(logs).filter((member): member is [string, number] => Number.isSafeInteger(member[1]) && Number(member[1]) >= 0)));
  }
  return found;
}

function membersOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}

function json(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
