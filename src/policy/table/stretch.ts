import type { Item, PolicyDocument } from '../document.ts';
import { span, within, type Span } from '../period.ts';
import type { PolicyTable } from './types.ts';

/** The longest stretch of days around an instant in which no item of the document begins or ends. */
export function stretchOf(document: PolicyDocument, at: number): Span {
  const { rules, onward, limits, notify, claims } = document;
  const edges = [document, ...rules, ...onward, ...limits, ...notify, ...claims].map(span).flatMap(({ from, before }) => [from, before]);
  return {
    from: Math.max(...edges.filter((edge) => edge <= at), -Infinity),
    before: Math.min(...edges.filter((edge) => edge > at), Infinity),
  };
}

/** An instant within the days of a table: what is in force at it is so on all of them. */
export function instantIn({ from, before }: Pick<PolicyTable, 'from' | 'before'>): number {
  return from ?? (before === null ? 0 : before - 1);
}

/** The items in force at an instant: none where the policy itself is not. */
export function itemsOf<I extends Item>(document: PolicyDocument, items: readonly I[], at: number): readonly I[] {
  return within(span(document), at) ? items.filter((item) => within(span(item), at)) : [];
}
