import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startTestPostgres, type TestPostgres } from '../../../test/postgres.ts';
import type { SystemEntry } from '../../model/index.ts';
import type { StoredVerdict } from '../../store/policies.ts';
import { createLog } from '../logging.ts';
import type { Checked, Failing } from '../proof/recheck.ts';
import { watchClaims, type ClaimWatch } from './claims.ts';

let postgres: TestPostgres;
const open: ClaimWatch[] = [];
beforeAll(async () => { postgres = await startTestPostgres({ migrate: true }); });
afterEach(async () => {
  await Promise.all(open.splice(0).map((watch) => watch.stop()));
  await postgres.sql`truncate policy_version, claim_override`;
});
afterAll(async () => { await postgres.stop(); });

interface Line { readonly level: number; readonly msg: string; readonly owner?: string; readonly asker?: string }

/** A watch over a desk that answers with what it is given, and a journal that may be broken. */
function watch(answers: readonly (Checked | null)[] = []) {
  const asked: (readonly Failing[])[] = [];
  const told: [SystemEntry['event'], string][] = [];
  const lines: Line[] = [];
  const journal = { broken: false };
  let waiting = Promise.resolve();
  const watching = watchClaims({
    sql: postgres.sql, pause: 5,
    log: createLog('info', { write: (line) => void lines.push(JSON.parse(line) as Line) }),
    desk: { recheck: async (known) => { asked.push(known ?? []); await waiting; return answers[asked.length - 1] ?? null; } },
    changes: { record: (event, subject) => { if (journal.broken) return Promise.reject(new Error('the disk is full')); told.push([event, subject]); return Promise.resolve(); } },
  });
  open.push(watching);
  return { watching, asked, told, lines, journal, hold: (until: Promise<void>) => void (waiting = until) };
}

async function until(seen: () => boolean): Promise<void> {
  await expect.poll(seen).toBe(true);
}

const verdict: StoredVerdict & { readonly decides: true } = {
  owner: 'CO', policyVersion: 1, registryVersion: 2, claim: 'CO-C1', world: 'honoured', domain: 'registry', decides: true, holds: false, count: 1, names: ['ICE'],
  asker: 'Example County Sheriff (invented)', sentence: 'It asks.', checkedAt: new Date(),
};
const checked = (failing: number): Checked => ({ registryVersion: 2, owners: [{ owner: 'CO', claims: 1, failing, of: 'x' }], broken: failing === 0 ? [] : [verdict], faults: [] });
const override = (version: number) => postgres.sql.begin(async (tx) => {
  await tx`insert into policy_version (owner, version, hash, text, author, effective, activated_at) values ('CO', ${version}, ${'a'.repeat(64)}, 'x', 'desk', '2026-01-01', now())`;
  await tx`insert into claim_override (owner, version, claims, reason, by, at) values ('CO', ${version}, ${['CO-C1']}, 'an order', 'desk', now())`;
});

describe('the claims of a running exchange', () => {
  it('are proved at the start and after a change, and what is known is not forgotten', async () => {
    const { watching, asked, lines } = watch([checked(0), checked(1)]);
    await until(() => asked.length === 1 && watching.failing().length === 1);
    expect(watching.failing()).toMatchObject([{ failing: 0 }]);
    watching.changed();
    watching.changed();
    await until(() => watching.failing()[0]?.failing === 1);
    expect(asked).toEqual([[], checked(0).owners]);
    expect(lines.find(({ msg }) => msg === 'a claim newly fails')).toMatchObject({ level: 40, owner: 'CO', asker: 'Example County Sheriff (invented)' });
  });

  it('are proved one run at a time: what changes meanwhile causes one more', async () => {
    let release = (): void => undefined;
    const { watching, asked, hold } = watch([checked(0), checked(1), checked(1)]);
    hold(new Promise((resolve) => { release = resolve; }));
    await until(() => asked.length === 1);
    for (let i = 0; i < 5; i += 1) {
      watching.changed();
      await sleep(10);
    }
    expect(asked).toHaveLength(1);
    release();
    await until(() => asked.length === 2);
    await sleep(50);
    expect(asked).toHaveLength(2);
  });

  it('keep what they were where a run comes to nothing', async () => {
    const { watching, asked } = watch([checked(1), null]);
    await until(() => watching.failing().length === 1);
    watching.changed();
    await until(() => asked.length === 2);
    await sleep(20);
    expect(watching.failing()).toMatchObject([{ failing: 1 }]);
  });

  it('have their overrides put on the record, and again where the journal could not write', async () => {
    await override(1);
    const { watching, told, journal, lines } = watch([checked(0)]);
    await until(() => told.length === 1);
    expect(told).toEqual([['claimsOverridden', 'CO 1 CO-C1']]);
    journal.broken = true;
    await override(2);
    watching.changed();
    await until(() => lines.some(({ level }) => level === 50));
    journal.broken = false;
    watching.changed();
    await until(() => told.length === 2);
    expect(told[1]).toEqual(['claimsOverridden', 'CO 2 CO-C1']);
  });

  it('are let be once the exchange stops', async () => {
    const { watching, asked } = watch([checked(0)]);
    await until(() => asked.length === 1);
    await watching.stop();
    watching.changed();
    await sleep(50);
    expect(asked).toHaveLength(1);
  });
});
