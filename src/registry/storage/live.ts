import type { Sql } from 'postgres';
import type { Registry } from '../../exchange/ports.ts';
import { follow } from '../../store/follow.ts';
import { hashContent } from '../hash.ts';
import { emptyContent } from '../rows.ts';
import { createSnapshot, type ContentSnapshot } from '../snapshot.ts';
import { latestVersion, readContent } from './read.ts';
import { registryChannel } from './write.ts';

/** The registry of a running process: the newest version in memory, exchanged as one switch. */
export interface LiveRegistry extends Registry {
  current(): ContentSnapshot;
  /** Looks for a newer version now. True where there was one. Rejects where the database cannot be read; the old snapshot stays. */
  refresh(): Promise<boolean>;
  /** Stops following. The last snapshot stays readable. */
  close(): Promise<void>;
}

export interface LiveOptions {
  /** Called after each switch, with the snapshot that is now current. */
  readonly onSwitch?: (snapshot: ContentSnapshot) => void;
  /** Called where a new version was told but could not be loaded; the old snapshot stays until the next try. */
  readonly onFault?: (error: unknown) => void;
}

/**
 * Loads the newest version and follows new ones by LISTEN. Where the connection was lost, it looks again as soon as it is back,
 * so that nothing told in between is missed. Without any version it holds an empty registry, version 0, that knows nobody.
 */
export async function openRegistry(sql: Sql, options: LiveOptions = {}): Promise<LiveRegistry> {
  let snapshot = createSnapshot(emptyContent, 0, hashContent(emptyContent));
  const load = async (): Promise<boolean> => {
    const latest = await latestVersion(sql);
    if (latest === null || (latest.version === snapshot.version && latest.hash === snapshot.hash)) return false;
    const next = createSnapshot(await readContent(sql, latest.version), latest.version, latest.hash);
    snapshot = next;
    options.onSwitch?.(next);
    return true;
  };
  const following = await follow(sql, registryChannel, load, { ...(options.onFault === undefined ? {} : { onFault: options.onFault }) });
  return { current: () => snapshot, refresh: () => following.refresh(), close: () => following.close() };
}
