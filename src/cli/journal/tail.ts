import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { InvalidArgumentError } from 'commander';
import type { LedgerReader, OpenedRecord } from '../../ledger/index.ts';
import { segmentSequence } from '../../ledger/index.ts';
import { openLedgerForReading, reading } from '../ledger/folder.ts';
import type { AddVerb, CommonOptions, VerbResult } from '../verb.ts';
import { verb } from '../verb.ts';
import { lineOf, ownerOf } from './line.ts';
import { shownOf } from './shown.ts';

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
    .description('print the last entries: time, sequence, owner, requester, key, status, rules, released classes')
    .option('-n, --lines <count>', 'how many', count, 10)
    .option('-f, --follow', 'go on as entries come')
    .option('--owner <code>', 'only entries of this owner')
    .addHelpText('after', '\nExamples:\n  weir journal tail -n 20\n  weir journal tail --follow --owner WA\n  weir journal tail --json | jq .[].entry.status')
    .action(verb((options: TailOptions) => reading(() => tail(options))));
};

async function tail(options: TailOptions): Promise<VerbResult> {
  const { reader, places } = await openLedgerForReading(options);
  const wanted = ({ entry }: OpenedRecord): boolean => options.owner === undefined || ownerOf(entry) === options.owner.toUpperCase();
  const { entries, next } = await lastEntries(reader, places.journal, options.lines, wanted);
  if (options.follow !== true) return { text: entries.map(lineOf).join('\n'), json: entries.map(shownOf) };
  const print = (opened: OpenedRecord): void => void process.stdout.write(`${options.json === true ? JSON.stringify(shownOf(opened)) : lineOf(opened)}\n`);
  for (const opened of entries) print(opened);
  return await follow(reader, places.journal, next, wanted, print);
}

/** Never returns: the user ends it. */
async function follow(reader: LedgerReader, folder: string, from: number, wanted: (opened: OpenedRecord) => boolean, print: (opened: OpenedRecord) => void): Promise<never> {
  let next = from;
  let seen = '';
  for (;;) {
    const now = await lastWrite(folder);
    if (now === seen) {
      await pause(lookEvery);
      continue;
    }
    seen = now;
    for await (const opened of reader.entries(next)) {
      if (wanted(opened)) print(opened);
      next = opened.sequence + 1;
    }
  }
}

/** Changes with every batch, so that an idle journal is not read again and again. */
async function lastWrite(folder: string): Promise<string> {
  const name = (await readdir(folder)).filter((one) => segmentSequence(one) !== null).sort().at(-1);
  if (name === undefined) return '';
  const { size, mtimeMs } = await stat(join(folder, name));
  return `${name} ${size} ${mtimeMs}`;
}

/** Goes back file by file until there are enough; what the write-ahead file has no more is not looked for. */
async function lastEntries(reader: LedgerReader, folder: string, most: number, wanted: (opened: OpenedRecord) => boolean): Promise<{ entries: OpenedRecord[]; next: number }> {
  const starts = (await readdir(folder)).map(segmentSequence).filter((index) => index !== null).sort((a, b) => b - a);
  let entries: OpenedRecord[] = [];
  let end: number | undefined;
  let next = 0;
  for (const start of starts) {
    const found: OpenedRecord[] = [];
    let seen = start;
    for await (const opened of reader.entries(start, end === undefined ? {} : { end })) {
      seen = opened.sequence + 1;
      if (!wanted(opened)) continue;
      found.push(opened);
      if (found.length > 2 * most) found.splice(0, found.length - most);
    }
    if (end === undefined) next = seen;
    entries = [...found, ...entries];
    if (entries.length >= most) break;
    end = start;
  }
  return { entries: most === 0 ? [] : entries.slice(-most), next };
}

function count(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('a whole number up to 999999 is wanted.');
  return Number(text);
}
