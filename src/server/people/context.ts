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
  return { deps, people, site, tries: tries(10, 60_000), hashes: tries(120, 60_000), challenges: tries(60, 60_000) };
}
