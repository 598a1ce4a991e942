import { createHash } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '../../src/insight/archive/engine.ts';
import type { OwnerWriter } from '../../src/insight/archive/types.ts';
import { ownerFolder } from '../../src/insight/archive/dataset.ts';
import { openWriter } from '../../src/insight/archive/writer.ts';
import type { Jurisdiction } from '../../src/vocabulary/index.ts';
import type { Sheet } from './columns.ts';
import type { Ground } from './ground.ts';
import { ownerYear, type OwnerYear } from './ownerYear.ts';
import { rowMaker } from './rows.ts';

/** What was written of an owner. */
export interface WrittenOwner {
  readonly owner: Jurisdiction;
  /** Queries that were written now and not found from before. */
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
    // Sealed are whole months. They are made again, because what they held may be decided in later ones, and given to nobody.
    const before = writer.next;
    const year = ownerYear(ground, owner);
    await writePapers(ownerFolder(folder, owner), year);
    const maker = rowMaker(ground, year, writer);
    let [unsealed, written] = [0, 0];
    for (let month = 0; month < 12; month++) {
      const [first = 0, next = 0] = [year.starts[month], year.starts[month + 1]];
      let fresh = 0;
      maker.month(month, (sheet) => {
        if ((sheet.index[0] as number) < before) return;
        putSheet(writer, sheet);
        fresh += sheet.length;
      });
      unsealed += fresh;
      if (fresh > 0) written += next - first;
      say(next - first);
      if (unsealed < unsealedRows && month < 11) continue;
      await writer.seal();
      unsealed = 0;
    }
    await writer.compact(ground.plan.months.at(-1) ?? 0);
    return { owner, written };
  } finally {
    await writer.close();
  }
}

/** Gives a sheet to the archive: its rows, then what they say of reviews. */
export function putSheet(writer: OwnerWriter, sheet: Sheet): void {
  writer.addColumns(sheet);
  for (const note of sheet.notes) {
    if ('held' in note) writer.hold(note.held, note.row, note.terms);
    else writer.end(note.ended, note.ending);
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

