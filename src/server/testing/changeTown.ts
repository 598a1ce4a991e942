import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openChanges, type Changes } from '../../approvals/index.ts';
import { sampleArchive, type SampleRow } from '../../insight/archive/sample.ts';
import { activatePolicy } from '../../store/policies.ts';
import type { InsightPlaces } from '../insight/messages.ts';
import { runJob as runInsight } from '../insight/jobs.ts';
import { runJob as runProof } from '../proof/jobs.ts';
import { ProofLibrary } from '../proof/library.ts';
import { testDesk } from './server.ts';
import { startTown, type Town } from './town.ts';
import { changeChecker, type CheckDesks } from '../changes/checker.ts';

/** A town in which policies are changed: real accounts, changes, proofs and backtests over a real database and an archive on disk. */
export interface ChangeTown extends Town {
  readonly changes: Changes;
  stop(): Promise<void>;
}

/** A policy of Washington, of one version: what it releases decides who gets more. */
export function washington(version: number, ...rules: readonly string[]): string {
  return `policy: WA\nversion: ${version}\neffective: 2026-01-01\nrules:\n${rules.map((rule) => `  - ${rule}\n`).join('')}`;
}

export const licence = '{ id: WA-1, release: { data: [licenceStatus, name] } }';
export const photo = '{ id: WA-2, release: { data: photo } }';
export const noPhoto = '{ id: WA-3, deny: { data: photo } }';

const rows: readonly SampleRow[] = [{ at: '2026-03-01', wanted: ['name', 'photo'], released: ['name'], rules: ['WA-1'], times: 5, subject: 'a' }];

/** Starts the town with a first policy in force. */
export async function startChangeTown(first: string = washington(1, licence)): Promise<ChangeTown> {
  const archive = await mkdtemp(join(tmpdir(), 'weir-changes-'));
  await sampleArchive(archive, rows);
  let changes: Changes | null = null;
  let desks: CheckDesks | null = null;
  const now = <T>(value: T | null): T => { if (value === null) throw new Error('not yet'); return value; };
  const late = new Proxy({} as Changes, { get: (_target, name) => Reflect.get(now(changes), name) as unknown });
  const town = await startTown({ policyDesk: testDesk({ run: (job) => now(desks).proof.run(job) }), insight: { run: (job) => now(desks).insight.run(job) } }, { people: { changes: late } });
  const places: InsightPlaces = { url: '', archive, ledger: { journal: '', ledger: '', keys: '' }, settings: {}, invented: true };
  desks = {
    proof: { run: (job) => runProof(new ProofLibrary(town.sql, Date.now), job) },
    insight: { run: (job) => runInsight(job, places, town.sql) },
  };
  await activatePolicy(town.sql, first, { author: 'test', at: new Date() });
  const opened = (changes = openChanges({ sql: town.sql, acts: town.people.acts, checker: changeChecker(desks) }));
  return {
    ...town, changes: opened,
    async stop() {
      await town.stop();
      await rm(archive, { recursive: true, force: true });
    },
  };
}
