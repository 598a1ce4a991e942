import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importContent } from '../registry/index.ts';
import type { JournalReader } from '../store/journalReader.ts';
import { content, coordinator, dutyWorld, official, ori, otherOri, person, unsealed, type DutyWorld } from './cases.ts';
import { DutyError, statementOf, type Duties, type DutyActor } from './index.ts';

const day = 86_400_000;
const begun = Date.parse('2026-11-22T12:00:00.000Z');
const owners = ['CO', 'NY'] as const;
const words = ['noCivilImmigrationUse', 'noRedisclosure'] as const;
const scopes = ['owner CO', `agency ${ori}`] as const;
let world: DutyWorld;
let second: DutyActor;

beforeAll(async () => {
  world = await dutyWorld();
  const { sql } = world;
  await person(sql, 1, official.name, [['ownerOfficial', 'owner CO'], ['ownerOfficial', 'owner NY']]);
  await person(sql, 2, coordinator.name, [['agencyCoordinator', `agency ${ori}`]]);
  second = await person(sql, 3, 'Sam Second', [['privacyApprover', 'owner CO'], ['agencyCoordinator', `agency ${ori}`]]);
  for (let n = 4; n < 9; n += 1) await person(sql, n, `User ${n}`, [['agencyUser', `agency ${ori}`], ['auditor', 'owner CO']]);
  for (const version of [1, 2]) await sql`insert into policy_version (owner, version, hash, text, author, effective, activated_at) values ('CO', ${version}, ${'a'.repeat(64)}, '', 'somebody', '2035-01-01', '2099-01-01T00:00:00Z')`;
});
afterAll(() => world.stop());

const tables = ['certification_reminder', 'certification', 'certification_text', 'user_review_item', 'user_review', 'duty_quarter', 'recertification_item', 'recertification'];

async function lose(): Promise<void> {
  await world.sql.unsafe(`truncate ${tables.join(', ')}`);
  await world.sql`delete from projection where name = 'duty'`;
  await importContent(world.sql, content, 'imported anew, without certifications');
}

async function fresh(): Promise<void> {
  await lose();
  await world.sql`truncate act, ledger_outbox`;
  await world.sql`update role_grant set ended_at = null, ended_by = null, reviewed_at = null`;
  world.entries.length = 0;
  world.clock = begun;
}

/** Everything that an interface tells, and what policies feel of it, now and later. */
async function seen(duties: Duties = world.duties): Promise<unknown> {
  const registry = await world.registry();
  const of = async <T>(list: readonly string[], ask: (one: string) => Promise<T>): Promise<T[]> => await Promise.all(list.map(ask));
  const certifications = await of(owners, (owner) => duties.certifications({ owner }));
  const recertifications = await duties.recertifications('CO');
  return {
    texts: await of(owners, (owner) => duties.certificationTexts(owner)), certifications, ofAgencies: await of([ori, otherOri], (one) => duties.certifications({ ori: one })),
    statements: await of(certifications.flat().map(({ id }) => id), (id) => statementOf(world.sql, unsealed, id)), reviews: await of(scopes, (scope) => duties.userReviews(scope)), recertifications,
    pages: await of(recertifications.map(({ id }) => id), (id) => duties.recertificationPage('CO', id, { after: null, limit: 100, open: false })),
    due: [await duties.due({ owner: 'CO' }, world.clock), await duties.due({ ori }, world.clock)],
    felt: [ori, otherOri].flatMap((one) => owners.flatMap((owner) => [0, 3, 10, 100, 400].map((days) => registry.requester(one)?.attributes(owner, new Date(world.clock + days * day)).certified))),
  };
}

type Step = readonly [what: number, a: number, b: number];
/** The texts and a re-certification first; then what there is more to be done of, more often. */
const first: readonly Step[] = [[0, 0, 1], [0, 1, 2], [7, 0, 9], [4, 0, 0]];
const often = [0, 1, 1, 1, 1, 2, 3, 4, 4, 4, 5, 5, 5, 5, 6, 7, 8, 8, 8, 9, 9, 10, 11];
const steps = fc.array(fc.tuple(fc.constantFrom(...often), fc.nat(30), fc.nat(30)), { minLength: 5, maxLength: 60 }).map((found): readonly Step[] => [...first, ...found]);

/** One thing that somebody does; what the rules refuse is refused. */
async function act([what, a, b]: Step): Promise<void> {
  const { duties } = world;
  const [owner, certification] = [owners[a % 2] ?? 'CO', words[b % 2] ?? words[0]];
  const actor = { ...coordinator, ...(a % 3 === 0 ? { account: second.account, person: second.person, name: second.name } : {}) };
  const signed = (await duties.certifications({ owner }))[a % 5];
  const review = (await duties.userReviews(scopes[b % 2] ?? scopes[0])).at(0);
  const [recertification] = await duties.recertifications('CO');
  const item = recertification?.items[a % 2];
  const does: readonly (() => Promise<unknown>)[] = [
    () => duties.setCertificationText(owner, { certification, text: `I certify that this is version ${b % 4}, no matter what.`, validDays: [5, 30, 365][a % 3] ?? 5, remindDays: [[], [1], [3, 2]][b % 3] ?? [], perjury: a % 2 === 0 }, official),
    async () => duties.certify(a % 2 === 0 ? ori : otherOri, {
      owner, certification, textHash: (await duties.certificationTexts(owner)).find((one) => one.certification === certification)?.hash ?? '', typedName: actor.name, underPenaltyOfPerjury: true,
    }, actor),
    () => duties.revokeCertification(owner, signed?.id ?? '', { reason: `it was not so, ${a}` }, official),
    () => duties.readmit(owner, signed?.id ?? '', { reason: 'it is so by now' }, official),
    async () => { world.clock += ([1, 2, 20, 95][b % 4] ?? 1) * day; await duties.tick(world.clock); },
    () => duties.reviewUser(review?.scope ?? '', review?.id ?? '', review?.items[a % Math.max(1, review.items.length)]?.id ?? '', { decision: b % 3 === 0 ? 'remove' : 'keep', reason: `seen, ${b}` }, second),
    async () => world.sql`update role_grant set ended_at = ${new Date(world.clock)}, ended_by = 'operator' where id = (select id from role_grant where account = ${`A-00000000000${4 + (a % 5)}`} and ended_at is null limit 1)`,
    () => duties.beginRecertification('CO', { year: new Date(world.clock).getUTCFullYear(), dueAt: new Date(world.clock + (1 + b) * day).toISOString() }, official),
    () => duties.recertify('CO', recertification?.id ?? '', item?.id ?? '', { decision: (['keep', 'reduce', 'remove'] as const)[b % 3] ?? 'keep', reason: `the evidence, ${b}` }, official),
    () => duties.policyWritten('CO', recertification?.id ?? '', item?.id ?? '', { version: 1 + (b % 2) }, official),
    () => world.drain(), () => duties.tick(world.clock),
  ];
  await does[what]?.().catch((error: unknown) => {
    if (!(error instanceof DutyError)) throw error;
  });
}

/** The ledger, broken off after so many entries of each reading. */
function broken(most: number): JournalReader {
  return {
    get size() { return world.journal.size; },
    async *read(from, options) {
      let left = most;
      for await (const one of world.journal.read(from, options)) {
        if (left <= 0) throw new Error('killed');
        left -= 1;
        yield one;
      }
    },
  };
}

describe('certifications, reviews of users and re-certifications', () => {
  it('come back from the ledger as they were, whatever was done; once as twice, and broken off anywhere', async () => {
    const done = new Set<string>();
    await fc.assert(fc.asyncProperty(steps, fc.nat(20), async (sequence, kill) => {
      await fresh();
      for (const step of sequence) await act(step);
      await world.duties.tick(world.clock);
      await world.drain();
      const before = await seen();
      const told = world.entries.length;
      for (const one of world.acts()) done.add(`${one.act} ${one.result} ${String(one.detail?.['decision'] ?? one.detail?.['writtenVersion'] ?? '')}`.trim());
      await lose();
      const again = world.another({ journal: broken(kill) });
      await again.tick(world.clock).catch(() => undefined);
      await world.another().tick(world.clock);
      await world.drain();
      expect(await seen(world.another())).toEqual(before);
      // What was noted once is not noted again, by the clock or by whoever reads the ledger anew.
      await world.sql`delete from projection where name = 'duty'`;
      await world.another().tick(world.clock);
      await world.drain();
      expect(await seen(world.another())).toEqual(before);
      expect(world.entries.slice(told).filter((entry) => entry.type !== 'system' || entry.event !== 'registryActivated')).toEqual([]);
    }), { numRuns: 12, interruptAfterTimeLimit: 120_000, endOnFailure: true, examples: [[[[0, 0, 1], [1, 0, 1], [4, 0, 1], [4, 0, 1], [0, 0, 0], [1, 0, 0], [4, 0, 1], [0, 0, 0], [1, 0, 0], [2, 0, 0], [3, 0, 0], [7, 0, 20], [8, 0, 2], [9, 0, 0], [4, 0, 0], [5, 1, 0], [6, 2, 0], [5, 3, 1]], 4]] });
    expect([...done]).toEqual(expect.arrayContaining([
      'certificationTextSet done', 'certificationSigned done', 'certificationRevoked done', 'certificationReadmitted done', 'certificationReminded done', 'certificationLapsed done', 'userReviewBegun done', 'userReviewed done keep',
      'userReviewed done remove', 'userReviewClosed failed', 'recertificationBegun done', 'recertificationListed done', 'agencyRecertified done keep', 'agencyRecertified done remove', 'agencyRecertified done 1', 'recertificationClosed failed',
    ]));
  }, 300_000);
});
