import { html, type Html } from '../../drawing/html.ts';
import { acts, type FoundAct } from '../../people/acts/index.ts';
import { allActions, factsOf, roleFor, roles, type Action, type Grant, type Person, type Role, type Scope } from '../../people/roles/index.ts';
import { jurisdictionName, isJurisdiction } from '../../vocabulary/index.ts';
import type { PeopleDeps } from '../gate/deps.ts';
import { table, time } from './parts.ts';

/** Where a role is held, for people. */
export function scopeWords({ agencyName }: Pick<PeopleDeps, 'agencyName'>, scope: Scope): string {
  if (scope.kind === 'owner') return isJurisdiction(scope.owner) ? jurisdictionName(scope.owner) : scope.owner;
  if (scope.kind === 'agency') return `${agencyName(scope.ori) ?? 'an agency'} (${scope.ori})`;
  return scope.kind === 'machine' ? 'this machine' : 'oneself';
}

/** One role as people read it. */
export function grantWords(people: Pick<PeopleDeps, 'agencyName'>, { role, scope, desks }: Grant): string {
  return `${roles[role].plain}, ${scopeWords(people, scope)}${desks.length === 0 ? '' : `, desks: ${desks.join(', ')}`}`;
}

/** What a role lets somebody do, from the table of actions: what stands before the button that gives it. */
export function effectOf(role: Role): readonly string[] {
  return allActions.filter((action) => factsOf(action).to.includes(role)).map((action) => factsOf(action).does);
}

/** What a token of a person can be for: what their roles allow without a fresh sign-in, and nothing about sign-in itself. */
export function tokenActions({ grants }: Pick<Person, 'grants'>): readonly Action[] {
  return allActions.filter((action) => {
    const facts = factsOf(action);
    if (facts.fresh === true || action === 'session.own' || facts.to.includes('anybody')) return false;
    if (facts.to.includes('signedIn')) return true;
    return grants.some((grant) => roleFor([grant], action, facts.scope === 'none' ? null : grant.scope) !== null);
  });
}

/** The words of an act. An act of a later version, whose word is not known here, is shown as it stands. */
export function actWords(act: string): string {
  return Object.hasOwn(acts, act) ? acts[act as keyof typeof acts] : act;
}

/** A role in words; one of a later version as it stands. */
export function roleWords(role: string): string {
  return Object.hasOwn(roles, role) ? roles[role as Role].plain : role;
}

/** What was shown at a sign-in, in words; what is not known here, such as a method of a state's own provider, as it stands. */
export function factorWords(factor: string): string {
  const words: Readonly<Record<string, string>> = { password: 'password', totp: 'one-time code', passkey: 'passkey', persona: 'one click' };
  return Object.hasOwn(words, factor) ? words[factor] ?? factor : factor;
}

const browsers = [['Edg', 'Edge'], ['OPR', 'Opera'], ['Firefox', 'Firefox'], ['Chrome', 'Chrome'], ['CriOS', 'Chrome'], ['FxiOS', 'Firefox'], ['Safari', 'Safari']] as const;
const systems = [['iPhone', 'iPhone'], ['iPad', 'iPad'], ['Android', 'Android'], ['Windows', 'Windows'], ['Mac OS X', 'Mac'], ['CrOS', 'Chromebook'], ['Linux', 'Linux']] as const;

/** A browser and its machine as people know them, of what it says of itself: `Firefox, Windows`. Where that says neither, its beginning. */
export function deviceWords(agent: string): string {
  const found = [browsers.find(([mark]) => agent.includes(`${mark}/`)), systems.find(([mark]) => agent.includes(mark))].flatMap((one) => (one === undefined ? [] : [one[1]]));
  return found.length > 0 ? found.join(', ') : agent.slice(0, 40);
}

/** Acts in a table. `link`: the page of one act, for those who may open it; `names`: of the accounts whose names the reader may know. */
export function actTable(caption: string, list: readonly FoundAct[], link: ((id: string) => string) | null, names: ReadonlyMap<string, string> = new Map()): Html {
  return table(caption, ['When', 'Who', 'What', 'About'], list.map((act) => [
    link === null ? time(act.at) : html`<a href="${link(act.id)}">${time(act.at)}</a>`,
    html`${names.has(act.who) ? html`${names.get(act.who) ?? ''}<br>` : null}<code>${act.who}</code>${act.role === null ? null : html`<br><span class="quiet">${roleWords(act.role)}</span>`}`,
    // The outcome stands with the act: in a column of its own it was the one that a narrow window hid.
    html`${act.result === 'done' ? null : html`<strong class="bad">${act.result}:</strong> `}${actWords(act.act)}<br><span class="quiet"><code>${act.act}</code></span>`,
    act.on === null ? null : html`<span><code>${act.on}</code></span>`,
  ]));
}
