import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { nodeCrypto } from '../../verify/nodeCrypto.ts';
import { checkedKey, formatKey, noteTypes, parseVkey } from '../../verify/note.ts';
import type { Vkey } from '../../verify/note.ts';
import { VerifyError } from '../../verify/types.ts';
import { diskFs, replaceFile } from '../files.ts';
import { WitnessError } from './errors.ts';
import { makeKept } from './kept.ts';

/** The name of the list of logs in a witness's folder: `log VKEY` lines and `quorum none`, so that it is itself a tlog-policy. */
export const watchedFile = 'logs';
const mostLogs = 10_000;

/** The keys by which a witness knows each log, by origin. A log that changes its key has two for a while. */
export type Watched = ReadonlyMap<string, readonly Vkey[]>;

/** The logs that a witness watches. Rejects with `WITNESS_LOGS`. */
export async function readWatched(folder: string): Promise<Watched> {
  const path = join(folder, watchedFile);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  });
  const watched = new Map<string, readonly Vkey[]>();
  for (const [at, line] of text.split('\n').entries()) {
    const [word, vkey, ...rest] = line.trim().split(/[ \t]+/);
    if (word === undefined || word === '' || word.startsWith('#') || word === 'quorum') continue;
    if (word !== 'log' || vkey === undefined || rest.length > 1) throw new WitnessError('WITNESS_LOGS', `line ${at + 1} of ${path} is not \`log\` and a key`);
    const key = await logKey(vkey);
    watched.set(key.name, [...(watched.get(key.name) ?? []), key]);
  }
  return watched;
}

/**
 * Adds logs to the list by their keys, and returns those that were new. A running witness takes them up at the next request for them.
 * What is kept for a log begins as "nothing cosigned", before the log stands in the list: from then on a missing file is damage, never a new log.
 */
export async function addWatched(folder: string, vkeys: readonly string[]): Promise<readonly Vkey[]> {
  const watched = new Map(await readWatched(folder));
  const added: Vkey[] = [];
  for (const vkey of vkeys) {
    const key = await logKey(vkey);
    const known = watched.get(key.name) ?? [];
    if (known.some((one) => Buffer.from(one.publicKey).equals(key.publicKey))) continue;
    if (known.length === 0) await makeKept(folder, key.name);
    watched.set(key.name, [...known, key]);
    added.push(key);
  }
  if (watched.size > mostLogs) throw new WitnessError('WITNESS_LOGS', `a witness watches at most ${mostLogs} logs`);
  if (added.length > 0) await replaceFile(diskFs, folder, watchedFile, Buffer.from(format(watched)));
  return added;
}

/** The keys of logs in a text: one key, or a tlog-policy with `log` lines. Throws `WITNESS_LOGS` where there is none. */
export function logKeysIn(text: string): readonly string[] {
  const keys = text.split('\n').map((line) => /^[ \t]*log[ \t]+(\S+)/.exec(line)?.[1]).filter((key) => key !== undefined);
  if (keys.length === 0) throw new WitnessError('WITNESS_LOGS', 'the file names no log', 'A line for a log is `log VKEY`, as in a tlog-policy.');
  return keys;
}

async function logKey(vkey: string): Promise<Vkey> {
  try {
    const key = await checkedKey(nodeCrypto, parseVkey(vkey));
    if (key.type !== noteTypes.ed25519) throw new WitnessError('WITNESS_LOGS', `the key of \`${key.name}\` is not the Ed25519 key of a log`, 'The key of a witness does not belong here: a witness watches logs.');
    return key;
  } catch (error) {
    if (!(error instanceof VerifyError)) throw error;
    throw new WitnessError('WITNESS_LOGS', `\`${vkey.slice(0, 80)}\` is not the key of a log`, 'A key is written NAME+KEYID+BASE64, and the name is the log\'s origin.', { cause: error });
  }
}

function format(watched: Watched): string {
  const lines = [...watched.values()].flat().map((key) => `log ${formatKey(key)}\n`);
  return `# The logs that this witness watches. Add one: weir witness add-log --state DIR VKEY\n${lines.join('')}quorum none\n`;
}

