import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkYear, writeYear } from '../demo/year/index.ts';

/** One line of the table: how long an invented year takes to write, what of the processor, and how much room it takes. */
export interface YearMeasure {
  readonly scale: number;
  readonly rows: number;
  readonly seconds: number;
  /** Seconds of processor time, all threads together. */
  readonly processor: number;
  readonly rowsPerSecond: number;
  readonly bytes: number;
  readonly bytesPerRow: number;
  /** Most memory of the process so far. */
  readonly residentMb: number;
  readonly countSeconds: number;
  readonly findings: number;
}

/** Writes years of these scales (1000 and 100 where nothing else is said) into a temporary folder, counts them again, and removes them. */
export async function measureYear(scales: readonly number[] = [1000, 100]): Promise<readonly YearMeasure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'weir-bench-year-'));
  const measures: YearMeasure[] = [];
  try {
    for (const scale of scales) {
      const before = process.cpuUsage();
      const { rows, seconds, bytes } = await writeYear(folder, { scale, again: true });
      const { user, system } = process.cpuUsage(before);
      const began = Date.now();
      const { findings } = await checkYear(folder, 'year');
      measures.push({
        scale, rows, seconds, processor: (user + system) / 1e6, rowsPerSecond: rows / seconds, bytes, bytesPerRow: bytes / rows, residentMb: process.resourceUsage().maxRSS / 1024,
        countSeconds: (Date.now() - began) / 1000, findings: findings.length,
      });
    }
    return measures;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The measures as a table in Markdown. */
export function yearTable(measures: readonly YearMeasure[]): string {
  const number = (value: number, digits = 0): string => value.toLocaleString('en-US', { maximumFractionDigits: digits });
  return [
    '| scale | rows | time | processor | rows/s | on disk | bytes a row | memory, most | counted again in | findings |', '|---|---|---|---|---|---|---|---|---|---|',
    ...measures.map((one) => `| 1/${number(one.scale)} | ${number(one.rows)} | ${number(one.seconds, 1)} s | ${number(one.processor, 1)} s | ${number(one.rowsPerSecond)} | ${number(one.bytes / 1e6)} MB | ${number(one.bytesPerRow, 1)} | ${number(one.residentMb)} MB | ${number(one.countSeconds, 1)} s | ${one.findings} |`),
  ].join('\n');
}

/** `node dist/bench/year.js 1000 100 10 1`. */
if (process.argv[1]?.endsWith('year.js') === true) {
  const scales = process.argv.slice(2).map(Number).filter((scale) => Number.isInteger(scale) && scale > 0);
  process.stdout.write(`${yearTable(await measureYear(scales.length === 0 ? undefined : scales))}\n`);
}
