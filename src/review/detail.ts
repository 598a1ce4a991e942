import { treatmentsOf, type Purpose } from '../vocabulary/index.ts';
import { heldClasses } from '../exchange/held.ts';
import { heldNow } from '../exchange/heldNow.ts';
import type { OwnerPolicy } from '../exchange/index.ts';
import type { Verdict } from '../model/index.ts';
import { conflictOf, ownFacts } from './conflict.ts';
import { onDuty } from './deputies.ts';
import { mayDecide } from './desk.ts';
import { itemOf } from './item.ts';
import { papersOf } from './papers.ts';
import { personalOf, recorded, type Parts, type TicketRow } from './parts.ts';
import { questionsOf } from './questions.ts';
import { countsOf, ticketIn } from './rows.ts';
import { HeldError, type HeldDetail, type Reviewer } from './types.ts';

/** Over how many days an asker's record goes, and how many past decisions are shown. */
const recordDays = 90;
const mostSimilar = 5;

/** All that a reviewer needs, but for the resident's data. Null where there is none. On the record before it is shown. */
export async function detail(parts: Parts, owner: string, ticket: string, reviewer: Reviewer): Promise<HeldDetail | null> {
  const row = await ticketIn(parts.sql, owner, ticket).catch(noneOf);
  if (row?.document === null || row === null) return null;
  const { document } = row;
  const at = parts.now();
  const personal = personalOf(parts, document);
  const { policy, classes } = heldNow(parts, document, personal, new Date(at));
  const [counts, own, rota, askerRecord, similar, paperList, questionList, openedBy] = await Promise.all([
    countsOf(parts.sql, ticket), ownFacts(parts, reviewer), onDuty(parts, owner), recordOf(parts, row, at), similarTo(parts, row, document.purpose), papersOf(parts.sql, ticket), questionsOf(parts, owner, ticket), openingsOf(parts, owner, ticket),
  ]);
  await recorded(parts.acts.record({ act: 'heldListed', owner, who: reviewer.account, role: reviewer.role, on: ticket }));
  return {
    ...itemOf(parts, row, counts),
    rules: [...new Set(heldClasses(document).flatMap(({ rules }) => rules))].map((id) => ({ id, words: wordsOf(policy, id) })),
    now: classes.map(({ dataClass, outcome }) => ({ dataClass, outcome, treatments: treatmentsOf[dataClass] ?? [] })),
    atZero: atZero(row), decided: decidedOf(row), askerRecord, similar, paperList, questionList, openedBy,
    conflict: conflictOf(parts, document, personal, reviewer, own) ?? (mayDecide(row, reviewer, rota, at) ? null : 'notOnDesk'),
  };
}

function noneOf(error: unknown): null {
  if (error instanceof HeldError && error.code === 'HELD_UNKNOWN') return null;
  throw error;
}

/** A rule of a policy that was replaced since may have no words any more. */
function wordsOf(policy: OwnerPolicy | null, rule: string): string {
  try {
    return policy?.words(rule) ?? rule;
  } catch {
    return rule;
  }
}

function decidedOf({ state, decided_at: at, decided_by: by, reason, verdict_document: verdict }: TicketRow): HeldDetail['decided'] {
  return state !== 'decided' || at === null || by === null ? null : { at: at.toISOString(), by, reason: reason ?? '', released: (verdict?.decisions ?? []).filter(({ outcome }) => outcome !== 'deny').map(({ dataClass }) => dataClass) };
}

function atZero({ kind, deadline, on_timeout: onTimeout }: TicketRow): string {
  const when = `at ${deadline.toISOString()}`;
  if (kind === 'exigent') return `It was answered at once because of an emergency. If nobody has looked at it ${when}, it stays open and is marked as overdue.`;
  return onTimeout === 'deny'
    ? `If nobody has decided ${when}, it is refused, and the asker is told so.`
    : `If nobody has decided ${when}, what is held is released, as far as the policy in force then does not refuse it.`;
}

async function recordOf({ sql }: Parts, { owner, requester, id }: TicketRow, at: number): Promise<HeldDetail['askerRecord']> {
  const [row] = await sql<Omit<HeldDetail['askerRecord'], 'days'>[]>`
    select count(*)::int as asked, (count(*) filter (where verdict in ('released', 'releasedInPart', 'affirmed')))::int as released,
      (count(*) filter (where verdict in ('refused', 'disapproved') and reason <> 'clock'))::int as refused, (count(*) filter (where verdict = 'refused' and reason = 'clock'))::int as lapsed
    from ticket where owner = ${owner} and requester = ${requester} and id <> ${id} and created_at > ${new Date(at - recordDays * 86_400_000)}`;
  return { days: recordDays, asked: 0, released: 0, refused: 0, lapsed: 0, ...row };
}

/** Decided ones of the same purpose with a class in common: those of the same asker first, then the newest. */
async function similarTo({ sql }: Parts, { owner, requester, classes, id }: TicketRow, purpose: Purpose): Promise<HeldDetail['similar']> {
  const rows = await sql<{ ticket: string; at: Date; verdict: Verdict; reason: string; purpose: Purpose }[]>`
    select id as ticket, decided_at as at, verdict, reason, purpose from ticket
    where owner = ${owner} and state = 'decided' and purpose = ${purpose} and id <> ${id} and classes && ${[...classes]}::text[] order by (requester = ${requester}) desc, decided_at desc limit ${mostSimilar}`;
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}

async function openingsOf({ sql }: Parts, owner: string, ticket: string): Promise<HeldDetail['openedBy']> {
  const rows = await sql<{ account: string; at: Date }[]>`select who as account, at from act where about = ${ticket} and owner = ${owner} and act = 'heldOpened' and result = 'done' order by at limit 100`;
  return rows.map(({ account, at }) => ({ account, at: at.toISOString() }));
}
