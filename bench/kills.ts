import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openJournal, readEntries, verifyJournal } from '../src/ledger/index.ts';
import { sampleEntry } from '../src/ledger/samples.ts';

/**
 * Kills a process that appends under load, again and again on one journal, and looks whether anything that it was told is missing or altered:
 * `node dist/bench/kills.js [--count 200] [--dir DIR] [--appenders 256]`. Exit code 1 where something is.
 *
 * The child tells each receipt through a pipe the moment it has it; the parent ends it with SIGKILL at a random moment, sometimes before it has
 * opened the journal. After every other kill the parent recovers the journal itself; otherwise the next child does, under load.
 */
const option = (name: string, otherwise: string): string => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : (process.argv[at + 1] ?? otherwise);
};

interface Told {
  readonly hash: string;
  readonly id: string;
}

if (process.argv.includes('--child')) await child(option('child', ''), Number(option('round', '0')), Number(option('appenders', '256')));
else await parent(Number(option('count', '200')), option('dir', process.cwd()));

async function child(folder: string, round: number, appenders: number): Promise<void> {
  const journal = await openJournal({ folder, segmentBytes: 8 * 1024 * 1024 });
  say(`size ${journal.size} ${journal.dropped?.bytes ?? 0}\n`);
  let lines = '';
  let number = 0;
  const tell = (): void => {
    say(lines);
    lines = '';
  };
  const appender = async (): Promise<never> => {
    for (;;) {
      number += 1;
      const sample = { ...sampleEntry(number), id: `${round}-${number}` };
      for (const { index, hash, entry } of await journal.append([sample])) {
        if (lines === '') queueMicrotask(tell);
        lines += `${index} ${hash} ${entry}\n`;
      }
    }
  };
  await Promise.all(Array.from({ length: appenders }, appender));
}

/** Waits until the pipe took it all. */
function say(text: string): void {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length;) {
    try {
      done += writeSync(1, bytes, done);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  }
}

async function parent(count: number, dir: string): Promise<void> {
  const root = mkdtempSync(join(dir, 'weir-kills-'));
  const folder = join(root, 'journal');
  const told: Told[] = [];
  const findings: string[] = [];
  let acknowledged = 0;
  let torn = 0;
  let early = 0;
  for (let round = 1; round <= count && findings.length < 10; round += 1) {
    const { lines, opened } = await killed(folder, round);
    if (opened === null) early += 1;
    else {
      if (opened.size < told.length) findings.push(`kill ${round}: the journal opened with ${opened.size} entries; ${told.length} were acknowledged`);
      if (opened.dropped > 0) torn += 1;
    }
    const first = told.length;
    for (const { index, hash, id } of lines) {
      if (told[index] !== undefined) findings.push(`kill ${round}: index ${index} was given twice`);
      told[index] = { hash, id };
      acknowledged += 1;
    }
    if (round % 2 === 0) {
      const journal = await openJournal({ folder });
      if (journal.size < told.length) findings.push(`kill ${round}: the journal recovered with ${journal.size} entries; ${told.length} were acknowledged`);
      if (journal.dropped !== null) torn += 1;
      await journal.close();
    }
    for (const damage of (await verifyJournal(folder).catch(() => ({ damage: [] }))).damage) findings.push(`kill ${round}: ${damage.file} at byte ${damage.offset}: ${damage.what}`);
    await compare(folder, told, first, round, findings);
    if (round % 20 === 0) console.log(`${round} kills, ${acknowledged} entries acknowledged, ${torn} torn tails dropped, ${findings.length} findings`);
  }
  await compare(folder, told, 0, count, findings);
  const report = await verifyJournal(folder);
  console.log(`${count} kills (${early} before the journal was open), ${acknowledged} entries acknowledged, ${report.entries} stored in ${report.segments} files, ${torn} torn tails dropped`);
  console.log(findings.length === 0 ? 'acknowledged entries that are missing or altered: 0; indices given twice: 0; the chain is whole' : findings.join('\n'));
  rmSync(root, { recursive: true });
  process.exitCode = findings.length === 0 ? 0 : 1;
}

/** Starts a child, kills it, and returns what it said. A line that the kill cut in two does not count. */
async function killed(folder: string, round: number): Promise<{ lines: { index: number; hash: string; id: string }[]; opened: { size: number; dropped: number } | null }> {
  const running = spawn(process.execPath, [fileURLToPath(import.meta.url), '--child', folder, '--round', String(round), '--appenders', option('appenders', '256')], { stdio: ['ignore', 'pipe', 'inherit'] });
  const chunks: Buffer[] = [];
  let timer: NodeJS.Timeout | null = Math.random() < 0.1 ? setTimeout(() => running.kill('SIGKILL'), Math.random() * 300) : null;
  running.stdout.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    timer ??= setTimeout(() => running.kill('SIGKILL'), Math.random() * 250);
  });
  const signal = await new Promise<NodeJS.Signals | null>((resolve) => running.once('close', (_, by) => resolve(by)));
  if (timer !== null) clearTimeout(timer);
  if (signal !== 'SIGKILL') throw new Error('the child ended by itself');
  const whole = Buffer.concat(chunks).toString('latin1').split('\n').slice(0, -1).map((line) => line.split(' '));
  const [opened, ...rest] = whole;
  return {
    lines: rest.map(([index, hash, id]) => ({ index: Number(index), hash: hash ?? '', id: id ?? '' })),
    opened: opened === undefined ? null : { size: Number(opened[1]), dropped: Number(opened[2]) },
  };
}

async function compare(folder: string, told: readonly (Told | undefined)[], from: number, round: number, findings: string[]): Promise<void> {
  let next = from;
  if (told.length <= from) return;
  for await (const { index, hash, entry } of readEntries(folder, from)) {
    const one = told[index];
    if (index !== next) findings.push(`kill ${round}: entry ${next} is missing`);
    if (one !== undefined && (one.hash !== hash || one.id !== entry.id)) findings.push(`kill ${round}: entry ${index} is not the one that was acknowledged`);
    next = index + 1;
  }
  if (next < told.length) findings.push(`kill ${round}: entries ${next} to ${told.length - 1} were acknowledged and are missing`);
}
