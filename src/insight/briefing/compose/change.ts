import type { Span } from '../types.ts';
import { say } from '../say.ts';
import type { Source } from './book.ts';

/** `rose by 12%`, `fell by half`…: how a count moved. Null where there is nothing to compare with. */
export function movedWords(now: number, before: number | null, source: Source): readonly Span[] | null {
  if (before === null) return null;
  if (now === before) return ['did not change'];
  if (before === 0) return say`rose from none to ${source.count(now)}`;
  if (now === 0) return say`fell from ${source.count(before)} to none`;
  if (now >= 2 * before) return say`rose from ${source.count(before)} to ${source.count(now)}`;
  return say`${now > before ? 'rose' : 'fell'} by ${source.share(Math.abs(now - before), before)}`;
}
