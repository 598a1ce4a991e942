import { unnamed } from '../policy/index.ts';
import type { ClassDecision, Decision, Review, Ticket } from '../model/index.ts';
import { ticketId } from './ids.ts';

/** A ticket with the desk that will decide. The desk stays inside: the asker sees the ticket alone. */
export interface OpenTicket extends Ticket {
  readonly by: string;
  /** Given at once because of an emergency: the review follows. */
  readonly exigent?: true;
}

/** One ticket for all the held classes of an answer: the earliest deadline, and `deny` at its end if any of them says so. */
export function openTicket(owner: string, decisions: readonly ClassDecision[], receivedAt: Date): OpenTicket | null {
  const held = decisions.filter((d) => d.outcome === 'hold').map((d) => d.review ?? missingReview);
  const exigent = held.length === 0;
  const reviews = exigent ? decisions.flatMap((d) => (givenAtOnce(d) && d.review !== null ? [d.review] : [])) : held;
  const first = reviews.reduce<Review | null>((a, b) => (a === null || b.withinSeconds < a.withinSeconds ? b : a), null);
  if (first === null) return null;
  return {
    id: ticketId(owner),
    deadline: new Date(receivedAt.getTime() + first.withinSeconds * 1000).toISOString(),
    onTimeout: reviews.every((r) => r.onTimeout === 'release') ? 'release' : 'deny',
    by: first.by,
    ...(exigent ? { exigent: true as const } : {}),
  };
}

/**
 * What a rule gives at once in an emergency, it gives to a named officer: where the request names nobody, a person of the same desk decides first.
 * The policy cannot read the name (invariant 6), so its decision is the milder one, and this only ever makes it stricter.
 */
export function namedOnly(decision: Decision, user: string | null): Decision {
  if (user !== null || !decision.classes.some((one) => givenAtOnce(one) && one.review !== null)) return decision;
  return { ...decision, classes: unnamed(decision.classes) };
}

function givenAtOnce({ outcome }: ClassDecision): boolean {
  return outcome === 'release' || outcome === 'redact';
}


/** The check of a policy does not let a hold without a review pass; should one come here, it ends in a refusal after a day. */
const missingReview: Review = { by: 'owner', withinSeconds: 86_400, onTimeout: 'deny' };
