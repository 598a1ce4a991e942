import type { ServerDeps } from '../deps.ts';
import type { PeopleDeps } from '../gate/deps.ts';
import { tries, type Tries } from '../gate/tries.ts';
import type { Site } from '../pages/layout.ts';

/** What the routes for people share. */
export interface PeopleContext {
  readonly deps: ServerDeps;
  readonly people: PeopleDeps;
  readonly site: Site;
  /** Tries to sign in, by address and login together. */
  readonly tries: Tries;
  /** Passwords to be looked at, by address alone: each costs a hash and an act, whatever login it names. */
  readonly hashes: Tries;
  /** Challenges for passkeys, by address: each leaves a row in the database. */
  readonly challenges: Tries;
}

export function contextOf(deps: ServerDeps, people: PeopleDeps, site: Site): PeopleContext {
  const within = (most: number): Tries => tries(most, 60_000, people.now);
  return { deps, people, site, tries: within(10), hashes: within(120), challenges: within(60) };
}
