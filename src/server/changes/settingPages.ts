import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { html } from '../../drawing/html.ts';
import { ChangeError, type ApprovalRule, type Checks } from '../../approvals/types.ts';
import { readPolicy, versionsInForce } from '../../store/policies.ts';
import { personOf } from '../gate/actor.ts';
import type { PeopleDeps } from '../gate/deps.ts';
import { deskPage, sendPage } from '../pages/desk.ts';
import { field, fieldsOf } from '../pages/forms.ts';
import { changeActor } from './answer.ts';
import type { ChangeChecker } from './checker.ts';
import { emergencyPage } from './emergencyPage.ts';
import { instantOf, isId, mayNow, numberOf, orTold, ownerOf, sure, textOf, typed, type PageParts } from './pages.ts';
import { faultBox, reasonField } from './parts.ts';
import { rulePage, type RuleShown } from './rulePage.ts';
import { ownerName } from './words.ts';

/** The pages of the rule of approval, of going one version back, and of an emergency. */
export function addSettingPages(scope: FastifyInstance, parts: PageParts & { readonly checker: ChangeChecker }): void {
  addRule(scope, parts);
  addStepBack(scope, parts);
  addEmergency(scope, parts);
}

const numbers = ['widening', 'narrowing', 'lapsesAfterDays', 'emergencyHours'] as const satisfies readonly (keyof ApprovalRule)[];

function addRule(scope: FastifyInstance, { people, site }: PageParts): void {
  const { changes } = people;
  const show = async (request: FastifyRequest, reply: FastifyReply, fault: string | null, sent: RuleShown['sent'] = null, deputy: RuleShown['deputy'] = null): Promise<FastifyReply> => {
    const owner = ownerOf(request);
    const may = { propose: mayNow(request, 'change.propose') !== 'no', deputy: mayNow(request, 'change.approve') !== 'no' };
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    const deputies = may.deputy ? await approvers(people, owner, personOf(request).person) : [];
    return sendPage(reply, deskPage(site, request, `Who approves changes of ${ownerName(owner)}`, rulePage({ owner, rule: await changes.rule(owner), may, deputies, fault, sent, deputy, tomorrow })));
  };
  scope.get('/desk/:owner/changes/rule', { config: { action: 'change.read' } }, (request, reply) => show(request, reply, null));
  scope.post('/desk/:owner/changes/rule', { config: { action: 'change.propose', keeps: true } }, (request, reply) => {
    const [owner, fields] = [ownerOf(request), fieldsOf(request)];
    const reason = typed(fields, 'reason', 4_000);
    const number = (name: keyof ApprovalRule): string => field(fields, name, 9);
    return orTold(reply, async () => {
      const [widening, narrowing, lapsesAfterDays, emergencyHours] = numbers.map((name) => numberOf(number(name))) as [number, number, number, number];
      const made = await changes.proposeRule(owner, { rule: { widening, narrowing, lapsesAfterDays, emergencyHours }, reason }, changeActor(request));
      return reply.redirect(`/desk/${owner}/changes/proposals/${made.id}`, 303);
    }, (fault) => show(request, reply, fault, { widening: number('widening'), narrowing: number('narrowing'), lapsesAfterDays: number('lapsesAfterDays'), emergencyHours: number('emergencyHours'), reason }));
  });
  scope.post('/desk/:owner/changes/deputies', { config: { action: 'change.approve', keeps: true } }, (request, reply) => orTold(reply, async () => {
    const [owner, actor] = [ownerOf(request), changeActor(request)];
    const { to, role, until: day, reason } = deputyOf(request);
    if (role !== 'policyApprover' && role !== 'privacyApprover') throw new ChangeError('CHANGE_FIELD', 'no office was chosen', 'Choose one.');
    const until = instantOf(`${day}T23:59:59`, 'until when') ?? '';
    await changes.delegate(owner, { from: actor.account, to, role, until, reason }, actor);
    return reply.redirect(`/desk/${owner}/changes/rule`, 303);
  }, (fault) => show(request, reply, fault, null, deputyOf(request))));
}

function deputyOf(request: FastifyRequest): Readonly<Record<'to' | 'role' | 'until' | 'reason', string>> {
  const fields = fieldsOf(request);
  return { to: field(fields, 'to', 20), role: field(fields, 'role', 20), until: field(fields, 'until', 10), reason: typed(fields, 'reason', 4_000) };
}

/** Who is an approver of the owner, other than this person. */
async function approvers({ accounts }: PeopleDeps, owner: string, person: string): Promise<RuleShown['deputies']> {
  const all = await accounts.list({ kind: 'owner', owner });
  return all.filter((one) => one.person !== person && one.disabledAt === null && one.grants.some(({ role, scope }) => (role === 'policyApprover' || role === 'privacyApprover') && scope.kind === 'owner' && scope.owner === owner))
    .map(({ account, name }) => ({ account, name }));
}

function addStepBack(scope: FastifyInstance, { people: { changes }, site }: PageParts): void {
  const address = '/desk/:owner/changes/step-back';
  const show = (request: FastifyRequest, reply: FastifyReply, fault: string | null, reason = ''): FastifyReply => sendPage(reply, deskPage(site, request, 'Go one version back', html`
<p><strong>The version before the one in force comes back, as a version of its own.</strong> It is a proposal like any other: others approve it, and see what it changes.</p>
${faultBox(fault)}
<form method="post" action="/desk/${ownerOf(request)}/changes/step-back">${reasonField('Why', 'For those who decide on it, and for the record.', reason)}<button type="submit">Propose it</button></form>
<p><a href="/desk/${ownerOf(request)}/changes">All changes</a></p>`));
  scope.get(address, { config: { action: 'change.propose' } }, (request, reply) => show(request, reply, null));
  scope.post(address, { config: { action: 'change.propose', keeps: true } }, (request, reply) => {
    const reason = typed(fieldsOf(request), 'reason', 4_000);
    return orTold(reply, async () => {
      const made = await changes.proposeStepBack(ownerOf(request), { reason }, changeActor(request));
      return reply.redirect(`/desk/${ownerOf(request)}/changes/proposals/${made.id}`, 303);
    }, (fault) => show(request, reply, fault, reason));
  });
}

function addEmergency(scope: FastifyInstance, { people, site, checker }: PageParts & { readonly checker: ChangeChecker }): void {
  const { changes } = people;
  const address = '/desk/:owner/changes/emergency';
  const show = async (request: FastifyRequest, reply: FastifyReply, told: { readonly text: string; readonly reason: string; readonly hours: string; readonly checks: Checks | null; readonly fault: string | null }): Promise<FastifyReply> => {
    const owner = ownerOf(request);
    const { emergencyHours: most } = await changes.rule(owner);
    return sendPage(reply, deskPage(site, request, `Emergency change of ${ownerName(owner)}`, emergencyPage({ owner, most, ...told })));
  };
  scope.get(address, { config: { action: 'change.emergency' } }, async (request, reply) => {
    const owner = ownerOf(request);
    const { draft } = request.query as { readonly draft?: unknown };
    const text = (isId(draft) ? (await changes.draft(owner, draft))?.text : undefined) ?? await inForce(people, owner) ?? '';
    return show(request, reply, { text, reason: '', hours: '', checks: null, fault: null });
  });
  scope.post(address, { config: { action: 'change.emergency', keeps: true } }, (request, reply) => {
    const [owner, fields] = [ownerOf(request), fieldsOf(request)];
    const sent = { text: textOf(fields), reason: typed(fields, 'reason', 4_000), hours: field(fields, 'hours', 9) };
    const look = async (): Promise<Checks> => ({ ...await checker.assess(owner, sent.text), backtest: await checker.backtest(owner, sent.text) });
    return orTold(reply, async () => {
      if (field(fields, 'do', 10) !== 'begin') return show(request, reply, { ...sent, checks: await look(), fault: null });
      sure(request);
      const made = await changes.emergency(owner, { text: sent.text, reason: sent.reason, hours: numberOf(sent.hours) }, changeActor(request));
      return reply.redirect(`/desk/${owner}/changes/proposals/${made.id}`, 303);
    }, async (fault) => show(request, reply, { ...sent, checks: field(fields, 'do', 10) === 'begin' ? await look().catch(() => null) : null, fault }));
  });
}

async function inForce({ sql }: PeopleDeps, owner: string): Promise<string | null> {
  const found = (await versionsInForce(sql, new Date())).find((one) => one.owner === owner);
  return found === undefined ? null : ((await readPolicy(sql, owner, found.version))?.text ?? null);
}
