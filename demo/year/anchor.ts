import { openAnchorWriter } from '../../src/insight/archive/anchor.ts';
import type { Engine } from '../../src/insight/archive/engine.ts';
import type { ArchiveEvent } from '../../src/insight/archive/types.ts';
import type { YearPlan } from './plan.ts';
import { policiesOf } from './policies.ts';

/** Writes the events of the year that charts mark: each version of each owner's policy when it came into force. Once; what is there is left. */
export async function writeAnchor(plan: YearPlan, folder: string, engine: Engine, registryHash: string): Promise<void> {
  const writer = await openAnchorWriter({ folder }, { engine, graceMs: 0 });
  try {
    if (writer.next > 0) return;
    for (const event of eventsOf(plan, registryHash)) writer.add(event);
    await writer.seal();
  } finally {
    await writer.close();
  }
}

/** In the order of time, then of owners. */
export function eventsOf(plan: YearPlan, registryHash: string): readonly ArchiveEvent[] {
  const policies = plan.owners.flatMap(({ owner }) => policiesOf(owner, plan.months)).sort((a, b) => a.since - b.since);
  const first = policies[0]?.since ?? 0;
  const events: readonly Omit<ArchiveEvent, 'index'>[] = [
    { at: first, event: 'registryActivated', subject: '1', hash: registryHash, detail: null },
    ...policies.map(({ owner, version, hash, since, document }) => (
      { at: since, event: 'policyActivated', subject: `${owner} ${version}`, hash, detail: JSON.stringify({ effective: document.effective }) }
    )),
  ];
  return events.map((event, index) => ({ ...event, index }));
}
