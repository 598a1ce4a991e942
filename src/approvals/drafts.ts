import type { JSONValue } from 'postgres';
import { readPolicy } from '../store/policies.ts';
import { sha256 } from './canonical.ts';
import { notChecked, standingNow } from './basis.ts';
import { policyTextOf, ruleIdOf, titleOf, unknown, wordsOf } from './fields.ts';
import { actOf, mustBe, newId, recordingRefusal, underLock, type ChangesParts } from './parts.ts';
import { draftHead, draftRow, draftView, proposalRow, type DraftRow } from './rows.ts';
import { numbered } from './numbered.ts';
import { ChangeError, type ChangeActor, type Changes, type Checks, type CommentView, type DraftView } from './types.ts';

/** The part of changes that is before a proposal: drafts, their checks, and comments. */
export function draftsOf(parts: ChangesParts): Pick<Changes, 'drafts' | 'draft' | 'begin' | 'save' | 'drop' | 'comment' | 'check'> {
  const { sql, acts, now } = parts;
  return {
    async drafts(owner) {
      const rows = await sql<DraftRow[]>`
        select id, owner, title, etag, author, author_name, saved_at, checks from policy_draft where owner = ${owner} and dropped_at is null order by saved_at desc limit 200`;
      return rows.map(draftHead);
    },
    async draft(owner, id) {
      const row = await draftRow(sql, owner, id);
      return row === null ? null : draftView(sql, row);
    },
    async begin(owner, request, actor) {
      mustBe(actor, 'change.draft');
      const title = titleOf(request.title);
      const text = policyTextOf(request.text ?? await textInForce(parts, owner));
      const id = newId('D');
      return sql.begin(async (tx) => {
        await tx`
          insert into policy_draft (id, owner, title, text, author, author_name, persons, saved_at)
          values (${id}, ${owner}, ${title}, ${text}, ${actor.account}, ${actor.name}, ${[actor.person]}, ${new Date(now())})`;
        await acts.put(tx, actOf(owner, actor, 'draftMade', id, { hash: sha256(text), words: { title } }));
        return draftView(tx, await known(draftRow(tx, owner, id)));
      });
    },
    save: (owner, id, request, actor) => save(parts, owner, id, request, actor),
    async drop(owner, id, actor) {
      mustBe(actor, 'change.draft');
      await sql.begin(async (tx) => {
        const done = await tx`update policy_draft set dropped_at = ${new Date(now())} where owner = ${owner} and id = ${id} and dropped_at is null`;
        if (done.count === 0) throw unknown('draft');
        await acts.put(tx, actOf(owner, actor, 'draftDropped', id));
      });
    },
    comment: (owner, on, request, actor) => comment(parts, owner, on, request, actor),
    check: (owner, id, actor) => check(parts, owner, id, actor),
  };
}

async function save({ sql, acts, now, ...parts }: ChangesParts, owner: string, id: string, request: { readonly title: string; readonly text: string; readonly etag: number }, actor: ChangeActor): Promise<DraftView> {
  mustBe(actor, 'change.draft');
  const [title, text] = [titleOf(request.title), policyTextOf(request.text)];
  return recordingRefusal({ sql, acts, now, ...parts }, owner, { act: 'draftSaved', on: id, actor }, () => sql.begin(async (tx) => {
    const [row] = await tx<DraftRow[]>`select * from policy_draft where owner = ${owner} and id = ${id} and dropped_at is null for update`;
    if (row === undefined) throw unknown('draft');
    if (row.etag !== request.etag) throw new ChangeError('CHANGE_STALE', `somebody saved the draft since it was read: it is at version ${row.etag}`, 'Read it again, and bring your changes in.');
    if (row.title === title && row.text === text) return draftView(tx, row);
    // Checks are of a text: another one has none. Whoever wrote of it is an author of it.
    await tx`
      update policy_draft set title = ${title}, text = ${text}, etag = etag + 1, saved_at = ${new Date(now())},
        persons = case when ${row.text === text || row.persons.includes(actor.person)} then persons else array_append(persons, ${actor.person}) end,
        checks = case when ${row.text === text} then checks end, newest = case when ${row.text === text} then newest end
      where id = ${id}`;
    await acts.put(tx, actOf(owner, actor, 'draftSaved', id, { hash: sha256(text), detail: { etag: row.etag + 1 }, ...(row.title === title ? {} : { words: { title } }) }));
    return draftView(tx, await known(draftRow(tx, owner, id)));
  }));
}

/** A new one begins from what is in force, under the next number. */
async function textInForce({ sql, now }: ChangesParts, owner: string): Promise<string> {
  const [policy, { newest }] = [await readPolicy(sql, owner, undefined, new Date(now())), await standingNow(sql, owner, now())];
  if (policy === null) throw new ChangeError('CHANGE_FIELD', 'there is no policy to begin from', 'Give a text: `weir policy templates` has some.');
  return numbered(policy.text, newest + 1);
}

async function comment({ sql, acts, now }: ChangesParts, owner: string, on: { readonly draft: string } | { readonly proposal: string }, request: { readonly rule: string | null; readonly text: string }, actor: ChangeActor): Promise<CommentView> {
  mustBe(actor, 'change.comment');
  const [rule, text] = [ruleIdOf(request.rule), wordsOf(request.text, 'comment', 4_000)];
  const about = 'draft' in on ? on.draft : on.proposal;
  const [id, at] = [newId('C'), new Date(now())];
  await sql.begin(async (tx) => {
    const found = 'draft' in on ? await draftRow(tx, owner, on.draft) : await proposalRow(tx, owner, on.proposal);
    if (found === null) throw unknown('draft' in on ? 'draft' : 'proposal');
    await tx`
      insert into policy_comment (id, owner, draft, proposal, rule, by_account, by_name, at, text)
      values (${id}, ${owner}, ${'draft' in on ? on.draft : null}, ${'draft' in on ? null : on.proposal}, ${rule}, ${actor.account}, ${actor.name}, ${at}, ${text})`;
    await acts.put(tx, actOf(owner, actor, 'draftCommented', about, { words: { text, rule } }));
  });
  return { id, rule, by: actor.account, byName: actor.name, at: at.toISOString(), text };
}

async function check(parts: ChangesParts, owner: string, id: string, actor: ChangeActor): Promise<Checks> {
  mustBe(actor, 'change.draft');
  const { sql, acts, checker, now } = parts;
  const row = await draftRow(sql, owner, id);
  if (row === null) throw unknown('draft');
  const standing = await standingNow(sql, owner, now());
  const checks: Checks = { ...await checker.assess(owner, row.text), backtest: null };
  const whole: Checks = checks.ok ? { ...checks, backtest: await checker.backtest(owner, row.text) } : checks;
  await underLock(parts, owner, null, async (tx) => {
    const [kept] = await tx<{ text: string }[]>`select text from policy_draft where owner = ${owner} and id = ${id} and dropped_at is null for update`;
    if (kept === undefined) throw unknown('draft');
    if (kept.text !== row.text) throw notChecked('the text was changed while it was checked', 'Have it checked again.');
    await tx`update policy_draft set checks = ${tx.json(whole as unknown as JSONValue)}, newest = ${standing.newest} where id = ${id}`;
    await acts.put(tx, actOf(owner, actor, 'draftChecked', id, { hash: whole.hash, detail: { ok: whole.ok ? 'yes' : 'no', effect: whole.effect, findings: whole.findings.length, failing: whole.claims.filter(({ holds }) => !holds).length } }));
  });
  return whole;
}

async function known<T>(row: Promise<T | null>): Promise<T> {
  const found = await row;
  if (found === null) throw unknown('draft');
  return found;
}
