import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { startTestPostgres } from '../../test/postgres.ts';
import { leftOverClusters } from './clusterPlace.ts';
import { openFolder } from './folder.ts';
import { canReach, runAs } from './launcher/index.ts';
import { isPostmasterOf, readPostmasterFile } from './launcher/postmasterFile.ts';
import { openStore, type OpenOptions, type Store } from './open.ts';
import { readServerFile, removeServerFile, writeServerFile } from './serverFile.ts';

const isRoot = process.getuid?.() === 0;
const here = dirname(fileURLToPath(import.meta.url));
const soon = { timeout: 60_000, interval: 50 };
vi.setConfig({ testTimeout: 180_000 });

let base: string;
let stores: Store[];
let children: ChildProcess[];
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'weir-open-'));
  chmodSync(base, 0o711);
  stores = [];
  children = [];
});
afterEach(async () => {
  for (const child of children) await endOf(child, 'SIGKILL');
  for (const store of stores.reverse()) await store.stop();
  rmSync(base, { recursive: true, force: true });
});

async function open(change: OpenOptions = {}): Promise<Store> {
  const store = await openStore({ data: join(base, 'data'), databaseUrl: null, shared: join(base, 'shared'), durable: false, ...change });
  stores.push(store);
  return store;
}

/** Opens the folder in another process, which says `open` with what it got, or the code of the fault, and then stays until its input closes. */
function otherProcess(data: string, purpose: 'server' | 'verb', as: { uid?: number; gid?: number } = {}): { child: ChildProcess; said: () => string } {
  const script = `
    import { openStore } from ${JSON.stringify(join(here, 'open.ts'))};
    try {
      const store = await openStore({ data: ${JSON.stringify(data)}, purpose: ${JSON.stringify(purpose)}, databaseUrl: null, durable: false, shared: ${JSON.stringify(join(base, 'shared'))} });
      const [row] = await store.sql\`select current_database() as name\`;
      console.log('open', row.name, store.attached);
      process.stdin.resume().on('end', async () => { await store.stop(); console.log('stopped'); });
    } catch (error) { console.log(error.code ?? error); }`;
  const loader = new URL('../../test/typescript.mjs', import.meta.url).href;
  const child = spawn(process.execPath, ['--import', loader, '--input-type=module', '-e', script], { stdio: ['pipe', 'pipe', 'inherit'], cwd: '/', ...as });
  children.push(child);
  let text = '';
  child.stdout.on('data', (data: Buffer) => { text += data.toString(); });
  return { child, said: () => text.trim() };
}

async function endOf(child: ChildProcess, signal?: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  // Not its exit: what it said last may still be on its way then.
  const gone = once(child, 'close');
  if (signal === undefined) child.stdin?.end();
  else child.kill(signal);
  await gone;
}

describe('the embedded store', () => {
  it('makes its folder with closed parts, two databases, and opens again', async () => {
    const store = await open();
    await store.sql`create table kept (n int)`;
    expect(store).toMatchObject({ embedded: true, attached: false, folder: join(base, 'data') });
    expect(store.recordsUrl).toContain('/weir_records');
    for (const part of ['journal', 'keys', 'run', 'sources']) expect(statSync(join(base, 'data', part)).mode & 0o777, part).toBe(0o700);
    expect(statSync(join(base, 'data', 'keys', 'postgres')).mode & 0o777).toBe(0o600);
    expect(statSync(join(base, 'data')).mode & 0o777).toBe(isRoot ? 0o711 : 0o700);
    await store.stop();
    await store.stop();
    expect(existsSync(join(base, 'data', 'run', 'lease.json'))).toBe(false);
    expect(await (await open()).sql`select n from kept`).toHaveLength(0);
  });

  it('is shared within a process: the second to open does not stop it', async () => {
    const first = await open();
    const second = await open();
    expect(second.attached).toBe(true);
    await second.stop();
    expect(await first.sql`select 1 as n`).toHaveLength(1);
  });

  it.runIf(isRoot)('lies elsewhere where nobody cannot pass to the folder, says so once, follows a move, and refuses a copy', async () => {
    mkdirSync(join(base, 'closed'), { mode: 0o700 });
    const said: string[] = [];
    const data = join(base, 'closed', 'data');
    const store = await open({ data, say: (line) => said.push(line) });
    await store.sql`create table kept (n int)`;
    await store.stop();
    expect(said).toHaveLength(1);
    const { cluster } = JSON.parse(readFileSync(join(data, 'weir.json'), 'utf8')) as { cluster: string };
    expect(dirname(cluster)).toBe(join(base, 'shared'));
    renameSync(data, join(base, 'closed', 'moved'));
    const moved = await open({ data: join(base, 'closed', 'moved'), say: (line) => said.push(line) });
    expect(await moved.sql`select n from kept`).toHaveLength(0);
    await moved.stop();
    expect(said).toHaveLength(1);
    mkdirSync(data);
    writeFileSync(join(data, 'weir.json'), readFileSync(join(base, 'closed', 'moved', 'weir.json')));
    await expect(open({ data })).rejects.toMatchObject({ code: 'STORE_BUSY' });
  });

  it.runIf(isRoot)('begins anew where the folder was taken away, and keeps the old cluster aside', async () => {
    mkdirSync(join(base, 'closed'), { mode: 0o700 });
    const data = join(base, 'closed', 'data');
    const store = await open({ data });
    await store.sql`create table kept (n int)`;
    await store.stop();
    rmSync(data, { recursive: true });
    expect(await leftOverClusters(join(base, 'shared'))).toHaveLength(1);
    await expect((await open({ data })).sql`select n from kept`).rejects.toMatchObject({ code: '42P01' });
    expect(await leftOverClusters(join(base, 'shared'))).toEqual([expect.stringContaining('.left-')]);
  });

  it.runIf(isRoot)('works in a folder of the account nobody, which runs it itself', async (context) => {
    const who = await runAs('');
    if (who === null || !await canReach(here, who)) return context.skip('nobody cannot pass to this tree');
    const data = join(base, 'data');
    mkdirSync(data);
    chownSync(data, who.uid, who.gid);
    const theirs = otherProcess(data, 'verb', who);
    await vi.waitFor(() => { expect(theirs.said()).toBe('open weir false'); }, soon);
    expect(statSync(join(data, 'postgres', 'data')).uid).toBe(who.uid);
    await endOf(theirs.child);
    expect((await open()).attached).toBe(false); // and then root on the same folder
  });

  it.runIf(isRoot)('tells an ordinary user that the folder is closed', async (context) => {
    const who = await runAs('');
    if (who === null || !await canReach(here, who)) return context.skip('nobody cannot pass to this tree');
    mkdirSync(join(base, 'data'), { mode: 0o755 });
    const theirs = otherProcess(join(base, 'data'), 'verb', who);
    await vi.waitFor(() => { expect(theirs.said()).toBe('STORE_PERMISSION'); }, soon);
  });
});

describe('several processes on one folder', () => {
  it('use the cluster of a server, and a verb waits for a verb', async () => {
    const data = join(base, 'data');
    const server = otherProcess(data, 'server');
    await vi.waitFor(() => { expect(server.said()).toBe('open weir false'); }, soon);
    const store = await open();
    expect(store.attached).toBe(true);
    await store.stop();
    await endOf(server.child);
    expect(server.said()).toContain('stopped');

    const verb = otherProcess(data, 'verb');
    await vi.waitFor(() => { expect(verb.said()).toBe('open weir false'); }, soon);
    await expect(open({ patience: 100 })).rejects.toMatchObject({ code: 'STORE_BUSY' });
    const waiting = open();
    await endOf(verb.child);
    expect((await waiting).attached).toBe(false);
  });

  it('killed with -9: PostgreSQL goes too, and the next opens with all that was committed', async () => {
    const data = join(base, 'data');
    const server = otherProcess(data, 'server');
    await vi.waitFor(() => { expect(server.said()).toBe('open weir false'); }, soon);
    const attached = await open();
    await attached.sql`create table kept (n int)`;
    await attached.stop();
    const cluster = join(data, 'postgres', 'data');
    const { pid } = await readPostmasterFile(cluster) ?? { pid: 0 };
    expect(await isPostmasterOf(pid, cluster)).toBe(true);
    await endOf(server.child, 'SIGKILL');
    await vi.waitFor(async () => { expect(await isPostmasterOf(pid, cluster)).toBe(false); }, soon);
    const next = await open();
    expect(next.attached).toBe(false);
    expect(await next.sql`select n from kept`).toHaveLength(0);
  });

  it('a lease whose process is gone, or that cannot be read, is taken over', async () => {
    await (await open()).stop();
    for (const text of ['', '{', JSON.stringify({ pid: 999_999_999, birth: 'x', purpose: 'server', port: 1 }), JSON.stringify({ pid: process.ppid, birth: 'another', purpose: 'server', port: 1 })]) {
      writeFileSync(join(base, 'data', 'run', 'lease.json'), text);
      const store = await open();
      expect(store.attached).toBe(false);
      await store.stop();
    }
  });
});

describe('the data folder', () => {
  it.each([
    ['of a newer Weir', { 'weir.json': '{"format":99,"madeBy":"9.0.0"}' }, 'STORE_NEWER'],
    ['whose weir.json is broken', { 'weir.json': '{' }, 'STORE_FOLDER'],
    ['with other things in it', { 'letter.txt': 'dear' }, 'STORE_FOLDER'],
  ])('%s is refused, and nothing in it changes', async (_name, files, code) => {
    mkdirSync(join(base, 'data'));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(base, 'data', name), text);
    await expect(open()).rejects.toMatchObject({ code });
    for (const [name, text] of Object.entries(files)) expect(readFileSync(join(base, 'data', name), 'utf8')).toBe(text);
    expect(existsSync(join(base, 'data', 'postgres'))).toBe(false);
  });

  it('may hold settings before its first use', async () => {
    mkdirSync(join(base, 'data'));
    writeFileSync(join(base, 'data', 'settings.yaml'), 'mode: production\n');
    expect((await openFolder(join(base, 'data'))).fresh).toBe(true);
    expect((await openFolder(join(base, 'data'))).fresh).toBe(false);
  });

  it('whose password is lost or of another cluster is refused, and PostgreSQL does not stay', async () => {
    await (await open()).stop();
    const path = join(base, 'data', 'keys', 'postgres');
    writeFileSync(path, 'another');
    await expect(open()).rejects.toMatchObject({ code: 'STORE_FOLDER' });
    expect(await readPostmasterFile(join(base, 'data', 'postgres', 'data'))).toBeNull();
    rmSync(path);
    await expect(open()).rejects.toMatchObject({ code: 'STORE_FOLDER' });
  });

  it('tells which server runs on it, for as long as that lives', async () => {
    mkdirSync(join(base, 'run'));
    expect(await readServerFile(base)).toBeNull();
    await writeServerFile(base, ['http://localhost:8080']);
    expect(await readServerFile(base)).toMatchObject({ pid: process.pid, urls: ['http://localhost:8080'] });
    writeFileSync(join(base, 'run', 'server.json'), JSON.stringify({ pid: 999_999_999, birth: '', urls: [], startedAt: '' }));
    expect(await readServerFile(base)).toBeNull();
    await removeServerFile(base);
    expect(existsSync(join(base, 'run', 'server.json'))).toBe(false);
  });
});

describe('an external database', () => {
  it('is used where it answers, and each reason why it cannot be is told without the password', async () => {
    const postgres = await startTestPostgres();
    const url = new URL(postgres.url);
    const store = await open({ databaseUrl: postgres.url });
    expect(store).toMatchObject({ embedded: false, attached: false, recordsUrl: null });
    await store.stop();
    expect(existsSync(join(base, 'data', 'postgres'))).toBe(false);

    const wrong = (change: (changed: URL) => void): string => {
      const changed = new URL(url.href);
      changed.password = 'sesame-open';
      change(changed);
      return changed.href;
    };
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => { silent.listen(0, '127.0.0.1', resolve); });
    const address = silent.address();
    const silentPort = address !== null && typeof address === 'object' ? address.port : 0;
    const cases = [
      ['STORE_UNREACHABLE', wrong(() => undefined)],
      ['STORE_UNREACHABLE', wrong((changed) => { changed.port = '1'; })],
      ['STORE_UNREACHABLE', wrong((changed) => { changed.hostname = 'no-such-host.invalid'; })],
      ['STORE_UNREACHABLE', wrong((changed) => { changed.port = String(silentPort); })],
      ['STORE_UNREACHABLE', new URL('/absent', url).href],
      ['STORE_URL', 'mysql://weir:sesame-open@localhost/weir'],
      ['STORE_URL', 'sesame-open'],
    ] as const;
    for (const [code, databaseUrl] of cases) {
      const fault = await open({ databaseUrl }).then(() => null, (error: unknown) => error as Error);
      expect(fault, databaseUrl).toMatchObject({ code });
      expect(JSON.stringify([fault?.message, (fault as { mend?: string } | null)?.mend])).not.toContain('sesame');
    }
    silent.close();
    await postgres.stop();
  });
});
