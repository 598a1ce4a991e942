import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { folderPath, readServerFile } from '../store/index.ts';
import { exitCodes, VerbError, type CommonOptions } from './verb.ts';

/** Where people and their programs come in, with a session or token, and whom to trust there. */
export interface PeopleServer {
  readonly url: string;
  /** In PEM: the authorities that this machine knows, and the exchange's own; null where there is no TLS. */
  readonly ca: readonly string[] | null;
}

/** That of the exchange that runs on the data folder: systems come in elsewhere, with certificates. Throws a `VerbError` where none runs, or none lets people in. */
export async function runningForPeople(options: CommonOptions): Promise<PeopleServer> {
  const folder = folderPath(options.data);
  const running = await readServerFile(folder);
  if (running === null) throw new VerbError(exitCodes.environment, `no exchange runs on the data folder ${folder}`, 'Start one with `weir start`, or name it with --server.');
  const url = running.people ?? null;
  if (url === null) throw new VerbError(exitCodes.environment, 'the exchange lets no people in', 'Set `people.port` in its settings, and start it anew.');
  if (url.startsWith('http:')) return { url, ca: null };
  // A certificate that browsers know is of another authority: there is none of its own then, or it is not needed.
  const own = await readFile(join(folder, 'keys', 'authority', 'authority.crt'), 'utf8').catch(() => null);
  return { url, ca: [...rootCertificates, ...(own === null ? [] : [own])] };
}
