import { randomOf } from '../random.ts';

/** How many portraits and signatures are drawn and shared out among all residents. */
export const portraitCount = 300;
export const signatureCount = 50;
/** Signatures are numbered from here, portraits from 1. */
export const firstSignature = 1001;

export type AgeBand = 'young' | 'middle' | 'old';

/** What a drawing shows, so that the description of whoever gets it agrees with the picture. Hair and eyes are NCIC codes. */
export interface Traits {
  readonly id: number;
  readonly look: 'F' | 'M';
  readonly age: AgeBand;
  readonly hair: 'BLK' | 'BRO' | 'BLN' | 'RED' | 'GRY' | 'WHI' | 'SDY' | 'BLD';
  readonly eyes: 'BRO' | 'BLU' | 'GRN' | 'HAZ' | 'GRY';
  /** From 0, lightest, to 7. */
  readonly skin: number;
}

const bands: readonly AgeBand[] = ['young', 'middle', 'old'];

/**
 * The traits of portrait `id`, from 1 to `portraitCount`: each look and age has the same number of drawings. They are the same
 * for every seed, so that the landmark people look as described whatever it is; the drawing itself follows the seed.
 */
export function traitsOf(id: number): Traits {
  const random = randomOf(0, 'traits', id);
  const look = id % 2 === 0 ? 'F' : 'M';
  const age = bands[Math.floor(id / 2) % 3] ?? 'middle';
  const skin = random.below(8);
  const dark = skin >= 4;
  const bald = look === 'M' && age !== 'young' && random.chance(0.16);
  const natural = dark ? random.pick(['BLK', 'BLK', 'BLK', 'BRO'] as const) : random.pick(['BRO', 'BRO', 'BLK', 'BLN', 'BLN', 'RED', 'SDY'] as const);
  const hair = bald ? 'BLD' : age === 'old' ? random.pick(['GRY', 'GRY', 'WHI', natural] as const) : age === 'middle' && random.chance(0.15) ? 'GRY' : natural;
  const eyes = dark ? random.pick(['BRO', 'BRO', 'BRO', 'HAZ'] as const) : random.pick(['BRO', 'BLU', 'GRN', 'HAZ', 'GRY', 'BRO'] as const);
  return { id, look, age, hair, eyes, skin };
}

const groups = new Map<string, Traits[]>();
for (let id = 1; id <= portraitCount; id++) {
  const traits = traitsOf(id);
  const key = `${traits.look} ${traits.age}`;
  groups.set(key, [...(groups.get(key) ?? []), traits]);
}

/** The portraits of one look and age, for choosing. */
export function portraitsBy(look: 'F' | 'M', age: AgeBand): readonly Traits[] {
  return groups.get(`${look} ${age}`) ?? [];
}
