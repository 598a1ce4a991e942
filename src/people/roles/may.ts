import { factsOf, type Action } from './actions.ts';
import { allRoles, type Grant, type Role, type Scope } from './roles.ts';

/** How long after all factors were shown a sign-in counts as fresh, in milliseconds. */
export const freshFor = 300_000;

/** Who acts, as far as it was shown. Built for every request; never kept. */
export interface Person {
  /** The human being: one for all accounts of theirs. `U-` and twelve letters or digits. */
  readonly person: string;
  /** `A-` and twelve letters or digits: what stands on the record. */
  readonly account: string;
  /** For screens. Never in an act, an address or a log. */
  readonly name: string;
  /** The ORI of the employer, where it is an agency's. */
  readonly employer: string | null;
  readonly grants: readonly Grant[];
  readonly via: 'session' | 'token';
  /** Id of the session or token: not the secret. */
  readonly session: string;
  /** When all factors were last shown, milliseconds since 1970; null for a token. */
  readonly shownAt: number | null;
  /** What a token is limited to; null: whatever the grants allow. */
  readonly only: readonly Action[] | null;
}

/** `role`: no role of theirs allows it there. `token`: the token is not for it. `stale`: all factors must be shown again. */
export type Refusal = 'role' | 'token' | 'stale';

/** The role by which a person may do it there, or why not. Default deny. */
export function mayDo(person: Person, action: Action, scope: Scope | null, now: number): { readonly ok: true; readonly role: Role | null } | { readonly ok: false; readonly why: Refusal } {
  const facts = factsOf(action);
  if (person.only !== null && !person.only.includes(action)) return { ok: false, why: 'token' };
  const role = roleFor(person.grants, action, scope);
  const open = facts.to.includes('signedIn') || facts.to.includes('anybody');
  if (role === null && !open) return { ok: false, why: 'role' };
  if (facts.fresh === true && (person.shownAt === null || now - person.shownAt > freshFor)) return { ok: false, why: 'stale' };
  return { ok: true, role };
}

/** The first of their roles, in the order of the roles, that allows the action in the scope; with no scope (`none`), in any. */
export function roleFor(grants: readonly Grant[], action: Action, scope: Scope | null): Role | null {
  const facts = factsOf(action);
  return allRoles.find((role) => facts.to.includes(role) && grants.some((grant) => grant.role === role && (facts.scope === 'none' || (scope !== null && covers(grant.scope, scope))))) ?? null;
}

/** Equal scopes: an owner's role says nothing of another's. */
export function covers(held: Scope, asked: Scope): boolean {
  if (held.kind !== asked.kind) return false;
  if (held.kind === 'owner') return asked.kind === 'owner' && held.owner === asked.owner;
  return held.kind !== 'agency' || (asked.kind === 'agency' && held.ori === asked.ori);
}
