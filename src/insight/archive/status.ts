import { ownerFolder, ownersOf } from './dataset.ts';
import { filesOf, newestOf, readManifest } from './manifest.ts';

/** How much of an owner a data set has. */
export interface OwnerStatus {
  readonly owner: string;
  readonly rows: number;
  readonly files: number;
  readonly bytes: number;
  /** The first index that is not archived. */
  readonly next: number;
  /** Milliseconds of the oldest and of the newest entry; null where there is none. */
  readonly oldest: number | null;
  readonly newest: number | null;
}

/** What the manifests of a data set say, by owner. Throws `ARCHIVE_DAMAGED` where one cannot be read. */
export async function statusOf(folder: string): Promise<readonly OwnerStatus[]> {
  const found: OwnerStatus[] = [];
  for (const owner of await ownersOf(folder)) {
    const manifest = await readManifest(ownerFolder(folder, owner), owner);
    if (manifest === null) continue;
    const files = [...filesOf(manifest).values()];
    found.push({
      owner, next: manifest.next, newest: newestOf(manifest), files: files.length, bytes: files.reduce((sum, bytes) => sum + bytes, 0),
      rows: manifest.segments.reduce((sum, { rows }) => sum + rows, 0),
      oldest: manifest.segments.reduce<number | null>((oldest, one) => Math.min(oldest ?? Infinity, one.oldest), null),
    });
  }
  return found;
}
