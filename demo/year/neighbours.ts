import { allJurisdictions, type Jurisdiction } from '../../src/vocabulary/index.ts';
import { factsOf } from '../jurisdictions.ts';

/** Who borders whom on land, each pair once. Common knowledge; the territories border nobody. */
const borders: Partial<Readonly<Record<Jurisdiction, string>>> = {
  AL: 'FL GA MS TN', AR: 'LA MO MS OK TN TX', AZ: 'CA NM NV UT CO', CA: 'NV OR', CO: 'KS NE NM OK UT WY', CT: 'MA NY RI', DC: 'MD VA', DE: 'MD NJ PA', FL: 'GA',
  GA: 'NC SC TN', IA: 'IL MN MO NE SD WI', ID: 'MT NV OR UT WA WY', IL: 'IN KY MO WI', IN: 'KY MI OH', KS: 'MO NE OK', KY: 'MO OH TN VA WV', LA: 'MS TX', MA: 'NH NY RI VT',
  MD: 'PA VA WV', ME: 'NH', MI: 'OH WI', MN: 'ND SD WI', MO: 'NE OK TN', MS: 'TN', MT: 'ND SD WY', NC: 'SC TN VA', ND: 'SD', NE: 'SD WY', NH: 'VT', NJ: 'NY PA', NM: 'OK TX UT',
  NV: 'OR UT', NY: 'PA VT', OH: 'PA WV', OK: 'TX', OR: 'WA', PA: 'WV', SD: 'WY', TN: 'VA', UT: 'WY', VA: 'WV',
};

const pairs: ReadonlySet<string> = new Set(Object.entries(borders).flatMap(([one, others]) => others.split(' ').flatMap((other) => [`${one} ${other}`, `${other} ${one}`])));

/** True where the two have a border on land. */
export function areNeighbours(one: Jurisdiction, other: Jurisdiction): boolean {
  return pairs.has(`${one} ${other}`);
}

/**
 * How often police that stand in one place ask for records of an owner, beside other owners of the same size: neighbours most, then the
 * same part of the country. An owner's own agencies have its records from home, and hardly ever come over the network. All of it is invented.
 */
export function closeness(from: Jurisdiction, owner: Jurisdiction): number {
  if (from === owner) return 0.35;
  if (areNeighbours(from, owner)) return 14;
  const [there, here] = [factsOf(from).region, factsOf(owner).region];
  if (there === 'territory' || here === 'territory') return 0.4;
  return there === here ? 2.5 : 1;
}

/** The owners, in alphabetical order, with their licensed drivers in thousands. */
export function driversByOwner(): readonly { readonly owner: Jurisdiction; readonly drivers: number }[] {
  return allJurisdictions.map((owner) => ({ owner, drivers: factsOf(owner).drivers }));
}
