import type { ArchiveSession, Party } from '../../archive/types.ts';
import { partyOf } from '../../parties.ts';
import type { StatTable } from '../../statistics/types.ts';
import type { InsightWorld } from '../../world.ts';
import type { OwnerInput } from '../input.ts';
import { gatherBlocked } from './blocked.ts';
import { openCounter, where, whereNot } from './counter.ts';
import { policyInput } from './policy.ts';
import { gatherReviews } from './reviews.ts';
import { gatherWaiting } from './waiting.ts';

/** Counts and proves all that a briefing about one owner needs. `step` is told how far it is. Throws an ArchiveError where the archive is damaged. */
export async function gatherOwner(session: ArchiveSession, world: InsightWorld, owner: string, step: (done: number, of: number) => void = () => undefined): Promise<OwnerInput> {
  const counter = await openCounter(session, world.names);
  let done = 0;
  const table = async (...asked: Parameters<typeof counter.table>): Promise<StatTable> => {
    step(done++, 14);
    return counter.table(...asked);
  };
  const { facts } = counter;
  const agencies = await table(['agency'], { compare: true });
  const base = {
    owner, facts, agencies, registry: { version: world.registry.version, hash: world.registry.hash }, entries: await entriesOf(session, facts.newest),
    groups: await table(['party', 'status'], { compare: true }),
    enforcement: await table(['status'], { compare: true, where: [where('component', 'ICE'), whereNot('component', 'HSI')] }),
    investigations: await table(['status'], { compare: true, where: [where('component', 'HSI')] }),
    agreements: await table(['status'], { compare: true, where: [where('program287g', 'taskForce', 'jail', 'warrantService')] }),
    partyOfAgency: partiesOf(agencies, world, owner, session.period.to),
    states: await table(['homeState'], { where: [whereNot('level', 'federal')] }),
    given: await table(['released', 'party']),
    reasons: await table(['purpose', 'caseNumber']), warrants: await table(['warrant']),
    rules: await table(['rule', 'status']), groupMonths: await table(['month', 'party']),
    blocked: facts.lacks.includes('decisions') ? null : await gatherBlocked(session, world, owner),
    waiting: facts.lacks.includes('decisions') ? null : await gatherWaiting(session, facts),
    reviews: facts.lacks.includes('decisions') ? null : await gatherReviews(session, owner, await table(['verdict', 'decidedBy'], { where: [whereNot('verdict', 'none')] })),
  };
  step(13, 14);
  const policy = await policyInput(world, owner, agencies);
  const others = policy !== null && session.dataset.kind !== 'ledger' && !(await world.versions(owner)).some(({ hash }) => hash === policy.hash);
  return { ...base, policy, facts: others ? { ...facts, leftOut: [...facts.leftOut, othersDecided] } : facts };
}

const othersDecided = 'Rights of access and claims are those of the policy that this exchange has in force now; other policies decided these requests.';

/** The first and the last place in the log. A log that the exchange wrote itself is in the order of time, so that its ends tell; in an imported one lines may stand anywhere. */
async function entriesOf(session: ArchiveSession, newest: string | null): Promise<OwnerInput['entries']> {
  const [row] = session.dataset.kind === 'imported' || newest === null
    ? await session.query<{ first: number | null; last: number | null }>('select min("index") as first, max("index") as last from rows')
    : await session.query<{ first: number | null; last: number | null }>(
      `with oldest as (select min("at") as began from rows) select (select min("index") from rows where "at" < (select began from oldest) + interval 1 day) as first, (select max("index") from rows where "at" >= make_timestamp(cast($1 as bigint))) as last`,
      [(Date.parse(newest) - 86_400_000) * 1_000],
    );
  const { first = null, last = null } = row ?? {};
  return first === null || last === null ? null : { first, last };
}

/** Only of those that are in the registry today. */
function partiesOf(agencies: StatTable, world: InsightWorld, owner: string, at: number): Readonly<Record<string, Party>> {
  const when = new Date(Math.min(at, Date.now()));
  return Object.fromEntries(agencies.rows.flatMap(({ keys: [ori = ''] }) => {
    const requester = world.registry.requester(ori);
    return requester === null ? [] : [[ori, partyOf(requester.attributes(owner, when), owner)]];
  }));
}
