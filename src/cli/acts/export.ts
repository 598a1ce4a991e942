import { mkdir, open, rename, rm } from 'node:fs/promises';
import { Option } from 'commander';

import { noOwner } from '../../people/acts/index.ts';
import { ActExportError, actFormats, beginActExport, type ActExport, type ActFormat } from '../../server/people/actExport.ts';
import { weirVersion } from '../../store/index.ts';
import { counted } from '../../vocabulary/counts.ts';
import { refuseExisting } from '../ledger/writeNew.ts';
import { withStore } from '../store.ts';
import { exitCodes, verb, VerbError, type AddVerb, type CommonOptions } from '../verb.ts';
import { withMachineActs } from './onRecord.ts';
import { actsOwner, mustBeThere, queryOf } from './search.ts';

interface Options extends CommonOptions {
  readonly owner: string;
  readonly format: ActFormat;
  readonly out: string;
  readonly who: string;
  readonly why: string;
  readonly expires?: string;
}

export const addExport: AddVerb = (parent) => {
  parent.command('export')
    .description('write acts into a folder as CSV or JSON lines, with a manifest; itself on the record')
    .argument('[query...]', 'as for weir acts search; all of them where it is left out')
    .requiredOption('--owner <state>', 'whose acts; 00 for the exchange\'s own')
    .addOption(new Option('--format <format>', 'how they are written').choices([...actFormats]).default('csv'))
    .requiredOption('--out <folder>', 'a folder that is not there yet; it appears whole or not at all')
    .requiredOption('--who <office>', 'the office that gets it')
    .requiredOption('--why <text>', 'what it is for')
    .option('--expires <day>', 'the last day on which it may be kept, YYYY-MM-DD')
    .addHelpText('after', `
The folder holds the acts, asked.json and manifest.json with the SHA-256 of both. No name is in it, and nothing of what people wrote. That it was begun is on the record before
anything is written: no record, no export.

Example:
  weir acts export created:2026-03-01..2026-03-31 --owner WA --out march --who "State auditor" --why "Audit 2026-14"`)
    .action(verb(async ({ owner: given, format, out, who, why, expires, ...options }: Options, words: readonly string[]) => {
      const owner = actsOwner(given);
      const { query, text } = queryOf(words);
      refuseExisting(out);
      return await withStore(options, ({ sql, folder }) => withMachineActs(sql, folder, [owner], async (acts) => {
        await mustBeThere(sql, owner);
        const request = { scope: { owner }, place: `owner ${owner}`, owner: owner === noOwner ? null : owner, ori: null, query, text, format, by: 'operator', role: null, who, why, expires: expires ?? null };
        const made = await beginActExport({ sql, acts, engine: `weir ${weirVersion()}` }, request).catch((error: unknown) => {
          throw error instanceof ActExportError ? new VerbError(exitCodes.usage, error.message, error.mend, { cause: error }) : error;
        });
        await write(made, out);
        const { rows, files } = made.made();
        return { text: [`${out}: ${counted(rows, 'act')}, on the record as ${made.id}`, ...files.map(({ path, bytes, sha256 }) => `  ${path.padEnd(12)} ${bytes} bytes  ${sha256}`)].join('\n'), json: { id: made.id, out, rows, files } };
      }));
    }));
};

/** Into a folder beside it, which takes its name when it is whole. */
async function write(made: ActExport, out: string): Promise<void> {
  const making = `${out}.${made.id}.making`;
  try {
    await mkdir(making, { mode: 0o700 });
    for await (const { name, bytes } of made.files()) {
      const file = await open(`${making}/${name}`, 'wx', 0o600);
      try {
        for await (const chunk of bytes) await file.writeFile(chunk);
        await file.sync();
      } finally {
        await file.close();
      }
    }
    refuseExisting(out);
    await rename(making, out);
  } catch (error) {
    if (error instanceof VerbError || !(error instanceof Error && 'code' in error && 'syscall' in error)) throw error;
    throw new VerbError(exitCodes.environment, `${out} cannot be written`, 'Name a folder in one that exists and that you may write to. The export is on the record as broken off.', { cause: error });
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}
