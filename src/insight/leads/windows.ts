import { gather } from './gather.ts';
import type { Ground, Units } from './ground.ts';
import { shareTail } from './odds.ts';
import type { Judged, Shares } from './shares.ts';
import { sqlTag } from './words.ts';

/** The stretch of the period in which a unit is most unusual: all of it, or one or two months. */
export interface Stretch {
  readonly k: number;
  readonly n: number;
  readonly lnP: number;
  /** Milliseconds; null where it is the whole period. */
  readonly months: { readonly from: number; readonly to: number } | null;
}

/** So many units at most are read again by month: those that stand out most over the period. */
const most = 2_000;

/**
 * What goes on for a few weeks drowns in a year. Units that stand out a little over the period are looked at again by month and by two months in a row,
 * with the same expectation; the chance is corrected for the number of stretches. `kind` is an SQL condition over the columns of `ground.fromWithHours`, `counts` one for what the share is of.
 */
export async function worstStretches(ground: Ground, units: Units, shares: Shares, judged: Judged, sql: { readonly kind: string; readonly counts: string }, least: number): Promise<ReadonlyMap<number, Stretch>> {
  const found = new Map<number, Stretch>();
  const chosen = Array.from(judged.lnP.keys()).filter((u) => (judged.lnP[u] ?? 0) < Math.log(0.1) && units.user[u] !== 0n).sort((a, b) => (judged.lnP[a] ?? 0) - (judged.lnP[b] ?? 0) || a - b).slice(0, most);
  for (const u of chosen) found.set(u, { k: shares.k[u] ?? 0, n: shares.n[u] ?? 0, lnP: Math.min(0, (judged.lnP[u] ?? 0) + Math.LN2), months: null });
  const { from, to } = ground.session.period;
  if (chosen.length === 0 || monthOf(to - 1) - monthOf(from) < 2) return found;
  await ground.session.query(`CREATE OR REPLACE TEMP TABLE leads_keys AS SELECT * FROM (VALUES ${chosen.map((u) => `(${u}, ${units.office[u] ?? 0}, ${sqlTag(units.user[u] ?? 0n)})`).join(', ')}) v(unit, office, tag)`);
  const rows = await gather(ground.session, `SELECT k.unit, (year(r.at) * 12 + month(r.at) - 1)::INTEGER, count_if(${sql.kind})::INTEGER, count(*)::INTEGER
    ${ground.fromWithHours.replace('WHERE', 'JOIN leads_keys k ON k.tag = r.user AND k.office = w.office WHERE')} AND ${sql.counts} GROUP BY 1, 2 ORDER BY 1, 2`, ['int', 'int', 'int', 'int']);
  const [unit, month, k, n] = [rows.int(0), rows.int(1), rows.int(2), rows.int(3)];
  for (let start = 0; start < rows.length;) {
    let end = start;
    while (end < rows.length && unit[end] === unit[start]) end += 1;
    const u = unit[start] ?? 0;
    const tries = Math.log(4 * (end - start));
    for (let i = start; i < end; i += 1) {
      const next = i + 1 < end && (month[i + 1] ?? 0) === (month[i] ?? 0) + 1;
      for (const last of next ? [i, i + 1] : [i]) {
        const [some, all] = [(k[i] ?? 0) + (last > i ? k[last] ?? 0 : 0), (n[i] ?? 0) + (last > i ? n[last] ?? 0 : 0)];
        if (all < least || some <= all * (judged.expected[u] ?? 0)) continue;
        const lnP = Math.min(0, shareTail(some, all, judged.expected[u] ?? 0, judged.steady[u] ?? 1) + tries);
        if (lnP < (found.get(u)?.lnP ?? 0)) found.set(u, { k: some, n: all, lnP, months: { from: startOf(month[i] ?? 0), to: startOf((month[last] ?? 0) + 1) } });
      }
    }
    start = end;
  }
  return found;
}

/** `in April and May 2026`, or nothing for the whole period. */
export function stretchWords({ months }: Stretch): string {
  if (months === null) return '';
  const words = (at: number): string => new Date(at).toLocaleDateString('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' });
  const last = months.to - 1;
  return monthOf(last) === monthOf(months.from) ? ` in ${words(months.from)}` : ` in ${words(months.from)} and ${words(last)}`;
}

/** The same as a condition on the entries behind a lead. */
export function stretchCondition({ months }: Stretch): string {
  return months === null ? '' : ` AND moment >= make_timestamp(${months.from * 1000}) AND moment < make_timestamp(${months.to * 1000})`;
}

function monthOf(at: number): number {
  const date = new Date(at);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

function startOf(month: number): number {
  return Date.UTC(Math.floor(month / 12), month % 12, 1);
}
