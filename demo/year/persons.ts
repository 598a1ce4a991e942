import { hashText, mix } from '../random.ts';

/** Sexes as `RowColumns` codes them: M, F, U, X are 1 to 4, and 0 is not known. */
export const sexCodes = { unknown: 0, M: 1, F: 2, U: 3, X: 4 } as const;

/** How many surnames and given names there are. Some are far more common than others: two people share a surname about once in 1,700. */
const surnames = 100_000;
const givenNames = 512;

/** A name, as one number: the surname times 512 and the given name. Made from a person's number, so that the same person always has the same. */
export function nameOf(person: number): number {
  const a = mix(person ^ 0x51ed270b) / 4294967296;
  const b = mix(person ^ 0x2c1b3c6d) / 4294967296;
  return Math.floor(surnames * a * a * a) * givenNames + Math.floor(givenNames * b * b);
}

/** True where two names have the same surname. */
export function sameSurname(one: number, other: number): boolean {
  return Math.floor(one / givenNames) === Math.floor(other / givenNames);
}

/** Of a person, as `sexCodes`: a little more than half are women, six in a thousand neither. */
export function sexOf(person: number): number {
  const x = mix(person ^ 0x7feb352d);
  return x < 2_160_000_000 ? sexCodes.F : x < 4_269_000_000 ? sexCodes.M : sexCodes.X;
}

/** Half of a tag: 32 bits of what an owner's key makes of something. `lot` tells the uses of one number apart. Two halves make a tag. */
export function tagHalf(key: number, lot: number, value: number, half: 0 | 1): number {
  return mix(mix(value ^ key ^ lot) ^ (half === 0 ? 0x68e31da4 : Math.imul(value, 0x9e3779b1) ^ 0x3243f6a8));
}

/** The uses of a number as a tag. */
export const lots = { licence: 0x11, person: 0x22, plate: 0x33, pattern: 0x44, name: 0x55, user: 0x66 } as const;

/** What stands for an owner's key: of the invented year, not a secret. */
export function ownerKey(seed: number, owner: string): number {
  return hashText(`${seed}/year/key/${owner}`);
}

/** A tag as 16 hexadecimal digits. */
export function tagText(key: number, lot: number, value: number): string {
  return [1, 0].map((half) => tagHalf(key, lot, value, half as 0 | 1).toString(16).padStart(8, '0')).join('');
}
