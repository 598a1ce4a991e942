import { csvLine } from '../../insight/export/csv.ts';
import type { StatTable } from '../../insight/statistics/index.ts';

/** A table as CSV (RFC 4180): a line for each line and one for the total, with the period and the data set in each, so that a line cut out still says what it is. */
export function tableCsv({ query, facts, rows, total }: StatTable): string {
  const { owners, period, dataset, kind } = facts;
  const about = [owners.length === 1 ? (owners[0] ?? '') : 'all', new Date(period.from).toISOString().slice(0, 10), new Date(period.to - 86_400_000).toISOString().slice(0, 10), 'UTC', dataset, kind];
  const head = [...query.by.flatMap(({ dimension }) => [dimension, `${dimension}Words`]), 'requests', 'records', 'before', 'yearBefore', 'owner', 'from', 'to', 'timeZone', 'dataset', 'kind'];
  const lines = [
    ...rows.map(({ keys, words, n, records, before, yearBefore }) => [...keys.flatMap((key, place) => [key, words[place] ?? '']), n, records, before, yearBefore, ...about]),
    [...query.by.flatMap((_, place) => (place === 0 ? ['total', 'each request once'] : ['', ''])), total.n, total.records, total.before, total.yearBefore, ...about],
  ];
  return [head, ...lines].map(csvLine).join('');
}
