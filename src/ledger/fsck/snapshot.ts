import { readFile, readdir, stat } from 'node:fs/promises';
import { parseTilePath } from '../../verify/tilePath.ts';
import type { LogName, RecordKind } from '../record.ts';
import type { Remark } from './types.ts';

/** One private file as it was when the check began. A running exchange only appends to it. */
export interface PrivatePart {
  readonly path: string;
  readonly day: string;
  readonly kind: RecordKind;
  readonly tile: number;
  readonly bytes: number;
}

/** What a log has on the disk. */
export interface LogSnapshot {
  readonly log: LogName;
  readonly checkpoint: string | null;
  /** The latest checkpoint that a quorum of witnesses cosigned. */
  readonly cosigned: string | null;
  /** The widths that are stored of each tile: `LEVEL/N` or `entries/N` to widths. */
  readonly tiles: ReadonlyMap<string, readonly number[]>;
  /** In the order of tiles. */
  readonly parts: readonly PrivatePart[];
}

export interface Snapshot {
  readonly name: string | null;
  readonly mark: string | null;
  readonly logs: ReadonlyMap<LogName, LogSnapshot>;
  readonly remarks: readonly Remark[];
}

const kinds: { readonly [letter: string]: RecordKind } = { d: 'disclosure', o: 'other', p: 'plain' };

/**
 * Lists a ledger. Checkpoints are read first, then files are listed, and the write-ahead file is to be read after this: whatever is in an
 * earlier one is in the later ones, though an exchange writes meanwhile.
 */
export async function takeSnapshot(ledger: string): Promise<Snapshot> {
  const remarks: Remark[] = [];
  const name = await text(`${ledger}/name`);
  const mark = await text(`${ledger}/mark`);
  const logNames = await folders(`${ledger}/log`, 'ledger/log', remarks);
  const notes = new Map<LogName, Pick<LogSnapshot, 'checkpoint' | 'cosigned'>>();
  for (const log of logNames) {
    // The cosigned one is never ahead of the other, so it is read first.
    const cosigned = await text(`${ledger}/log/${log}/cosigned`);
    notes.set(log, { cosigned, checkpoint: await text(`${ledger}/log/${log}/checkpoint`) });
  }
  const withRecords = await folders(`${ledger}/private`, 'ledger/private', remarks);
  const logs = new Map<LogName, LogSnapshot>();
  for (const log of [...new Set([...logNames, ...withRecords])].sort()) {
    logs.set(log, { log, ...(notes.get(log) ?? { checkpoint: null, cosigned: null }), tiles: await tilesOf(ledger, log, remarks), parts: await partsOf(ledger, log, remarks) });
  }
  return { name, mark, logs, remarks };
}

async function tilesOf(ledger: string, log: LogName, remarks: Remark[]): Promise<ReadonlyMap<string, readonly number[]>> {
  const tiles = new Map<string, number[]>();
  for await (const path of filesBelow(`${ledger}/log/${log}`, '')) {
    if (path === 'checkpoint' || path === 'cosigned') continue;
    const tile = parseTilePath(path);
    if (tile === null) remarks.push({ file: `ledger/log/${log}/${path}`, what: 'no file of a log' });
    else {
      const key = `${tile.level}/${tile.n}`;
      const widths = tiles.get(key) ?? [];
      widths.push(tile.width);
      tiles.set(key, widths);
    }
  }
  return tiles;
}

async function partsOf(ledger: string, log: LogName, remarks: Remark[]): Promise<readonly PrivatePart[]> {
  const parts: PrivatePart[] = [];
  for await (const path of filesBelow(`${ledger}/private/${log}`, '')) {
    const file = `ledger/private/${log}/${path}`;
    const found = /^(\d{4}-\d{2}-\d{2})\/([dop])\/((?:x\d{3}\/)*\d{3})$/.exec(path);
    const kind = kinds[found?.[2] ?? ''];
    const tile = Number((found?.[3] ?? '').replaceAll(/[x/]/g, ''));
    if (found === null || kind === undefined || !Number.isSafeInteger(tile)) {
      remarks.push({ file, what: 'no private file of a log' });
      continue;
    }
    const size = (await stat(`${ledger}/private/${log}/${path}`).catch(nothing))?.size;
    if (size !== undefined) parts.push({ path: file, day: found[1] ?? '', kind, tile, bytes: size });
  }
  return parts.sort((a, b) => a.tile - b.tile || (a.path < b.path ? -1 : 1));
}

async function folders(folder: string, shown: string, remarks: Remark[]): Promise<string[]> {
  const found = (await readdir(folder, { withFileTypes: true }).catch(nothing)) ?? [];
  const names: string[] = [];
  for (const entry of found) {
    if (entry.isDirectory() && /^[a-z0-9]+$/.test(entry.name)) names.push(entry.name);
    else remarks.push({ file: `${shown}/${entry.name}`, what: 'no log' });
  }
  return names;
}

async function* filesBelow(folder: string, path: string): AsyncGenerator<string> {
  for (const entry of (await readdir(folder, { withFileTypes: true }).catch(nothing)) ?? []) {
    const below = path === '' ? entry.name : `${path}/${entry.name}`;
    if (entry.isDirectory()) yield* filesBelow(`${folder}/${entry.name}`, below);
    else yield below;
  }
}

async function text(path: string): Promise<string | null> {
  return (await readFile(path, 'utf8').catch(nothing)) ?? null;
}

/** Undefined for a file that is not there; throws any other error. */
export function nothing(error: unknown): undefined {
  if (isAbsent(error)) return undefined;
  throw error;
}

/** True of the error about a file that is not there. */
export function isAbsent(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
