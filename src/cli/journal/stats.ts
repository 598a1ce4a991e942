import { readEntries } from '../../ledger/index.ts';
import type { AddVerb, CommonOptions, VerbResult } from '../verb.ts';
import { verb } from '../verb.ts';
import { journalFolder, reading } from './folder.ts';

/** `weir journal stats`: how many of what. */
export const addStats: AddVerb = (parent) => {
  parent.command('stats')
    .description('count entries by type, owner, status and message key')
    .addHelpText('after', '\nExamples:\n  weir journal stats\n  weir journal stats --json | jq .owner.WA')
    .action(verb((options: CommonOptions) => reading(() => stats(journalFolder(options)))));
};

async function stats(folder: string): Promise<VerbResult> {
  const counts = { type: new Map<string, number>(), owner: new Map<string, number>(), status: new Map<string, number>(), key: new Map<string, number>() };
  let entries = 0;
  let bytes = 0;
  let from: string | null = null;
  let until: string | null = null;
  for await (const stored of readEntries(folder)) {
    const { entry } = stored;
    entries += 1;
    bytes += stored.bytes.length;
    from ??= entry.at;
    until = entry.at;
    add(counts.type, entry.type);
    if (entry.type !== 'decision') continue;
    add(counts.owner, entry.owner);
    add(counts.status, entry.status);
    add(counts.key, entry.key);
  }
  const tables = Object.entries(counts).map(([name, table]) => [name, sorted(table)] as const);
  const lines = [
    `entries  ${entries}, ${bytes} bytes${entries === 0 ? '' : `, ${Math.round(bytes / entries)} each`}`,
    ...(from === null || until === null ? [] : [`from     ${from}`, `until    ${until}`]),
    ...tables.flatMap(([name, rows]) => rows.map(([word, count], place) => `${(place === 0 ? name : '').padEnd(7)}  ${word.padEnd(18)} ${count}`)),
  ];
  return { text: lines.join('\n'), json: { entries, bytes, from, until, ...Object.fromEntries(tables.map(([name, rows]) => [name, Object.fromEntries(rows)])) } };
}

function add(table: Map<string, number>, word: string): void {
  table.set(word, (table.get(word) ?? 0) + 1);
}

/** The most frequent first, then by name. */
function sorted(table: ReadonlyMap<string, number>): [string, number][] {
  return [...table].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}
