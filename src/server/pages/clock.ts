import { html, type Html } from '../../drawing/html.ts';
import { counted } from '../../vocabulary/counts.ts';

export { counted };

/** A day, or an instant to the minute, as people write it: `2 March 2026, 17:04 UTC`. */
export function dateWords(instant: string): string {
  const date = new Date(instant);
  const day = date.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
  return instant.length > 10 ? `${day}, ${date.toISOString().slice(11, 16)} UTC` : day;
}

/** The same, with the exact one for a program. */
export function when(instant: string): Html {
  return html`<time datetime="${instant}">${dateWords(instant)}</time>`;
}

/** How long until a deadline, in words, to the minute: `2 hours 5 minutes left`, or since when it has passed. Milliseconds. */
export function leftWords(deadline: number, now: number): string {
  const gap = deadline - now;
  return gap > 0 ? `${spanWords(gap)} left` : `passed ${spanWords(-gap)} ago`;
}

/** A span of milliseconds in words, to the minute; of days and more, to the hour. */
export function spanWords(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60];
  const parts = days > 0 ? [counted(days, 'day'), ...(hours > 0 ? [counted(hours, 'hour')] : [])] : [...(hours > 0 ? [counted(hours, 'hour')] : []), ...(rest > 0 ? [counted(rest, 'minute')] : [])];
  return parts.length === 0 ? 'less than a minute' : parts.join(' ');
}
