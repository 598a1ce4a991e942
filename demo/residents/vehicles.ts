import { allJurisdictions, type Jurisdiction } from '../../src/vocabulary/index.ts';
import type { Random } from '../random.ts';
import { dateOf, today } from './days.ts';
import type { Vehicle } from './model.ts';

/** Short codes in the manner of NCIC, for invented makes: no real maker's name is used. */
const makes: readonly (readonly [make: string, models: readonly string[]])[] = [
  ['TARN', ['BRK', 'LUM', 'ODY']], ['QUIL', ['SED', 'VAN', 'RVR']], ['OSKW', ['MK2', 'MK4', 'TRL']], ['HERO', ['AIR', 'SEA', 'BAY']],
  ['FLIN', ['RCK', 'SPK']], ['LANT', ['GLO', 'BEA', 'WIC']], ['COPP', ['PEN', 'WIR']], ['THIS', ['DWN', 'PRK', 'HIL']], ['JUNI', ['BER', 'CEN']],
  ['KEST', ['HOV', 'DIV', 'SWF']], ['PEWT', ['CUP', 'JUG']], ['RUSS', ['FOX', 'OAK']], ['VESP', ['EVE', 'STR']], ['WILL', ['OWB', 'OWT']],
];
const styles = ['4D', '4D', '4D', 'SW', '4H', 'PK', 'PK', 'LL', '2D', 'VN'];
const colours = ['BLK', 'WHI', 'SIL', 'GRY', 'BLU', 'RED', 'GRN', 'BRO', 'TAN', 'GLD', 'MAR', 'ONG', 'DBL', 'WHI', 'BLK', 'GRY'];

/** No I, O or Q, which are not used in vehicle numbers. */
const vinLetters = '0123456789ABCDEFGHJKLMNPRSTUVWXYZ';
/** What each letter counts for in the check digit (49 CFR 565.15). */
const vinValues: ReadonlyMap<string, number> = new Map(
  ([['0123456789', 0], ['ABCDEFGH', 1], ['JKLMN', 1], ['P', 7], ['R', 9], ['STUVWXYZ', 2]] as const).flatMap(([run, from]) =>
    Array.from(run, (letter, i): [string, number] => [letter, from + i])),
);
const vinWeights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
const yearLetters = 'ABCDEFGHJKLMNPRSTVWXY123456789';

/** A vehicle of a resident. `serial` counts the vehicles of the owner, and makes the vehicle number unique. */
export function inventVehicle(random: Random, owner: Jurisdiction, plate: string, serial: number): Vehicle {
  const [make, models] = random.pick(makes);
  const year = 2026 - Math.floor(random.unit() ** 1.6 * 26);
  const motorcycle = random.chance(0.03);
  const expires = dateOf(today + random.between(-40, 365));
  const truck = random.chance(0.1);
  return {
    plate, plateType: motorcycle ? 'MC' : truck ? 'TK' : 'PC', plateYear: expires.slice(0, 4), vin: inventVin(random, owner, serial, year), make, model: random.pick(models),
    style: motorcycle ? 'MC' : truck ? 'PK' : random.pick(styles), colour: random.pick(colours), year: String(year), expires,
  };
}

/** Seventeen characters with a right check digit. It begins with 0, which no maker in the world has: invented, at a glance. */
export function inventVin(random: Random, owner: Jurisdiction, serial: number, year: number): string {
  const place = allJurisdictions.indexOf(owner);
  const letter = (): string => vinLetters[random.below(33)] ?? '0';
  const head = `0W${vinLetters[place % 33] ?? '0'}${vinLetters[Math.floor(place / 33)] ?? '0'}${letter()}${letter()}${letter()}${letter()}`;
  const tail = `${yearLetters[(((year - 1980) % 30) + 30) % 30] ?? 'A'}${String(serial % 10_000_000).padStart(7, '0')}`;
  const bare = `${head}0${tail}`;
  let sum = 0;
  for (let i = 0; i < 17; i++) sum += (vinValues.get(bare[i] ?? '') ?? 0) * (vinWeights[i] ?? 0);
  const check = sum % 11;
  return `${head}${check === 10 ? 'X' : check}${tail}`;
}
