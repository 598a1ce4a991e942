import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { html, type Html } from '../../drawing/html.ts';
import type { AccountView, Accounts, Actor } from '../../people/accounts/types.ts';
import { scopeText } from '../../people/roles/index.ts';
import { counted } from '../../vocabulary/counts.ts';
import { deskPage, sendPage } from '../pages/desk.ts';
import { field, fieldsOf } from '../pages/forms.ts';
import type { PeopleContext } from './context.ts';
import { answerProblem, problemOfError } from './faults.ts';
import { button, input, table, time } from './parts.ts';
import { actorFor } from './place.ts';
import { roleWords } from './words.ts';

/** What an operator can do about an account. */
export const machineWorks: Readonly<Record<'unlock' | 'disable' | 'enable', (accounts: Accounts, account: string, actor: Actor, why: string) => Promise<void>>> = {
  unlock: (accounts, account, actor) => accounts.unlock(account, actor),
  disable: (accounts, account, actor, why) => accounts.disable(account, why === '' ? 'operator' : why, actor),
  enable: (accounts, account, actor) => accounts.enable(account, actor),
};

/** `/machine/people`: accounts by their numbers. An operator runs the machine: who the people are is their owner's to know. */
export function addMachinePages(app: FastifyInstance, context: PeopleContext): void {
  const { people: { accounts }, site } = context;
  const config = { action: 'people.machine' } as const;

  app.get('/machine/people', { config }, async (request, reply) => {
    const weight = ({ lockedAt, disabledAt }: AccountView): number => (disabledAt !== null ? 2 : lockedAt !== null ? 0 : 1);
    const list = [...await accounts.list(null)].sort((a, b) => weight(a) - weight(b));
    const locked = list.filter((one) => weight(one) === 0).length;
    return sendPage(reply, deskPage(site, request, 'Accounts of this machine', html`<p><strong>${counted(list.length, 'account')}: ${locked === 0 ? 'none is' : `${locked} ${locked === 1 ? 'is' : 'are'}`} locked after failures${locked === 0 ? '' : ', and stand first'}.</strong> By number; their names are for the owners and agencies that they work for. To disable one ends its sessions and tokens at once; enabling gives back what it had, without the sessions.</p>
${table('All accounts', ['Account', 'Roles', 'Last signed in', 'State'], list.map(row))}`));
  });

  for (const name of ['unlock', 'disable', 'enable'] as const) {
    app.post<{ Params: { readonly account: string } }>(`/machine/people/:account/${name}`, { config }, (request, reply) => work(context, name, request, reply));
  }
}

async function work(context: PeopleContext, name: keyof typeof machineWorks, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { account } = request.params as { readonly account: string };
  try {
    await machineWorks[name](context.people.accounts, account, actorFor(request), field(fieldsOf(request), 'why', 200));
  } catch (error) {
    const problem = problemOfError(error);
    if (problem === null) throw error;
    return answerProblem(request, reply, problem.name, problem.extras);
  }
  return reply.redirect('/machine/people', 303);
}

function row({ account, kind, grants, lastAt, disabledAt, lockedAt }: AccountView): readonly (Html | string)[] {
  const base = `/machine/people/${account}`;
  return [
    html`<code>${account}</code><br><span class="quiet">${{ local: 'local', oidc: 'of a provider', persona: 'invented' }[kind]}</span>`, grants.map(({ role, scope }) => `${roleWords(role)}, ${scopeText(scope)}`).join('; '), time(lastAt),
    html`${disabledAt !== null ? 'disabled' : lockedAt !== null ? html`<strong class="bad">locked after failures</strong>` : 'active'}${lockedAt === null ? null : button(`${base}/unlock`, `Unlock ${account}`)}${disabledAt === null ? html`<details><summary>Disable ${account}</summary><form method="post" action="${base}/disable">${input({ name: 'why', id: `why-${account}`, label: 'Why', hint: 'such as: left', max: 200 })}<p><button type="submit">Disable it now</button></p></form></details>` : button(`${base}/enable`, `Enable ${account}`, {}, true)}`,
  ];
}
