import type { HistoryEvent, Ori, Sex } from '../src/model/index.ts';
import { type Jurisdiction, allJurisdictions } from '../src/vocabulary/index.ts';
import { factsOf } from './jurisdictions.ts';
import { numberFormat } from './numberFormat.ts';

/** The day on which the demonstration is set: dates are counted from it, never from the clock. */
export const demonstrationDay = '2026-10-01';

/** What `weir start` invents unless told otherwise. */
export const defaultSeed = 56;
export const defaultResidents = 100_000;
export const defaultAgencies = 18_000;

/** ORIs that stand for the same agency whatever the seed and size. All are invented but the generic form `xxOLN0000`. */
export const landmarkOris = {
  /** Cedar Hollow Police Department, Washington: an ordinary city police. */
  cityPolice: 'WA5010100',
  /** Tarnwick County Sheriff, Washington; in a drug task force with DEA and HSI. */
  countySheriff: 'WA5010000',
  statePatrol: 'WAXSP0000',
  /** Tarnwick County dispatch, which may ask on behalf of Cedar Hollow Police. */
  dispatch: 'WA501013N',
  prosecutor: 'WA501013A',
  court: 'WA501013J',
  probation: 'WA501013G',
  motorVehicles: 'WAOLN0000',
  fusionCentre: 'WAXFC0000',
  tribalPolice: 'WADIX0100',
  campusPolice: 'WA501019E',
  /** Sorrelmere County Sheriff, Washington: a town police without an ORI of its own uses this one too. */
  sharedOri: 'WA5020000',
  /** Otter Crossing Police Department, Washington: its system is run by a company. */
  vendorHosted: 'WA5020100',
  /** Quillmere County Sheriff, Oregon: a 287(g) agreement of the task-force model. */
  sheriff287g: 'OR5010000',
  heronBendPolice: 'OR5010100',
  /** Copper Landing Police Department, New York: certified to the owner, and in force. */
  certifiedPolice: 'NY5010100',
  /** A New York police whose certification has lapsed. */
  lapsedPolice: 'NY5010200',
  /** A New York police that never certified. */
  uncertifiedPolice: 'NY5010300',
  coloradoPolice: 'CO5010100',
  californiaPolice: 'CA5010100',
  iceEro: 'WAICEE01Z',
  hsi: 'WAICEH01Z',
  cbpFieldOperations: 'WACBPO01Z',
  borderPatrol: 'WACBPB01Z',
  fbi: 'WAFBIF01Z',
  dea: 'WADEAX01Z',
  marshals: 'WAUSMM01Z',
  secretService: 'WAUSSS01Z',
  postalInspection: 'WAUSPP01Z',
} as const satisfies Readonly<Record<string, Ori>>;

const fixedOris: ReadonlySet<Ori> = new Set(Object.values(landmarkOris));

/** True for an ORI whose affiliations are fixed: it is left out wherever agencies are chosen by chance. */
export function isLandmark(ori: Ori): boolean {
  return fixedOris.has(ori);
}

/** A person who is in the demonstration whatever its seed and size. Invented, like everyone in it. */
export interface LandmarkPerson {
  readonly owner: Jurisdiction;
  readonly licenceNumber: string;
  readonly surname: string;
  readonly given: string;
  readonly middle: string;
  readonly birthDate: string;
  readonly sex: Sex;
  readonly plate: string;
  readonly history?: readonly HistoryEvent[];
  readonly medical?: readonly string[];
  readonly immigration?: { readonly type: string; readonly number: string; readonly expires: string };
}

const speeding = (date: string, jurisdiction: string): HistoryEvent =>
  ({ date, kind: 'conviction', code: 'S92', text: 'speeding', jurisdiction });

/** Those whom the README and the tests ask for. */
export const people = {
  tessa: {
    owner: 'WA', licenceNumber: 'WDL3B7K902XM', surname: 'MARROWBY', given: 'TESSA', middle: 'Q', birthDate: '1988-04-12', sex: 'F', plate: 'BKR4471',
    history: [speeding('2023-05-19', 'WA'), { date: '2024-02-03', kind: 'accident', code: 'ACC', text: 'accident, property damage', jurisdiction: 'OR' }],
    immigration: { type: 'I-551', number: 'ZZZ0000000417', expires: '2031-08-31' },
  },
  alden: {
    owner: 'WA', licenceNumber: 'WDL9H2M114TR', surname: 'MARROWBY', given: 'ALDEN', middle: 'R', birthDate: '1961-11-30', sex: 'M', plate: 'CDM2093',
    medical: ['insulin treated'],
  },
  dara: { owner: 'WA', licenceNumber: 'WDL5N8P660VK', surname: 'QUILLON', given: 'DARA', middle: 'M', birthDate: '1990-07-21', sex: 'F', plate: 'DFT7318' },
  osrick: {
    owner: 'OR', licenceNumber: 'B204417', surname: 'FENWOLD', given: 'OSRICK', middle: '', birthDate: '1974-02-08', sex: 'M', plate: '417HRB',
    history: [{ date: '2022-09-11', kind: 'conviction', code: 'A21', text: 'driving under the influence of alcohol', jurisdiction: 'OR' },
      { date: '2022-11-01', kind: 'withdrawal', code: 'A21', text: 'licence suspended', jurisdiction: 'OR' },
      { date: '2023-05-01', kind: 'reinstatement', code: 'A21', text: 'licence reinstated', jurisdiction: 'OR' }],
  },
  imarel: {
    owner: 'NY', licenceNumber: '417220965', surname: 'SALANDA', given: 'IMAREL', middle: 'T', birthDate: '1996-01-17', sex: 'X', plate: 'KLM5502',
    immigration: { type: 'I-766', number: 'ZZZ0000000902', expires: '2027-03-31' },
  },
  corian: { owner: 'CO', licenceNumber: '941170238', surname: 'VARENKO', given: 'CORIAN', middle: 'L', birthDate: '1982-12-05', sex: 'M', plate: 'BKTW81' },
  yasina: { owner: 'CA', licenceNumber: 'D4172206', surname: 'MORETTO', given: 'YASINA', middle: 'B', birthDate: '1969-06-27', sex: 'F', plate: '7HKB209' },
} as const satisfies Readonly<Record<string, LandmarkPerson>>;

/** Where one name and birth date, `QUILLON, DARA M`, is found: the rest of the 56 owners have no such record. */
export const quillonOwners: readonly Jurisdiction[] = ['CA', 'CO', 'FL', 'ID', 'IL', 'NY', 'OR', 'PR', 'TX', 'WA'];

/** Every landmark person of an owner: the named ones, DARA QUILLON in ten of them, and a ROWAN TARNWORTH in each of the 56. */
export function landmarkPeople(owner: Jurisdiction): readonly LandmarkPerson[] {
  const facts = factsOf(owner);
  const licence = numberFormat(facts.licence);
  const plate = numberFormat(facts.plate);
  const made = (value: number, surname: string) => ({ licenceNumber: licence.write(value, surname), plate: plate.write(value, surname) });
  const named: readonly LandmarkPerson[] = Object.values(people).filter((person: LandmarkPerson) => person.owner === owner);
  const dara: LandmarkPerson = { ...people.dara, owner, ...made(7341, 'QUILLON') };
  const place = allJurisdictions.indexOf(owner);
  const rowan: LandmarkPerson = {
    owner, ...made(5512, 'TARNWORTH'), surname: 'TARNWORTH', given: 'ROWAN', middle: owner.slice(0, 1),
    birthDate: `${1945 + place}-${String((place % 12) + 1).padStart(2, '0')}-15`, sex: place % 2 === 0 ? 'F' : 'M',
  };
  return [...named, ...(owner !== 'WA' && quillonOwners.includes(owner) ? [dara] : []), rowan];
}
