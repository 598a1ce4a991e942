import type { ArchiveSession } from '../archive/types.ts';
import type { InsightWorld } from '../world.ts';
import { briefingOf } from './briefingOf.ts';
import { gatherNetwork } from './gather/network.ts';
import { gatherOwner } from './gather/owner.ts';
import { networkBriefing } from './networkBriefing.ts';
import type { Briefing } from './types.ts';

export interface BriefingOptions {
  /** Two letters: one owner, of whom the session is; `all`: the short form about every owner of the session. */
  readonly owner: string;
  /** Told how far the work is. */
  readonly step?: (done: number, of: number) => void;
}

/** Makes a briefing from an archive and the world beside it. Throws an ArchiveError where the archive is damaged. */
export async function makeBriefing(session: ArchiveSession, world: InsightWorld, { owner, step }: BriefingOptions): Promise<Briefing> {
  return owner === 'all' ? networkBriefing(await gatherNetwork(session, world, step)) : briefingOf(await gatherOwner(session, world, owner, step));
}
