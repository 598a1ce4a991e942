import { labelOf } from '../vocabulary/index.ts';
import { pathsView } from '../server/proof/views.ts';
import { readWho } from '../server/proof/who.ts';
import { basisLine, basisOf, dataClassOf, withLibrary, worldOf, type ProofOptions } from './proof/basis.ts';
import { partyWords, traceLines, worldWords } from './proof/claimWords.ts';
import { exitCodes, verb, VerbError, type AddVerb } from './verb.ts';

interface Options extends ProofOptions {
  readonly to: string;
  readonly class: string;
  readonly world: string;
  readonly limit: string;
}

/** `weir paths`: the shortest ways by which an agency obtains a class of data. */
export const addPaths: AddVerb = (parent) => {
  parent.command('paths')
    .description('the shortest ways by which an agency can obtain a class of data, hop by hop')
    .argument('[owner]', 'two letters, such as WA')
    .requiredOption('--to <who>', 'an ORI, the id of an organisation, or attributes such as component=ICE')
    .requiredOption('--class <class>', 'a class of data, such as photo')
    .option('--world <world>', 'honoured: rules on passing data on are kept; possible: data goes wherever it can', 'honoured')
    .option('--limit <n>', 'ways at most', '5')
    .option('--file <file>', 'a policy file instead of the policy in force')
    .option('--registry <version>', 'this version of the registry, and not the newest')
    .addHelpText('after', '\nExit code 1: there is no way.\n\nExamples:\n  weir paths WA --to WAICEE01Z --class photo\n  weir paths WA --to us/dhs/ice --class address --world possible --limit 20\n  weir paths WA --to mission=immigrationEnforcement --class photo --json')
    .action(verb(async (options: Options, owner: string | undefined) => withLibrary(options, async (library) => {
      if (owner === undefined && options.file === undefined) throw new VerbError(exitCodes.usage, 'no owner is named', 'Name one: weir paths WA --to …');
      const [dataClass, world, limit] = [dataClassOf(options.class), worldOf(options.world), limitOf(options.limit)];
      const basis = await basisOf(library, owner, options);
      const read = readWho(options.to);
      const view = pathsView(basis, { to: 'fault' in read ? options.to : read, dataClass, world, limit });
      if (view === null) {
        const mend = options.to.includes('=') && 'fault' in read ? `${read.fault.charAt(0).toUpperCase()}${read.fault.slice(1)}.` : 'See weir registry find.';
        throw new VerbError(exitCodes.finding, `the registry has no organisation \`${options.to.slice(0, 60)}\``, mend);
      }
      const { to, ways } = view;
      const whom = to === null ? options.to : partyWords(to);
      const head = [basisLine(basis), `${labelOf(dataClass)} to ${whom}; ${worldWords[world]}`, ''];
      if (ways === null) return { text: [...head, 'The registry is larger than a proof takes on, and nothing is said.'].join('\n'), json: view, exit: exitCodes.finding };
      return {
        text: [...head, ...(ways.length === 0 ? ['There is no way.'] : ways.flatMap((way, place) => [`Way ${place + 1}${to === null ? `, to ${partyWords(way.obtainer)}` : ''}:`, ...traceLines(way).map((line) => `  ${line}`), '']))].join('\n').trimEnd(),
        json: view, exit: ways.length === 0 ? exitCodes.finding : exitCodes.ok,
      };
    })));
};

function limitOf(text: string): number {
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw new VerbError(exitCodes.usage, 'the limit is a whole number from 1 to 999');
}
