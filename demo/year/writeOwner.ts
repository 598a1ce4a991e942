import { createHash } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '../../src/insight/archive/engine.ts';
import { ownerFolder } from '../../src/insight/archive/dataset.ts';
import { openWriter } from '../../src/insight/archive/writer.ts';
import type { Jurisdiction } from '../../src/vocabulary/index.ts';
import type { Ground } from './ground.ts';
import { ownerYear, type OwnerYear } from './ownerYear.ts';
import { rowMaker } from './rows.ts';

/** What was written of an owner. */
export interface WrittenOwner {
  readonly owner: Jurisdiction;
  /** Rows in all, and those that were written now and not found from before. */
  readonly rows: number;
  readonly written: number;
}

/** So many rows wait in memory before they are sealed: enough for whole months of most owners, and no more than some 300 MB. */
const unsealedRows = 1_500_000;

/**
 * Writes the year of one owner into a data set, months at a time. What was sealed before is left as it is, so that a year that was broken off goes on.
 * Beside the rows: the policies that decide them (`policies.json`, `policies/`), and what was planted (`planted.json`). `say` is told of rows as they are made.
 * Throws an `ArchiveError`.
 */
export async function writeOwner(ground: Ground, folder: string, owner: Jurisdiction, engine: Engine, say: (rows: number) => void = () => undefined): Promise<WrittenOwner> {
  const writer = await openWriter({ folder }, owner, { engine, monthly: true, graceMs: 0 });
  try {
    const all = ground.plan.owners.find((one) => one.owner === owner)?.total ?? 0;
    const before = writer.next;
    if (before < all || all === 0) {
      const year = ownerYear(ground, owner);
      await writePapers(ownerFolder(folder, owner), year);
      const maker = rowMaker(ground, year, writer);
      let unsealed = 0;
      for (let month = 0; month < 12; month++) {
        const [first = 0, next = 0] = [year.starts[month], year.starts[month + 1]];
        if (next <= before && next > 0) continue;
        maker.month(month, (sheet) => writer.addColumns(sheet));
        unsealed += next - first;
        say(next - first);
        if (unsealed < unsealedRows && month < 11) continue;
        await writer.seal();
        unsealed = 0;
      }
      await writer.compact(ground.plan.months.at(-1) ?? 0);
    }
    say(before);
    return { owner, rows: writer.next, written: writer.next - before };
  } finally {
    await writer.close();
  }
}

/** The policies with the days from which they decide, their tables by hash, and the planted cases. */
async function writePapers(folder: string, { policies, judge, planted }: OwnerYear): Promise<void> {
  await mkdir(join(folder, 'policies'), { recursive: true, mode: 0o700 });
  for (const { version, text } of policies) await replace(join(folder, 'policies', `${version}.yaml`), text);
  for (let stretch = 0; stretch < judge.turns.length; stretch++) {
    const { hash, text } = judge.table(stretch);
    await replace(join(folder, 'policies', `${hash}.table.json`), text);
  }
  await replace(join(folder, 'policies.json'), `${JSON.stringify(policies.map(({ version, hash, since }) => ({ version, hash, since: new Date(since).toISOString() })), null, 2)}\n`);
  await replace(join(folder, 'planted.json'), `${JSON.stringify(planted.cases, null, 2)}\n`);
}

/** Whole or not at all. */
async function replace(path: string, text: string): Promise<void> {
  const making = `${path}.${createHash('sha256').update(path).digest('hex').slice(0, 8)}.tmp`;
  await writeFile(making, text, { mode: 0o600 });
  await rename(making, path);
}

