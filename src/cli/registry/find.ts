import { exitCodes, verb, VerbError, type AddVerb, type CommonOptions, type VerbResult } from '../verb.ts';
import { align, count } from './columnsOfText.ts';
import { openSnapshot, withRegistry } from './withRegistry.ts';

interface FindOptions extends CommonOptions {
  readonly state?: string;
  readonly limit: string;
}

/** `weir registry find NAME`: offices and organisations whose name, id or ORI has these words. */
export const addFind: AddVerb = (parent) => {
  parent.command('find')
    .description('offices and organisations by the words of their name')
    .argument('<words...>', 'words of a name, an id or the beginning of an ORI; all must be there')
    .option('--state <code>', 'only offices in this state')
    .option('--limit <n>', 'at most so many', '20')
    .addHelpText('after', '\nExamples:\n  weir registry find springfield police\n  weir registry find homeland --state VA --limit 100\n\nExit code 1: nothing was found.')
    .action(verb(find));
};

async function find(options: FindOptions, words: readonly string[]): Promise<VerbResult> {
  const limit = /^[1-9]\d{0,4}$/.test(options.limit) ? Number(options.limit) : null;
  if (limit === null) throw new VerbError(exitCodes.usage, 'the limit is a whole number from 1 to 99999');
  const snapshot = await withRegistry(options, async (sql) => openSnapshot(sql));
  const wanted = words.flatMap((word) => word.toUpperCase().split(/\s+/)).filter((word) => word !== '');
  const has = (...texts: string[]): boolean => wanted.every((word) => texts.some((text) => text.toUpperCase().includes(word)));
  const state = options.state?.toUpperCase();
  const { organisations } = snapshot.index;
  const offices = snapshot.content.offices
    .filter((row) => (state === undefined || row.state === state) && has(row.ori, row.name, row.organisation, organisations.get(row.organisation)?.name ?? ''))
    .map((row) => ({ ori: row.ori, organisation: row.organisation, name: row.name, state: row.state, type: row.type, active: row.active }));
  const without = state !== undefined ? [] : snapshot.content.organisations.filter((row) => !snapshot.index.officesOf.has(row.id) && has(row.id, row.name))
    .map((row) => ({ ori: null, organisation: row.id, name: row.name, state: null, type: null, active: false }));
  const found = [...offices, ...without];
  const shown = found.slice(0, limit);
  return {
    text: found.length === 0 ? 'Nothing was found.' : [
      align(shown.map((row) => [row.ori ?? '---------', row.type ?? '--', row.state ?? '--', row.name, `${row.organisation}${row.ori !== null && !row.active ? '  (inactive)' : ''}`])),
      ...(found.length > limit ? [`and ${count(found.length - limit)} more: --limit`] : []),
    ].join('\n'),
    json: { found: found.length, rows: shown },
    exit: found.length === 0 ? exitCodes.finding : exitCodes.ok,
  };
}
