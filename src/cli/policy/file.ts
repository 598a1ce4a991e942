import { readFile } from 'node:fs/promises';
import { caps, checkPolicy, type CheckResult, type PolicyDocument } from '../../policy/index.ts';
import type { StoredPolicy } from '../../store/policies.ts';
import { exitCodes, VerbError } from '../verb.ts';
import { findingLines } from './findingLines.ts';

/** The bytes of a file that the user names, at most one more than a policy may have. */
export async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return (await readFile(file)).subarray(0, caps.bytes + 1);
  } catch (cause) {
    throw new VerbError(exitCodes.usage, `the file ${file} cannot be read`, 'See that it is there and that you may read it.', { cause });
  }
}

/** Reads and checks a policy file. The text is what was checked, for showing lines of it. */
export async function checkFile(file: string): Promise<{ readonly text: string; readonly result: CheckResult }> {
  const bytes = await readBytes(file);
  return { text: new TextDecoder().decode(bytes), result: checkPolicy(bytes) };
}

/** The document in a file, where it must be sound for the verb to go on. */
export async function soundFile(file: string): Promise<{ readonly text: string; readonly document: PolicyDocument; readonly hash: string }> {
  const { text, result } = await checkFile(file);
  if (result.ok) return { text, document: result.document, hash: result.hash };
  const errors = result.findings.filter(({ severity }) => severity === 'error');
  throw new VerbError(exitCodes.finding, `the policy in ${file} has errors\n${findingLines(file, text, errors).join('\n')}`, `Mend them and see: weir policy check ${file}`);
}

/** The document behind a stored text. */
export function soundStored(stored: StoredPolicy): PolicyDocument {
  const result = checkPolicy(stored.text);
  if (result.ok && result.hash === stored.hash) return result.document;
  throw new VerbError(exitCodes.finding, `version ${stored.version} of ${stored.owner} in the store is not the document that its hash names`, 'Activate a new version; until then everything is refused.');
}

/** `WA` of `wa`; a usage fault where it is no owner. */
export function ownerOf(text: string): string {
  const owner = text.toUpperCase();
  if (/^[A-Z]{2}$/.test(owner)) return owner;
  throw new VerbError(exitCodes.usage, `\`${text.slice(0, 20)}\` is not an owner`, 'An owner is two letters, such as WA.');
}

export function noPolicy(owner: string, version?: number): VerbError {
  return new VerbError(exitCodes.finding, `there is no ${version === undefined ? 'policy' : `version ${version} of the policy`} of ${owner}`, 'See what there is: weir policy list');
}
