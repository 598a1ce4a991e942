import { openLedgerForReading, reading } from '../ledger/folder.ts';
import type { AddVerb, CommonOptions, VerbResult } from '../verb.ts';
import { verb } from '../verb.ts';
import { ownerOf } from './line.ts';

/** `weir journal stats`: how many of what. */
export const addStats: AddVerb = (parent) => {
  parent.command('stats')
    .description('count entries by type, owner, status and message key')
    .addHelpText('after', '\nExamples:\n  weir journal stats\n  weir journal stats --json | jq .owner.WA')
    .action(verb((options: CommonOptions) => reading(() => stats(options))));
};

async function stats(options: CommonOptions): Promise<VerbResult> {
  const { reader } = await openLedgerForReading(options);
  const counts = { type: new Map<string, number>(), event: new Map<string, number>(), owner: new Map<string, number>(), status: new Map<string, number>(), key: new Map<string, number>() };
  let entries = 0;
  let from: string | null = null;
  let until: string | null = null;
  for await (const { entry } of reader.entries(0)) {
    entries += 1;
    from ??= entry.at;
    until = entry.at;
    add(counts.type, entry.type);
    const owner = ownerOf(entry);
    if (owner !== null) add(counts.owner, owner);
    if (entry.type === 'system') add(counts.event, entry.event);
    if (entry.type !== 'decision') continue;
    add(counts.status, entry.status);
    add(counts.key, entry.key);
  }
  const tables = Object.entries(counts).map(([name, table]) => [name, sorted(table)] as const);
  const lines = [
    `entries  ${entries}`,
    ...(from === null || until === null ? [] : [`from     ${from}`, `until    ${until}`]),
    ...tables.flatMap(([name, rows]) => rows.map(([word, count], place) => `${(place === 0 ? name : '').padEnd(7)}  ${word.padEnd(18)} ${count}`)),
  ];
  return { text: lines.join('\n'), json: { entries, from, until, ...Object.fromEntries(tables.map(([name, rows]) => [name, Object.fromEntries(rows)])) } };
}

function add(table: Map<string, number>, word: string): void {
  table.set(word, (table.get(word) ?? 0) + 1);
}

/** The most frequent first, then by name. */
function sorted(table: ReadonlyMap<string, number>): [string, number][] {
  return [...table].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}
