import { parse } from 'yaml';
import { attributeWords, brokenConstraints, integrityConstraints, isJurisdiction, undeclaredAttributes, type RequesterAttributes } from '../../vocabulary/index.ts';
import { exitCodes, VerbError } from '../verb.ts';
import { readBytes } from './file.ts';

/** The attributes of an asker from a file, to try a policy out. What is absent is `undeclared`. */
export async function readAttributes(file: string): Promise<RequesterAttributes> {
  const value = parsed(file, new TextDecoder().decode(await readBytes(file)));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw fault(file, 'is not a map of attributes');
  const found: Record<string, unknown> = { ...undeclaredAttributes };
  for (const [name, given] of Object.entries(value)) {
    if (!Object.hasOwn(attributeWords, name)) throw fault(file, `has \`${name.slice(0, 40)}\`, which is no attribute`, `Use: ${Object.keys(attributeWords).join(', ')}`);
    const attribute = name as keyof RequesterAttributes;
    const words: readonly unknown[] = Array.isArray(given) ? given : [given];
    if (words.length === 0 || !words.every((word) => isWord(attribute, word))) throw fault(file, `has a word for \`${name}\` that is not in the vocabulary`, `See: weir vocabulary ${name}`);
    if (!Array.isArray(undeclaredAttributes[attribute]) && words.length > 1) throw fault(file, `has several words for \`${name}\`, which takes one`);
    found[name] = Array.isArray(undeclaredAttributes[attribute]) ? words : words[0];
  }
  const attributes = found as unknown as RequesterAttributes;
  const [broken] = brokenConstraints(attributes);
  if (broken !== undefined) throw fault(file, `describes no agency that there can be: ${integrityConstraints.find(({ id }) => id === broken)?.plain ?? broken}`);
  return attributes;
}

function parsed(file: string, text: string): unknown {
  try {
    return parse(text, { schema: 'core', version: '1.2', maxAliasCount: 0, logLevel: 'error' }) as unknown;
  } catch (cause) {
    throw new VerbError(exitCodes.usage, `the file ${file} is not YAML`, null, { cause });
  }
}

function isWord(attribute: keyof RequesterAttributes, word: unknown): boolean {
  if (typeof word !== 'string') return false;
  return attributeWords[attribute].includes(word) || (attribute === 'homeState' && isJurisdiction(word));
}

function fault(file: string, what: string, mend: string | null = null): VerbError {
  return new VerbError(exitCodes.usage, `the file ${file} ${what}`, mend);
}
