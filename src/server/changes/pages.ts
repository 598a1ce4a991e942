import { createHash } from 'node:crypto';

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { ChangeError, type ChangeActor, type ProposalView } from '../../approvals/types.ts';
import { mayDo, type Action } from '../../people/roles/index.ts';
import { readPolicy } from '../../store/policies.ts';
import type { PeopleDeps } from '../gate/deps.ts';
import { personOf } from '../gate/actor.ts';
import { shownAgainWords } from '../gate/kept.ts';
import { deskPage, sendPage } from '../pages/desk.ts';
import { field, fieldsOf, takeForms } from '../pages/forms.ts';
import type { Site } from '../pages/layout.ts';
import { problems } from '../problems.ts';
import { answerProblem } from '../people/faults.ts';
import { changeActor, changeBodyLimit, changeRefusal } from './answer.ts';
import { draftPage, newPage, proposePage, type DraftShown } from './draftPage.ts';
import { listPage, titleOf } from './listPage.ts';
import type { SentComment } from './parts.ts';
import { proposalPage, type DecisionForm, type ProposalShown } from './proposalPage.ts';
import { ownerName, ruleSentences } from './words.ts';

/** What every page of changes is made with. */
export interface PageParts {
  readonly people: PeopleDeps;
  readonly site: Site;
}

interface Params {
  readonly owner: string;
  readonly id: string;
}

/** The pages of drafts and proposals. Each is made by the server; what changes something is a form. */
export function addChangePages(scope: FastifyInstance, parts: PageParts): void {
  takeForms(scope, changeBodyLimit);
  addList(scope, parts);
  addDrafts(scope, parts);
  addProposing(scope, parts);
  addProposals(scope, parts);
}

function addList(scope: FastifyInstance, { people: { changes }, site }: PageParts): void {
  scope.get('/desk/:owner/changes', { config: { action: 'change.read' } }, async (request, reply) => {
    const owner = ownerOf(request);
    const [drafts, proposals] = [await changes.drafts(owner), await changes.proposals(owner, null)];
    const may = { draft: mayNow(request, 'change.draft') !== 'no', propose: mayNow(request, 'change.propose') !== 'no', emergency: mayNow(request, 'change.emergency') !== 'no' };
    return sendPage(reply, deskPage(site, request, `Changes of the policy of ${ownerName(owner)}`, listPage({ owner, drafts, proposals, may })));
  });
}

function addDrafts(scope: FastifyInstance, { people: { changes }, site }: PageParts): void {
  const base = '/desk/:owner/changes/drafts';
  const show = async (request: FastifyRequest, reply: FastifyReply, told: Pick<DraftShown, 'fault' | 'sent' | 'comment'>): Promise<FastifyReply> => {
    const owner = ownerOf(request);
    const draft = await changes.draft(owner, idOf(request));
    if (draft === null) return answerProblem(request, reply, 'unknownObject');
    const may = { draft: mayNow(request, 'change.draft') !== 'no', comment: mayNow(request, 'change.comment') !== 'no', propose: mayNow(request, 'change.propose') !== 'no', emergency: mayNow(request, 'change.emergency') !== 'no' };
    const stale = draft.checks !== null && draft.checks.hash !== sha256(draft.text);
    return sendPage(reply, deskPage(site, request, `Draft: ${draft.title === '' ? draft.id : draft.title}`, draftPage({ draft, stale, may, ...told })));
  };

  scope.get('/desk/:owner/changes/new', { config: { action: 'change.draft' } }, (request, reply) => sendPage(reply, deskPage(site, request, 'Begin a draft', newPage(ownerOf(request), null))));
  scope.post(base, { config: { action: 'change.draft', keeps: true } }, async (request, reply) => {
    const owner = ownerOf(request);
    const fields = fieldsOf(request);
    const [title, text] = [typed(fields, 'title', 200), textOf(fields)];
    return orTold(reply, async () => {
      const draft = await changes.begin(owner, { title, text: text.trim() === '' ? null : text }, changeActor(request));
      return reply.redirect(`/desk/${owner}/changes/drafts/${draft.id}`, 303);
    }, (fault) => sendPage(reply, deskPage(site, request, 'Begin a draft', newPage(owner, fault, { title, text }))));
  });
  scope.get(`${base}/:id`, { config: { action: 'change.read' } }, (request, reply) => show(request, reply, { fault: null, sent: null }));
  scope.post(`${base}/:id`, { config: { action: 'change.draft', keeps: true } }, async (request, reply) => {
    const [owner, id, fields] = [ownerOf(request), idOf(request), fieldsOf(request)];
    const sent = { title: typed(fields, 'title', 200), text: textOf(fields) };
    return orTold(reply, async () => {
      const actor = changeActor(request);
      const draft = await changes.save(owner, id, { ...sent, etag: numberOf(field(fields, 'etag', 12)) }, actor);
      if (field(fields, 'do', 10) === 'check') await changes.check(owner, draft.id, actor);
      return reply.redirect(`/desk/${owner}/changes/drafts/${draft.id}`, 303);
    }, (fault) => show(request, reply, { fault, sent }));
  });
  scope.post(`${base}/:id/comments`, { config: { action: 'change.comment', keeps: true } }, (request, reply) => orTold(reply, async () => {
    const [owner, id] = [ownerOf(request), idOf(request)];
    const { rule, text } = commentOf(request);
    await changes.comment(owner, { draft: id }, { rule: rule || null, text }, changeActor(request));
    return reply.redirect(`/desk/${owner}/changes/drafts/${id}`, 303);
  }, (fault) => show(request, reply, { fault, sent: null, comment: commentOf(request) })));
  scope.post(`${base}/:id/drop`, { config: { action: 'change.draft', keeps: true } }, (request, reply) => orTold(reply, async () => {
    const owner = ownerOf(request);
    sure(request);
    await changes.drop(owner, idOf(request), changeActor(request));
    return reply.redirect(`/desk/${owner}/changes`, 303);
  }, (fault) => show(request, reply, { fault, sent: null })));
}

function addProposing(scope: FastifyInstance, { people: { changes }, site }: PageParts): void {
  const address = '/desk/:owner/changes/drafts/:id/propose';
  const show = async (request: FastifyRequest, reply: FastifyReply, fault: string | null, sent: Parameters<typeof proposePage>[2]): Promise<FastifyReply> => {
    const draft = await changes.draft(ownerOf(request), idOf(request));
    if (draft === null) return answerProblem(request, reply, 'unknownObject');
    const rule = ruleSentences(await changes.rule(draft.owner));
    const needs = [draft.checks?.effect === 'widening' ? (rule[0] ?? '') : (rule[1] ?? ''), rule[2] ?? ''];
    return sendPage(reply, deskPage(site, request, 'Propose this text', proposePage(draft, fault, sent, needs)));
  };
  scope.get(address, { config: { action: 'change.propose' } }, (request, reply) => show(request, reply, null, null));
  scope.post(address, { config: { action: 'change.propose', keeps: true } }, (request, reply) => {
    const [owner, draft, fields] = [ownerOf(request), idOf(request), fieldsOf(request)];
    const sent = { reason: typed(fields, 'reason', 4_000), startsAt: field(fields, 'startsAt', 30), endsAt: field(fields, 'endsAt', 30) };
    return orTold(reply, async () => {
      const { reason } = sent;
      const made = await changes.propose(owner, { draft, etag: numberOf(field(fields, 'etag', 12)), reason, startsAt: instantOf(sent.startsAt, 'from when'), endsAt: instantOf(sent.endsAt, 'until when') }, changeActor(request));
      return reply.redirect(`/desk/${owner}/changes/proposals/${made.id}`, 303);
    }, (fault) => show(request, reply, fault, sent));
  });
}

function addProposals(scope: FastifyInstance, { people, site }: PageParts): void {
  const { changes } = people;
  const base = '/desk/:owner/changes/proposals/:id';
  const show = async (request: FastifyRequest, reply: FastifyReply, fault: string | null, sent: ProposalShown['sent'] = {}): Promise<FastifyReply> => {
    const proposal = await changes.proposal(ownerOf(request), idOf(request));
    if (proposal === null) return answerProblem(request, reply, 'unknownObject');
    const decision = decisionForm(request, proposal);
    const may = {
      comment: mayNow(request, 'change.comment') !== 'no', withdraw: proposal.author === personOf(request).account && ['open', 'approved', 'scheduled'].includes(proposal.state) && mayNow(request, 'change.propose') !== 'no',
      certificate: ['approved', 'scheduled', 'inForce', 'superseded', 'ended'].includes(proposal.state) && mayNow(request, 'change.certificate') !== 'no',
    };
    return sendPage(reply, deskPage(site, request, `${titleOf(proposal)} of ${ownerName(proposal.owner)}`, proposalPage({ proposal, base: await baseText(people, proposal), decision, may, fault, sent })));
  };
  scope.get(base, { config: { action: 'change.read' } }, (request, reply) => show(request, reply, null));
  scope.post(`${base}/decision`, { config: { action: 'change.approve', keeps: true } }, (request, reply) => {
    const fields = fieldsOf(request);
    const [reason, decision] = [typed(fields, 'reason', 4_000), field(fields, 'decision', 10)];
    return orTold(reply, async () => {
      if (decision !== 'approve' && decision !== 'return' && decision !== 'reject') throw new ChangeError('CHANGE_FIELD', 'no decision was chosen', 'Choose one of the three.');
      const round = numberOf(field(fields, 'round', 9));
      await changes.decide(ownerOf(request), idOf(request), { hash: field(fields, 'hash', 64), decision, reason, ...(round === 0 ? {} : { round }) }, changeActor(request));
      return reply.redirect(`/desk/${ownerOf(request)}/changes/proposals/${idOf(request)}`, 303);
    }, (fault) => show(request, reply, fault, { decision, reason }));
  });
  const act = (path: string, action: Action, work: (owner: string, id: string, sent: ProposalShown['sent'], actor: ChangeActor) => Promise<unknown>, sentOf: (request: FastifyRequest) => ProposalShown['sent']): void => {
    scope.post(`${base}/${path}`, { config: { action, keeps: true } }, (request, reply) => orTold(reply, async () => {
      const [owner, id] = [ownerOf(request), idOf(request)];
      await work(owner, id, sentOf(request), changeActor(request));
      return reply.redirect(`/desk/${owner}/changes/proposals/${id}`, 303);
    }, (fault) => show(request, reply, fault, sentOf(request))));
  };
  act('withdrawal', 'change.propose', (owner, id, { withdrawal: reason = '' }, actor) => changes.withdraw(owner, id, { reason }, actor), (request) => ({ withdrawal: typed(fieldsOf(request), 'reason', 4_000) }));
  act('comments', 'change.comment', (owner, id, { comment }, actor) => changes.comment(owner, { proposal: id }, { rule: comment?.rule || null, text: comment?.text ?? '' }, actor), (request) => ({ comment: commentOf(request) }));
}

function commentOf(request: FastifyRequest): SentComment {
  const fields = fieldsOf(request);
  return { rule: typed(fields, 'rule', 64), text: typed(fields, 'text', 4_000) };
}

/** Whether a person may do it: `stale` where only all factors must be shown again. */
export function mayNow(request: FastifyRequest, action: Action): 'yes' | 'stale' | 'no' {
  const may = mayDo(personOf(request), action, { kind: 'owner', owner: ownerOf(request) }, Date.now());
  if (may.ok) return 'yes';
  return may.why === 'stale' ? 'stale' : 'no';
}

function decisionForm(request: FastifyRequest, { state, author, approvals }: ProposalView): DecisionForm {
  if (state !== 'open') return 'closed';
  const may = mayNow(request, 'change.approve');
  if (may === 'no') return 'role';
  if (author === personOf(request).account) return 'own';
  if (approvals.some(({ account }) => account === personOf(request).account)) return 'given';
  return 'open';
}

/** The text that a proposal was compared with. */
async function baseText({ sql }: PeopleDeps, { owner, checks, kind }: ProposalView): Promise<string | null> {
  const base = kind === 'rule' ? null : (checks?.base ?? null);
  return base === null ? null : ((await readPolicy(sql, owner, base.version))?.text ?? null);
}

/** Does the work of a form; what the rules of changes refuse is shown on the page, with the status that says so. A form that comes back from a sign-in is only shown. */
export async function orTold(reply: FastifyReply, work: () => Promise<FastifyReply>, tell: (fault: string) => FastifyReply | Promise<FastifyReply>): Promise<FastifyReply> {
  if (reply.request.shownAgain) return tell(shownAgainWords);
  try {
    return await work();
  } catch (error) {
    const refusal = changeRefusal(error);
    if (refusal === null) throw error;
    const { status, mend } = problems[refusal.name];
    reply.code(status);
    return tell(refusal.extras.detail ?? mend);
  }
}

export function ownerOf(request: FastifyRequest): string {
  return (request.params as Params).owner.toUpperCase();
}

/** The number in the address; nothing has the empty one. */
function idOf(request: FastifyRequest): string {
  const { id } = request.params as Params;
  return isId(id) ? id : '';
}

export function isId(text: unknown): text is string {
  return typeof text === 'string' && /^[A-Za-z0-9-]{1,64}$/.test(text);
}

/** One field without what the database does not take. */
export function typed(fields: URLSearchParams, name: string, longest: number): string {
  return field(fields, name, longest).replaceAll('\0', '');
}

/** A text as a form sends it, whose lines end as the form likes. */
export function textOf(fields: URLSearchParams, name = 'text'): string {
  return (fields.get(name) ?? '').replaceAll(/\r\n?/g, '\n').replaceAll('\0', '');
}

/** A whole number; 0, which is never right, for anything else. */
export function numberOf(text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : 0;
}

/** `2026-03-02T17:04`, taken as UTC; null for nothing. */
export function instantOf(text: string, what: string): string | null {
  if (text === '') return null;
  const date = new Date(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/.test(text) ? `${text}Z` : Number.NaN);
  if (Number.isNaN(date.getTime())) throw new ChangeError('CHANGE_FIELD', `the time for \`${what}\` is none`, 'Write it as 2026-03-02T17:04, in UTC.');
  return date.toISOString();
}

/** The box that says that somebody means it. */
export function sure(request: FastifyRequest): void {
  if (field(fieldsOf(request), 'sure', 5) !== 'yes') throw new ChangeError('CHANGE_FIELD', 'the box was not ticked', 'Tick it if you mean it.');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

