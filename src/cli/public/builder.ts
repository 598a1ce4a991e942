import { spawn } from 'node:child_process';
import { mkdir, realpath } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Built } from '../../publish/index.ts';
import { packageFolder } from '../../store/index.ts';
import { exitCodes, VerbError } from '../verb.ts';
import { publishFault } from './faults.ts';

export interface BuilderAsked {
  readonly aggregate: string;
  readonly approval: string;
  readonly site: string;
  /** The built program; only tests run another one in the same confinement. */
  readonly program?: string;
}

/**
 * Runs the builder in a process of its own, with nothing in its environment, that may read its own code, the two files and the site, may write the site, and may do nothing
 * else: no other file, no other process, no thread, no connection. Throws a `VerbError` with what it refused.
 */
export async function runBuilder(asked: BuilderAsked): Promise<Built> {
  const { code, out, error } = await confined(asked);
  let said: unknown;
  try {
    said = JSON.parse(out);
  } catch (cause) {
    throw new VerbError(exitCodes.environment, `the builder ended without a word (${String(code)})${error === '' ? '' : `: ${error.split('\n')[0] ?? ''}`}`, 'See that Weir is built: npm run build.', { cause });
  }
  const { code: fault, error: message } = said as { readonly code?: string; readonly error?: string };
  if (fault !== undefined) throw fault.startsWith('PUBLISH_') ? publishFault(fault, message ?? '') : new VerbError(exitCodes.environment, message ?? fault, 'See that the folder of the site can be written.');
  return said as Built;
}

/** What a program in the confinement of the builder printed, and how it ended. */
export async function confined({ aggregate, approval, site, program }: BuilderAsked): Promise<{ readonly code: number | null; readonly out: string; readonly error: string }> {
  await mkdir(site, { recursive: true });
  const [from, by, to] = await Promise.all([realpath(aggregate), realpath(approval), realpath(site)]);
  const built = join(packageFolder(), 'dist', 'src');
  const main = program ?? join(built, 'publish', 'main.js');
  // A folder stands for all in it. Each path once: Node 20 ends in a fault of its own where two say the same.
  const reads = new Set([...['publish', 'drawing', 'vocabulary'].map((room) => join(built, room)), join(packageFolder(), 'package.json'), ...drawingModules(), ...(program === undefined ? [] : [program]), from, by, to]);
  const child = spawn(process.execPath, [
    '--no-warnings', permission(), ...[...reads].map((path) => `--allow-fs-read=${path}`), `--allow-fs-write=${to}`,
    '--import', pathToFileURL(join(built, 'publish', 'guard.js')).href, main, from, by, to,
  ], { env: {}, cwd: to, stdio: ['ignore', 'pipe', 'pipe'] });
  const printed = { out: '', error: '' };
  child.stdout.on('data', (chunk: Buffer) => { printed.out += chunk.toString(); });
  child.stderr.on('data', (chunk: Buffer) => { printed.error += chunk.toString(); });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (end) => { resolve({ code: end, ...printed }); });
  });
}

/** Node 20 and 22 know it as an experiment, later ones by its short name. */
function permission(): string {
  const flag = ['--permission', '--experimental-permission'].find((one) => process.allowedNodeEnvironmentFlags.has(one));
  if (flag === undefined) throw new VerbError(exitCodes.environment, 'this Node cannot confine the builder, so nothing is built', 'Use Node 20.19 or newer.');
  return flag;
}

/** The packages that pictures are drawn with. */
function drawingModules(): readonly string[] {
  const parts = createRequire(import.meta.url).resolve('d3-scale').split(sep);
  const modules = parts.slice(0, parts.lastIndexOf('node_modules') + 1).join(sep);
  return ['d3-array', 'd3-color', 'd3-format', 'd3-interpolate', 'd3-path', 'd3-scale', 'd3-shape', 'd3-time', 'd3-time-format', 'internmap'].map((name) => join(modules, name));
}
