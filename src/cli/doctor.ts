import { X509Certificate } from 'node:crypto';
import { access, readFile, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { listCredentials } from '../people/index.ts';
import { findBinaries, runAs } from '../store/launcher/index.ts';
import { folderPath, leftOverClusters, openFolder, readServerFile, schemaStatus, StoreError, weirVersion, type Store } from '../store/index.ts';
import { withOpenStore } from './store.ts';
import { exitCodes, verb, VerbError, type AddVerb, type CommonOptions } from './verb.ts';

interface Options extends CommonOptions {
  readonly port: string;
  readonly tlsPort: string;
}

/** One look: what was seen, and what to do where that is not well. */
interface Finding {
  readonly name: string;
  readonly ok: boolean;
  readonly seen: string;
  readonly mend: string | null;
}

const soon = 30 * 86_400_000;
const leastFree = 1_000_000_000;

export const addDoctor: AddVerb = (parent) => {
  parent.command('doctor')
    .description('look for what is wrong with this installation, and say the mend')
    .option('--port <n>', 'the port for plain HTTP', '8080')
    .option('--tls-port <n>', 'the port for mutual TLS', '8443')
    .addHelpText('after', '\nExit code 1 where something was found. Makes no data folder.\n\nExample:\n  weir doctor --json')
    .action(verb(async (options: Options) => {
      const findings = await examine(options);
      const lines = findings.map(({ name, ok, seen, mend }) => `${ok ? 'ok     ' : 'FINDING'}  ${name.padEnd(12)} ${seen}${mend === null ? '' : `\n${' '.repeat(22)}${mend}`}`);
      return { text: lines.join('\n'), json: findings, exit: findings.every(({ ok }) => ok) ? exitCodes.ok : exitCodes.finding };
    }));
};

async function examine(options: Options): Promise<Finding[]> {
  const path = folderPath(options.data);
  const made = await access(join(path, 'weir.json')).then(() => true, () => false);
  const running = made ? await readServerFile(path) : null;
  return [
    good('version', `Weir ${weirVersion()}, Node ${process.versions.node}`),
    await look('programs', async () => [await programs()]).then(([first]) => first ?? good('programs', '')),
    ...made
      ? await look('folder', async () => [good('folder', (await openFolder(options.data)).path)])
      : [good('folder', `${path} is not there yet; weir start makes it`)],
    ...made || (process.env['DATABASE_URL'] ?? '') !== '' ? await database(options, made) : [],
    ...made ? [await room('journal', join(path, 'journal'))] : [],
    ...made ? await serverCertificates(path) : [],
    ...await leftOver(),
    running === null
      ? good('server', 'does not run')
      : good('server', `runs as process ${running.pid} at ${running.urls.join(', ')}`),
    ...running === null ? [await port('port', options.port, '--port'), await port('TLS port', options.tlsPort, '--tls-port')] : [],
  ];
}

async function programs(): Promise<Finding> {
  if ((process.env['DATABASE_URL'] ?? '') !== '') return good('programs', 'not needed: DATABASE_URL is set');
  const { version } = await findBinaries();
  const who = await runAs('');
  return good('programs', `PostgreSQL ${version}${who === null ? '' : `, run as user id ${who.uid} because this is root`}`);
}

async function database(options: Options, made: boolean): Promise<Finding[]> {
  if (!made) return [good('database', 'looked at once there is a data folder')];
  return await look('database', async () => await withOpenStore(options, async (store) => {
    const { applied, pending } = await schemaStatus(store.sql);
    return [
      good('database', `${store.embedded ? 'embedded' : 'external'} PostgreSQL answers`),
      pending.length === 0 ? good('schema', `${applied.length} steps, up to date`) : bad('schema', `${pending.length} steps are missing`, 'Run `weir store migrate`.'),
      ...pending.length === 0 ? [await agencies(store)] : [],
    ];
  }));
}

async function agencies({ sql }: Store): Promise<Finding> {
  const now = Date.now();
  const inForce = (await listCredentials(sql)).filter(({ revokedAt, notAfter }) => revokedAt === null && notAfter.getTime() > now);
  const ending = inForce.filter(({ notAfter }) => notAfter.getTime() - now < soon);
  if (ending.length === 0) return good('agencies', `${inForce.length} certificates in force`);
  return bad('agencies', `${ending.length} of ${inForce.length} certificates end within 30 days: ${ending.slice(0, 5).map(({ oris, operator }) => oris[0] ?? (operator ? 'operator' : '')).join(', ')}`,
    'Enrol those agencies anew before that: weir agency enrol.');
}

async function room(name: string, path: string): Promise<Finding> {
  const found = await statfs(path).catch(() => null);
  if (found === null) return bad(name, `${path} is not there`, 'Bring the data folder back from a backup.');
  const free = found.bavail * found.bsize;
  const seen = `${(free / 1e9).toFixed(1)} GB free at ${path}`;
  return free >= leastFree ? good(name, seen) : bad(name, seen, 'Make room: without it nothing can be recorded, and then nothing is released.');
}

/** Worth telling, but nothing is wrong with this installation. */
async function leftOver(): Promise<Finding[]> {
  const left = await leftOverClusters();
  return left.length === 0 ? [] : [good('left over', `databases of data folders that are gone, to delete when you are sure: ${left.slice(0, 5).join(' ')}${left.length > 5 ? ` and ${left.length - 5} more` : ''}`)];
}

async function serverCertificates(path: string): Promise<Finding[]> {
  return await Promise.all([['authority', 'authority/authority.crt', 'Plan a new authority: every agency must be enrolled anew.'], ['certificate', 'server/server.crt', 'Restart the exchange: it renews its certificate.']]
    .map(async ([name = '', file = '', mend = '']) => {
      const text = await readFile(join(path, 'keys', file), 'utf8').catch(() => null);
      if (text === null) return good(name, 'not made yet');
      const end = new Date(new X509Certificate(text).validTo);
      const seen = `valid until ${end.toISOString().slice(0, 10)}`;
      return end.getTime() - Date.now() > soon ? good(name, seen) : bad(name, seen, mend);
    }));
}

async function port(name: string, text: string, option: string): Promise<Finding> {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw new VerbError(exitCodes.usage, `${option} takes a number up to 65535`);
  const server = createServer();
  const free = await new Promise<boolean>((resolve) => {
    server.once('error', () => { resolve(false); });
    server.listen(Number(text), '127.0.0.1', () => { resolve(true); });
  });
  await new Promise((resolve) => server.close(resolve));
  return free ? good(name, `${text} is free`) : bad(name, `${text} cannot be used`, `Stop what uses it, or start with another: weir start ${option} N.`);
}

/** A fault of the store is a finding here, not the end. */
async function look(name: string, work: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StoreError || error instanceof VerbError) return [bad(name, error.message, error.mend)];
    return [bad(name, error instanceof Error ? error.message : String(error), null)];
  }
}

function good(name: string, seen: string): Finding {
  return { name, ok: true, seen, mend: null };
}

function bad(name: string, seen: string, mend: string | null): Finding {
  return { name, ok: false, seen, mend };
}
