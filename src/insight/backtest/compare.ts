import { treatmentsOf, type DataClass, type Treatment } from '../../vocabulary/index.ts';
import type { ClassDecision, Review } from '../../model/index.ts';
import type { CellKind, ChangeKind, Disposition } from './kinds.ts';

/** One class of data in one request, before and after. */
export interface CellChange {
  readonly dataClass: DataClass;
  readonly kind: CellKind;
  readonly before: ClassDecision;
  readonly after: ClassDecision;
}

/** What a draft does to one request. */
export interface Change {
  readonly kind: ChangeKind;
  readonly cells: readonly CellChange[];
  readonly before: Disposition;
  readonly after: Disposition;
  /** The review of what is held after, as the exchange would open a ticket; null where nothing is. */
  readonly review: Review | null;
}

/** Compares two decisions on one request, over the classes of the second. A class that the first does not have was denied by default. */
export function compareDecisions(before: readonly ClassDecision[], after: readonly ClassDecision[]): Change {
  const cells = after.map((now, place): CellChange => {
    const same = before[place];
    const then = (same?.dataClass === now.dataClass ? same : before.find(({ dataClass }) => dataClass === now.dataClass)) ?? denied(now.dataClass);
    return { dataClass: now.dataClass, kind: cellKind(then, now), before: then, after: now };
  });
  return { kind: changeKind(cells), cells, before: disposition(cells.map((one) => one.before)), after: disposition(after), review: reviewOf(after) };
}

export function cellKind(before: ClassDecision, after: ClassDecision): CellKind {
  const [gave, gives] = [isGiven(before), isGiven(after)];
  if (gave && gives) return fuller(before.dataClass, before.treatment, after.treatment);
  if (gives) return 'released';
  if (after.outcome === 'hold') return gave ? 'held' : before.outcome === 'deny' ? 'reviewable' : sameReview(before.review, after.review) ? 'same' : 'altered';
  return before.outcome === 'deny' ? 'same' : 'refused';
}

/** As the exchange makes the status of an answer: whatever can be given at once is, and what is held waits. */
export function disposition(decisions: readonly ClassDecision[]): Disposition {
  if (decisions.some(isGiven)) return 'given';
  return decisions.some(({ outcome }) => outcome === 'hold') ? 'held' : 'refused';
}

function changeKind(cells: readonly CellChange[]): ChangeKind {
  const has = (kind: CellKind): boolean => cells.some((cell) => cell.kind === kind);
  if (has('released')) return 'released';
  if (has('widened')) return 'widened';
  if (has('refused') && disposition(cells.map(({ after }) => after)) === 'refused') return 'refused';
  if (has('held')) return 'held';
  if (has('refused') || has('narrowed')) return 'narrowed';
  if (has('reviewable')) return 'reviewable';
  return has('altered') ? 'altered' : 'unchanged';
}

/** Both give: whether the second leaves more or less of the data. */
function fuller(dataClass: DataClass, before: Treatment | null, after: Treatment | null): CellKind {
  if (before === after) return 'same';
  const order = treatmentsOf[dataClass] ?? [];
  const left = (one: Treatment | null): number => (one === null ? -1 : order.indexOf(one));
  return left(after) < left(before) ? 'widened' : 'narrowed';
}

/** One ticket for all that is held: the earliest end, and a refusal at its end if any says so. As `openTicket` of the exchange has it. */
function reviewOf(decisions: readonly ClassDecision[]): Review | null {
  const reviews = decisions.filter(({ outcome }) => outcome === 'hold').map(({ review }) => review ?? missing);
  const first = reviews.reduce<Review | null>((a, b) => (a === null || b.withinSeconds < a.withinSeconds ? b : a), null);
  return first === null ? null : { by: first.by, withinSeconds: first.withinSeconds, onTimeout: reviews.every(({ onTimeout }) => onTimeout === 'release') ? 'release' : 'deny' };
}

const missing: Review = { by: 'owner', withinSeconds: 86_400, onTimeout: 'deny' };

function sameReview(a: Review | null, b: Review | null): boolean {
  const [one, other] = [a ?? missing, b ?? missing];
  return one.by === other.by && one.withinSeconds === other.withinSeconds && one.onTimeout === other.onTimeout;
}

function isGiven({ outcome }: ClassDecision): boolean {
  return outcome === 'release' || outcome === 'redact';
}

function denied(dataClass: DataClass): ClassDecision {
  return { dataClass, outcome: 'deny', rules: [], treatment: null, review: null };
}
