import { dayOf, rowWords, suggestionsOf, type ContentSnapshot } from '../../registry/index.ts';
import { exitCodes, verb, type AddVerb, type CommonOptions, type VerbResult } from '../verb.ts';
import { align, count } from './columnsOfText.ts';
import { openSnapshot, withRegistry } from './withRegistry.ts';

/** `weir registry show [ORGANISATION]`: the registry in numbers, or all that it has of one organisation. */
export const addShow: AddVerb = (parent) => {
  parent.command('show')
    .description('the registry in numbers, or everything about one organisation')
    .argument('[organisation]', 'its id, or the ORI of one of its offices')
    .addHelpText('after', '\nExamples:\n  weir registry show\n  weir registry show us/dhs/ice\n  weir registry show WA0170000 --json\n\nExit code 1: there is no such organisation, or no registry yet.')
    .action(verb(show));
};

async function show(options: CommonOptions, named?: string): Promise<VerbResult> {
  const snapshot = await withRegistry(options, async (sql) => openSnapshot(sql));
  if (named !== undefined) return showOne(snapshot, snapshot.index.offices.get(named.toUpperCase())?.organisation ?? named);
  if (snapshot.version === 0) return { text: 'Nothing was imported yet. See weir registry import.', json: { version: 0 }, exit: exitCodes.finding };
  const { organisations, offices, affiliations, certifications } = snapshot.content;
  const facts = {
    version: snapshot.version, hash: snapshot.hash, organisations: organisations.length, invented: organisations.filter((row) => row.invented).length,
    offices: offices.length, inactive: offices.length - snapshot.size, affiliations: affiliations.length, suggestions: suggestionsOf(snapshot.content).length, certifications: certifications.length,
    levels: tally(offices.map((row) => snapshot.requester(row.ori)?.attributes('*', new Date()).level ?? 'inactive')), kinds: tally(affiliations.map((row) => row.kind)),
  };
  return {
    text: align([
      ['version', String(facts.version)], ['hash', facts.hash], ['organisations', `${count(facts.organisations)}, ${count(facts.invented)} of them invented`],
      ['offices', `${count(facts.offices)}, ${count(facts.inactive)} of them inactive`], ...facts.levels.map(([level, n]) => [`  ${level}`, count(n)]),
      ['affiliations', `${count(facts.affiliations)}, ${count(facts.suggestions)} of them to be confirmed`], ...facts.kinds.map(([kind, n]) => [`  ${kind}`, count(n)]),
      ['certifications', count(facts.certifications)],
    ]),
    json: { ...facts, levels: Object.fromEntries(facts.levels), kinds: Object.fromEntries(facts.kinds) },
  };
}

function showOne(snapshot: ContentSnapshot, id: string): VerbResult {
  const { index } = snapshot;
  const organisation = index.organisations.get(id);
  if (organisation === undefined) return { text: `Version ${snapshot.version} of the registry has no such organisation.`, json: { found: false, version: snapshot.version }, exit: exitCodes.finding };
  const parts = snapshot.content.organisations.filter((row) => row.parent === id);
  const offices = index.officesOf.get(id) ?? [];
  const affiliations = index.affiliations.get(id) ?? [];
  const certifications = index.certifications.get(id) ?? [];
  const today = dayOf(new Date());
  const fields = Object.entries(organisation).filter(([, value]) => value !== null).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : String(value)]);
  const part = (title: string, lines: readonly string[]): string[] => (lines.length === 0 ? [] : ['', `${title} (${count(lines.length)})`, ...lines.map((line) => `  ${line}`)]);
  return {
    text: [
      align(fields),
      ...part('parts', parts.map((row) => rowWords('organisations', row))),
      ...part('offices', offices.map((row) => `${row.ori}  ${row.type}  ${row.state}  ${row.name}${row.active ? '' : '  (inactive)'}`)),
      ...part('affiliations', affiliations.map((row) => `${rowWords('affiliations', row)}  ${row.provenance}`)),
      ...part('certifications', certifications.map((row) => `${rowWords('certifications', row)}${Date.parse(row.until) / 86_400_000 < today ? '  (ended)' : ''}`)),
    ].join('\n'),
    json: { found: true, version: snapshot.version, organisation, parts: parts.map((row) => row.id), offices, affiliations, certifications },
  };
}

function tally(words: readonly string[]): (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
}
