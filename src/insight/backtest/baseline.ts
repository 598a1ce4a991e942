import type { PolicyDocument, PolicyTable } from '../../policy/index.ts';
import { ArchiveError, type ArchiveSession, type OwnerWords } from '../archive/types.ts';
import type { InsightWorld } from '../world.ts';
import { recordedDecider, tableDecider, type Decider } from './deciders.ts';
import type { Before } from './fullScan.ts';
import type { BacktestQuestion } from './question.ts';
import type { Baseline } from './types.ts';

export interface BaselineParts {
  readonly before: Decider;
  /** The same for the full scan, which keeps nothing. */
  readonly beforeThat: Before;
  readonly baseline: (outcomes: Float64Array) => Baseline;
}

/** With what is compared, and how it is named once the requests are counted. */
export async function baselineOf(session: ArchiveSession, world: InsightWorld, owner: string, words: OwnerWords, question: BacktestQuestion): Promise<BaselineParts> {
  const named = (policy: { readonly document: PolicyDocument; readonly hash: string; readonly table: PolicyTable }, kind: 'policy' | 'inForce'): Baseline => (
    { kind, policies: [{ version: policy.document.version, hash: policy.hash, tableHash: policy.table.hash, requests: null }], assumed: 0 });
  const all = new Set(words.outcomes.flatMap(({ usedUp }) => usedUp));
  if (question.baseline !== null) {
    const { document, hash } = question.baseline;
    const table = world.compile(document, asOfOf(document, session, question));
    return { before: tableDecider(words, table, all), beforeThat: { kind: 'table', table }, baseline: () => named({ document, hash, table }, 'policy') };
  }
  const lacking = session.dataset.lacks.includes('decisions');
  const inForce = lacking || words.outcomes.some(({ decisions, status }) => decisions.length === 0 && status !== 'refused') ? await world.policy(owner) : null;
  if (lacking) {
    if (inForce === null) throw new ArchiveError('ARCHIVE_QUESTION', `the data set \`${session.dataset.name}\` does not say what was decided, and ${owner} has no policy in force to stand for it; name one with --baseline`);
    return { before: tableDecider(words, inForce.table, all), beforeThat: { kind: 'table', table: inForce.table }, baseline: () => named(inForce, 'inForce') };
  }
  const recorded = recordedDecider(words, inForce === null ? null : tableDecider(words, inForce.table, all));
  return {
    before: recorded, beforeThat: { kind: 'recorded', otherwise: inForce?.table ?? null },
    baseline: (outcomes) => ({ kind: 'decided', policies: policiesThen(words, outcomes), assumed: [...recorded.assumed].reduce((total, outcome) => total + (outcomes[outcome] ?? 0), 0) }),
  };
}

/** Rules that begin or end are taken as on this day, milliseconds. */
export function asOfOf(document: PolicyDocument, { period }: ArchiveSession, { asOf }: BacktestQuestion): number {
  return asOf ?? Math.max(Date.parse(document.effective), period.to - 86_400_000);
}

/** The versions that decided the requests that were counted, oldest first. */
function policiesThen(words: OwnerWords, outcomes: Float64Array): Baseline['policies'] {
  const found = new Map<string, { version: number; hash: string; tableHash: null; requests: number }>();
  words.outcomes.forEach(({ policyVersion, policyHash }, place) => {
    const n = outcomes[place] ?? 0;
    if (n === 0 || policyVersion === null || policyHash === null) return;
    const known = found.get(policyHash);
    if (known === undefined) found.set(policyHash, { version: policyVersion, hash: policyHash, tableHash: null, requests: n });
    else known.requests += n;
  });
  return [...found.values()].sort((a, b) => a.version - b.version || (a.hash < b.hash ? -1 : 1));
}
