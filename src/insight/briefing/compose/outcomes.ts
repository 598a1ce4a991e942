import type { Ink } from '../../../drawing/inks.ts';
import type { Chart } from '../../../drawing/charts/types.ts';
import { shareText } from '../say.ts';
import { sum } from './counts.ts';
import type { StatTable } from '../../statistics/types.ts';

const parts: readonly { readonly status: string; readonly name: string; readonly ink: Ink }[] = [
  { status: 'answered', name: 'answered in full', ink: 'answered' }, { status: 'answeredInPart', name: 'answered in part', ink: 'inPart' }, { status: 'held', name: 'held for a person', ink: 'held' },
  { status: 'refused', name: 'refused', ink: 'refused' }, { status: 'noRecord', name: 'no such record', ink: 'noRecord' }, { status: 'unavailable', name: 'could not be looked up', ink: 'unavailable' },
];

/** What came of all requests, as shares of one bar; null where there were none. `place` is where the status stands among the keys. */
export function outcomesChart(table: StatTable, place = 1): Chart | null {
  const { n: all } = table.total;
  if (all === 0) return null;
  const values = parts.map(({ status }) => sum(table, (keys) => keys[place] === status).n);
  return {
    chart: 'stack', title: 'What came of the requests', unit: 'requests', rows: [{ label: 'all requests', values }],
    parts: parts.map(({ name, ink }, part) => ({ name: `${name} ${shareText(values[part] ?? 0, all)}`, ink })),
    description: `${parts.flatMap(({ name }, part) => ((values[part] ?? 0) === 0 ? [] : [`${name} ${shareText(values[part] ?? 0, all)}`])).join(', ')}.`,
  };
}
