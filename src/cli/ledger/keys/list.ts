import type { OwnerKeyList } from '../../../ledger/keys/index.ts';
import { verb, type AddVerb, type CommonOptions, type VerbResult } from '../../verb.ts';
import { signersOf, withKeys } from './open.ts';

/** `weir ledger keys list`. Prints no key but public ones. */
export const addKeysList: AddVerb = (parent) => {
  parent.command('list')
    .description('list the signing keys with their verifier keys, and the day keys of each owner')
    .addHelpText('after', '\nExamples:\n  weir ledger keys list\n  weir ledger keys list --json | jq -r .signers[].vkey')
    .action(verb((options: CommonOptions) => withKeys(options, async (folder): Promise<VerbResult> => {
      const signers = await signersOf(folder);
      const { owners } = folder.list;
      const lines = [
        ...signers.flatMap(({ name, made, vkey, old }) => [`${name.padEnd(9)} ${(made === null ? 'kept by a program' : `made ${made.slice(0, 10)}`).padEnd(17)}  ${vkey}`, ...old.map((one) => `${' '.repeat(9)} ${'retired'.padEnd(17)}  ${one}`)]),
        ...ownerLines(owners),
      ];
      return { text: lines.join('\n'), json: { prefix: folder.prefix, signers, owners } };
    })));
};

/** Owners of whom nothing was recorded yet have a master only: they are counted and not listed. */
function ownerLines(owners: readonly OwnerKeyList[]): readonly string[] {
  const used = owners.filter(({ disclosure, other, destroyed }) => disclosure.length + other.length + destroyed.length > 0);
  const rest = owners.length - used.length;
  return [...(owners.length === 0 ? [] : ['']), ...used.map(ownerLine), ...(rest === 0 ? [] : [`${rest} ${rest === 1 ? 'owner has' : 'owners have'} a master key and no day keys yet.`])];
}

function ownerLine({ owner, disclosure, other, destroyed }: OwnerKeyList): string {
  return `${owner}  day keys: ${span(disclosure)} of disclosures, ${span(other)} of other entries; ${span(destroyed.map(({ day }) => day))} destroyed`;
}

function span(days: readonly string[]): string {
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return 'none';
  return `${days.length} (${first === last ? first : `${first} to ${last}`})`;
}
