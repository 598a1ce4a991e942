import { canonicalPolicy, checkPolicy, printPolicy, type PolicyDocument } from '../policy/index.ts';

/** The same policy under another number: in the text as it was written where only the number can be changed in it, and else written out anew. */
export function numbered(text: string, version: number): string {
  const checked = checkPolicy(text);
  if (!checked.ok) throw new Error('only a sound policy can be given another number');
  const wanted: PolicyDocument = { ...checked.document, version };
  const changed = text.replace(/^(\s*\{?\s*["']?version["']?\s*:\s*)\d+/m, (_all, head: string) => `${head}${version}`);
  const again = checkPolicy(changed);
  return again.ok && canonicalPolicy(again.document) === canonicalPolicy(wanted) ? changed : printPolicy(wanted);
}

/** A policy without a rule, which refuses everything: what stands where nothing stood before. */
export function emptyPolicy(owner: string, version: number, day: string): string {
  return printPolicy({ policy: owner, version, effective: day, expires: null, title: null, note: null, cites: [], rules: [], onward: [], limits: [], notify: [], claims: [] });
}
