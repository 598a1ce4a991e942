import { randomBytes } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { StoreError } from './errors.ts';
import { isRunning, ownMark, type ProcessMark } from './processes.ts';

/** `run/lease.json`: the process that runs the embedded cluster of this folder. */
export interface Lease extends ProcessMark {
  /** A server lets others use its cluster; a verb does not, because it stops it when it is done. */
  readonly purpose: 'server' | 'verb';
  /** Where the cluster listens, once it does. */
  readonly port: number | null;
}

export interface HeldLease {
  /** Tells others where the cluster listens. */
  publish(port: number): Promise<void>;
  release(): Promise<void>;
}

/** Either ours to run the cluster, or the port of one that a server runs. */
export type LeaseResult = { readonly held: HeldLease } | { readonly port: number };

const held = new Set<string>();

/**
 * Takes the lease of a data folder. Where a server has it, returns the port of its cluster; where a verb has it, waits for its end,
 * at most `patience` milliseconds. A lease whose process is gone is taken over.
 */
export async function takeLease(run: string, purpose: Lease['purpose'], patience = 60_000): Promise<LeaseResult> {
  const path = join(run, 'lease.json');
  const mark = await ownMark();
  const deadline = Date.now() + patience;
  for (;;) {
    if (await create(path, { ...mark, purpose, port: null })) return { held: hold(path, { ...mark, purpose, port: null }) };
    const other = await readLease(path);
    if (other !== null) {
      const alive = other.lease.pid === process.pid ? held.has(path) : await isRunning(other.lease);
      if (!alive) await setAside(path, other.text);
      else if (other.lease.port !== null && (other.lease.purpose === 'server' || other.lease.pid === process.pid)) return { port: other.lease.port };
      else if (Date.now() > deadline) {
        throw new StoreError('STORE_BUSY', `another Weir command (process ${other.lease.pid}) is using this data folder`, 'Wait until it is done, or end it.');
      }
    }
    await sleep(50);
  }
}

/** The lease of a folder whose process is alive; null where none is. */
export async function currentLease(run: string): Promise<Lease | null> {
  const found = await readLease(join(run, 'lease.json'));
  return found !== null && await isRunning(found.lease) ? found.lease : null;
}

function hold(path: string, lease: Lease): HeldLease {
  held.add(path);
  return {
    async publish(port) {
      const making = `${path}.${process.pid}`;
      await writeFile(making, JSON.stringify({ ...lease, port }), { mode: 0o600 });
      await rename(making, path);
    },
    async release() {
      held.delete(path);
      await rm(path, { force: true });
    },
  };
}

/** Appears with its content in one step, or not at all where there is one. */
async function create(path: string, lease: Lease): Promise<boolean> {
  const making = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(making, JSON.stringify(lease), { mode: 0o600 });
  try {
    await link(making, path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(making, { force: true });
  }
}

async function readLease(path: string): Promise<{ lease: Lease; text: string } | null> {
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    const lease = JSON.parse(text) as Partial<Lease>;
    return { text, lease: { pid: lease.pid ?? 0, birth: lease.birth ?? '', purpose: lease.purpose ?? 'verb', port: lease.port ?? null } };
  } catch {
    return { text, lease: { pid: 0, birth: 'unreadable', purpose: 'verb', port: null } };
  }
}

/** Takes away the dead lease that was judged. Where another took it over in between, that one is put back. */
async function setAside(path: string, judged: string): Promise<void> {
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await rename(path, aside);
    if (await readFile(aside, 'utf8') !== judged) await link(aside, path).catch(() => undefined);
  } catch {
    return; // it is gone already
  } finally {
    await rm(aside, { force: true });
  }
}
