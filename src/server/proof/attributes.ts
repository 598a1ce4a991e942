import { attributeWords, brokenConstraints, isJurisdiction, undeclaredAttributes, type RequesterAttributes } from '../../vocabulary/index.ts';

/** The attributes of an asker out of JSON; what is absent is `undeclared`. Null where a name or word is none of the vocabulary, or no agency can have them together. */
export function attributesOf(value: object): RequesterAttributes | null {
  const found: Record<string, unknown> = { ...undeclaredAttributes };
  for (const [name, given] of Object.entries(value) as [string, unknown][]) {
    if (!Object.hasOwn(attributeWords, name)) return null;
    const attribute = name as keyof RequesterAttributes;
    const words: readonly unknown[] = Array.isArray(given) ? given : [given];
    const isList = Array.isArray(undeclaredAttributes[attribute]);
    if (words.length === 0 || words.length > 50 || (!isList && words.length > 1) || !words.every((word) => isWord(attribute, word))) return null;
    found[name] = isList ? words : words[0];
  }
  // Every attribute is there, each with words of its own.
  const attributes = found as unknown as RequesterAttributes;
  return brokenConstraints(attributes).length === 0 ? attributes : null;
}

function isWord(attribute: keyof RequesterAttributes, word: unknown): boolean {
  return typeof word === 'string' && (attributeWords[attribute].includes(word) || (attribute === 'homeState' && isJurisdiction(word)));
}
