import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { html, type Html } from '../../drawing/html.ts';
import { allActs, searchActs } from '../../people/acts/index.ts';
import type { AccountView, SessionView, TokenView } from '../../people/accounts/types.ts';
import { factsOf, freshFor, type Action, type Person } from '../../people/roles/index.ts';
import { personOf } from '../gate/actor.ts';
import { deskPage, sendPage } from '../pages/desk.ts';
import { field, fieldsOf } from '../pages/forms.ts';
import type { PeopleContext } from './context.ts';
import { answerProblem, problemOfError } from './faults.ts';
import { alert, button, input, table, time } from './parts.ts';
import { passkeyBox, sendScriptPage } from './passkeyPage.ts';
import { actTable, deviceWords, factorWords, grantWords, tokenActions } from './words.ts';

/** `/account` and what is below it: one's own facts, factors, sessions and tokens. */
export function addAccount(app: FastifyInstance, context: PeopleContext): void {
  const { people: { accounts }, site } = context;
  const own = { action: 'session.own' } as const;
  const factor = { action: 'factor.own' } as const;
  const token = { action: 'token.own' } as const;

  app.get('/account', { config: own }, (request, reply) => showAccount(context, request, reply, null));

  app.get('/account/password', { config: factor }, (request, reply) => sendPage(reply, passwordPage(context, request, null)));

  app.post('/account/password', { config: factor }, async (request, reply) => {
    const fields = fieldsOf(request);
    const password = fields.get('password') ?? '';
    if (password !== (fields.get('repeated') ?? '')) return sendPage(reply.code(422), passwordPage(context, request, 'The two passwords are not the same.'));
    return await orAgain(request, reply, () => accounts.changePassword(personOf(request).account, password.slice(0, 1_000), personOf(request).session), '/account', (problem) => passwordPage(context, request, problem));
  });

  app.get('/account/passkeys', { config: factor }, (request, reply) => sendScriptPage(reply, deskPage(site, request, 'Add a passkey', html`
<p>A passkey stays on your telephone, computer or key ring, and is two factors in one. Your browser asks for it.</p>
${passkeyBox('add', '/account')}<noscript><p class="card warn">A passkey needs a script of this page. Without it, one-time codes work as before.</p></noscript>
<p><a href="/account">Back</a></p>`)));

  app.post('/account/passkeys/remove', { config: factor }, (request, reply) => {
    const id = field(fieldsOf(request), 'passkey', 2_000);
    return orAgain(request, reply, () => accounts.removePasskey(personOf(request).account, id), '/account');
  });

  app.post('/account/sessions/end', { config: own }, (request, reply) => {
    const { account } = personOf(request);
    return orAgain(request, reply, () => accounts.endSession(account, field(fieldsOf(request), 'session', 40), { who: account, role: null }), '/account');
  });

  app.get('/account/tokens', { config: token }, (request, reply) => sendPage(reply, tokenPage(context, request, null, new URLSearchParams())));

  app.post('/account/tokens', { config: token }, async (request, reply) => {
    const person = personOf(request);
    const fields = fieldsOf(request);
    const may = tokenActions(person);
    const actions = fields.getAll('action').filter((action): action is Action => (may as readonly string[]).includes(action));
    const name = field(fields, 'name', 60);
    const days = Number(field(fields, 'days', 4));
    if (name === '' || actions.length === 0 || !Number.isInteger(days) || days < 1 || days > accounts.settings.tokenDays) {
      return sendPage(reply.code(422), tokenPage(context, request, `A token needs a name, at least one thing that it is for, and 1 to ${accounts.settings.tokenDays} days.`, fields));
    }
    try {
      const made = await accounts.makeToken(person.account, { name, actions, days }, { who: person.account, role: null });
      return await sendPage(reply, deskPage(site, request, 'Your new token', html`
<section class="card good"><p>It is shown this once, and is kept here as a hash only. Whoever has it can do what it is for, until ${time(made.token.expiresAt)}.</p>
<p><code class="secret">${made.secret}</code></p></section>
<p>A program sends it so: <code>Authorization: Bearer …</code></p><p><a href="/account">Back</a></p>`));
    } catch (error) {
      const problem = problemOfError(error);
      if (problem === null) throw error;
      return sendPage(reply.code(422), tokenPage(context, request, problem.extras.detail ?? null, fields));
    }
  });

  app.post('/account/tokens/revoke', { config: token }, (request, reply) => {
    const { account } = personOf(request);
    return orAgain(request, reply, () => accounts.revokeToken(account, field(fieldsOf(request), 'token', 40), { who: account, role: null }), '/account');
  });
}

async function showAccount(context: PeopleContext, request: FastifyRequest, reply: FastifyReply, problem: string | null): Promise<FastifyReply> {
  const { people, site } = context;
  const person = personOf(request);
  const [account, sessions, tokens, passkeys, acts] = await Promise.all([
    people.accounts.account(person.account), people.accounts.sessions(person.account), people.accounts.tokens(person.account), people.accounts.passkeys(person.account),
    searchActs(people.sql, { account: person.account }, allActs, null, 5),
  ]);
  if (account === null) return answerProblem(request, reply, 'unknownObject');
  return sendPage(reply, deskPage(site, request, 'Your account', html`${alert(problem)}
${factsOfAccount(context, account, person)}
<h2>Factors</h2>
${account.kind === 'local' ? html`<p>Password${account.factors.includes('totp') ? ' and one-time codes' : ''}. <a href="/account/password">Change the password</a></p>
${passkeys.length === 0 ? html`<p>No passkey.</p>` : table('Your passkeys', ['Name', 'Added', 'Last used', ''], passkeys.map((key) => [key.name, time(key.createdAt), time(key.usedAt), button('/account/passkeys/remove', `Remove ${key.name}`, { passkey: key.id }, true)]))}
<p><a href="/account/passkeys">Add a passkey</a></p>` : html`<p>${account.kind === 'persona' ? 'None: you are invented.' : 'Your state’s own provider keeps them.'}</p>`}
<h2>Sessions</h2>
${sessionTable(sessions, person)}
<h2>Tokens of programs</h2>
${tokens.length === 0 ? html`<p>None.</p>` : tokenTable(tokens)}
<p><a href="/account/tokens">Make a token</a></p>
<h2>What you did last</h2>
${actTable('Your last acts', acts.acts, null)}<p><a href="/account/acts">All of it</a></p>`));
}

function factsOfAccount({ people }: PeopleContext, account: AccountView, person: Person): Html {
  return html`<dl><dt>Name</dt><dd>${account.name}</dd><dt>Account</dt><dd><code>${account.account}</code></dd><dt>Login</dt><dd>${account.login}</dd>
<dt>E-mail</dt><dd>${account.email ?? 'none'}</dd><dt>Employer</dt><dd>${account.employer === null ? 'none' : html`${people.agencyName(account.employer) ?? ''} <code>${account.employer}</code>`}</dd>
<dt>Last signed in</dt><dd>${time(account.lastAt)}</dd><dt>Factors shown</dt><dd>${person.shownAt === null ? 'by a token' : html`${time(new Date(person.shownAt))}, good for five minutes for what is weighty`}</dd></dl>
<h2>Roles</h2>
${account.grants.length === 0 ? html`<p>You have no role yet. An official of an owner, or the coordinator of an agency, gives one.</p>` : html`<ul>${account.grants.map((grant) => html`<li>${grantWords(people, grant)}</li>`)}</ul>`}`;
}

function sessionTable(sessions: readonly SessionView[], person: Person): Html {
  return table('Your sessions', ['Browser', 'Begun', 'Last seen', ''], sessions.map((one) => [
    html`${deviceWords(one.device)}<br><span class="quiet">by ${one.factors.map(factorWords).join(' and ')}</span>`, time(one.begunAt), time(one.seenAt), one.id === person.session ? html`this one` : button('/account/sessions/end', 'End', { session: one.id }, true),
  ]));
}

function tokenTable(tokens: readonly TokenView[]): Html {
  return table('Your tokens', ['Name', 'For', 'Until', 'Last used', ''], tokens.map((one) => [
    one.name, one.actions.map((action) => factsOf(action).does).join('; '), time(one.expiresAt), time(one.usedAt),
    one.revokedAt === null ? button('/account/tokens/revoke', `Revoke ${one.name}`, { token: one.id }, true) : html`revoked ${time(one.revokedAt)}`,
  ]));
}

function passwordPage({ people: { accounts }, site }: PeopleContext, request: FastifyRequest, problem: string | null): string {
  return deskPage(site, request, 'Change the password', html`${alert(problem)}
<p>At least ${accounts.settings.passwordLength} characters; one that is often used is not taken. Your other sessions end.</p>
<form method="post" action="/account/password">${input({ name: 'password', label: 'New password', type: 'password', autocomplete: 'new-password', max: 1_000 })}${input({ name: 'repeated', label: 'The new password again', type: 'password', autocomplete: 'new-password', max: 1_000 })}
<p><button type="submit">Change it</button></p></form><p><a href="/account">Back</a></p>`);
}

/** The form of a token. `sent`: what was filled in where it was not taken. */
function tokenPage({ people: { accounts }, site }: PeopleContext, request: FastifyRequest, problem: string | null, sent: URLSearchParams): string {
  const may = tokenActions(personOf(request));
  const chosen = new Set(sent.getAll('action'));
  return deskPage(site, request, 'Make a token', html`${alert(problem)}
<p>A token lets a program act for you, with your roles of that moment and only for what you name here. What needs a fresh sign-in no token can do.</p>
<form method="post" action="/account/tokens">${input({ name: 'name', label: 'Name', hint: 'what it is for, so that you know it again', value: field(sent, 'name', 60), max: 60 })}${input({ name: 'days', label: `Days that it is good: 1 to ${accounts.settings.tokenDays}`, type: 'number', inputmode: 'numeric', value: field(sent, 'days', 4), max: 3 })}
<fieldset><legend>It may</legend>${may.map((action) => html`<label class="tick"><input type="checkbox" name="action" value="${action}"${chosen.has(action) ? html` checked` : null}> <span>${factsOf(action).does} <span class="quiet"><code>${action}</code></span></span></label>`)}</fieldset>
<p><button type="submit">Make the token</button></p></form><p><a href="/account">Back</a></p>
<p class="quiet">Your factors were shown less than ${freshFor / 60_000} minutes ago.</p>`);
}

/** Does it and goes on; what accounts refuse is shown where it was asked. */
async function orAgain(request: FastifyRequest, reply: FastifyReply, work: () => Promise<void>, to: string, page?: (problem: string | null) => string): Promise<FastifyReply> {
  try {
    await work();
  } catch (error) {
    const problem = problemOfError(error);
    if (problem === null) throw error;
    if (page !== undefined) return sendPage(reply.code(422), page(problem.extras.detail ?? null));
    return answerProblem(request, reply, problem.name, problem.extras);
  }
  return reply.redirect(to, 303);
}
