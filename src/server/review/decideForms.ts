import { html, type Html } from '../../drawing/html.ts';
import { HeldError, reasons, type Decide, type HeldDetail } from '../../review/types.ts';
import { allDataClasses, isNameOf, labelOf, treatments, type Treatment } from '../../vocabulary/index.ts';
import { field } from '../pages/forms.ts';
import { classList, counted, treatmentWords } from './words.ts';

/** What was filled in, to be shown again. Whoever filled it in controls every value. */
export interface Filled {
  readonly form: 'decision' | 'question' | 'escalation' | null;
  readonly decision: string;
  readonly classes: Readonly<Record<string, string>>;
  readonly reason: string;
  readonly note: string;
}

export const emptyFilled: Filled = { form: null, decision: '', classes: {}, reason: '', note: '' };

const holdChoices = [['releaseAll', 'Release all that is held'], ['releaseLess', 'Release less: only what is chosen below'], ['refuse', 'Refuse all of it']] as const;
const emergencyChoices = [['affirm', 'It was right to answer at once'], ['disapprove', 'It was not right to answer at once']] as const;

/** Decide, ask for more, escalate: three forms, nothing chosen beforehand. */
export function decideForms(item: HeldDetail, filled: Filled): Html {
  const address = `/desk/${item.owner}/held/${item.ticket}`;
  const choices = item.kind === 'exigent' ? emergencyChoices : holdChoices;
  const note = (form: Filled['form']): string => (filled.form === form ? filled.note : '');
  return html`<h2 id="decide">Decide</h2>
${item.kind === 'exigent' ? null : html`<p>${givesWords(item)}</p>`}
<form method="post" action="${address}/decision" autocomplete="off">
<fieldset id="decision"><legend>What do you decide?</legend>
${choices.map(([value, text]) => html`<p><label class="tick"><input type="radio" name="decision" value="${value}" required${filled.decision === value ? html` checked` : null}> ${text}</label></p>`)}</fieldset>
${item.kind === 'exigent' ? null : html`<fieldset id="less"><legend>Where you release less: what, and how</legend>
${item.now.map((one) => html`<div class="field"><label for="class-${one.dataClass}">${labelOf(one.dataClass)}</label><select id="class-${one.dataClass}" name="class-${one.dataClass}">${classOptions(one, filled.classes[one.dataClass] ?? '')}</select></div>`)}</fieldset>`}
<div class="field"><label for="reason">Reason</label><select id="reason" name="reason" required><option value="">Choose one</option>${Object.entries(reasons).map(([value, text]) => html`<option value="${value}"${filled.reason === value ? html` selected` : null}>${text}</option>`)}</select></div>
<div class="field"><label for="note">Note <span class="hint">For the record, sealed; needed with “another reason”. The asker does not see it. At most 2,000 characters.</span></label><textarea id="note" name="note" rows="4" maxlength="2000">${note('decision')}</textarea></div>
<p><button type="submit">Put the decision on the record</button> <span class="hint">It is final, and the asker is told at once.</span></p>
</form>
<h2>Or ask for more</h2>
<form method="post" action="${address}/questions" autocomplete="off">
<div class="field"><label for="text">What do you need to know? <span class="hint">The asker sees it with the ticket. The clock goes on.</span></label><textarea id="text" name="text" rows="3" maxlength="2000" required>${note('question')}</textarea></div>
<p><button type="submit">Put the question back</button></p></form>
<h2>Or escalate</h2>
<form method="post" action="${address}/escalation" autocomplete="off">
<div class="field"><label for="why">Why? <span class="hint">It then lies with the reviewers of all desks. The clock goes on.</span></label><textarea id="why" name="note" rows="3" maxlength="2000" required>${note('escalation')}</textarea></div>
<p><button type="submit">Escalate</button></p></form>`;
}

/** What the widest answer does, as a count, before the button. */
function givesWords({ held, now, requester }: HeldDetail): Html {
  const may = held.filter(({ dataClass }) => now.some((one) => one.dataClass === dataClass && one.outcome !== 'deny'));
  const rest = held.length - may.length;
  return html`To release all gives <strong>${counted(may.length, 'kind')} of data</strong>${may.length === 0 ? '' : `: ${classList(may)}`}, to ${requester.name}.${rest === 0 ? '' : ` ${counted(rest, 'kind')} the policy refuses by now.`} What was given cannot be taken back.`;
}

/** Throws `HELD_FIELD`, in the words of the form, where what must be chosen was not. */
export function checkChosen({ decision, reason, note }: Filled): void {
  if (decision === '') throw new HeldError('HELD_FIELD', 'what you decide was not chosen', 'Choose one of the answers.');
  if (reason === '') throw new HeldError('HELD_FIELD', 'no reason was chosen', 'Choose one from the list.');
  if (reason === 'other' && note === '') throw new HeldError('HELD_FIELD', '“another reason” needs a note', 'Write it into the note.');
}

/** The field of the form that was not taken. */
export function fieldMeant({ form, decision, reason, classes }: Filled): string | null {
  if (form === 'question') return 'text';
  if (form === 'escalation') return 'why';
  if (decision === '') return 'decision';
  if (reason === '') return 'reason';
  return decision === 'releaseLess' && Object.values(classes).every((one) => one === '') ? 'less' : 'note';
}

/** A decision as it was filled in. What it means, and whether it goes together, the review room says. */
export function decisionOf(fields: URLSearchParams): { readonly decide: Decide; readonly filled: Filled } {
  const chosen = Object.fromEntries(allDataClasses.map((one) => [one, field(fields, `class-${one}`, 40)]));
  const decision = field(fields, 'decision', 40);
  const classes = allDataClasses.flatMap((dataClass) => {
    const treatment = chosen[dataClass] ?? '';
    return treatment === '' ? [] : [{ dataClass, treatment: treatment === 'full' ? null : (treatment as Treatment) }];
  });
  const filled: Filled = { form: 'decision', decision, classes: chosen, reason: field(fields, 'reason', 40), note: field(fields, 'note', 4_000) };
  return { filled, decide: { decision: decision as Decide['decision'], reason: filled.reason as Decide['reason'], note: filled.note, ...(decision === 'releaseLess' ? { classes } : {}) } };
}

function classOptions({ outcome, treatments: forms }: HeldDetail['now'][number], chosen: string): Html {
  if (outcome === 'deny') return html`<option value="">not given: the policy refuses it by now</option>`;
  const options = [...(outcome === 'redact' ? [] : ['full']), ...forms];
  return html`<option value="">not given</option>${options.map((value) => html`<option value="${value}"${value === chosen ? html` selected` : null}>${isNameOf(treatments, value) ? treatmentWords(value) : 'in full'}</option>`)}`;
}
