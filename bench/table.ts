import { cpus, release, totalmem } from 'node:os';

/** One line of the budget table. `ok` is null where there is no budget to hold it against. */
export interface Row {
  readonly what: string;
  readonly measured: string;
  readonly budget: string;
  readonly ok: boolean | null;
}

/** The rows as a Markdown table, for people and for docs/benchmarks.md. */
export function table(rows: readonly Row[]): string {
  const verdict = (ok: boolean | null): string => (ok === null ? '' : ok ? 'met' : 'NOT MET');
  return ['| what | measured | budget | |', '|---|---|---|---|', ...rows.map((r) => `| ${r.what} | ${r.measured} | ${r.budget} | ${verdict(r.ok)} |`)].join('\n');
}

/** The machine and the conditions under which a table was made. */
export function conditions(): string {
  const [cpu] = cpus();
  return `${cpus().length} cores (${cpu?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}, Node ${process.versions.node}; load, exchange and PostgreSQL on this one machine; ${new Date().toISOString().slice(0, 10)}`;
}

export const number = (value: number, digits = 0): string => value.toLocaleString('en-US', { maximumFractionDigits: digits, minimumFractionDigits: digits });
