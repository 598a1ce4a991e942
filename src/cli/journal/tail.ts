import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { InvalidArgumentError } from 'commander';
import type { StoredEntry } from '../../ledger/index.ts';
import { readEntries, segmentIndex } from '../../ledger/index.ts';
import type { AddVerb, CommonOptions, VerbResult } from '../verb.ts';
import { verb } from '../verb.ts';
import { journalFolder, reading } from './folder.ts';
import { lineOf, ownerOf } from './line.ts';

interface TailOptions extends CommonOptions {
  readonly lines: number;
  readonly follow?: boolean;
  readonly owner?: string;
}

/** How often the journal is looked at again with `--follow`, in milliseconds. */
const lookEvery = 250;

/** `weir journal tail`: the last entries, and with `--follow` those that come. */
export const addTail: AddVerb = (parent) => {
  parent.command('tail')
    .description('print the last entries: time, index, owner, requester, key, status, rules, released classes')
    .option('-n, --lines <count>', 'how many', count, 10)
    .option('-f, --follow', 'go on as entries come')
    .option('--owner <code>', 'only entries of this owner')
    .addHelpText('after', '\nExamples:\n  weir journal tail -n 20\n  weir journal tail --follow --owner WA\n  weir journal tail --json | jq .[].entry.status')
    .action(verb((options: TailOptions) => reading(() => tail(options))));
};

async function tail(options: TailOptions): Promise<VerbResult> {
  const folder = journalFolder(options);
  const wanted = (stored: StoredEntry): boolean => options.owner === undefined || ownerOf(stored) === options.owner;
  const { entries, next } = await lastEntries(folder, options.lines, wanted);
  if (options.follow !== true) return { text: entries.map(lineOf).join('\n'), json: entries.map(jsonOf) };
  const print = (stored: StoredEntry): void => void process.stdout.write(`${options.json === true ? JSON.stringify(jsonOf(stored)) : lineOf(stored)}\n`);
  for (const stored of entries) print(stored);
  return await follow(folder, next, wanted, print);
}

/** Never returns: the user ends it. */
async function follow(folder: string, from: number, wanted: (stored: StoredEntry) => boolean, print: (stored: StoredEntry) => void): Promise<never> {
  let next = from;
  let seen = '';
  for (;;) {
    const now = await lastWrite(folder);
    if (now === seen) {
      await pause(lookEvery);
      continue;
    }
    seen = now;
    for await (const stored of readEntries(folder, next)) {
      if (wanted(stored)) print(stored);
      next = stored.index + 1;
    }
  }
}

/** Changes with every batch, so that an idle journal is not read again and again. */
async function lastWrite(folder: string): Promise<string> {
  const name = (await readdir(folder)).filter((one) => segmentIndex(one) !== null).sort().at(-1);
  if (name === undefined) return '';
  const { size, mtimeMs } = await stat(join(folder, name));
  return `${name} ${size} ${mtimeMs}`;
}

/** Goes back file by file until there are enough. */
async function lastEntries(folder: string, most: number, wanted: (stored: StoredEntry) => boolean): Promise<{ entries: StoredEntry[]; next: number }> {
  const starts = (await readdir(folder)).map(segmentIndex).filter((index) => index !== null).sort((a, b) => b - a);
  let entries: StoredEntry[] = [];
  let end: number | undefined;
  let next = 0;
  for (const start of starts) {
    const found: StoredEntry[] = [];
    let seen = start;
    for await (const stored of readEntries(folder, start, end === undefined ? {} : { end })) {
      seen = stored.index + 1;
      if (!wanted(stored)) continue;
      found.push(stored);
      if (found.length > 2 * most) found.splice(0, found.length - most);
    }
    if (end === undefined) next = seen;
    entries = [...found, ...entries];
    if (entries.length >= most) break;
    end = start;
  }
  return { entries: most === 0 ? [] : entries.slice(-most), next };
}

function jsonOf({ index, hash, entry }: StoredEntry): unknown {
  return { index, hash, entry };
}

function count(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('a whole number up to 999999 is wanted.');
  return Number(text);
}
