import { allDataClasses } from '../vocabulary/index.ts';
import { dataPhrases } from '../policy/phrases.ts';
import { accessMatrix } from '../proof/matrix.ts';
import type { ProofLibrary } from '../server/proof/library.ts';
import { accessView, basisView, countsView, type AccessGroup, type AccessView } from '../server/proof/views.ts';
import { basisLine, basisOf, dataClassOf, whoOf, withLibrary, worldOf, type ProofOptions } from './proof/basis.ts';
import { partyWords, worldWords } from './proof/claimWords.ts';
import { Slowly } from './proof/slowly.ts';
import { align, count } from './registry/columnsOfText.ts';
import { readVersion } from './registry/withRegistry.ts';
import { exitCodes, verb, VerbError, type AddVerb, type VerbResult } from './verb.ts';

interface Options extends ProofOptions {
  readonly class?: string;
  readonly world: string;
  readonly who?: string;
  readonly matrix?: boolean;
}

/** `weir access`: who can obtain what, directly or by any chain, and under which condition. */
export const addAccess: AddVerb = (parent) => {
  parent.command('access')
    .description('who can obtain what: directly or by any chain, and under which condition')
    .argument('[owner]', 'two letters, such as WA; not with --matrix')
    .option('--class <class>', 'one class of data, with the agencies that obtain it and when')
    .option('--who <who>', 'an ORI, or attributes such as mission=immigrationEnforcement,level=federal|state')
    .option('--world <world>', 'honoured: rules on passing data on are kept; possible: data goes wherever it can', 'honoured')
    .option('--matrix', 'every owner by every class of data, as numbers of organisations')
    .option('--file <file>', 'a policy file instead of the policy in force')
    .option('--registry <version>', 'this version of the registry, and not the newest')
    .addHelpText('after', `
What a person may release after a review counts as obtainable, and a reduced form as the data. A class that reveals another counts as it.

Examples:
  weir access WA                                        how many obtain each class, directly and only through others
  weir access WA --class photo                          which agencies, and when
  weir access WA --class photo --who mission=immigrationEnforcement --world possible
  weir access WA --who WAICEE01Z                        everything that one agency can obtain
  weir access --matrix --json`)
    .action(verb(async (options: Options, owner: string | undefined) => withLibrary(options, async (library) => {
      const world = worldOf(options.world);
      if (options.matrix === true) return matrix(library, owner, world, options);
      if (owner === undefined && options.file === undefined) throw new VerbError(exitCodes.usage, 'no owner is named', 'Name one, such as weir access WA; for all of them: weir access --matrix');
      const dataClass = options.class === undefined ? null : dataClassOf(options.class);
      const who = options.who === undefined ? null : whoOf(options.who);
      const basis = await basisOf(library, owner, options);
      if (dataClass === null && who === null) {
        const view = countsView(basis, world);
        return { text: [basisLine(basis), `${worldWords[world]}; of ${count(basis.network.nodes.length)} organisations`, '', ...countLines(view)].join('\n'), json: view, exit: exitOf(view.classes) };
      }
      const view = accessView(basis, { dataClass, world, who });
      if (view === null) throw new VerbError(exitCodes.finding, 'no organisation of the registry has this ORI', 'See weir registry find.');
      return { text: [basisLine(basis), `${worldWords[world]}; of ${count(view.among)} ${view.among === 1 ? 'organisation' : 'organisations'}`, '', ...groupLines(view)].join('\n').trimEnd(), json: view, exit: exitOf(view.classes) };
    })));
};

async function matrix(library: ProofLibrary, owner: string | undefined, world: ReturnType<typeof worldOf>, options: Options): Promise<VerbResult> {
  if (owner !== undefined || options.file !== undefined || options.who !== undefined || options.class !== undefined) {
    throw new VerbError(exitCodes.usage, '--matrix is about every owner and every class', 'Leave the owner, --file, --who and --class out.');
  }
  const slowly = new Slowly(options.quiet);
  try {
    const owners = await library.inForce();
    const rows: { readonly owner: string; readonly basis: ReturnType<typeof basisView>; readonly counts: Readonly<Record<string, { readonly direct: number; readonly indirect: number }>> | null }[] = [];
    for (const [place, one] of owners.entries()) {
      await slowly.step('owners', place, owners.length);
      const named = await library.policy(one.owner);
      if (named === null) continue;
      const basis = await library.basis(named, options.registry === undefined ? {} : { version: readVersion(options.registry) });
      const found = accessMatrix([basis], { world });
      rows.push({ owner: one.owner, basis: basisView(basis), counts: found === 'capped' ? null : (found[0]?.counts ?? null) });
    }
    slowly.end();
    const cell = (counts: (typeof rows)[number]['counts'], name: string): string => {
      const found = counts?.[name];
      return found === undefined ? '?' : found.indirect === 0 ? count(found.direct) : `${count(found.direct)}+${count(found.indirect)}`;
    };
    return {
      text: rows.length === 0 ? 'No policy is in force: nobody obtains anything.' : [
        `${worldWords[world]}; organisations that obtain a class by a request of their own + only through others`, '',
        align([['', ...allDataClasses.map((name) => name)], ...rows.map((row) => [row.owner, ...allDataClasses.map((name) => cell(row.counts, name))])]),
      ].join('\n'),
      json: { world, owners: rows.map(({ basis, counts }) => ({ ...basis, counts })) },
      exit: exitOf(rows.every(({ counts }) => counts !== null) ? [] : null),
    };
  } finally {
    slowly.end();
  }
}

function countLines({ classes }: ReturnType<typeof countsView>): string[] {
  if (classes === null) return [tooLarge];
  return [align([['class', 'directly', 'only through others'], ...classes.map(({ dataClass, direct, indirect }) => [dataClass, count(direct), count(indirect)])])];
}

function groupLines({ classes }: AccessView): string[] {
  if (classes === null) return [tooLarge];
  const none = classes.filter(({ groups }) => groups.length === 0).map(({ dataClass }) => dataPhrases[dataClass]);
  return [
    ...classes.filter(({ groups }) => groups.length > 0).flatMap(({ dataClass, groups }) => [`${dataPhrases[dataClass].charAt(0).toUpperCase()}${dataPhrases[dataClass].slice(1)}:`, ...groups.flatMap(conditionLines), '']),
    ...(none.length === 0 ? [] : [`Nobody of these obtains ${none.join(', ')}.`]),
  ];
}

function conditionLines({ direct, byAnyChain, count: many, agencies }: AccessGroup): string[] {
  const names = agencies.slice(0, 5).map(partyWords).join(', ');
  return [
    `  ${count(many)} ${many === 1 ? 'organisation' : 'organisations'}: ${names}${many > 5 ? ' …' : ''}`,
    `    asking ${direct === 'never' ? 'themselves: never' : `themselves: ${direct}`}`,
    ...(byAnyChain === direct ? [] : [`    through others: where somebody asks ${byAnyChain}`]),
  ];
}

const tooLarge = 'The registry is larger than a proof takes on, and nothing is said.';

/** A cap is something found, and never an answer. */
function exitOf(found: readonly unknown[] | null): 0 | 1 {
  return found === null ? exitCodes.finding : exitCodes.ok;
}
