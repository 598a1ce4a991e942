import type { Review } from '../../model/index.ts';
import { stricterReview } from '../../policy/interpret.ts';
import { instantIn, itemsOf } from '../../policy/table/stretch.ts';
import { pairsOf, unionOf, type ClassPair } from '../../proof/differencePairs.ts';
import { compareForms, formWords, type Form } from '../../proof/forms.ts';
import { rowComparer, type CellChange, type RowComparer } from '../../proof/rowComparer.ts';
import type { ProofBasis } from '../../proof/types.ts';
import { allDataClasses, type DataClass } from '../../vocabulary/index.ts';
import { judgeDuties } from './duties.ts';
import { sameText, together, type Leaning } from './leaning.ts';
import { onlyStricter } from './structure.ts';

/**
 * What two tables decide differently, for every agency of the registry where both have one, and else for every kind of agency that the rules can tell apart:
 * each class in each cell is compared. Where there are more kinds than can be tried, only rules that can be seen to be stricter word by word are not widening.
 */
export function judgeTables(before: ProofBasis, after: ProofBasis): Leaning {
  const { pairs, complete } = pairsOf(before, after, unionOf(before.table.atoms, after.table.atoms));
  const rows = rowComparer(before.table, after.table);
  const found = allDataClasses.map((dataClass) => judgeClass(dataClass, pairs, before, after, rows));
  const duties = sameText(plainDuties(before)) === sameText(plainDuties(after)) ? [] : [judgeDuties(before.table, after.table, rows.refined, pairs)];
  const unseen: readonly Leaning[] = complete || onlyStricter(before, after) ? [] : [{ widens: ['there are more kinds of agency than could be tried'], narrows: [] }];
  return together([...found, ...duties, ...unseen]);
}

function judgeClass(dataClass: DataClass, pairs: readonly ClassPair[], before: ProofBasis, after: ProofBasis, rows: RowComparer): Leaning {
  const seen = new Set<readonly CellChange[]>();
  const known = new Set<string>();
  const [widens, narrows] = [new Set<string>(), new Set<string>()];
  for (const pair of pairs) {
    const was = pair.before === null ? null : before.table.rowOf(pair.before, dataClass);
    const is = pair.after === null ? null : after.table.rowOf(pair.after, dataClass);
    const changes = rows.compare(was, is);
    if (seen.has(changes)) continue;
    seen.add(changes);
    for (const { from, to } of changes) {
      const key = `${from} ${to}`;
      if (known.has(key)) continue;
      known.add(key);
      const [old, now] = [rows.book.forms[from], rows.book.forms[to]];
      if (old === undefined || now === undefined) continue;
      (isLess(dataClass, old, now) ? narrows : widens).add(`${dataClass}: ${formWords(now)}; before: ${formWords(old)}`);
    }
  }
  return { widens: [...widens], narrows: [...narrows] };
}

/** Whether the second form, which differs, gives surely no more than the first. */
function isLess(dataClass: DataClass, was: Form, is: Form): boolean {
  const order = compareForms(dataClass, is, was);
  if (order !== 0) return order > 0 && (was.review === null || is.review === null || is.review.by === was.review.by);
  return was.review !== null && is.review !== null && isStricterReview(was.review, is.review);
}

/** By the order in which reviews are joined; another desk is other people, of whom nothing is known. */
export function isStricterReview(was: Review, is: Review): boolean {
  return was.by === is.by && stricterReview(was, is) === is && sameText(was) !== sameText(is);
}

/** What the notices in force say, without what they are called. */
function plainDuties({ document, table }: ProofBasis): unknown {
  return itemsOf(document, document.notify, instantIn(table)).map(({ id: _id, title: _title, cites: _cites, effective: _effective, expires: _expires, ...rest }) => rest);
}
