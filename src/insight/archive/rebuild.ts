import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { diskFs } from '../../ledger/files.ts';
import type { LedgerReader } from '../../ledger/index.ts';
import { ownerFolder, ownersOf } from './dataset.ts';
import { endRebuild, followLedger, ledgerName, replacedName, type Followed, type FollowOptions } from './follow.ts';
import { readManifest } from './manifest.ts';
import { lockFolder } from './ownerFiles.ts';
import { ArchiveError } from './types.ts';

export interface RebuildOptions extends Omit<FollowOptions, 'place'> {
  /** Lets entries go that the ledger has erased: the archive that stands still counts them, one that is made anew cannot. */
  readonly withoutErased?: boolean;
}

const freshName = `${ledgerName}.rebuilding`;

/**
 * Makes the projection of the ledger anew, beside the one that stands, and then puts it in its place. Where it would have fewer entries of an owner than the one
 * that stands, because the ledger has erased them, nothing is replaced, unless that is wanted. A stop (`signal`) replaces nothing either.
 */
export async function rebuildArchive(reader: LedgerReader, archive: string, { withoutErased = false, ...options }: RebuildOptions): Promise<Followed> {
  await endRebuild(archive);
  const [fresh, standing, replaced] = [freshName, ledgerName, replacedName].map((name) => join(archive, name)) as [string, string, string];
  const lock = existsSync(standing) ? await lockFolder(standing) : null;
  try {
    await rm(fresh, { recursive: true, force: true });
    const followed = await followLedger(reader, archive, { ...options, place: freshName });
    if (options.signal?.aborted === true) throw new ArchiveError('ARCHIVE_QUESTION', 'the rebuilding was stopped, and the archive is as it was');
    const after = await counts(fresh);
    const fewer = [...await counts(standing)].map(([owner, rows]) => [owner, rows - (after.get(owner) ?? 0)] as const).filter(([, lost]) => lost > 0);
    if (fewer.length > 0 && !withoutErased) {
      const list = fewer.slice(0, 5).map(([owner, lost]) => `${lost} of ${owner}`).join(', ');
      throw new ArchiveError('ARCHIVE_QUESTION', `the archive counts entries that the ledger has erased (${list}${fewer.length > 5 ? ' and others' : ''}), and made anew it could not: nothing was replaced`);
    }
    if (existsSync(standing)) await rename(standing, replaced);
    await rename(fresh, standing);
    await diskFs.syncFolder(archive);
    await rm(replaced, { recursive: true, force: true });
    return followed;
  } finally {
    await rm(fresh, { recursive: true, force: true });
    // Its folder is gone where it was replaced.
    await lock?.release().catch(() => undefined);
  }
}

/** How many rows each owner has; of one whose manifest cannot be read nothing is known. */
async function counts(folder: string): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  for (const owner of await ownersOf(folder)) {
    const manifest = await readManifest(ownerFolder(folder, owner), owner).catch(() => null);
    if (manifest !== null) found.set(owner, manifest.segments.reduce((sum, { rows }) => sum + rows, 0));
  }
  return found;
}
