import type { ClassDecision, Review, Ticket } from '../model/index.ts';
import { ticketId } from './ids.ts';

/** A ticket with the desk that will decide. The desk stays inside: the asker sees the ticket alone. */
export interface OpenTicket extends Ticket {
  readonly by: string;
}

/** One ticket for all the held classes of an answer: the earliest deadline, and `deny` at its end if any of them says so. */
export function openTicket(owner: string, decisions: readonly ClassDecision[], receivedAt: Date): OpenTicket | null {
  const reviews = decisions.filter((d) => d.outcome === 'hold').map((d) => d.review ?? missingReview);
  const first = reviews.reduce<Review | null>((a, b) => (a === null || b.withinSeconds < a.withinSeconds ? b : a), null);
  if (first === null) return null;
  return {
    id: ticketId(owner),
    deadline: new Date(receivedAt.getTime() + first.withinSeconds * 1000).toISOString(),
    onTimeout: reviews.every((r) => r.onTimeout === 'release') ? 'release' : 'deny',
    by: first.by,
  };
}

/** The check of a policy does not let a hold without a review pass; should one come here, it ends in a refusal after a day. */
const missingReview: Review = { by: 'owner', withinSeconds: 86_400, onTimeout: 'deny' };
