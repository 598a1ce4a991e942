import type { Jurisdiction } from '../src/vocabulary/index.ts';

/** What the demonstration knows of an owner: enough to invent residents and agencies in proportion. */
export interface JurisdictionFacts {
  /** Licensed drivers in thousands, rounded. */
  readonly drivers: number;
  /** How many counties, parishes, boroughs or like districts it has. */
  readonly counties: number;
  /** Tribal police departments, roughly. */
  readonly tribal: number;
  /** The first three digits of its postal codes, from and to. */
  readonly zip: readonly [number, number];
  /** One form of licence number that it issues (see numberFormat.ts). Some issue several. */
  readonly licence: string;
  /** The common form of passenger plate. */
  readonly plate: string;
  /** The part of the country, after the four regions of the census, or `territory`. */
  readonly region: 'northeast' | 'midwest' | 'south' | 'west' | 'territory';
}

type Row = readonly [
  drivers: number, counties: number, tribal: number, zipFrom: number, zipTo: number, licence: string, plate: string, region: JurisdictionFacts['region'],
];

/**
 * Drivers: the yearly highway statistics of the Federal Highway Administration for 2020, rounded by us; the territories
 * other than Puerto Rico are our guess. Counties and postal prefixes: common knowledge. Licence and plate forms:
 * public descriptions in our own notation, one for each; those of AS, MP and VI are not confirmed.
 */
const rows: Readonly<Record<Jurisdiction, Row>> = {
  AK: [520, 30, 4, 995, 999, '#######', 'AAA###', 'west'],
  AL: [4040, 67, 1, 350, 369, '########', '##A##A#', 'south'],
  AR: [2150, 75, 0, 716, 729, '9########', 'AAA##A', 'south'],
  AS: [20, 3, 0, 967, 967, '######', '####', 'territory'],
  AZ: [5680, 15, 18, 850, 865, 'A########', 'AAA####', 'west'],
  CA: [27000, 58, 20, 900, 961, 'A#######', '#AAA###', 'west'],
  CO: [4300, 64, 2, 800, 816, '#########', 'AAAA##', 'west'],
  CT: [2510, 8, 2, 60, 69, '#########', 'AA#####', 'northeast'],
  DC: [520, 1, 0, 200, 205, '#######', 'AA####', 'south'],
  DE: [830, 3, 0, 197, 199, '#######', '######', 'south'],
  FL: [15700, 67, 2, 320, 349, 'S############', 'AAAA##', 'south'],
  GA: [7520, 159, 0, 300, 319, '#########', 'AAA####', 'south'],
  GU: [110, 1, 0, 969, 969, 'S##############', 'AA####', 'territory'],
  HI: [920, 5, 0, 967, 968, 'h########', 'AAA###', 'west'],
  IA: [2270, 99, 1, 500, 528, '###AA####', 'AAA###', 'midwest'],
  ID: [1290, 44, 5, 832, 838, 'AA######A', 'A######', 'west'],
  IL: [8230, 102, 0, 600, 629, 'S###########', 'AA#####', 'midwest'],
  IN: [4530, 92, 0, 460, 479, '##########', '###AAA', 'midwest'],
  KS: [2000, 105, 4, 660, 679, 'k########', '###AAA', 'midwest'],
  KY: [2910, 120, 0, 400, 427, 'S########', 'AAA###', 'south'],
  LA: [3420, 64, 4, 700, 714, '00#######', '###AAA', 'south'],
  MA: [4940, 14, 1, 10, 27, 's########', '#AAA##', 'northeast'],
  MD: [4450, 24, 0, 206, 219, 'S############', '#AA####', 'south'],
  ME: [1050, 16, 4, 39, 49, '#######', '####AA', 'northeast'],
  MI: [7030, 83, 11, 480, 499, 'S############', 'AAA####', 'midwest'],
  MN: [4090, 87, 10, 550, 567, 'S############', 'AAA###', 'midwest'],
  MO: [4260, 115, 0, 630, 658, 'A#########', 'AA#A#A', 'midwest'],
  MP: [25, 4, 0, 969, 969, '#######', 'AAA###', 'territory'],
  MS: [2020, 82, 1, 386, 397, '#########', 'AAA####', 'south'],
  MT: [830, 56, 8, 590, 599, '#############', '######A', 'west'],
  NC: [7640, 100, 1, 270, 289, '############', 'AAA####', 'south'],
  ND: [540, 53, 5, 580, 588, 'SAA######', '###AAA', 'midwest'],
  NE: [1440, 93, 4, 680, 693, 'A########', '##A###', 'midwest'],
  NH: [1060, 10, 0, 30, 38, 'nhl########', '#######', 'northeast'],
  NJ: [6230, 21, 0, 70, 89, 'S##############', 'A##AAA', 'northeast'],
  NM: [1470, 33, 19, 870, 884, '#########', 'AAA###', 'west'],
  NV: [2060, 17, 14, 889, 898, '##########', '###A###', 'west'],
  NY: [12200, 62, 3, 100, 149, '#########', 'AAA####', 'northeast'],
  OH: [8100, 88, 0, 430, 459, 'AA######', 'AAA####', 'midwest'],
  OK: [2550, 77, 25, 730, 749, 'A#########', 'AAA###', 'south'],
  OR: [2940, 36, 8, 970, 979, 'A######', '###AAA', 'west'],
  PA: [8930, 67, 0, 150, 196, '########', 'AAA####', 'northeast'],
  PR: [1500, 78, 0, 6, 9, '#######', 'AAA###', 'territory'],
  RI: [730, 5, 1, 28, 29, '#######', 'AA###', 'northeast'],
  SC: [3910, 46, 1, 290, 299, '#########', 'AAA###', 'south'],
  SD: [660, 66, 9, 570, 577, '########', '#AA###', 'midwest'],
  TN: [4880, 95, 0, 370, 385, '#########', 'AAA####', 'south'],
  TX: [17700, 254, 3, 750, 799, '########', 'AAA####', 'south'],
  UT: [2150, 29, 2, 840, 847, '#########', 'A###AA', 'west'],
  VA: [5910, 133, 0, 220, 246, 'A########', 'AAA####', 'south'],
  VI: [60, 2, 0, 8, 8, '########', 'AAA###', 'territory'],
  VT: [460, 14, 0, 50, 59, '########', 'AAA###', 'northeast'],
  WA: [5810, 39, 24, 980, 994, 'wdlXXXXXXXXX', 'AAA####', 'west'],
  WI: [4320, 72, 9, 530, 549, 'S#############', 'AAA####', 'midwest'],
  WV: [1100, 55, 0, 247, 268, 'S######', '#AA###', 'south'],
  WY: [430, 23, 2, 820, 831, '#########', '##A####', 'west'],
};

/** The facts of one owner. */
export function factsOf(owner: Jurisdiction): JurisdictionFacts {
  const [drivers, counties, tribal, from, to, licence, plate, region] = rows[owner];
  return { drivers, counties, tribal, zip: [from, to], licence, plate, region };
}

/**
 * Shares `total` out among the owners by weight, by largest remainder; every owner gets at least `least`.
 * The shares add up to `total`, or to `least` for each where `total` is too small for that.
 */
export function shareOut(total: number, owners: readonly Jurisdiction[], weight: (owner: Jurisdiction) => number, least: number): ReadonlyMap<Jurisdiction, number> {
  const rest = Math.max(0, total - least * owners.length);
  const sum = owners.reduce((all, owner) => all + weight(owner), 0);
  const exact = owners.map((owner) => ({ owner, part: (rest * weight(owner)) / sum }));
  const given = new Map(exact.map(({ owner, part }) => [owner, least + Math.floor(part)]));
  const left = rest - exact.reduce((all, { part }) => all + Math.floor(part), 0);
  const byRemainder = [...exact].sort((x, y) => (y.part % 1) - (x.part % 1) || (x.owner < y.owner ? -1 : 1));
  for (const { owner } of byRemainder.slice(0, left)) given.set(owner, (given.get(owner) ?? 0) + 1);
  return given;
}
