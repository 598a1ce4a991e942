import { createHash, randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inventNetwork } from '../demo/network.ts';
import type { Sealer } from '../src/exchange/ports.ts';
import { importFiles, readMapping, reportOf, withImport, type ImportReport } from '../src/insight/imports/index.ts';
import type { Reason } from '../src/insight/imports/reasons.ts';
import { sampleLog, sampleMapping, tenSpoilings } from '../src/insight/imports/sampleLog.ts';
import { hmacSha256 } from '../src/ledger/keys/hmac.ts';
import { canonicalSubject } from '../src/ledger/keys/subject.ts';
import { createSnapshot } from '../src/registry/index.ts';
import { decode } from '../src/wire/index.ts';
import { argument } from './argument.ts';
import { conditions, number, table, type Row } from './table.ts';

/**
 * Imports an invented log of `lines` lines, of which one in a hundred is spoiled in one of ten ways, and compares each count of the report with what was
 * spoiled. Returns the rows of the budget table; the row on accounting is not met where one count is other than it has to be.
 */
export async function benchImport(lines: number): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'weir-bench-import-'));
  try {
    const registry = createSnapshot(inventNetwork(), 1, 'ab'.repeat(32));
    const path = join(folder, 'switch.csv');
    const { expected, most } = await writeLog(path, lines, registry.content.offices.filter(({ active }) => active).slice(0, 18_000).map(({ ori }) => ori));
    const reading = readMapping(sampleMapping);
    if (!reading.ok) throw new Error('the mapping of the sample is not one');
    let peak = 0;
    const watch = setInterval(() => { peak = Math.max(peak, process.memoryUsage.rss()); }, 100);
    const began = performance.now();
    const processor = process.cpuUsage();
    const { size } = await stat(path);
    const report = await withImport({
      archive: join(folder, 'archive'), name: 'bench', owner: 'WA', mapping: reading.mapping, mappingHash: createHash('sha256').update(sampleMapping).digest('hex'), by: 'bench', listed: 5, engine: 'bench',
      registry, sealer: randomSealer(), now: () => Date.UTC(2026, 10, 1),
      decode: (text) => {
        const found = decode('legacy', Buffer.from(text));
        return found.ok ? { inquiry: found.value } : { fault: found.fault.code };
      },
    }, async (session) => {
      await importFiles(session, [path]);
      return reportOf({ dataset: 'bench', owner: 'WA', dryRun: false, by: 'bench', lacks: session.state.lacks }, session.state.sources, 5);
    });
    const seconds = (performance.now() - began) / 1000;
    clearInterval(watch);
    const { user, system } = process.cpuUsage(processor);
    const busy = (user + system) / 1e6;
    const wrong = differences(report, expected);
    for (const line of wrong) process.stderr.write(`${line}\n`);
    const spoiled = [...expected].filter(([reason]) => tenSpoilings.some((way) => way === reason)).reduce((sum, [, count]) => sum + count, 0);
    return [
      { what: `import of ${number(lines)} lines (${number(size / 2 ** 20)} MiB)`, measured: `${number(seconds, 1)} s, ${number(lines / seconds)} lines/s; ${number(busy, 1)} s of processor on all threads`, budget: '10 million in a few minutes', ok: lines / seconds >= 40_000 },
      { what: `memory at its highest, of which before the import ${number(most / 2 ** 20)} MiB`, measured: `${number(peak / 2 ** 20)} MiB`, budget: '2 GiB', ok: peak < 2 ** 31 },
      { what: `lines spoiled in ${tenSpoilings.length} ways: ${number(spoiled)}; every line of ${number(report.lines.read)} accounted for`, measured: wrong.length === 0 ? 'each count as it was spoiled' : `${wrong.length} counts differ`, budget: 'all', ok: wrong.length === 0 },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeLog(path: string, lines: number, oris: readonly string[]): Promise<{ readonly expected: ReadonlyMap<Reason, number>; readonly most: number }> {
  const log = sampleLog({ lines, every: 100, ways: tenSpoilings, seed: 5, oris });
  const out = createWriteStream(path);
  for (const piece of log.pieces) if (!out.write(piece)) await once(out, 'drain');
  out.end();
  await once(out, 'close');
  return { expected: log.expected, most: process.memoryUsage.rss() };
}

/** Every count of the report that is not what it has to be. Of agencies all are in the registry. */
function differences(report: ImportReport, expected: ReadonlyMap<Reason, number>): readonly string[] {
  const found = new Map<Reason, number>([['archived', report.lines.archived]]);
  for (const { reason, count } of [...report.skipped, ...report.duplicates, ...report.refused, ...report.remarks]) found.set(reason, count);
  const sum = report.lines.skipped + report.lines.archived + report.lines.duplicates + report.lines.refused;
  return [
    ...[...new Set([...expected.keys(), ...found.keys()])].filter((reason) => expected.get(reason) !== found.get(reason)).map((reason) => `${reason}: ${expected.get(reason) ?? 0} expected, ${found.get(reason) ?? 0} counted`),
    ...(sum === report.lines.read ? [] : [`${report.lines.read} lines read, ${sum} accounted for`]),
  ];
}

function randomSealer(): Sealer {
  const mac = hmacSha256(randomBytes(32));
  return { tag: (_, subject) => mac(canonicalSubject(subject)), seal: () => '' };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const rows = await benchImport(argument('--lines', 10_000_000));
  process.stdout.write(`${table(rows)}\n\n${conditions()}\n`);
  process.exitCode = rows.every(({ ok }) => ok !== false) ? 0 : 1;
}
