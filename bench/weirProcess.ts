import { spawn, type ChildProcess } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageFolder } from '../src/store/index.ts';

/** An exchange in a process of its own, as `weir start --json` tells of it. */
export interface WeirProcess {
  readonly child: ChildProcess;
  readonly http: string;
  readonly https: string;
  readonly data: string;
  readonly seconds: number;
  /** Ctrl-C, and waits for the end. */
  stop(): Promise<number | null>;
  /** `kill -9`, and waits for the end. */
  kill(): Promise<void>;
}

export interface SpawnOptions {
  readonly data: string;
  readonly residents?: number;
  readonly agencies?: number;
  readonly port?: number;
  readonly tlsPort?: number;
  readonly nodeArguments?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const program = join(packageFolder(), 'bin', 'weir.js');

/** What `npm start` gives Node (docs/operations.md, "Start and stop"). */
export const servingArguments = ['--max-semi-space-size=32'];

/** Starts it and resolves once it takes queries. Rejects with what it printed where it does not come up. */
export async function startProcess(options: SpawnOptions): Promise<WeirProcess> {
  const { data, residents = 20_000, agencies, port = 0, tlsPort = 0, nodeArguments = [], env = {} } = options;
  const child = spawn(process.execPath, [
    ...servingArguments, ...nodeArguments, program, 'start', '--json', '--quiet', '--data', data, '--port', String(port), '--tls-port', String(tlsPort), '--residents', String(residents),
    ...(agencies === undefined ? [] : ['--agencies', String(agencies)]),
  ], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  const ended = new Promise<number | null>((done) => child.once('exit', done));
  const facts = await firstLine(child, ended);
  return {
    child, ...facts,
    stop: () => { child.kill('SIGINT'); return ended; },
    kill: async () => { child.kill('SIGKILL'); await ended; },
  };
}

async function firstLine(child: ChildProcess, ended: Promise<number | null>): Promise<{ http: string; https: string; data: string; seconds: number }> {
  let out = '';
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-4000)));
  const line = new Promise<string>((resolve) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      if (out.includes('\n')) resolve(out.slice(0, out.indexOf('\n')));
    });
  });
  const first = await Promise.race([line, ended.then((code) => { throw new Error(`weir ended with ${String(code)} before it was ready\n${out}${errors}`); })]);
  const facts = JSON.parse(first) as { http: string; https: string; data: string; seconds: number; error?: string };
  if (facts.error !== undefined) throw new Error(`weir did not start: ${facts.error}`);
  return facts;
}

/** A new folder under the system's temporary folder. As root the embedded PostgreSQL runs as another user, who must be able to pass. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'weir-'));
  await chmod(folder, 0o711);
  return folder;
}

/** A folder under the system's temporary folder that is removed after `work`. */
export async function inTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await temporaryFolder();
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
