import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { html, type Html } from '../../drawing/html.ts';
import type { AccountView } from '../../people/accounts/types.ts';
import { roleFor, roles, type Role, type Scope } from '../../people/roles/index.ts';
import { counted } from '../../vocabulary/counts.ts';
import { personOf } from '../gate/actor.ts';
import { shownAgainWords } from '../gate/kept.ts';
import { deskPage, sendPage } from '../pages/desk.ts';
import { field, fieldsOf } from '../pages/forms.ts';
import type { PeopleContext } from './context.ts';
import { answerProblem, problemOfError } from './faults.ts';
import { alert, button, hidden, input, table, time } from './parts.ts';
import { actorFor, addressOf, grantFrom, grantsIn, inPlace, inviteTo, places, takeInPlace, type Invited, type Place } from './place.ts';
import { effectOf, grantWords, scopeWords } from './words.ts';

/** `/desk/:owner/people` and `/agency/:ori/people`: who has which role there, and what an official or coordinator does about it. */
export function addPeoplePages(app: FastifyInstance, context: PeopleContext): void {
  for (const place of places) addPlace(app, context, place);
}

function addPlace(app: FastifyInstance, context: PeopleContext, place: Place): void {
  const { people } = context;
  const { accounts } = people;
  const read = { action: place.read };
  const manage = { action: place.manage };

  app.get(place.page, { config: read }, (request, reply) => showList(context, place, request, reply, null));

  app.get<{ Params: { readonly account: string } }>(`${place.page}/:account`, { config: read }, (request, reply) => guarded(request, reply, async () => {
    const scope = place.scope(request);
    return sendPage(reply, onePage(context, place, request, scope, await inPlace(people, scope, request.params.account)));
  }));

  app.post(place.page, { config: { ...manage, keeps: true } }, async (request, reply) => {
    const scope = place.scope(request);
    const fields = fieldsOf(request);
    const grant = grantFrom(place, scope, field(fields, 'role', 30), desksOf(fields));
    const [name, login] = [field(fields, 'name', 200), field(fields, 'login', 200)];
    if (request.shownAgain) return showList(context, place, request, reply, { text: shownAgainWords, at: null, sent: fields }, 200);
    if (grant === null || name === '' || login === '') return showList(context, place, request, reply, { text: 'An invitation needs a name, a login and a role.', at: name === '' ? 'name' : login === '' ? 'login' : 'role', sent: fields });
    const employer = scope.kind === 'agency' ? scope.ori : field(fields, 'employer', 9) || null;
    try {
      const invited = await inviteTo(people, place, grant, { name, email: field(fields, 'email', 200) || null, employer, employeeNumber: field(fields, 'number', 60) || null }, login, actorFor(request));
      return await sendPage(reply, invitationPage(context, request, scope, invited, html`was made, as ${grantWords(people, grant)}`));
    } catch (error) {
      const problem = problemOfError(error);
      if (problem === null) throw error;
      return showList(context, place, request, reply, { text: problem.extras.detail ?? null, at: problem.extras.reasonCode === 'ACCOUNT_TAKEN' ? 'login' : null, sent: fields }, problem.name === 'ownWork' || problem.name === 'notPermitted' ? 403 : 422);
    }
  });

  app.post(`${place.page}/roles`, { config: manage }, (request, reply) => guarded(request, reply, async () => {
    const scope = place.scope(request);
    const fields = fieldsOf(request);
    const grant = grantFrom(place, scope, field(fields, 'role', 30), desksOf(fields));
    if (grant === null) return answerProblem(request, reply, 'fieldWrong', { detail: 'Choose one of the roles that are given here.' });
    const account = field(fields, 'account', 20);
    await accounts.give(account, grant, place.source, actorFor(request));
    return reply.redirect(`${addressOf(scope)}/${encodeURIComponent(account)}`, 303);
  }));

  app.post<{ Params: { readonly account: string } }>(`${place.page}/:account/invite-again`, { config: manage }, (request, reply) => guarded(request, reply, async () => {
    const scope = place.scope(request);
    const { account } = await inPlace(people, scope, request.params.account);
    if (accounts.inviteAgain === undefined) return answerProblem(request, reply, 'notFound');
    return sendPage(reply, invitationPage(context, request, scope, await accounts.inviteAgain(account, actorFor(request)), html`has a new invitation; the one before is good no more`));
  }));

  for (const [path, work] of [
    ['take', (scope, account, fields, actor) => takeInPlace(people, scope, account, field(fields, 'grant', 20), actor)],
    ['disable', async (scope, account, fields, actor) => { await inPlace(people, scope, account); await accounts.disable(account, field(fields, 'why', 200) || 'left', actor); }],
    ['enable', async (scope, account, _fields, actor) => { await inPlace(people, scope, account); await accounts.enable(account, actor); }],
    ['unlock', async (scope, account, _fields, actor) => { await inPlace(people, scope, account); await accounts.unlock(account, actor); }],
  ] as readonly (readonly [string, (scope: Scope, account: string, fields: URLSearchParams, actor: ReturnType<typeof actorFor>) => Promise<void>])[]) {
    app.post<{ Params: { readonly account: string } }>(`${place.page}/:account/${path}`, { config: manage }, (request, reply) => guarded(request, reply, async () => {
      const scope = place.scope(request);
      await work(scope, request.params.account, fieldsOf(request), actorFor(request));
      return reply.redirect(addressOf(scope), 303);
    }));
  }
}

/** An invitation that was not made: why, the field that is meant, and what was typed, which is not lost. */
interface NotInvited {
  readonly text: string | null;
  readonly at: string | null;
  readonly sent: URLSearchParams;
}

async function showList(context: PeopleContext, place: Place, request: FastifyRequest, reply: FastifyReply, problem: NotInvited | null, status = problem === null ? 200 : 422): Promise<FastifyReply> {
  const { people, site } = context;
  const scope = place.scope(request);
  const list = await people.accounts.list(scope);
  const typed = (name: string): string => field(problem?.sent ?? new URLSearchParams(), name, 200);
  return sendPage(reply.code(status), deskPage(site, request, `People: ${scopeWords(people, scope)}`, html`${alert(problem?.text ?? null, problem?.at ?? null)}
${list.length === 0 ? html`<p>Nobody has a role here.</p>` : html`<p>${summaryOf(list)}</p>${table('Who has a role here', ['Name', 'Account', 'Roles', 'Last signed in', 'State'], list.map((one) => [
    html`<a href="${addressOf(scope)}/${one.account}">${one.name}</a>`, html`<code>${one.account}</code>`, grantsIn(one, scope).map(({ role }) => roles[role].plain).join('; '), time(one.lastAt), stateOf(one),
  ]))}`}
${mayManage(place, request, scope) ? html`<h2>Invite somebody</h2>
<form method="post" action="${addressOf(scope)}">${input({ name: 'name', label: 'Name', value: typed('name') })}${input({ name: 'email', label: 'E-mail', type: 'email', hint: 'a second account of the same address is of the same person', optional: true, value: typed('email') })}${input({ name: 'login', label: 'Login', hint: 'what they type to sign in, such as ada.sample', value: typed('login') })}
${scope.kind === 'owner' ? input({ name: 'employer', label: 'ORI of the employer', optional: true, max: 9, value: typed('employer') }) : null}${input({ name: 'number', label: 'Employee number', optional: true, max: 60, value: typed('number') })}
${roleChoice(place, '', typed('role'), typed('desks'))}<p><button type="submit">Make the invitation</button></p></form>
<details><summary>Give a role to somebody who has an account</summary>
<form method="post" action="${addressOf(scope)}/roles">${input({ name: 'account', label: 'Account', hint: 'its number, such as A-0123456789AB', max: 14 })}${roleChoice(place, 'given-')}<p><button type="submit">Give the role</button></p></form></details>` : null}`));
}

function invitationPage({ site }: PeopleContext, request: FastifyRequest, scope: Scope, invited: Invited, what: Html): string {
  const { origin = '' } = request.headers;
  // The address at which the one who invites is; the gate has compared it with the host.
  const address = /^https?:\/\/[\w.:[\]-]{1,100}$/.test(origin) ? origin : '';
  return deskPage(site, request, 'The invitation', html`
<section class="card good"><p>Account <code>${invited.account}</code> ${what}. Give this link to the person, and to nobody else: whoever opens it first sets the password.</p>
<p><code class="secret">${address}/invitation/${invited.secret}</code></p>${address === '' ? html`<p>Put the address of this site before it.</p>` : null}<p>It is shown this once, and good until ${time(invited.expiresAt)}.</p></section>
<p><a href="${addressOf(scope)}">Back to the people</a></p>`);
}

function onePage({ people, site }: PeopleContext, place: Place, request: FastifyRequest, scope: Scope, one: AccountView): string {
  const here = grantsIn(one, scope);
  const base = `${addressOf(scope)}/${one.account}`;
  const manages = mayManage(place, request, scope) && one.account !== personOf(request).account;
  return deskPage(site, request, one.name, html`
<p><a href="${addressOf(scope)}">All people: ${scopeWords(people, scope)}</a></p>
<dl><dt>Account</dt><dd><code>${one.account}</code></dd><dt>Signs in</dt><dd>${{ local: 'with a local account', oidc: 'with a state’s own provider', persona: 'with one click: invented' }[one.kind]}</dd>
<dt>Employer</dt><dd>${one.employer === null ? 'none' : html`${people.agencyName(one.employer) ?? ''} <code>${one.employer}</code>`}</dd><dt>Factors</dt><dd>${one.factors.join(', ') || 'none yet'}</dd>
<dt>Last signed in</dt><dd>${time(one.lastAt)}</dd><dt>State</dt><dd>${stateOf(one)}</dd></dl>
<h2>Roles here</h2>
${table('Roles of this account here', ['Role', 'Given', 'By', 'Reviewed', ''], here.map((grant) => [
    grantWords(people, grant), time(grant.givenAt), grant.source, time(grant.reviewedAt), manages ? button(`${base}/take`, `Take away: ${roles[grant.role].plain}`, { grant: grant.id }, true) : null,
  ]))}
${manages ? html`<p class="quiet">Taking a role away holds from the next request on. It can be given again.</p>
<h2>Give another role</h2><form method="post" action="${addressOf(scope)}/roles">${hidden({ account: one.account })}${roleChoice(place)}<p><button type="submit">Give the role</button></p></form>
${stateOf(one) === 'invited' ? html`<h2>Invite again</h2><p>The invitation was not taken up yet. A new one ends the one before.</p>${button(`${base}/invite-again`, 'Make a new invitation')}` : null}
${one.lockedAt === null ? null : html`<h2>Unlock</h2><p>Locked after failures, ${time(one.lockedAt)}.</p>${button(`${base}/unlock`, 'Unlock the account')}`}
${one.disabledAt === null ? html`<h2>Disable</h2><p>Ends its sessions and tokens at once: ${one.name} can do nothing a second later. Enabling gives back what it had, without the sessions.</p>
<form method="post" action="${base}/disable">${input({ name: 'why', label: 'Why', hint: 'such as: left', max: 200 })}<p><button type="submit">Disable the account</button></p></form>` : html`<h2>Enable</h2><p>Disabled ${time(one.disabledAt)}.</p>${button(`${base}/enable`, 'Enable the account')}`}` : null}
${one.account === personOf(request).account ? html`<p>This is you. Nobody gives or takes roles of their own.</p>` : null}`);
}

/** Who has a role here, in counts: what a review of them would look at first. */
function summaryOf(list: readonly AccountView[]): string {
  const never = list.filter(({ lastAt, disabledAt }) => lastAt === null && disabledAt === null).length;
  const [locked, disabled] = [list.filter(({ lockedAt, disabledAt }) => lockedAt !== null && disabledAt === null).length, list.filter(({ disabledAt }) => disabledAt !== null).length];
  const parts = [[never, 'never signed in'], [locked, 'locked after failures'], [disabled, 'disabled']].flatMap(([n, words]) => (n === 0 ? [] : [`${String(n)} ${String(words)}`]));
  return `${counted(list.length, 'person has', 'people have')} a role here${parts.length === 0 ? '' : `: ${parts.join(', ')}`}.`;
}

/** The roles that can be given, each with what it lets somebody do. None is chosen beforehand. */
function roleChoice({ roles: offered }: Place, prefix = '', chosen = '', desks = ''): Html {
  return html`<fieldset id="${prefix}role"><legend>Role</legend>${offered.map((role: Role) => html`<div class="choice"><label class="tick"><input type="radio" name="role" value="${role}" required${role === chosen ? html` checked` : null}> <span><strong>${roles[role].plain}</strong>: ${roles[role].does}</span></label>
<details><summary>What ${roles[role].plain} may do</summary><ul>${effectOf(role).map((does) => html`<li>${does}</li>`)}</ul></details></div>`)}</fieldset>
${offered.includes('reviewer') ? input({ name: 'desks', id: `${prefix}desks`, label: 'Desks of a reviewer', hint: 'as policies name them, with commas; none: all desks', optional: true, value: desks }) : null}`;
}

function mayManage({ manage }: Place, request: FastifyRequest, scope: Scope): boolean {
  return roleFor(personOf(request).grants, manage, scope) !== null;
}

function desksOf(fields: URLSearchParams): readonly string[] {
  return field(fields, 'desks', 500).split(',').map((desk) => desk.trim()).filter((desk) => desk !== '');
}

function stateOf({ disabledAt, disabledWhy, lockedAt, factors, kind }: AccountView): string {
  if (disabledAt !== null) return `disabled${disabledWhy === null ? '' : ` (${disabledWhy})`}`;
  if (lockedAt !== null) return 'locked after failures';
  return kind === 'local' && factors.length === 0 ? 'invited' : 'active';
}

/** What accounts refuse becomes a page that says so. */
async function guarded(request: FastifyRequest, reply: FastifyReply, work: () => Promise<FastifyReply>): Promise<FastifyReply> {
  try {
    return await work();
  } catch (error) {
    const problem = problemOfError(error);
    if (problem === null) throw error;
    return answerProblem(request, reply, problem.name, problem.extras);
  }
}
