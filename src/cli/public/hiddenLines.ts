import { spanWords, tableTitles, type Aggregate, type Cell } from '../../publish/index.ts';

/** How many numbers a release shows and hides, in all and by table; and the sizes of what it says. */
export function hiddenCounts({ tables }: Pick<Aggregate, 'tables'>): { readonly shown: number; readonly small: number; readonly protects: number } {
  const cells = tables.flatMap(({ cells: inside, rowTotals, columnTotals, total }): readonly Cell[] => [...inside.flat(), ...(rowTotals ?? []), ...columnTotals, ...(total === null ? [] : [total])]);
  const of = (label: 'small' | 'protects'): number => cells.filter((cell) => typeof cell !== 'number' && cell.hidden === label).length;
  return { shown: cells.filter((cell) => typeof cell === 'number').length, small: of('small'), protects: of('protects') };
}

/** An aggregate in words, for whoever approves it. */
export function aggregateLines(aggregate: Aggregate, hash: string): readonly string[] {
  const { owner, ownerName, version, period, dataset, threshold, tables, leftOut, policy, changes, corrects, earlier, preparedBy, preparedAt, newest } = aggregate;
  const { shown, small, protects } = hiddenCounts(aggregate);
  return [
    ...(dataset.kind === 'invented' ? ['DEMONSTRATION: all numbers are invented.', ''] : []),
    `${ownerName} (${owner}), version ${version}, ${period.text} (${period.from} up to and without ${period.to}, UTC)${corrects === null ? '' : `, corrects version ${corrects}`}`,
    `From the data set \`${dataset.name}\`: ${dataset.label}. Newest entry: ${newest ?? 'none'}.`,
    `Prepared by ${preparedBy} on ${preparedAt.slice(0, 10)}. Checked against ${earlier.length === 0 ? 'no earlier release: this is the first' : `earlier versions ${earlier.map((one) => one.version).join(', ')}`}.`,
    '',
    `${shown} numbers are shown; ${small} from 1 to ${threshold} are hidden, and ${protects} more so that none of these can be worked out.`,
    ...tables.map((table) => { const own = hiddenCounts({ tables: [table] }); return `  ${tableTitles[table.id]}, ${spanWords(table.span)}: ${own.shown} shown, ${own.small} small, ${own.protects} protecting`; }),
    ...(leftOut.length === 0 ? [] : ['Left out:', ...leftOut.map(({ table, span, why }) => `  ${table}, ${spanWords(span)}: ${why}`)]),
    policy === null ? 'No policy is in force.' : `${policy.rules.length} rules in sentences, version ${policy.version} of the policy; ${changes.length === 0 ? 'no change' : `${changes.length} ${changes.length === 1 ? 'change' : 'changes'}`} in the period.`,
    `SHA-256 ${hash}`,
  ];
}
