import type { Item, PolicyDocument } from '../document.ts';

/**
 * The document as it stands on the day of an instant (UTC): what is not in force is left out, and of a policy that is not in force
 * itself nothing is left but claims. Days are compared as text, on purpose apart from how the table compares them: exports are oracles of it.
 */
export function inForce(document: PolicyDocument, at: Date): PolicyDocument {
  const day = at.toISOString().slice(0, 10);
  const stands = (item: Pick<Item, 'effective' | 'expires'>): boolean => (item.effective ?? day) <= day && day <= (item.expires ?? day);
  const some = <I extends Item>(items: readonly I[]): readonly I[] => (stands(document) ? items.filter(stands) : []);
  return { ...document, rules: some(document.rules), onward: some(document.onward), limits: some(document.limits), notify: some(document.notify) };
}

/** Text as one line without anything that could end a comment: titles and the names of desks are written by people. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, ' ');
}
