import type { Changes } from '../../approvals/types.ts';
import type { Duties } from '../../duties/types.ts';
import type { OpenAccounts } from '../../people/accounts/index.ts';
import type { Accounts } from '../../people/accounts/types.ts';
import type { Acts } from '../../people/acts/index.ts';
import type { Providers } from '../../people/provider/index.ts';
import type { Person } from '../../people/roles/index.ts';
import type { Scim } from '../../people/scim/index.ts';
import type { Residents } from '../../residents/types.ts';
import type { Delivery } from '../../review/delivery/index.ts';
import type { Review } from '../../review/types.ts';
import type { Sql } from '../../store/index.ts';

/** What the routes for people need. */
export interface PeopleDeps {
  readonly accounts: Accounts & Partial<Pick<OpenAccounts, 'inviteAgain'>>;
  readonly acts: Acts;
  readonly changes: Changes;
  readonly review: Review;
  /** Late answers on their way to agencies; without it, they are only fetched. */
  readonly delivery?: Delivery;
  readonly duties: Duties;
  readonly residents: Residents;
  readonly sql: Sql;
  /** The time that roles and tries to sign in are counted by, milliseconds since 1970; the clock on the wall unless told. */
  readonly now?: () => number;
  /** Opens what was sealed under an owner's key, for those whom the table allows to read it. */
  readonly unseal: (owner: string, sealed: string) => string;
  readonly isOwner: (owner: string) => boolean;
  /** The name of an office by its ORI, for screens; null where the registry has none. */
  readonly agencyName: (ori: string) => string | null;
  /** The personas that the loopback demonstration offers; empty elsewhere. */
  readonly personas: readonly Persona[];
  /** The states' own providers, to sign in with at `/sign-in/with/:id`. */
  readonly providers?: readonly { readonly id: string; readonly name: string }[];
  /** Sign-in at those providers, and the directories that add and remove people; absent in tests of other parts. */
  readonly providerDesk?: Providers;
  readonly scim?: Scim;
  /** What waits for a person, as each part knows it; `/desk` shows it. */
  readonly waiting?: readonly ((person: Person) => Promise<readonly Waiting[]>)[];
}

/** Something on a desk that waits for somebody. */
export interface Waiting {
  /** The owner or ORI whose desk it is. */
  readonly where: string;
  readonly address: string;
  readonly text: string;
  readonly count: number;
  /** RFC 3339, UTC: when the first of them falls due; null where none does. */
  readonly due: string | null;
}

/** An invented person of the demonstration, to be one with one click. */
export interface Persona {
  readonly account: string;
  readonly name: string;
  readonly does: string;
}
