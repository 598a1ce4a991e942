import { periodWords } from '../../period.ts';
import type { Facts } from '../../statistics/types.ts';
import type { OwnerInput } from '../input.ts';
import type { BriefingBasis } from '../types.ts';

const day = 86_400_000;

/** Of what a briefing is made: the line that each form of it carries. */
export function basisOf(facts: Facts, rest: Pick<OwnerInput, 'entries' | 'registry'> & { readonly policy: OwnerInput['policy'] }): BriefingBasis {
  const { period } = facts;
  return {
    dataset: facts.dataset, kind: facts.kind, label: facts.label, lacks: facts.lacks, timeZone: 'UTC', newest: facts.newest, archivedTo: facts.archivedTo, leftOut: facts.leftOut,
    period: { from: new Date(period.from).toISOString().slice(0, 10), to: new Date(period.to - day).toISOString().slice(0, 10), words: periodWords(period) },
    entries: rest.entries, registry: rest.registry,
    policy: rest.policy === null ? null : { version: rest.policy.version, hash: rest.policy.hash, since: rest.policy.since },
  };
}
