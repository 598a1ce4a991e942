import { classesOf, type OnwardRule, type PolicyDocument } from '../../policy/index.ts';
import { itemsOf } from '../../policy/table/stretch.ts';
import { affiliationKinds, allDataClasses, namesOf, type AffiliationKind, type DataClass } from '../../vocabulary/index.ts';
import { sameText, type Leaning } from './leaning.ts';

/** Under what conditions data may be passed on: all must hold. No condition: always. Null: never. */
type Passing = ReadonlySet<string> | null;

/** Whether data may be passed on more freely, for each class along each kind of edge. Other conditions than before count as freer, unless they are added to those that were there. */
export function judgeOnward(before: PolicyDocument, after: PolicyDocument, at: number): Leaning {
  const [was, is] = [itemsOf(before, before.onward, at), itemsOf(after, after.onward, at)];
  const [widens, narrows] = [new Set<string>(), new Set<string>()];
  for (const via of namesOf(affiliationKinds)) {
    for (const dataClass of allDataClasses) {
      const [old, now] = [passing(was, dataClass, via), passing(is, dataClass, via)];
      if (!isNoFreer(old, now)) widens.add(`data may be passed on more freely by way of ${via}`);
      else if (!isNoFreer(now, old)) narrows.add(`data may be passed on less freely by way of ${via}`);
    }
  }
  return { widens: [...widens], narrows: [...narrows] };
}

function passing(rules: readonly OnwardRule[], dataClass: DataClass, via: AffiliationKind): Passing {
  const matching = rules.filter((rule) => rule.via.includes(via) && classesOf(rule.data).includes(dataClass));
  if (matching.length === 0 || matching.some(({ allow }) => allow === 'never')) return null;
  return new Set(matching.flatMap(({ allow }) => (typeof allow === 'string' ? [] : [sameText(allow)])));
}

function isNoFreer(was: Passing, is: Passing): boolean {
  if (is === null) return true;
  return was !== null && [...was].every((condition) => is.has(condition));
}
