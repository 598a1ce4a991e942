import type { JSONValue, TransactionSql } from 'postgres';
import { checkPolicy } from '../policy/index.ts';
import { listPolicies, readPolicy } from '../store/policies.ts';
import { areFresh, notChecked, standingNow, type Standing } from './basis.ts';
import { sha256 } from './canonical.ts';
import { instantOf, policyTextOf, unknown, wordsOf, wrong } from './fields.ts';
import { numbered } from './numbered.ts';
import { actOf, mustBe, newId, underLock, type ChangesParts } from './parts.ts';
import { isAuthor, personsOf } from './people.ts';
import { readRule, ruleEffect, ruleHash, ruleText, ruleWords, soundRule } from './rule.ts';
import { proposalRow, proposalView, type DraftRow, type ProposalRow } from './rows.ts';
import { close, putInForce, tell } from './settle.ts';
import { ChangeError, type ApprovalRule, type ChangeActor, type Changes, type Checks, type Effect, type ProposalView } from './types.ts';

/** The part of changes that makes proposals, and takes them back. */
export function proposalsOf(parts: ChangesParts): Pick<Changes, 'propose' | 'proposeRule' | 'proposeStepBack' | 'emergency' | 'withdraw'> {
  return {
    propose: (owner, request, actor) => propose(parts, owner, request, actor),
    proposeRule: (owner, request, actor) => proposeRule(parts, owner, request, actor),
    proposeStepBack: (owner, request, actor) => proposeStepBack(parts, owner, request, actor),
    emergency: (owner, request, actor) => emergency(parts, owner, request, actor),
    withdraw: (owner, id, request, actor) => withdraw(parts, owner, id, request, actor),
  };
}

async function propose(parts: ChangesParts, owner: string, request: Parameters<Changes['propose']>[1], actor: ChangeActor): Promise<ProposalView> {
  mustBe(actor, 'change.propose');
  const { now } = parts;
  const [reason, starts, ends] = [wordsOf(request.reason, 'reason'), instantOf(request.startsAt, 'start'), instantOf(request.endsAt, 'end')];
  return underLock(parts, owner, { act: 'proposed', on: request.draft, actor }, async (tx) => {
    const [draft] = await tx<DraftRow[]>`select * from policy_draft where owner = ${owner} and id = ${request.draft} and dropped_at is null for update`;
    if (draft === undefined) throw unknown('draft');
    if (draft.etag !== request.etag) throw new ChangeError('CHANGE_STALE', `the draft is at version ${draft.etag}: somebody saved it since it was read`, 'Read it again before it is proposed.');
    const standing = await standingNow(tx, owner, now());
    const checks = passed(draft.text, draft.checks, draft.newest, standing, now());
    const { document, hash } = soundText(owner, draft.text, standing);
    timesFit(document.effective, starts, ends, now());
    return insert(tx, parts, {
      owner, kind: 'policy', hash, version: document.version, text: draft.text, effect: checks.effect, reason, starts, ends, checks, newest: standing.newest, persons: [...new Set([...draft.persons, actor.person])],
    }, actor);
  });
}

async function proposeRule(parts: ChangesParts, owner: string, request: { readonly rule: ApprovalRule; readonly reason: string }, actor: ChangeActor): Promise<ProposalView> {
  mustBe(actor, 'change.propose');
  const [rule, reason] = [soundRule(request.rule), wordsOf(request.reason, 'reason')];
  return underLock(parts, owner, { act: 'proposed', on: null, actor }, async (tx) => {
    const was = await readRule(tx, owner);
    const effect = ruleEffect(was, rule);
    if (effect === 'neutral') throw wrong('this is the rule that is in force', 'Change one of its numbers.');
    const checks: Checks = {
      hash: ruleHash(rule), at: new Date(parts.now()).toISOString(), base: null, registry: { version: 0, hash: '' }, ok: true, findings: [], claims: [], effect, difference: ruleWords(was, rule), backtest: null,
    };
    return insert(tx, parts, { owner, kind: 'rule', hash: ruleHash(rule), version: null, text: ruleText(rule), effect, reason, starts: null, ends: null, checks, newest: null, persons: [actor.person] }, actor);
  });
}

async function proposeStepBack(parts: ChangesParts, owner: string, request: { readonly reason: string }, actor: ChangeActor): Promise<ProposalView> {
  mustBe(actor, 'change.propose');
  const { sql, checker, now } = parts;
  const reason = wordsOf(request.reason, 'reason');
  const before = await standingNow(sql, owner, now());
  const previous = (await listPolicies(sql, owner)).find(({ version }) => before.base !== null && version < before.base.version);
  const stored = previous === undefined ? null : await readPolicy(sql, owner, previous.version);
  if (stored === null) throw unknown('version before the one in force');
  const text = numbered(stored.text, before.newest + 1);
  const assessed: Checks = { ...await checker.assess(owner, text), backtest: null };
  const checks: Checks = assessed.ok ? { ...assessed, backtest: await checker.backtest(owner, text) } : assessed;
  return underLock(parts, owner, { act: 'proposed', on: null, actor }, async (tx) => {
    const standing = await standingNow(tx, owner, now());
    passed(text, checks, before.newest, standing, now());
    const { document, hash } = soundText(owner, text, standing);
    return insert(tx, parts, { owner, kind: 'stepBack', hash, version: document.version, text, effect: checks.effect, reason, starts: null, ends: null, checks, newest: standing.newest, persons: [actor.person] }, actor);
  });
}

async function emergency(parts: ChangesParts, owner: string, request: { readonly text: string; readonly reason: string; readonly hours: number }, actor: ChangeActor): Promise<ProposalView> {
  mustBe(actor, 'change.emergency');
  const { sql, checker, now } = parts;
  const [given, reason, { hours }] = [policyTextOf(request.text), wordsOf(request.reason, 'reason'), request];
  const [rule, before] = [await readRule(sql, owner), await standingNow(sql, owner, now())];
  if (!Number.isInteger(hours) || hours < 1 || hours > rule.emergencyHours) {
    throw wrong(`an emergency change holds 1 to ${rule.emergencyHours} hours`, hours > rule.emergencyHours ? 'Give fewer hours, and propose the change for what comes after.' : 'Give a whole number of hours, 1 at least.');
  }
  const sound = checkPolicy(given);
  const text = sound.ok && sound.document.version <= before.newest ? numbered(given, before.newest + 1) : given;
  const checks: Checks = { ...await checker.assess(owner, text), backtest: null };
  return underLock(parts, owner, { act: 'emergencyBegun', on: null, actor }, async (tx) => {
    const standing = await standingNow(tx, owner, now());
    passed(text, checks, before.newest, standing, now());
    const { document, hash } = soundText(owner, text, standing);
    const { restores, ends } = await emergencyEnd(tx, parts, owner, actor, now() + hours * 3_600_000, (await readRule(tx, owner)).emergencyHours);
    timesFit(document.effective, null, ends, now());
    const view = await insert(tx, parts, { owner, kind: 'emergency', hash, version: document.version, text, effect: checks.effect, reason, starts: null, ends, checks, newest: standing.newest, persons: [actor.person], restores }, actor);
    const row = await known(proposalRow(tx, owner, view.id, true));
    await putInForce(tx, parts, row, actor);
    await tell(tx, row, 'emergencyBegun', { account: actor.account, role: actor.role, effect: row.effect, until: new Date(ends).toISOString() });
    return proposalView(tx, await known(proposalRow(tx, owner, view.id)), await readRule(tx, owner));
  });
}

/**
 * What comes back after an emergency, and when. One emergency upon another ends when the first would have had to, and brings back what stood before the first; and who
 * began one cannot begin the next before as much time has passed: else one person could hold a change in force for good.
 */
async function emergencyEnd(tx: TransactionSql, { now }: ChangesParts, owner: string, actor: ChangeActor, wanted: number, most: number): Promise<{ readonly restores: number | null; readonly ends: number }> {
  const [last] = await tx<ProposalRow[]>`select * from policy_proposal where owner = ${owner} and kind = 'emergency' order by proposed_at desc, in_force_at desc limit 1`;
  if (last === undefined) return { restores: null, ends: wanted };
  if (last.state === 'inForce' && last.ends_at !== null && last.in_force_at !== null) {
    const [first] = await tx<{ at: Date }[]>`select min(in_force_at) as at from policy_proposal where owner = ${owner} and kind = 'emergency' and restores is not distinct from ${last.restores}`;
    const ends = Math.min(wanted, (first?.at ?? last.in_force_at).getTime() + most * 3_600_000);
    if (ends <= now()) throw new ChangeError('CHANGE_TIME', 'the time of the emergency is over', 'Propose the change: two people can have it in force at once.');
    return { restores: last.restores, ends };
  }
  const persons = await personsOf(tx, last.persons, [last.author]);
  const own = await personsOf(tx, [actor.person], [actor.account]);
  const free = (last.closed_at ?? last.ends_at ?? last.proposed_at).getTime() + most * 3_600_000;
  if (last.state === 'ended' && free > now() && [...own].some((person) => persons.has(person))) {
    throw new ChangeError('CHANGE_TWICE', `the same person put the last emergency change in force; they cannot begin another before ${new Date(free).toISOString()}`, 'Propose the change, or let somebody else stand for it.');
  }
  return { restores: null, ends: wanted };
}

async function withdraw(parts: ChangesParts, owner: string, id: string, request: { readonly reason: string }, actor: ChangeActor): Promise<ProposalView> {
  mustBe(actor, 'change.propose');
  const reason = wordsOf(request.reason, 'reason');
  return underLock(parts, owner, { act: 'proposalWithdrawn', on: id, actor }, async (tx) => {
    const row = await known(proposalRow(tx, owner, id, true));
    if (!(await isAuthor(tx, row, actor))) throw new ChangeError('CHANGE_ROLE', 'only who made a proposal withdraws it', 'An approver can return or reject it.');
    if (row.state !== 'open' && row.state !== 'scheduled') throw new ChangeError('CHANGE_STATE', `the proposal is ${row.state}`, 'Look at it again.');
    await close(tx, row, 'withdrawn', parts.now());
    await parts.acts.put(tx, actOf(owner, actor, 'proposalWithdrawn', id, { hash: row.hash, words: { reason } }));
    await tell(tx, row, 'policyWithdrawn', { account: actor.account });
    return proposalView(tx, await known(proposalRow(tx, owner, id)), await readRule(tx, owner));
  });
}

interface NewProposal {
  readonly owner: string;
  readonly kind: ProposalView['kind'];
  readonly hash: string;
  readonly version: number | null;
  readonly text: string;
  readonly effect: Effect;
  readonly reason: string;
  readonly starts: number | null;
  readonly ends: number | null;
  readonly checks: Checks;
  readonly newest: number | null;
  readonly persons: readonly string[];
  readonly restores?: number | null;
}

async function insert(tx: TransactionSql, { acts, now }: ChangesParts, made: NewProposal, actor: ChangeActor): Promise<ProposalView> {
  const { owner, kind, hash, version, text, effect, reason, starts, ends, checks, newest, persons, restores = null } = made;
  const [id, at, rule] = [newId('P'), now(), await readRule(tx, owner)];
  await tx`
    insert into policy_proposal (id, owner, kind, state, hash, version, text, effect, author, author_name, persons, reason, rule, base_rule, proposed_at, lapses_at, starts_at, ends_at, checks, newest, restores)
    values (${id}, ${owner}, ${kind}, 'open', ${hash}, ${version}, ${text}, ${effect}, ${actor.account}, ${actor.name}, ${[...persons]}, ${reason}, ${tx.json({ ...rule })}, ${ruleHash(rule)}, ${new Date(at)},
      ${new Date(at + rule.lapsesAfterDays * 86_400_000)}, ${starts === null ? null : new Date(starts)}, ${ends === null ? null : new Date(ends)}, ${tx.json(checks as unknown as JSONValue)}, ${newest}, ${restores})`;
  const row = await known(proposalRow(tx, owner, id));
  await acts.put(tx, actOf(owner, actor, 'proposed', id, { hash, detail: { kind, version: version ?? 0, effect }, words: { reason } }));
  await tell(tx, row, 'policyProposed', { kind, author: actor.account, effect, rule: row.base_rule });
  return proposalView(tx, row, rule);
}

/** Checks that let a text be proposed: of exactly this text, passed, and of what stands. */
function passed(text: string, checks: Checks | null, checkedNewest: number | null, standing: Standing, now: number): Checks {
  if (checks === null || checks.hash !== sha256(text)) throw notChecked('this text was not checked', 'Have it checked, and look at what it would do.');
  if (!checks.ok) throw notChecked('the checks found errors, or a claim that fails', 'Mend what they name: nothing is proposed with a claim that fails.');
  if (!areFresh(checks, checkedNewest, standing, now)) throw notChecked('the policy in force, the registry or the day changed since the checks', 'Have it checked again.');
  return checks;
}

function soundText(owner: string, text: string, { newest }: Standing): { readonly document: { readonly version: number; readonly effective: string }; readonly hash: string } {
  const checked = checkPolicy(text);
  if (!checked.ok || checked.document.policy !== owner) throw notChecked('the text is not a sound policy of this owner', 'Have it checked, and mend what is named.');
  if (checked.document.version <= newest) throw notChecked(`version ${checked.document.version} is not above version ${newest}, the newest`, `Write \`version: ${newest + 1}\`.`);
  return { document: checked.document, hash: checked.hash };
}

/** The first day of a policy must have come when it starts; a start and an end lie in the time to come, within a year. */
function timesFit(effective: string, starts: number | null, ends: number | null, now: number): void {
  const bad = (message: string, mend: string): ChangeError => new ChangeError('CHANGE_TIME', message, mend);
  if (starts !== null && (starts <= now || starts > now + 366 * 86_400_000)) throw bad('the start is not within the year to come', 'Give a later time, or none for at once.');
  const from = starts ?? now;
  if (Date.parse(effective) > from) throw bad(`the policy says that it is in force from ${effective}, which is after its start`, 'Give a start on or after that day, or change `effective:`.');
  if (ends !== null && (ends <= from || ends > from + 366 * 86_400_000)) throw bad('the end is not within a year after the start', 'Give another time, or none.');
}

async function known(row: Promise<ProposalRow | null>): Promise<ProposalRow> {
  const found = await row;
  if (found === null) throw unknown('proposal');
  return found;
}
