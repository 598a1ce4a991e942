import type { Sex } from '../src/model/index.ts';
import { allJurisdictions, type Jurisdiction } from '../src/vocabulary/index.ts';
import { factsOf, shareOut } from './jurisdictions.ts';
import { defaultResidents, defaultSeed, landmarkPeople, type LandmarkPerson } from './landmarks.ts';
import { numberRun } from './numberFormat.ts';
import { type County, placesOf } from './places.ts';
import { firstSignature, portraitsBy, signatureCount } from './portraits/traits.ts';
import { hashText, type Random, randomOf } from './random.ts';
import { dateOf, dayOf, today } from './residents/days.ts';
import { inventHistory } from './residents/history.ts';
import type { Resident, Vehicle } from './residents/model.ts';
import { inventVehicle } from './residents/vehicles.ts';
import { inventGiven, inventStreet, inventSurname } from './words.ts';

export type { Resident, Vehicle } from './residents/model.ts';

/** Every owner has its landmark people and at least this many others. */
const least = 6;
/** The smallest and largest number of residents. */
export const leastResidents = 56 * least;
export const mostResidents = 10_000_000;

/**
 * Invents residents one by one, owner by owner, in constant memory. The same seed and count give the same people, and with a
 * larger count the first of each owner stay as they were. The landmark people come first, and are the same whatever the seed.
 * @throws RangeError where `count` is out of bounds.
 */
export function* residents({ seed = defaultSeed, count = defaultResidents }: { seed?: number; count?: number } = {}): Generator<Resident, void, undefined> {
  if (!Number.isInteger(count) || count < leastResidents || count > mostResidents) throw new RangeError(`residents are from ${leastResidents} to ${mostResidents}`);
  for (const [owner, share] of shareOut(count, allJurisdictions, (o) => factsOf(o).drivers, least)) yield* residentsOf(seed, owner, share);
}

function* residentsOf(seed: number, owner: Jurisdiction, count: number): Generator<Resident, void, undefined> {
  const landmarks = landmarkPeople(owner);
  const licences = numberRun(factsOf(owner).licence, hashText(`${seed}/licence/${owner}`), landmarks.map((p) => p.licenceNumber));
  const plates = numberRun(factsOf(owner).plate, hashText(`${seed}/plate/${owner}`), landmarks.map((p) => p.plate));
  const maker = makerOf(seed, owner, plates);
  // Landmark people take nothing from the seed: whatever it is, their records are the same.
  const steady = makerOf(defaultSeed, owner, plates);
  const fixed = randomOf(defaultSeed, 'landmarks', owner);
  for (const person of landmarks.slice(0, count)) yield steady(fixed, person.licenceNumber, person);
  const random = randomOf(seed, 'residents', owner);
  for (let i = 0; i < count - landmarks.length; i++) yield maker(random, (surname) => licences(i, surname));
}

type Maker = (random: Random, licence: string | ((surname: string) => string), person?: LandmarkPerson) => Resident;

function makerOf(seed: number, owner: Jurisdiction, plates: (index: number, surname: string) => string): Maker {
  const counties = placesOf(seed, owner);
  let vehicleCount = 0;
  const vehicle = (random: Random, surname: string, plate: string | undefined): Vehicle => {
    if (plate === undefined) return inventVehicle(random, owner, plates(vehicleCount, surname), vehicleCount++);
    // A landmark's plate, its type and its year are fixed; its serial comes from the top, where no other vehicle's does.
    return { ...inventVehicle(random, owner, plate, 9_999_999 - vehicleCount++), plateType: 'PC', plateYear: '2027', style: '4D', expires: '2027-06-30' };
  };
  return (random, licence, person) => {
    const sex: Sex = person?.sex ?? someSex(random);
    const age = person === undefined ? 16 + Math.floor(84 * random.unit() ** 1.45) : Math.floor((today - dayOf(person.birthDate)) / 365.25);
    const birthDay = person === undefined ? today - Math.floor(age * 365.25) - random.between(1, 364) : dayOf(person.birthDate);
    const surname = person?.surname ?? inventSurname(random);
    const nameSex = sex === 'M' || sex === 'F' ? sex : 'X';
    const look = sex === 'M' || (sex !== 'F' && random.chance(0.5)) ? 'M' : 'F';
    const traits = random.pick(portraitsBy(look, age < 32 ? 'young' : age < 60 ? 'middle' : 'old'));
    const county = person === undefined ? skewed(random, counties) : (counties[0] as County);
    const town = person === undefined ? skewed(random, county.towns) : (county.towns[0] as string);
    const state = someState(random, age, birthDay);
    const withPlate = person === undefined ? someVehicles(random, age) : 1;
    return {
      owner, licenceNumber: typeof licence === 'string' ? licence : licence(surname), surname, given: person?.given ?? inventGiven(random, nameSex),
      middle: person?.middle ?? someMiddle(random, nameSex), birthDate: person?.birthDate ?? dateOf(birthDay), sex,
      height: Math.round((look === 'M' ? 69 : 64) + (random.unit() + random.unit() + random.unit() - 1.5) * 6),
      weight: Math.round((look === 'M' ? 190 : 162) + (random.unit() + random.unit() + random.unit() - 1.4) * 60),
      eyes: traits.eyes, hair: traits.hair, street: inventStreet(random), city: town.toUpperCase(), county: county.name.toUpperCase(),
      zip: zipOf(random, owner, county, counties.length), ...(person === undefined ? state : { status: 'LIC', issued: '2024-05-02', expires: '2032-05-02' }), licenceClass: random.chance(0.95) ? 'D' : random.pick(['A', 'B', 'C']),
      restrictions: age > 45 ? (random.chance(0.5) ? ['B'] : []) : random.chance(0.25) ? ['B'] : random.chance(0.02) ? ['F', 'G'] : [],
      endorsements: random.chance(0.06) ? ['L'] : random.chance(0.02) ? ['H', 'N'] : [],
      ssn: random.chance(0.96) ? invalidSsn(random) : null, medical: person?.medical ?? someMedical(random), immigration: person === undefined ? somePapers(random) : (person.immigration ?? null),
      portrait: traits.id, signature: firstSignature + random.below(signatureCount),
      vehicles: Array.from({ length: withPlate }, () => vehicle(random, surname, person?.plate)),
      history: person === undefined ? inventHistory(random, owner, birthDay + 16 * 366, state.status === 'NOT' || state.status === 'NEN') : (person.history ?? []),
    };
  };
}

function someSex(random: Random): Sex {
  const x = random.unit();
  return x < 0.503 ? 'F' : x < 0.994 ? 'M' : 'X';
}

function someMiddle(random: Random, sex: 'F' | 'M' | 'X'): string {
  const x = random.unit();
  return x < 0.12 ? '' : x < 0.5 ? 'ABCDEFGHJKLMNPRSTVW'.charAt(random.below(19)) : inventGiven(random, sex);
}

/** Status and dates: a licence is issued for up to eight years, and about one in twenty-five has lapsed or was withdrawn. */
function someState(random: Random, age: number, birthDay: number): { status: string; issued: string; expires: string } {
  const issued = Math.max(birthDay + 16 * 366, today - random.below(2600));
  const term = age > 70 ? 4 * 365 : 8 * 365;
  const x = random.unit();
  const expires = x > 0.985 ? today - random.between(1, 400) : Math.max(issued + term, today + 30);
  return { status: x < 0.955 || x > 0.985 ? 'LIC' : x < 0.967 ? 'NOT' : x < 0.975 ? 'NEN' : x < 0.983 ? 'ELG' : 'RPD', issued: dateOf(Math.min(issued, expires - 30)), expires: dateOf(expires) };
}

/** About 1.1 each. */
function someVehicles(random: Random, age: number): number {
  const x = random.unit();
  if (age < 20) return x < 0.5 ? 0 : 1;
  return x < 0.24 ? 0 : x < 0.74 ? 1 : x < 0.93 ? 2 : 3;
}

/** No number like these was ever issued to anyone: area 000, 666, or 900 to 999 with a group below 50. */
function invalidSsn(random: Random): string {
  const x = random.unit();
  const area = x < 0.1 ? '000' : x < 0.2 ? '666' : String(random.between(900, 999));
  return `${area}${String(random.between(1, 49)).padStart(2, '0')}${String(random.between(1, 9999)).padStart(4, '0')}`;
}

const remarks = ['insulin treated', 'seizures, controlled', 'hearing aid', 'pacemaker', 'prosthetic leg', 'monocular vision'];
const papers = ['I-551', 'I-551', 'I-766', 'I-94', 'PASSPORT-VISA'];

function someMedical(random: Random): readonly string[] {
  return random.chance(0.025) ? [random.pick(remarks)] : [];
}

function somePapers(random: Random): Resident['immigration'] {
  if (!random.chance(0.07)) return null;
  return { type: random.pick(papers), number: `ZZZ${String(random.below(10_000_000_000)).padStart(10, '0')}`, expires: dateOf(today + random.between(-200, 3000)) };
}

function zipOf(random: Random, owner: Jurisdiction, county: County, counties: number): string {
  const [from, to] = factsOf(owner).zip;
  const prefix = from + Math.floor(((Number(county.code) - 501) / counties) * (to - from + 1));
  return `${String(prefix).padStart(3, '0')}${String(random.between(1, 99)).padStart(2, '0')}`;
}

/** Earlier members more often: some towns are larger than others. */
function skewed<T>(random: Random, list: readonly T[]): T {
  return list[Math.floor(random.unit() ** 1.7 * list.length)] as T;
}
