import { setTimeout as pause } from 'node:timers/promises';
import { postgresTickets } from '../store/tickets.ts';
import { lateOf, ownTicket, takeAnswer, ticketOf, viewOf } from './asker.ts';
import { decide } from './decide.ts';
import { delegate, endDelegation, endVoid, listDelegations } from './deputies.ts';
import { detail } from './detail.ts';
import { list } from './inbox.ts';
import { lapse } from './lapse.ts';
import { open } from './opening.ts';
import { addPaper, readPaper } from './papers.ts';
import { recorded, type Parts, type ReviewParts } from './parts.ts';
import { ask, escalate, reply } from './questions.ts';
import { readDelegation } from './readRota.ts';
import { catchUpRota } from './rebuild.ts';
import { rotaOf, setRota } from './rota.ts';
import { staffOf } from './staff.ts';
import { sweep } from './sweep.ts';
import type { LateAnswer, Review } from './types.ts';

export { runClock, type ClockOptions } from './clock.ts';
export { mostPaperBytes, mostPapers } from './papers.ts';
export { mostText } from './texts.ts';
export type { ReviewParts } from './parts.ts';
export { endDelegation, listDelegations, mostDelegationDays, type Ender } from './deputies.ts';

/** Held requests, with what only the exchange itself may ask. */
export interface ReviewDesk extends Review {
  /** The late answer for a delivery, with no act: the caller records first that it is sent. Null until the verdict is in the ledger, and once it has expired. */
  late(ticket: string): Promise<LateAnswer | null>;
}

/** How often what has had its time is dropped, in milliseconds. */
const sweepEvery = 60_000;
/** How often the ledger is read for a rota that the rows do not have. */
const rotaEvery = 60_000;

/** Opens held requests. Nothing runs by itself: `runClock` calls `tick`. */
export function openReview(given: ReviewParts): ReviewDesk {
  const parts: Parts = { now: Date.now, sure: () => Infinity, onFault: () => undefined, patience: Infinity, ...given };
  const tickets = postgresTickets(parts.sql);
  let swept = -Infinity;
  let reading: Promise<unknown> | null = null;
  let first = true;
  /**
   * What the ledger has and the rows have not comes first: a verdict there must not be given again. So the first turn waits for all of it; what this process itself has just recorded is read beside
   * the next ones, and keeps none of them waiting for long.
   */
  const caughtUp = async (): Promise<void> => {
    if (parts.recorded === null) return;
    reading ??= tickets.catchUp(parts.recorded).finally(() => { reading = null; });
    if (first || parts.patience === Infinity) {
      await reading;
      first = false;
    } else await Promise.race([reading, pause(parts.patience, undefined, { ref: false })]);
  };
  let rotaRead: Promise<unknown> | null = null;
  let rotaAt = -Infinity;
  /** The rota is changed only where it is known what the ledger says of it. */
  const rotaKnown = async (): Promise<void> => {
    if (rotaAt !== -Infinity) return;
    rotaRead ??= catchUpRota(parts).finally(() => { rotaRead = null; });
    await recorded(rotaRead);
    rotaAt = performance.now();
  };
  /** Seldom after the first time: only a database that was lost under a process that runs has anything to be read later. */
  const keepDelegations = async (now: number): Promise<void> => {
    if (performance.now() - rotaAt > rotaEvery) rotaAt = -Infinity;
    await rotaKnown();
    await endVoid(parts, now);
  };
  return {
    list: (owner, query, reviewer) => list(parts, owner, query, reviewer),
    detail: (owner, ticket, reviewer) => detail(parts, owner, ticket, reviewer),
    open: (owner, ticket, reviewer) => open(parts, owner, ticket, reviewer),
    decide: (owner, ticket, decision, reviewer) => decide(parts, owner, ticket, decision, reviewer),
    ask: (owner, ticket, text, reviewer) => ask(parts, owner, ticket, text, reviewer),
    escalate: (owner, ticket, note, reviewer) => escalate(parts, owner, ticket, note, reviewer),
    paper: (owner, ticket, paper, reviewer) => readPaper(parts, owner, ticket, paper, reviewer),
    rota: (owner) => rotaOf(parts, owner),
    async setRota(owner, rota, reviewer) {
      await rotaKnown();
      await setRota(parts, owner, rota, reviewer);
    },
    staff: (owner) => staffOf(parts, owner),
    deputies: (owner, query) => listDelegations(parts, owner, query),
    async delegate(owner, request, reviewer) {
      const read = readDelegation(request);
      await rotaKnown();
      return await delegate(parts, owner, read, reviewer);
    },
    async endDelegation(owner, id, reviewer) {
      await rotaKnown();
      await endDelegation(parts, owner, id, reviewer);
    },
    ticket: (id, asker) => viewOf(parts, id, asker),
    answer: (id, asker) => takeAnswer(parts, id, asker),
    async reply(id, question, text, asker) {
      const { owner } = await ownTicket(parts, id, asker);
      await reply(parts, owner, id, question, text, asker);
    },
    async addPaper(id, bytes, asker) {
      const { owner } = await ownTicket(parts, id, asker);
      return addPaper(parts, owner, id, bytes, asker);
    },
    late: async (ticket) => ((await ticketOf(parts, ticket, { oris: null, who: 'clock', role: null })) === null ? null : lateOf(parts, ticket)),
    async tick(now) {
      await caughtUp();
      const done = await lapse(parts, now);
      // Beside the clock, which waits for nothing that no deadline hangs on.
      const kept = keepDelegations(now).catch(parts.onFault);
      if (parts.patience === Infinity) await kept;
      if (now - swept >= sweepEvery || now < swept) {
        swept = now;
        await sweep(parts, Math.min(now, parts.sure()));
      }
      return done;
    },
    async nextDue() {
      const [row] = await parts.sql<{ due: Date | null }[]>`select min(greatest(deadline, coalesce(retry_at, deadline))) as due from ticket where state <> 'decided' and overdue_at is null`;
      return row?.due?.getTime() ?? null;
    },
  };
}
