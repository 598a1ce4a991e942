import { sentencesOf, type Item, type PolicyDocument } from '../policy/index.ts';
import type { ProofBasis } from './types.ts';

/** A rule, onward rule, limit, notice or claim that is only in one document, or says something else in the other. */
export interface ItemChange {
  readonly id: string;
  readonly kind: 'rule' | 'onward' | 'limit' | 'notify' | 'claim';
  /** As a sentence; null where it is not there. */
  readonly before: string | null;
  readonly after: string | null;
}

/** The items of two documents that differ in what they say: by id, in the order of the later document, then those that are gone. */
export function itemChanges({ document: before }: ProofBasis, { document: after }: ProofBasis): readonly ItemChange[] {
  const [old, now] = [itemsOf(before), itemsOf(after)];
  return [...new Set([...now.keys(), ...old.keys()])].flatMap((id): readonly ItemChange[] => {
    const [was, is] = [old.get(id), now.get(id)];
    const kind = is?.kind ?? was?.kind;
    if (kind === undefined || was?.sentence === is?.sentence) return [];
    return [{ id, kind, before: was?.sentence ?? null, after: is?.sentence ?? null }];
  });
}

function itemsOf(document: PolicyDocument): ReadonlyMap<string, { readonly kind: ItemChange['kind']; readonly sentence: string }> {
  const has = (items: readonly Item[], item: Item) => items.includes(item);
  return new Map(sentencesOf(document).map(({ item, sentence }) => {
    const kind = has(document.rules, item) ? 'rule' : has(document.onward, item) ? 'onward' : has(document.limits, item) ? 'limit' : has(document.notify, item) ? 'notify' : 'claim';
    return [item.id, { kind, sentence }];
  }));
}
