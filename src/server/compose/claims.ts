import type { Logger } from 'pino';
import { recordUnrecorded } from '../../store/policies.ts';
import type { Sql } from '../../store/index.ts';
import type { ProofDesk } from '../proof/desk.ts';
import type { Checked, Failing } from '../proof/recheck.ts';
import type { ChangeRecorder } from './changes.ts';

/** Sees to it that the claims of all owners are proved again after each change. */
export interface ClaimWatch {
  /** Something changed: a policy, or the registry. */
  changed(): void;
  /** What the last run found, by owner. */
  failing(): readonly Failing[];
  /** Waits for what is under way; then nothing more is begun. */
  stop(): Promise<void>;
}

export interface ClaimWatchParts {
  readonly sql: Sql;
  readonly desk: Pick<ProofDesk, 'recheck'>;
  /** Its journal must be open. */
  readonly changes: Pick<ChangeRecorder, 'record'>;
  readonly log: Logger;
  /** Milliseconds from a change to the proofs, so that several changes at once are proved together. */
  readonly pause?: number;
}

const dayLength = 86_400_000;
/** How often the journal is told of what it could not be told before, or what a command added without a switch of this process. */
const recordEvery = 60_000;

/**
 * Proves the claims after each change, when a day begins (certifications and rules begin and end with days), and once at the start; puts on
 * the record what newly fails, and each override. One run at a time: changes that come meanwhile cause one more. A failure is logged,
 * the next change tries again, and nothing of it ever stops a query.
 */
export function watchClaims({ sql, desk, changes, log, pause = 300 }: ClaimWatchParts): ClaimWatch {
  let latest: readonly Failing[] = [];
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> | null = null;
  let again = false;
  let stopped = false;

  const tell = async (): Promise<void> => {
    try {
      await recordUnrecorded(sql, ({ event, subject, hash }) => changes.record(event, subject, hash));
    } catch (error) {
      log.error({ error }, 'the journal could not be told of an override or a broken claim; it is tried again');
    }
  };
  const run = async (): Promise<void> => {
    try {
      await tell();
      const checked = await desk.recheck(latest);
      if (checked === null) return;
      latest = checked.owners;
      report(log, checked);
      await tell();
    } catch (error) {
      log.error({ error }, 'the claims could not be checked; the next change tries again');
    }
  };
  const begin = (): void => {
    timer = null;
    if (stopped) return;
    if (running !== null) return void (again = true);
    running = run().finally(() => {
      running = null;
      if (again) later();
      again = false;
    });
  };
  const later = (): void => {
    if (stopped) return;
    timer ??= setTimeout(begin, pause).unref();
  };
  let midnight: NodeJS.Timeout | null = null;
  const waitForMidnight = (): void => {
    midnight = setTimeout(() => { later(); waitForMidnight(); }, dayLength - (Date.now() % dayLength) + 1_000).unref();
  };
  const sweep = setInterval(() => void tell(), recordEvery).unref();

  waitForMidnight();
  later();
  return {
    changed: later,
    failing: () => latest,
    async stop() {
      stopped = true;
      clearInterval(sweep);
      for (const one of [timer, midnight]) if (one !== null) clearTimeout(one);
      await running;
    },
  };
}

function report(log: Logger, { registryVersion, owners, broken, faults }: Checked): void {
  for (const { owner, error } of faults) log.error({ owner, error }, 'the claims of an owner could not be proved');
  for (const { owner, claim, asker, names, count, holds, policyVersion } of broken) {
    log.warn({ owner, claim, policyVersion, registryVersion, asker, names, count, capped: holds === 'capped' }, holds === 'capped' ? 'a claim can no longer be decided' : 'a claim newly fails');
  }
  log.info({ registryVersion, claims: sum(owners, 'claims'), failing: sum(owners, 'failing') }, 'the claims of all owners were proved');
}

function sum(owners: readonly Failing[], key: 'claims' | 'failing'): number {
  return owners.reduce((total, owner) => total + owner[key], 0);
}
