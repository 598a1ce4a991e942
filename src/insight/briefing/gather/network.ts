import type { ArchiveSession } from '../../archive/types.ts';
import type { InsightWorld } from '../../world.ts';
import type { NetworkInput } from '../input.ts';
import { openCounter, where, whereNot } from './counter.ts';
import { gatherReviews } from './reviews.ts';

/** Counts all that a briefing about the whole network needs. */
export async function gatherNetwork(session: ArchiveSession, world: InsightWorld, step: (done: number, of: number) => void = () => undefined): Promise<NetworkInput> {
  const counter = await openCounter(session, world.names);
  const withoutPolicy: string[] = [];
  step(0, 9);
  const groups = await counter.table(['party', 'status'], { compare: true });
  step(1, 9);
  const owners = await counter.table(['owner', 'status'], { compare: true });
  step(2, 9);
  const enforcement = await counter.table(['status'], { compare: true, where: [where('component', 'ICE'), whereNot('component', 'HSI')] });
  step(3, 9);
  const investigations = await counter.table(['status'], { compare: true, where: [where('component', 'HSI')] });
  step(4, 9);
  const agreements = await counter.table(['status'], { compare: true, where: [where('program287g', 'taskForce', 'jail', 'warrantService')] });
  step(5, 9);
  const groupMonths = await counter.table(['month', 'party']);
  step(6, 9);
  const given = await counter.table(['released', 'party']);
  step(7, 9);
  const reviews = counter.facts.lacks.includes('decisions') ? null : await gatherReviews(session, 'all', await counter.table(['verdict', 'decidedBy'], { where: [whereNot('verdict', 'none')] }));
  step(8, 9);
  for (const owner of session.owners) if ((await world.versions(owner)).length === 0) withoutPolicy.push(owner);
  return { facts: counter.facts, registry: { version: world.registry.version, hash: world.registry.hash }, owners, groups, enforcement, investigations, agreements, groupMonths, given, reviews, withoutPolicy };
}
