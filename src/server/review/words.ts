import { html, type Html } from '../../drawing/html.ts';
import type { ClassDecision, Subject, Verdict } from '../../model/index.ts';
import { reasons, type HeldItem, type HeldState } from '../../review/types.ts';
import { courtClasses, dataClasses, departments, evidenceGrades, isNameOf, labelOf, levels, messageKeys, missions, programs287g, purposes, treatments } from '../../vocabulary/index.ts';
import { leftWords, when as instant } from '../pages/clock.ts';

/** The words of the pages of held requests. */

export { counted, dateWords, spanWords, when as instant } from '../pages/clock.ts';

export const stateWords: Readonly<Record<HeldState, string>> = { waiting: 'waiting', asked: 'a question was put back', escalated: 'escalated', decided: 'decided' };
export const harmWords = ['Danger to life', 'Persons at risk', null] as const;
export const verdictWords: Readonly<Record<Verdict, string>> = {
  released: 'released', releasedInPart: 'released in part', refused: 'refused', noRecord: 'to be released, but there is no record', affirmed: 'affirmed afterwards', disapproved: 'disapproved afterwards',
};
export const conflictWords = {
  ownAgency: 'You work for the agency that asks, or for one that belongs together with it. Another person decides this.',
  ownRecord: 'This is about yourself. Another person decides it.',
  notOnDesk: 'You may not decide this now: it lies with another desk, or somebody else is on duty.',
} as const;

/** The clock of a request: what is left, until when, and what follows. */
export function clockOf({ kind, deadline, onTimeout, state, verdict }: Pick<HeldItem, 'kind' | 'deadline' | 'onTimeout' | 'state' | 'verdict'>, now: number): Html {
  if (state === 'decided') return html`<strong>Decided</strong>${verdict === null ? null : html`: ${verdictWords[verdict]}`}`;
  const due = Date.parse(deadline);
  const then = kind === 'exigent' ? 'then marked as overdue' : onTimeout === 'deny' ? 'then refused' : 'then released';
  const tone = due - now < 900_000 ? 'bad' : due - now < 3_600_000 ? 'warn' : 'good';
  return html`<strong class="${tone}">${leftWords(due, now)}</strong>, until ${instant(deadline)}; ${then}`;
}

/** Who asks, with what the registry said of them. */
export function requesterOf({ ori, name, attributes }: HeldItem['requester']): Html {
  const { level, department, mission, program287g } = attributes;
  const known = <T extends string>(one: T): boolean => one !== 'none' && one !== 'undeclared';
  const facts = [
    ...(known(level) ? [levels[level].plain] : []), ...(known(department) ? [departments[department].plain] : []), ...mission.filter(known).map((one) => missions[one].plain),
    ...program287g.filter(known).map((one) => `agreement under 287(g): ${programs287g[one].plain}`), ...(program287g.includes('undeclared') ? ['whether it has an agreement under 287(g) is not known'] : []),
  ];
  return html`<strong>${name}</strong> (${ori})<br><span class="quiet">${facts.length === 0 ? 'the registry says nothing of it' : facts.join('; ')}</span>`;
}

export function purposeWords(purpose: HeldItem['purpose']): string {
  return purposes[purpose].plain;
}

/** What stands behind the request: papers and case. */
export function evidenceWords({ warrant, court, caseNumber }: HeldItem['evidence']): { readonly warrant: string; readonly caseNumber: string } {
  const grade = (one: HeldItem['evidence']['warrant']): string => evidenceGrades[one].plain;
  return { warrant: warrant === 'none' ? 'none stated' : `${grade(warrant)}; signed by ${court === 'notStated' ? 'somebody who is not stated' : courtClasses[court].plain}`, caseNumber: caseNumber === 'none' ? 'none stated' : grade(caseNumber) };
}

export function classWords(dataClass: ClassDecision['dataClass']): string {
  return dataClasses[dataClass].plain;
}

/** `photo, address`. */
export function classList(classes: readonly { readonly dataClass: ClassDecision['dataClass'] }[]): string {
  return classes.map(({ dataClass }) => labelOf(dataClass)).join(', ');
}

export function treatmentWords(treatment: string | null): string {
  return treatment === null ? 'in full' : isNameOf(treatments, treatment) ? treatments[treatment].plain : treatment;
}

export function reasonWords(reason: string): string {
  return reason === 'clock' ? 'nobody decided in time' : Object.hasOwn(reasons, reason) ? reasons[reason as keyof typeof reasons] : reason;
}

export function keyWords(key: HeldItem['key']): string {
  return messageKeys[key].plain;
}

/** Whom or what was asked about, once it was opened. */
export function subjectRows(subject: Subject): readonly (readonly [string, string])[] {
  const nameOf = ({ surname, given, middle }: { readonly surname: string; readonly given: string; readonly middle: string }): string => [surname, [given, middle].filter((one) => one !== '').join(' ')].filter((one) => one !== '').join(', ');
  switch (subject.kind) {
    case 'licence': return [['Licence number', subject.number]];
    case 'person': return [['Name', nameOf(subject.name)], ['Date of birth', subject.birthDate], ['Sex', subject.sex ?? 'not stated']];
    case 'name': return [['Name', nameOf(subject.name)]];
    case 'owner': return [['Name of the owner of a vehicle', nameOf(subject.name)]];
    case 'plate': return [['Plate', subject.plate], ['Year', subject.plateYear ?? 'not stated'], ['Type', subject.plateType ?? 'not stated']];
    case 'vin': return [['Vehicle number', subject.vin], ['Make', subject.make ?? 'not stated'], ['Year', subject.year ?? 'not stated']];
    case 'partialPlate': return [['Part of a plate', subject.pattern], ['Type', subject.plateType ?? 'not stated']];
  }
}

export function rowsOf(rows: readonly (readonly [string, Html | string])[]): Html {
  return html`<dl>${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

/** What was not done, above a form. Read out at once by a screen reader. `at`: the id of the field that is meant, to go there. */
export function faultBox(fault: string | null, at: string | null = null): Html | null {
  return fault === null ? null : html`<section class="card bad" role="alert"><h2>This was not done</h2><p>${fault}</p>${at === null ? null : html`<p><a href="#${at}">Go to the field</a></p>`}</section>
`;
}
