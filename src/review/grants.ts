import { coarser, treatmentsOf, type DataClass, type Treatment } from '../vocabulary/index.ts';
import type { ClassDecision, DecisionEntry } from '../model/index.ts';
import { heldClasses } from '../exchange/held.ts';
import { HeldError, reasons, type Decide } from './types.ts';
import { textOf, wrongField } from './texts.ts';

/** A decision that was read: what becomes of each class that was held. */
export interface Granted {
  readonly decisions: readonly ClassDecision[];
  readonly reason: Decide['reason'];
  readonly note: string;
}

/**
 * What a decision means for the classes of an entry. `now` is what the policy in force says of them: `deny` cannot be given any more, and `redact` is given in no finer form.
 * Throws `HELD_FIELD` for what is no decision on this request, and `HELD_RULE`. The input is the reviewer's.
 */
export function grantsOf(entry: DecisionEntry, now: readonly ClassDecision[], input: Decide): Granted {
  const { reason, note } = reasonOf(input);
  const held = heldClasses(entry);
  const exigent = entry.ticket?.exigent === true;
  const { decision } = input;
  if (exigent !== (decision === 'affirm' || decision === 'disapprove')) {
    throw wrongField(exigent ? 'this was answered at once because of an emergency: it is affirmed or disapproved' : 'only what was answered at once is affirmed or disapproved', exigent ? 'Say affirm or disapprove.' : 'Release, release less, or refuse.');
  }
  if (input.classes !== undefined && decision !== 'releaseLess') throw wrongField('classes are named only where less is released', 'Leave the classes out, or release less.');
  switch (decision) {
    case 'refuse': return { decisions: held.map(refused), reason, note };
    case 'affirm':
    case 'disapprove': return { decisions: held.map((one) => ({ ...one, review: null })), reason, note };
    case 'releaseAll': return { decisions: held.map((one) => given(one, null, now)), reason, note };
    case 'releaseLess': return { decisions: less(held, now, input.classes ?? []), reason, note };
    default: throw wrongField('this is no decision', 'Say releaseAll, releaseLess, refuse, affirm or disapprove.');
  }
}

/** What the clock gives where a policy releases at the end: all that the policy in force does not deny by now. */
export function grantsAtEnd(entry: DecisionEntry, now: readonly ClassDecision[]): readonly ClassDecision[] {
  return heldClasses(entry).map((one) => (outcomeNow(one, now).outcome === 'deny' ? refused(one) : given(one, null, now)));
}

/** All that was held, refused. */
export function refusedAll(entry: DecisionEntry): readonly ClassDecision[] {
  return heldClasses(entry).map(refused);
}

function reasonOf({ reason, note }: Decide): Pick<Granted, 'reason' | 'note'> {
  if (typeof reason !== 'string' || !Object.hasOwn(reasons, reason)) throw wrongField('this reason is not in the list', `Give one of ${Object.keys(reasons).join(', ')}.`);
  return { reason, note: textOf('note', note, { empty: reason !== 'other' }) };
}

function less(held: readonly ClassDecision[], now: readonly ClassDecision[], classes: NonNullable<Decide['classes']>): readonly ClassDecision[] {
  const wanted = new Map<DataClass, Treatment | null>();
  for (const { dataClass, treatment } of classes) {
    if (!held.some((one) => one.dataClass === dataClass) || wanted.has(dataClass)) throw wrongField('a class is named twice, or was not held', 'Name each class to be released once.');
    if (treatment !== null && treatmentsOf[dataClass]?.includes(treatment) !== true) throw wrongField('this class has no such reduced form', 'Look which forms the class has.');
    wanted.set(dataClass, treatment);
  }
  if (wanted.size === 0) throw wrongField('nothing is to be released', 'Name what is released, or refuse.');
  if (wanted.size === held.length && [...wanted.values()].every((one) => one === null)) throw wrongField('this is all that was held', 'Say releaseAll, or leave something out.');
  return held.map((one) => {
    const treatment = wanted.get(one.dataClass);
    return treatment === undefined ? refused(one) : given(one, treatment, now);
  });
}

/** Never finer than the policy in force gives it. */
function given(one: ClassDecision, wanted: Treatment | null, now: readonly ClassDecision[]): ClassDecision {
  const { outcome, treatment: least } = outcomeNow(one, now);
  if (outcome === 'deny') throw new HeldError('HELD_RULE', `the policy in force refuses \`${one.dataClass}\` by now`, 'Release less, or refuse.');
  const treatment = least === null || wanted === null ? (wanted ?? least) : coarser(one.dataClass, wanted, least);
  return { dataClass: one.dataClass, outcome: treatment === null ? 'release' : 'redact', rules: one.rules, treatment, review: null };
}

function outcomeNow(one: ClassDecision, now: readonly ClassDecision[]): { readonly outcome: ClassDecision['outcome']; readonly treatment: Treatment | null } {
  const found = now.find(({ dataClass }) => dataClass === one.dataClass);
  return found === undefined ? { outcome: 'deny', treatment: null } : { outcome: found.outcome, treatment: found.outcome === 'redact' ? found.treatment : null };
}

function refused({ dataClass, rules }: ClassDecision): ClassDecision {
  return { dataClass, outcome: 'deny', rules, treatment: null, review: null };
}
