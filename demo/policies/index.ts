import { allJurisdictions, type Jurisdiction } from '../../src/vocabulary/index.ts';
import { illinois, massachusetts, minnesota, oregon } from './blocking.ts';
import { california } from './california.ts';
import { colorado } from './colorado.ts';
import { newYork } from './newYork.ts';
import { practice } from './practice.ts';
import { washington } from './washington.ts';

/** Modelled in our own words on published law or reported practice, as the text of each says. Not legal advice. */
const modelled: Partial<Readonly<Record<Jurisdiction, () => string>>> = {
  CA: california, CO: colorado, IL: () => illinois, MA: () => massachusetts, MN: minnesota, NY: newYork, OR: () => oregon, WA: washington,
};

/** 41 owners share photos over the network, by the letters of November 2025; which 15 do not is not published, and here invented. */
const noPhotos: ReadonlySet<Jurisdiction> = new Set<Jurisdiction>(['AK', 'AS', 'DE', 'GU', 'HI', 'ME', 'MP', 'MT', 'ND', 'NH', 'PR', 'SD', 'VI', 'VT', 'WY']);

/** The policy of each of the 56 owners in the demonstration, as the text of its first version, in alphabetical order. */
export function demoPolicies(): readonly { readonly owner: string; readonly text: string }[] {
  return allJurisdictions.map((owner) => ({ owner, text: modelled[owner]?.() ?? practice(owner, !noPhotos.has(owner)) }));
}
