import type { Accounts } from '../../people/accounts/types.ts';
import type { NewAct } from '../../people/acts/index.ts';
import type { Grant, Person } from '../../people/roles/index.ts';
import type { PeopleDeps } from '../gate/deps.ts';

/** Who is signed in with which cookie, and what was put on the record. */
export interface TestPeople extends PeopleDeps {
  readonly recorded: NewAct[];
}

/** A cookie of the form that secrets have, for a name of ours. */
export function cookieFor(name: string): string {
  return name.replace(/[^A-Za-z0-9]/g, '').padEnd(43, '_').slice(0, 43);
}

/** A person with roles, who has just shown all factors. */
export function testPerson(name: string, grants: readonly Grant[], change: Partial<Person> = {}): Person {
  return { person: `U-${name}`, account: `A-${name}`, name, employer: null, grants, via: 'session', session: `S-${name}`, shownAt: Date.now(), only: null, ...change };
}

/**
 * People of whom nothing is real but who is signed in: every other part fails with `failure` whatever it is asked, so that a test sees whether it was reached.
 */
export function testPeople(people: readonly Person[], failure: Error = new Error('reached'), change: Partial<PeopleDeps> = {}): TestPeople {
  const byCookie = new Map(people.map((person) => [cookieFor(person.name), person]));
  const failing = <T extends object>(own: Partial<T> = {}): T => new Proxy(own as T, {
    get: (target, name) => (name in target ? target[name as keyof T] : name === 'then' ? undefined : () => Promise.reject(failure)),
  });
  const recorded: NewAct[] = [];
  const note = (act: NewAct): Promise<string> => {
    recorded.push(act);
    return Promise.resolve(`act-${recorded.length}`);
  };
  return {
    recorded,
    accounts: failing<Accounts>({
      session: (cookie) => {
        const person = byCookie.get(cookie);
        return Promise.resolve(person === undefined ? { state: 'none' } : { state: 'open', person });
      },
      byToken: () => Promise.resolve(null),
    }),
    acts: { record: note, put: (_tx, act) => note(act) },
    changes: failing(), review: failing(), delivery: failing(), duties: failing(), residents: failing(), providerDesk: failing(), scim: failing(),
    sql: Object.assign(() => handled(failure), { begin: () => Promise.reject(failure) }) as never,
    unseal: (_owner, sealed) => sealed, isOwner: () => true, agencyName: () => null, personas: [],
    ...change,
  };
}

/** A part of a statement fails too, and nobody waits for it. */
function handled(failure: Error): Promise<never> {
  const failing = Promise.reject(failure);
  failing.catch(() => undefined);
  return failing;
}
