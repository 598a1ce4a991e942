import type { Jurisdiction } from '../src/vocabulary/index.ts';
import { factsOf } from './jurisdictions.ts';
import { placeNames } from './words.ts';

/** An invented county, with its towns. Residents live in them and agencies police them. */
export interface County {
  readonly name: string;
  /** Three digits from 501: higher than any county number in use, so that no real agency's ORI is met by chance. */
  readonly code: string;
  readonly towns: readonly string[];
}

/** The first county and town of these owners have fixed names, whatever the seed: landmarks.ts refers to them. */
const fixed: Partial<Record<Jurisdiction, readonly [county: string, town: string]>> = {
  WA: ['Tarnwick', 'Cedar Hollow'],
  OR: ['Quillmere', 'Heron Bend'],
  NY: ['Lanternford', 'Copper Landing'],
  CO: ['Saffron', 'Flint Ridge'],
  CA: ['Marrowdale', 'Amber Point'],
};

/** The county that stands second in Washington: a shared ORI and a hosted police are there. */
const secondInWashington = ['Sorrelmere', 'Otter Crossing'] as const;

const townsPerCounty = 30;

/** All counties of an owner, in a fixed order. */
export function placesOf(seed: number, owner: Jurisdiction): readonly County[] {
  const county = placeNames(seed, `county/${owner}`);
  const town = placeNames(seed, `town/${owner}`);
  return Array.from({ length: factsOf(owner).counties }, (_, i) => {
    const named = i === 0 ? fixed[owner] : owner === 'WA' && i === 1 ? secondInWashington : undefined;
    const towns = Array.from({ length: townsPerCounty }, (_unused, j) => town(i * townsPerCounty + j));
    if (named !== undefined) towns[0] = named[1];
    return { name: named?.[0] ?? county(i), code: String(501 + i), towns };
  });
}
