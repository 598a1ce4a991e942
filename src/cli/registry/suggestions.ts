import { readContent, suggestionsOf } from '../../registry/index.ts';
import { verb, type AddVerb, type CommonOptions, type VerbResult } from '../verb.ts';
import { align, count } from './columnsOfText.ts';
import { withRegistry } from './withRegistry.ts';

interface SuggestionOptions extends CommonOptions {
  readonly state?: string;
}

/** `weir registry suggestions`: affiliations that a person has yet to confirm. */
export const addSuggestions: AddVerb = (parent) => {
  parent.command('suggestions')
    .description('affiliations that wait for a person: they count as undeclared until then')
    .option('--state <code>', 'only where the organisation has an office in this state')
    .addHelpText('after', `
Examples:
  weir registry suggestions --state VA
  weir registry suggestions > list.txt      keep the lines that are right, then: weir registry confirm --file list.txt --by "records desk"`)
    .action(verb(suggestions));
};

async function suggestions(options: SuggestionOptions): Promise<VerbResult> {
  const content = await withRegistry(options, async (sql) => readContent(sql));
  const names = new Map(content.organisations.map((row) => [row.id, row.name]));
  const state = options.state?.toUpperCase();
  const here = new Set(content.offices.filter((row) => row.state === state).map((row) => row.organisation));
  const found = suggestionsOf(content).filter(({ affiliation: { from, to } }) => state === undefined || here.has(from) || here.has(to));
  return {
    text: found.length === 0 ? 'No suggestion waits.' : [
      align(found.map(({ id, affiliation: row }) => [
        id, `${row.kind} ${row.detail ?? ''}`.trim(), row.from, names.get(row.from) ?? '', `-> ${row.to}`, `${row.since} to ${row.until ?? 'open'}`, row.provenance,
      ])),
      '', `${count(found.length)} wait`,
    ].join('\n'),
    json: found.map(({ id, affiliation }) => ({ id, ...affiliation, fromName: names.get(affiliation.from) ?? null, toName: names.get(affiliation.to) ?? null })),
  };
}
