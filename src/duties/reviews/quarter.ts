import { dayMs } from '../parts.ts';

/** Days in which a review of users is to be done. */
export const reviewDays = 30;

/** `2026-Q4`: the quarter of a moment, UTC. */
export function quarterOf(now: number): string {
  const at = new Date(now);
  return `${at.getUTCFullYear()}-Q${Math.floor(at.getUTCMonth() / 3) + 1}`;
}

/** When a review that begins at a moment is due. */
export function reviewDue(now: number): Date {
  return new Date(now + reviewDays * dayMs);
}
