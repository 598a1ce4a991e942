import type { AuthenticationResponseJSON, PublicKeyCredentialCreationOptionsJSON, PublicKeyCredentialRequestOptionsJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import type { Action, Grant, Person, Role, Scope } from '../roles/index.ts';

/** Settings of sign-in. Defaults are the FBI's CJIS rules as the reference names them (AC-2, AC-7, AC-11, IA-5). Times in seconds. */
export interface SignInSettings {
  /** All factors again after this, whatever was done: 12 hours. */
  readonly sessionFor: number;
  /** All factors again after this long without a request: 30 minutes. The screen is locked, and the session goes on after. */
  readonly idleFor: number;
  /** Failures, within so many seconds, that lock an account until it is unlocked: 5 in 900. */
  readonly failures: number;
  readonly within: number;
  /** An account that nobody signed in to for so many days is disabled: 90. */
  readonly idleDays: number;
  /** Characters of a password: 15 at least without, 8 at least with a second factor; here always with one: 12. */
  readonly passwordLength: number;
  /** Longest life of a service token: 90 days. */
  readonly tokenDays: number;
  /** How long an invitation can be taken up: 72 hours. */
  readonly invitationFor: number;
  /** What is shown at every sign-in and accepted before anything else (AC-8). */
  readonly notice: string;
}

/** Who gave a role, and may take it away. */
export type GrantSource = 'machine' | 'official' | 'coordinator' | 'directory' | 'persona';

/** The roles with which an account is made, and who gives them. */
export interface FirstRoles {
  readonly grants: readonly Grant[];
  readonly source: GrantSource;
}

/** Where a request came from, for the record: sealed, never in a log. */
export interface From {
  readonly address: string;
  readonly agent: string;
}

/** What a first factor led to. `flow` is a secret of 256 bits, once, for five minutes. */
export type FirstStep =
  | { readonly ok: true; readonly flow: string; readonly factors: readonly ('totp' | 'passkey')[] }
  /** One answer for an unknown login, a wrong password, a locked or disabled account: nobody learns which accounts there are. */
  | { readonly ok: false; readonly why: 'refused' };

export type SignIn =
  | { readonly ok: true; /** The secret of the new session, for the cookie: 256 bits, base64url. Never the one that was there before (session fixation). */ readonly cookie: string; readonly account: string }
  | { readonly ok: false; readonly why: 'refused' | 'expired' | 'replayed' };

/** A session as a request finds it. Only `open` may act; with `locked` or `notice` only that can be ended. */
export type SessionState =
  | { readonly state: 'open' | 'locked' | 'notice'; readonly person: Person }
  /** Unknown, ended, older than twelve hours, or of an account that is disabled or locked. */
  | { readonly state: 'none' };

export interface AccountView {
  readonly account: string;
  readonly person: string;
  readonly name: string;
  readonly email: string | null;
  readonly kind: 'local' | 'oidc' | 'persona';
  readonly login: string;
  readonly employer: string | null;
  readonly grants: readonly (Grant & { readonly id: string; readonly source: string; readonly givenAt: Date; readonly reviewedAt: Date | null })[];
  readonly factors: readonly ('password' | 'totp' | 'passkey')[];
  readonly lastAt: Date | null;
  readonly disabledAt: Date | null;
  readonly disabledWhy: string | null;
  readonly lockedAt: Date | null;
}

export interface SessionView {
  readonly id: string;
  readonly begunAt: Date;
  readonly seenAt: Date;
  readonly factors: readonly string[];
  readonly device: string;
}

export interface TokenView {
  readonly id: string;
  readonly account: string;
  readonly name: string;
  readonly actions: readonly Action[];
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly usedAt: Date | null;
  readonly revokedAt: Date | null;
}

/** Whoever changes accounts, as it stands on the record: an account with the role by which, or `operator` at the command line, or a directory. */
export interface Actor {
  readonly who: string;
  readonly role: Role | null;
}

export interface NewPerson {
  readonly name: string;
  readonly email: string | null;
  readonly employer: string | null;
  readonly employeeNumber: string | null;
  /** CJIS AC-2: `sworn`, `lawEnforcementOfficer`, `certifications`, `employerCategory`, `employerState`. */
  readonly facts?: Readonly<Record<string, string | boolean | readonly string[]>>;
}

/** `ACCOUNT_*`: why something about an account was not done. `message` is one sentence, `mend` what to do. */
export type AccountErrorCode =
  | 'ACCOUNT_UNKNOWN' | 'ACCOUNT_TAKEN' | 'ACCOUNT_DISABLED' | 'ACCOUNT_FIELD' | 'ACCOUNT_PASSWORD_SHORT' | 'ACCOUNT_PASSWORD_COMMON' | 'ACCOUNT_INVITATION' | 'ACCOUNT_CODE' | 'ACCOUNT_PASSKEY'
  | 'ACCOUNT_ROLE' | 'ACCOUNT_SELF' | 'ACCOUNT_LAST' | 'ACCOUNT_TOKEN' | 'ACCOUNT_FACTOR' | 'ACCOUNT_BUSY';

/**
 * People, accounts, sessions and tokens, over the database. Every method that changes something puts its act on the record in the same transaction; every failure
 * to sign in is an act too. Secrets come out once and are kept as hashes. Whoever is at the other end of the network controls every text.
 */
export interface Accounts {
  readonly settings: SignInSettings;

  // Signing in with a local account.
  begin(login: string, password: string, from: From): Promise<FirstStep>;
  /** A one-time code (RFC 6238, 30 seconds, one step of grace; a step that was used is not taken again). */
  finishWithCode(flow: string, code: string, from: From): Promise<SignIn>;
  /** What the browser is asked for: for the accounts of a flow; with null, any passkey with user verification, which is two factors in one. */
  passkeyChallenge(flow: string | null): Promise<{ readonly flow: string; readonly options: PublicKeyCredentialRequestOptionsJSON } | null>;
  finishWithPasskey(flow: string, response: AuthenticationResponseJSON, from: From): Promise<SignIn>;
  /** For an account that another part has proved: a state's provider, or a persona of the demonstration. */
  signInProved(account: string, factors: readonly string[], from: From): Promise<SignIn>;

  // Sessions.
  session(cookie: string, now?: number): Promise<SessionState>;
  acceptNotice(cookie: string): Promise<void>;
  lockScreen(cookie: string): Promise<void>;
  /** All factors again: unlocks, and makes the sign-in fresh. The steps are those of signing in; the session keeps its id and gets a new cookie. */
  again(cookie: string, proof: { readonly password: string; readonly code: string } | { readonly flow: string; readonly passkey: AuthenticationResponseJSON }, from: From): Promise<SignIn>;
  /** The same for an account whose factors another part has shown. */
  againProved(cookie: string, account: string, factors: readonly string[], from: From): Promise<SignIn>;
  signOut(cookie: string): Promise<void>;
  sessions(account: string): Promise<readonly SessionView[]>;
  endSession(account: string, id: string, actor: Actor): Promise<void>;

  // Tokens of programs.
  byToken(secret: string, now?: number): Promise<Person | null>;
  makeToken(account: string, request: { readonly name: string; readonly actions: readonly Action[]; readonly days: number }, actor: Actor): Promise<{ readonly secret: string; readonly token: TokenView }>;
  tokens(account: string): Promise<readonly TokenView[]>;
  revokeToken(account: string, id: string, actor: Actor): Promise<void>;

  // Accounts. A second account of the same e-mail address, or of the same number at the same employer, is of the same person.
  /** With its first roles, all of it or nothing. */
  invite(person: NewPerson, login: string, actor: Actor, first?: FirstRoles): Promise<{ readonly account: string; readonly secret: string; readonly expiresAt: Date }>;
  /** What an invitation is for, before it is taken up; null where it is not good. */
  invitation(secret: string): Promise<{ readonly account: string; readonly name: string; readonly login: string } | null>;
  /** A one-time-code key to be shown once: `otpauth://` address, and the key in groups. */
  totpKey(secret: string): Promise<{ readonly key: string; readonly address: string }>;
  /** Sets the password and the second factor at once; an account without a second factor cannot be. */
  takeUp(secret: string, request: { readonly password: string; readonly totp: { readonly key: string; readonly code: string } }): Promise<{ readonly account: string }>;
  passkeyRegistration(account: string): Promise<{ readonly flow: string; readonly options: PublicKeyCredentialCreationOptionsJSON }>;
  addPasskey(account: string, flow: string, name: string, response: RegistrationResponseJSON): Promise<void>;
  removePasskey(account: string, id: string): Promise<void>;
  passkeys(account: string): Promise<readonly { readonly id: string; readonly name: string; readonly createdAt: Date; readonly usedAt: Date | null }[]>;
  /** `keep`: id of the session that goes on; where it is given, the others end. */
  changePassword(account: string, password: string, keep?: string): Promise<void>;
  account(id: string): Promise<AccountView | null>;
  /** Those with a role in a scope, or all; disabled ones too. */
  list(scope: Scope | null): Promise<readonly AccountView[]>;
  unlock(account: string, actor: Actor): Promise<void>;
  /** Ends its sessions and tokens in the same transaction. */
  disable(account: string, why: string, actor: Actor): Promise<void>;
  enable(account: string, actor: Actor): Promise<void>;
  /** Disables accounts that were idle too long. To be called now and then. Returns how many. */
  disableIdle(now?: number): Promise<number>;

  // Roles. Nobody gives a role to themselves, by any account of theirs. An official or coordinator gives roles in their own scope.
  give(account: string, grant: Grant, source: 'machine' | 'official' | 'coordinator' | 'directory' | 'persona', actor: Actor): Promise<void>;
  take(account: string, grantId: string, actor: Actor): Promise<void>;

  // For directories and providers.
  /** Finds or makes the account of a subject at a provider, and sets its roles from that source to exactly these. */
  provision(request: { readonly person: NewPerson; readonly issuer: string; readonly subject: string; readonly externalId: string | null; readonly login: string; readonly grants: readonly Grant[] | null; readonly active: boolean }, actor: Actor): Promise<{ readonly account: string }>;
}

export const defaultSignIn: SignInSettings = {
  sessionFor: 43_200, idleFor: 1_800, failures: 5, within: 900, idleDays: 90, passwordLength: 12, tokenDays: 90, invitationFor: 259_200,
  notice: 'You are about to use a restricted system. What you do here is recorded and may be watched. Use it only for the work that you are authorised for; misuse may be punished under civil and criminal law. By going on you accept this.',
};
