import { isJurisdiction, jurisdictionName } from '../../vocabulary/index.ts';
import { dayOf, deriveAttributes, isDate, textOfDay, type ContentSnapshot, type DerivedAttributes } from '../../registry/index.ts';
import { exitCodes, verb, VerbError, type AddVerb, type CommonOptions, type VerbResult } from '../verb.ts';
import { align } from './columnsOfText.ts';
import { openSnapshot, readVersion, withRegistry } from './withRegistry.ts';

interface LookupOptions extends CommonOptions {
  readonly owner?: string;
  readonly on?: string;
  readonly at?: string;
}

/** `weir registry lookup ORI`: what a policy can read of an agency, and where each word comes from. */
export const addLookup: AddVerb = (parent) => {
  parent.command('lookup')
    .description('an agency by its ORI: what policies read of it, and where each word comes from')
    .argument('<ori>', 'nine letters and digits')
    .option('--owner <state>', 'towards this owner: certifications are made to owners (all owners)')
    .option('--on <day>', 'as on this day (today)')
    .option('--at <version>', 'in this version of the registry (the newest)')
    .addHelpText('after', '\nExamples:\n  weir registry lookup WA0170000\n  weir registry lookup WA0170000 --owner CO --on 2026-01-31 --json\n\nExit code 1: no office has the ORI.')
    .action(verb(lookup));
};

async function lookup(options: LookupOptions, text: string): Promise<VerbResult> {
  const ori = text.toUpperCase();
  const owner = options.owner?.toUpperCase() ?? '*';
  if (owner !== '*' && !isJurisdiction(owner)) throw new VerbError(exitCodes.usage, 'the owner is not one of the 56 jurisdictions', 'Give two letters, such as CO.');
  const on = options.on ?? textOfDay(dayOf(new Date()));
  if (!isDate(on)) throw new VerbError(exitCodes.usage, 'the day is not a date', 'Give it as YYYY-MM-DD.');
  const snapshot = await withRegistry(options, async (sql) => openSnapshot(sql, options.at === undefined ? undefined : readVersion(options.at)));
  const office = snapshot.index.offices.get(ori);
  if (office === undefined) {
    return { text: `No office has this ORI in version ${snapshot.version} of the registry.`, json: { found: false, version: snapshot.version }, exit: exitCodes.finding };
  }
  const derived = deriveAttributes(snapshot.index, office.organisation, owner, dayOf(new Date(`${on}T00:00:00Z`)));
  const organisation = snapshot.index.organisations.get(office.organisation) ?? null;
  return {
    text: [
      align([
        ['ORI', office.ori], ['office', `${office.name}${office.active ? '' : ' (inactive: it cannot ask)'}`], ['stands in', `${jurisdictionName(office.state)}${office.county === null ? '' : `, ${office.county}`}`],
        ['type', office.type], ['organisation', `${office.organisation}  ${organisation?.name ?? ''}${organisation?.invented === true ? ' (invented)' : ''}`],
        ['above it', above(snapshot, office.organisation)], ['version', `${snapshot.version}, on ${on}, towards ${owner === '*' ? 'all owners' : jurisdictionName(owner)}`],
      ]),
      '', align(attributeRows(derived)),
    ].join('\n'),
    json: { found: true, version: snapshot.version, on, owner, office, organisation, attributes: derived },
  };
}

function attributeRows(derived: DerivedAttributes): string[][] {
  return (Object.keys(derived) as (keyof DerivedAttributes)[]).flatMap((name) => {
    const { value, because } = derived[name];
    const words = typeof value === 'string' ? value : value.join(', ');
    return because.map((reason, place) => (place === 0 ? [name, words, reason] : ['', '', reason]));
  });
}

function above(snapshot: ContentSnapshot, id: string): string {
  const line: string[] = [];
  let parent = snapshot.index.organisations.get(id)?.parent ?? null;
  while (parent !== null && !line.includes(parent)) {
    line.push(parent);
    parent = snapshot.index.organisations.get(parent)?.parent ?? null;
  }
  return line.length === 0 ? 'nothing' : line.join(', ');
}
