import { courtClasses, jurisdictionName, purposes, type CourtClass, type Purpose } from '../../vocabulary/index.ts';
import { html, type Html } from '../../drawing/html.ts';

/** What a query by hand is about. */
export type About = 'licence' | 'person' | 'plate';

export const abouts: Readonly<Record<About, string>> = {
  licence: 'A driver, by licence number',
  person: 'A driver, by name and date of birth',
  plate: 'A vehicle, by plate',
};

/** The fields of the form, as text, the way the browser sends them. Whoever filled it in controls every value. */
export type Filled = Readonly<Partial<Record<FieldName, string>>>;

export const fieldNames = [
  'requester', 'destination', 'number', 'surname', 'given', 'birthDate', 'sex', 'plate', 'image', 'purpose', 'caseNumber', 'user', 'warrant', 'court',
] as const;
export type FieldName = (typeof fieldNames)[number];

/** The form for one kind of query, filled in. It posts, so that nothing of it is ever part of an address. */
export function formOf(about: About, filled: Filled, owners: readonly string[]): Html {
  return html`<nav aria-label="What to ask about"><ul>${(Object.keys(abouts) as About[]).map((one) => html`<li><a href="/try?about=${one}"${one === about ? html` aria-current="page"` : null}>${abouts[one]}</a></li>`)}</ul></nav>
<form method="post" action="/try?about=${about}" autocomplete="off">
${text('requester', 'Your agency’s ORI', 'Nine letters or digits. On the demonstration you may be any agency.', filled)}
${select('destination', 'Ask whom', filled, [['NL', 'All states at once'], ...owners.map((owner): [string, string] => [owner, jurisdictionName(owner)])])}
${subjectFields(about, filled)}
<h2>Why you ask</h2>
<p class="quiet">What you leave empty is not stated. Some states then give less, or refuse.</p>
${select('purpose', 'Purpose', filled, [['', 'not stated'], ...(Object.keys(purposes) as Purpose[]).filter((one) => one !== 'notStated').map((one): [string, string] => [one, purposes[one].plain])])}
${text('caseNumber', 'Case number', null, filled)}
${text('user', 'Who you are, as your agency knows you', null, filled)}
${text('warrant', 'Number of a warrant or order', null, filled)}
${select('court', 'Who signed it', filled, [['', 'not stated'], ...(Object.keys(courtClasses) as CourtClass[]).filter((one) => one !== 'notStated').map((one): [string, string] => [one, courtClasses[one].plain])])}
<p><button type="submit">Send the query</button></p>
</form>`;
}

function subjectFields(about: About, filled: Filled): Html {
  const picture = html`<div class="field"><label class="tick"><input type="checkbox" name="image" value="yes"${filled.image === 'yes' ? html` checked` : null}> The picture too</label></div>`;
  switch (about) {
    case 'licence':
      return html`${text('number', 'Licence number', null, filled)}${picture}`;
    case 'person':
      return html`${text('surname', 'Family name', null, filled)}${text('given', 'Given names', 'First and, if known, middle.', filled)}
${text('birthDate', 'Date of birth', 'Year, month, day: 1990-01-31', filled)}
${select('sex', 'Sex', filled, [['', 'not stated'], ['F', 'female'], ['M', 'male'], ['X', 'X'], ['U', 'unknown']])}${picture}`;
    case 'plate':
      return text('plate', 'Plate', 'Letters and digits without spaces.', filled);
  }
}

function text(name: FieldName, label: string, hint: string | null, filled: Filled): Html {
  return html`<div class="field"><label for="${name}">${label}${hintOf(hint)}</label><input type="text" id="${name}" name="${name}" value="${filled[name] ?? ''}" maxlength="64" spellcheck="false"></div>`;
}

function select(name: FieldName, label: string, filled: Filled, options: readonly (readonly [string, string])[]): Html {
  return html`<div class="field"><label for="${name}">${label}</label><select id="${name}" name="${name}">${options.map(([value, shown]) => html`<option value="${value}"${value === (filled[name] ?? '') ? html` selected` : null}>${shown}</option>`)}</select></div>`;
}

function hintOf(hint: string | null): Html | null {
  return hint === null ? null : html`<span class="hint">${hint}</span>`;
}
