import { components, departments, type Component } from '../../vocabulary/index.ts';
import { partyWords } from '../parties.ts';
import type { AttributesWord } from '../archive/types.ts';

/**
 * The body that an asker belongs to, as people speak of it: the highest component of a federal department (ICE, CBP, FBI …), else its party. Sisters are
 * families of one department. Never read from the letters of an ORI.
 */
export function familyOf({ component, department, level, party }: AttributesWord): { readonly family: string; readonly department: string } {
  const highest = tops.find((one) => component.includes(one));
  if (highest !== undefined) return { family: highest, department };
  if (level === 'federal' && department !== 'none' && department !== 'undeclared') return { family: `other ${department}`, department };
  return { family: party, department: 'none' };
}

export function familyWords(family: string): string {
  // `undeclared` is a word of both: here it is the party.
  if (Object.hasOwn(partyWords, family)) return partyWords[family as keyof typeof partyWords];
  if (Object.hasOwn(components, family)) return short[family as Component] ?? components[family as Component].plain;
  const department = family.replace(/^other /, '');
  return Object.hasOwn(departments, department) ? `other parts of the ${departments[department as keyof typeof departments].plain}` : family;
}

const short: Readonly<Partial<Record<Component, string>>> = { ICE: 'ICE (with HSI)', CBP: 'CBP', FBI: 'the FBI', DEA: 'the DEA', ATF: 'the ATF', USMS: 'the Marshals Service', TSA: 'the TSA', USSS: 'the Secret Service', USCG: 'the Coast Guard', USCIS: 'USCIS', FPS: 'the Federal Protective Service' };

/** Parts of a part come after it: an office of HSI is of ICE. */
const tops: readonly Component[] = [
  'ICE', 'CBP', 'TSA', 'USSS', 'USCG', 'USCIS', 'FPS', 'FBI', 'DEA', 'ATF', 'USMS', 'BOP', 'IRSCI', 'TIGTA', 'NPS', 'BIA', 'BLM', 'FWS', 'DSS', 'USPIS', 'USFS',
  'ERO', 'HSI', 'OFO', 'USBP', 'AMO',
];
