import { allDataClasses, type DataClass } from '../../vocabulary/index.ts';
import { tableFor } from '../../policy/index.ts';
import { effectiveAccess } from '../../proof/access.ts';
import { difference, type Difference, type Reach } from '../../proof/difference.ts';
import { differenceLines } from '../../proof/differenceWords.ts';
import type { ProofBasis } from '../../proof/types.ts';
import type { NamedDocument, ProofLibrary } from '../../server/proof/library.ts';
import type { Sql } from '../../store/index.ts';
import { readPolicy } from '../../store/policies.ts';
import { dataClassOf, withLibrary } from '../proof/basis.ts';
import { readVersion } from '../registry/withRegistry.ts';
import { exitCodes, verb, VerbError, type AddVerb, type CommonOptions, type VerbResult } from '../verb.ts';
import { noPolicy, ownerOf, soundFile, soundStored } from './file.ts';

interface Options extends CommonOptions {
  readonly registry?: string;
  readonly class?: string;
  readonly paths?: boolean;
  readonly all?: boolean;
}

export const addDiff: AddVerb = (parent) => {
  parent.command('diff')
    .description('what another version of the policy, or of the registry, decides differently: who gains, who loses, with example requests')
    .argument('<before>', 'an owner, for its policy in force; or a policy file')
    .argument('[after]', 'a policy file; or, after an owner, the number of a version')
    .argument('[later]', 'after an owner and the number of a version, the number of a later one')
    .option('--registry <versions>', 'a version of the registry for both, or two as `3..4`; the newest where it is absent')
    .option('--class <classes>', 'only these classes of data, with commas')
    .option('--paths', 'also who gains and loses it through others, in both worlds')
    .option('--all', 'every change, and not only the first twenty')
    .addHelpText('after', `
What a machine gives now and did not before stands first. Two files without --registry need no database: they are compared for every kind
of agency that the rules can tell apart. Exit code 0 where nothing differs, 1 where something does.

Examples:
  weir policy diff WA draft.yaml                 the policy in force and a draft
  weir policy diff WA 1 2                        two versions that were activated
  weir policy diff WA --registry 3..4            what a change of the registry does
  weir policy diff old.yaml new.yaml --class photo`)
    .action(verb(async (options: Options, first: string, second?: string, third?: string) => {
      const classes = options.class === undefined ? allDataClasses : [...new Set(options.class.split(',').map((one) => dataClassOf(one.trim())))];
      const isOwner = /^[A-Za-z]{2}$/.test(first);
      if (!isOwner && second === undefined) throw usage('name two files, or an owner', 'For example: weir policy diff WA draft.yaml, or weir policy diff old.yaml new.yaml');
      if (isOwner && second === undefined && options.registry?.includes('..') !== true) throw usage('there is nothing to compare with', 'Name a file, a version, or two versions of the registry: weir policy diff WA draft.yaml');
      if (!isOwner && options.registry === undefined) {
        const [before, after] = [offline(await soundFile(first)), offline(await soundFile(second ?? ''))];
        sameOwner(before, after);
        return told(difference(before, after, howOf(options, classes)), null);
      }
      return withLibrary(optionsWithout(options), async (library, sql) => {
        const [before, after] = await basesOf(library, sql, options, first, second, third);
        return told(difference(before, after, howOf(options, classes)), [before, after]);
      });
    }));
};

function howOf({ all, paths }: Options, classes: readonly DataClass[]): Parameters<typeof difference>[2] {
  return { classes, changes: all === true ? Number.MAX_SAFE_INTEGER : 20, ...(paths === true ? { reach } : {}) };
}

/** Who obtains a class by any chain, whatever it needs, in any form and after a review too. */
const reach: Reach = (basis, dataClass, world) => {
  const found = effectiveAccess(basis, { dataClass, world });
  if (found === 'capped' || basis.network === null) return 'capped';
  const [access] = found;
  return new Set(basis.network.nodes.filter((_, node) => access?.byAnyChain(node).some((word) => word !== 0) === true).map(({ id }) => id));
};

function optionsWithout({ registry: _, ...rest }: Options): CommonOptions {
  return rest;
}

function offline({ document, hash }: NamedDocument): ProofBasis {
  return { document, table: tableFor(document, { hash, at: Math.max(Date.now(), Date.parse(document.effective)) }), network: null };
}

async function basesOf(library: ProofLibrary, sql: Sql, { registry }: Options, first: string, second: string | undefined, third: string | undefined): Promise<readonly [ProofBasis, ProofBasis]> {
  const versions = registry === undefined ? [] : registry.split('..').map(readVersion);
  if (versions.length > 2) throw usage(`\`${(registry ?? '').slice(0, 40)}\` does not name versions of the registry`, 'One, such as 4, or two, such as 3..4.');
  const [from, to = from] = versions;
  const isOwner = /^[A-Za-z]{2}$/.test(first);
  const isVersion = (text: string | undefined): text is string => text !== undefined && /^\d+$/.test(text);
  const before = isOwner ? await stored(library, sql, ownerOf(first), isVersion(second) && isVersion(third) ? second : undefined) : await soundFile(first);
  const later = isVersion(third) ? third : second;
  const after = later === undefined ? before : isOwner && isVersion(later) ? await stored(library, sql, ownerOf(first), later) : await soundFile(later);
  sameOwner(before, after);
  const at = Math.max(library.now, Date.parse(after.document.effective));
  return [await library.basis(before, { version: from, at: before.hash === after.hash ? at : Math.max(library.now, Date.parse(before.document.effective)) }), await library.basis(after, { version: to, at })];
}

function sameOwner({ document: before }: Pick<ProofBasis, 'document'>, { document: after }: Pick<ProofBasis, 'document'>): void {
  if (before.policy !== after.policy) throw usage(`the policies are those of ${before.policy} and of ${after.policy}`, 'Compare versions of the policy of one owner.');
}

/** A version that was activated, or the one in force. */
async function stored(library: ProofLibrary, sql: Sql, owner: string, version: string | undefined): Promise<NamedDocument> {
  if (version === undefined) {
    const named = await library.policy(owner);
    if (named === null) throw noPolicy(owner);
    return named;
  }
  const found = await readPolicy(sql, owner, Number(version));
  if (found === null) throw noPolicy(owner, Number(version));
  return { document: soundStored(found), hash: found.hash };
}

function told(found: Difference, bases: readonly [ProofBasis, ProofBasis] | null): VerbResult {
  const paths = found.classes.some(({ paths: one }) => one !== null && Object.values(one).some((world) => world === 'capped' || world.gain.length + world.lose.length > 0));
  const different = !found.same || found.items.length > 0 || found.duties.more + found.duties.fewer > 0 || paths;
  return {
    text: [bases === null ? 'For every kind of agency that the rules of both can tell apart, without a registry.' : headOf(bases), '', ...differenceLines(found)].join('\n').trimEnd(),
    json: { different, ...found }, exit: different ? exitCodes.finding : exitCodes.ok,
  };
}

function headOf([before, after]: readonly [ProofBasis, ProofBasis]): string {
  const one = ({ document, table, network }: ProofBasis) => `version ${document.version} (${table.policyHash.slice(0, 12)}) with ${network === null || network.registryVersion === 0 ? 'an empty registry' : `registry version ${network.registryVersion}`}`;
  return `${after.document.policy}: from ${one(before)} to ${one(after)}.`;
}

function usage(message: string, mend: string): VerbError {
  return new VerbError(exitCodes.usage, message, mend);
}
