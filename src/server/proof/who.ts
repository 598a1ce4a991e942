import { attributeWords, isJurisdiction, type RequesterAttributes } from '../../vocabulary/index.ts';
import type { Matcher } from '../../policy/index.ts';
import type { Ori } from '../../model/index.ts';

/** Whom a question is about: one agency, or all that have these attributes. */
export type Who = { readonly ori: Ori } | { readonly to: Matcher };

/** What is wrong with a text that should say who, without a word of it, or with the words that could stand there. */
export interface WrongWho {
  readonly fault: string;
}

/**
 * Reads `WA0170000`, an ORI, or `mission=immigrationEnforcement,level=federal|tribal`: attributes with commas, their words with bars, as
 * `to` of a rule has them.
 */
export function readWho(text: string): Who | WrongWho {
  if (/^[0-9A-Za-z]{9}$/.test(text)) return { ori: text.toUpperCase() };
  const to: Record<string, readonly string[]> = {};
  for (const part of text.split(',')) {
    const [, name = '', list = ''] = /^\s*([A-Za-z0-9]+)\s*=\s*([A-Za-z0-9|\s]+)$/.exec(part) ?? [];
    if (!Object.hasOwn(attributeWords, name)) return { fault: `it is an ORI, or an attribute and its words such as mission=immigrationEnforcement; attributes are ${Object.keys(attributeWords).join(', ')}` };
    const attribute = name as keyof RequesterAttributes;
    const words = list.split('|').map((word) => word.trim());
    const known = (word: string): boolean => attributeWords[attribute].includes(word) || (attribute === 'homeState' && isJurisdiction(word));
    if (!words.every(known)) return { fault: `the words of ${name} are ${attributeWords[attribute].join(', ')}` };
    to[name] = [...new Set([...(to[name] ?? []), ...words])];
  }
  // Every name is an attribute, and every word one of its words.
  return { to };
}
