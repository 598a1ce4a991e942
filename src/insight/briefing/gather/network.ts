import type { ArchiveSession } from '../../archive/types.ts';
import type { InsightWorld } from '../../world.ts';
import type { NetworkInput } from '../input.ts';
import { openCounter, where, whereNot } from './counter.ts';

/** Counts all that a briefing about the whole network needs. */
export async function gatherNetwork(session: ArchiveSession, world: InsightWorld, step: (done: number, of: number) => void = () => undefined): Promise<NetworkInput> {
  const counter = await openCounter(session, world.names);
  const withoutPolicy: string[] = [];
  step(0, 8);
  const groups = await counter.table(['party', 'status'], { compare: true });
  step(1, 8);
  const owners = await counter.table(['owner', 'status'], { compare: true });
  step(2, 8);
  const enforcement = await counter.table(['status'], { compare: true, where: [where('component', 'ICE'), whereNot('component', 'HSI')] });
  step(3, 8);
  const investigations = await counter.table(['status'], { compare: true, where: [where('component', 'HSI')] });
  step(4, 8);
  const agreements = await counter.table(['status'], { compare: true, where: [where('program287g', 'taskForce', 'jail', 'warrantService')] });
  step(5, 8);
  const groupMonths = await counter.table(['month', 'party']);
  step(6, 8);
  const given = await counter.table(['released', 'party']);
  step(7, 8);
  for (const owner of session.owners) if ((await world.versions(owner)).length === 0) withoutPolicy.push(owner);
  return { facts: counter.facts, registry: { version: world.registry.version, hash: world.registry.hash }, owners, groups, enforcement, investigations, agreements, groupMonths, given, withoutPolicy };
}
