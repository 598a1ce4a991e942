import { deciderOf, itemAfter } from './decider.ts';
import { ticketNumber } from './numbers.ts';
import { unknownTicket, wrongState, type Parts } from './parts.ts';
import { isOpen, lockTicket } from './rows.ts';
import { textOf, wrongField } from './texts.ts';
import { HeldError, type Asker, type HeldItem, type Question, type Reviewer } from './types.ts';

/** How many questions may be put back about one request. */
const mostQuestions = 20;

/** Puts a question back to the asker. The clock goes on. The words are sealed under the owner's key. */
export async function ask(parts: Parts, owner: string, ticket: string, input: string, reviewer: Reviewer): Promise<Question> {
  const text = textOf('question', input, { empty: false });
  const id = ticketNumber('Q');
  const { check } = await deciderOf(parts, owner, reviewer);
  const at = new Date(parts.now());
  await parts.sql.begin(async (tx) => {
    const row = await lockTicket(tx, owner, ticket);
    check(row, at.getTime());
    const [count] = await tx<{ n: number }[]>`select count(*)::int as n from held_question where ticket = ${ticket}`;
    if ((count?.n ?? 0) >= mostQuestions) throw wrongField(`at most ${mostQuestions} questions are put back about one request`, 'Decide by what is known.');
    await tx`insert into held_question (id, ticket, owner, at, sealed) values (${id}, ${ticket}, ${owner}, ${at}, ${parts.sealer.seal(owner, JSON.stringify({ text }))})`;
    await tx`update ticket set state = 'asked' where id = ${ticket} and state = 'waiting'`;
    await parts.acts.put(tx, { act: 'moreAsked', owner, who: reviewer.account, role: reviewer.role, on: ticket, detail: { question: id }, words: { text } });
  });
  return { id, at: at.toISOString(), text, answeredAt: null, answer: null };
}

/** Moves it from its desk to the reviewers of all desks. Where it lies there already: `HELD_STATE`. */
export async function escalate(parts: Parts, owner: string, ticket: string, input: string, reviewer: Reviewer): Promise<HeldItem> {
  const note = textOf('note', input, { empty: false });
  const { check } = await deciderOf(parts, owner, reviewer);
  return parts.sql.begin(async (tx) => {
    const row = await lockTicket(tx, owner, ticket);
    if (row.state === 'escalated') throw wrongState();
    check(row, parts.now());
    await tx`update ticket set state = 'escalated' where id = ${ticket}`;
    await parts.acts.put(tx, { act: 'escalated', owner, who: reviewer.account, role: reviewer.role, on: ticket, words: { note } });
    return itemAfter(parts, tx, owner, ticket);
  });
}

/** The asker's answer to a question, once. Throws `HELD_UNKNOWN`, `HELD_STATE` and `HELD_FIELD`; the input is the asker's. */
export async function reply(parts: Parts, owner: string, ticket: string, question: string, input: string, asker: Asker): Promise<void> {
  const text = textOf('answer', input, { empty: false });
  await parts.sql.begin(async (tx) => {
    const row = await lockTicket(tx, owner, ticket);
    const at = parts.now();
    if (!isOpen(row, at)) throw wrongState();
    const [found] = await tx<{ answered_at: Date | null }[]>`select answered_at from held_question where id = ${question} and ticket = ${ticket}`;
    if (found === undefined) throw unknownTicket();
    if (found.answered_at !== null) throw new HeldError('HELD_STATE', 'this question was answered already', 'Load the ticket again to see the answer.');
    await tx`update held_question set answered_at = ${new Date(at)}, answer = ${parts.sealer.seal(owner, JSON.stringify({ text }))} where id = ${question}`;
    await tx`update ticket set state = 'waiting' where id = ${ticket} and state = 'asked' and not exists (select 1 from held_question where ticket = ${ticket} and answered_at is null)`;
    await parts.acts.put(tx, { act: 'moreAnswered', owner, who: asker.who, role: asker.role, on: ticket, detail: { question }, words: { text } });
  });
}

interface Row {
  readonly id: string;
  readonly at: Date;
  readonly sealed: string;
  readonly answered_at: Date | null;
  readonly answer: string | null;
}

/** The questions about a request with their answers, in order, opened. */
export async function questionsOf({ sql, sealer }: Parts, owner: string, ticket: string): Promise<readonly Question[]> {
  const rows = await sql<Row[]>`select id, at, sealed, answered_at, answer from held_question where ticket = ${ticket} and owner = ${owner} order by at, id`;
  const open = (sealed: string): string => (JSON.parse(sealer.unseal(owner, sealed)) as { readonly text?: string }).text ?? '';
  return rows.map(({ id, at, sealed, answered_at: answeredAt, answer }) => ({
    id, at: at.toISOString(), text: open(sealed), answeredAt: answeredAt?.toISOString() ?? null, answer: answer === null ? null : open(answer),
  }));
}
