import { dataClasses, isNameOf, type DataClass } from '../../vocabulary/index.ts';
import { proofWorlds, type ProofWorld } from '../../policy/index.ts';
import { LibraryError, ProofLibrary, type NamedBasis, type NamedDocument } from '../../server/proof/library.ts';
import { readWho, type Who } from '../../server/proof/who.ts';
import type { Sql } from '../../store/index.ts';
import { noPolicy, ownerOf, soundFile } from '../policy/file.ts';
import { readVersion, withRegistry } from '../registry/withRegistry.ts';
import { exitCodes, VerbError, type CommonOptions } from '../verb.ts';

/** Options of every verb that proves. */
export interface ProofOptions extends CommonOptions {
  /** A policy file instead of the policy in force. */
  readonly file?: string;
  /** A version of the registry instead of the newest. */
  readonly registry?: string;
}

/** Gives `work` the loader of what proofs are made of. */
export async function withLibrary<T>(options: ProofOptions, work: (library: ProofLibrary, sql: Sql) => Promise<T>): Promise<T> {
  return withRegistry(options, async (sql) => {
    try {
      return await work(new ProofLibrary(sql), sql);
    } catch (error) {
      if (!(error instanceof LibraryError)) throw error;
      const mend = error.code === 'noVersion' ? 'See weir registry versions.' : 'Activate a new version; until then everything is refused.';
      throw new VerbError(error.code === 'noVersion' ? exitCodes.usage : exitCodes.finding, error.message, mend, { cause: error });
    }
  });
}

/** What the proofs of one owner, or of a file, are made of: the policy in force and its table, and the registry as a network. */
export async function basisOf(library: ProofLibrary, owner: string | undefined, options: ProofOptions): Promise<NamedBasis> {
  const named = await documentOf(library, owner, options);
  return library.basis(named, options.registry === undefined ? {} : { version: readVersion(options.registry) });
}

/** `photo` out of an option; a usage fault where it is no class of data. */
export function dataClassOf(text: string): DataClass {
  if (isNameOf(dataClasses, text)) return text;
  throw new VerbError(exitCodes.usage, `\`${text.slice(0, 40)}\` is not a class of data`, `Use one of: ${Object.keys(dataClasses).join(', ')}`);
}

export function worldOf(text: string): ProofWorld {
  const world = proofWorlds.find((one) => one === text);
  if (world !== undefined) return world;
  throw new VerbError(exitCodes.usage, `\`${text.slice(0, 40)}\` is not a world`, 'Use honoured (data is passed on as onward rules allow) or possible (along every connection on record).');
}

export function whoOf(text: string): Who {
  const who = readWho(text);
  if (!('fault' in who)) return who;
  throw new VerbError(exitCodes.usage, `\`${text.slice(0, 60)}\` does not say who`, `${who.fault.charAt(0).toUpperCase()}${who.fault.slice(1)}.`);
}

/** A line that says of what something was proved, for a reader who wants to prove it again. */
export function basisLine({ document, policyHash, table, network }: NamedBasis): string {
  const registry = network.registryVersion === 0 ? 'no registry was imported yet' : `registry version ${network.registryVersion} on ${network.day}`;
  return `${document.policy} version ${document.version} (${policyHash.slice(0, 12)}…), table ${table.hash.slice(0, 12)}…, ${registry}`;
}

async function documentOf(library: ProofLibrary, owner: string | undefined, { file }: ProofOptions): Promise<NamedDocument> {
  if (file !== undefined) {
    const { document, hash } = await soundFile(file);
    if (owner === undefined || ownerOf(owner) === document.policy) return { document, hash };
    throw new VerbError(exitCodes.usage, `the policy in ${file} is that of ${document.policy}`, `Leave ${ownerOf(owner)} out, or name its file.`);
  }
  const name = ownerOf(owner ?? '');
  const named = await library.policy(name);
  if (named === null) throw noPolicy(name);
  return named;
}
