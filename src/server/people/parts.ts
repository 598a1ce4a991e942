import { html, type Html } from '../../drawing/html.ts';

/** What a field of a form is. `value` is shown again; never that of a password or code. */
export interface FieldFacts {
  readonly name: string;
  readonly label: string;
  readonly type?: 'text' | 'password' | 'email' | 'number' | 'date';
  readonly hint?: string;
  readonly value?: string;
  readonly autocomplete?: string;
  /** `unsaid`: that it may be left out goes without saying. */
  readonly optional?: true | 'unsaid';
  readonly inputmode?: 'numeric';
  readonly max?: number;
  /** Of the element; the name, unless a page has several forms. */
  readonly id?: string;
}

/** One field with its label. */
export function input({ name, label, type = 'text', hint, value = '', autocomplete = 'off', optional, inputmode, max = 200, id = name }: FieldFacts): Html {
  return html`<div class="field"><label for="${id}">${label}${optional === true ? html` <span class="quiet">(may be left out)</span>` : null}${hint === undefined ? null : html` <span class="hint">${hint}</span>`}</label>
<input id="${id}" name="${name}" type="${type}" value="${value}" autocomplete="${autocomplete}" maxlength="${max}"${inputmode === undefined ? null : html` inputmode="${inputmode}"`}${optional === undefined ? html` required` : null}${type === 'text' ? html` autocapitalize="none" spellcheck="false"` : null}></div>
`;
}

/** Values that go with a form unseen. */
export function hidden(values: Readonly<Record<string, string>>): Html {
  return html`${Object.entries(values).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}`;
}

/** A form whose one button does one thing. */
export function button(action: string, text: string, values: Readonly<Record<string, string>> = {}, quiet = false): Html {
  return html`<form method="post" action="${action}" class="inline">${hidden(values)}<button type="submit"${quiet ? html` class="quiet"` : null}>${text}</button></form>`;
}

/** What went wrong, above the form. Read out at once by a screen reader. `at`: the id of the field that is meant, to go there. */
export function alert(text: string | null, at: string | null = null): Html | null {
  return text === null ? null : html`<section class="card bad" role="alert"><p><strong>Not done.</strong> ${text}</p>${at === null ? null : html`<p><a href="#${at}">Go to the field</a></p>`}</section>
`;
}

/** An instant for people: day, time to the second and zone; RFC 3339 for programs. */
export function time(at: Date | string | null): Html {
  if (at === null) return html`never`;
  const text = (typeof at === 'string' ? at : at.toISOString()).replace(/\.\d+Z$/, 'Z');
  return html`<time datetime="${text}">${text.replace('T', ' ').replace('Z', ' UTC')}</time>`;
}

/**
 * A table that is wider than its place scrolls by itself, also by the keyboard; on a telephone each row is a list. The roles are said once more, as browsers forget them of a table that is shown
 * as something else. The first cell of a row names it; a column without a title has what can be done.
 */
export function table(caption: string, head: readonly string[], rows: readonly (readonly (Html | string | null)[])[]): Html {
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table class="stack" role="table"><caption class="quiet">${caption}</caption>
<thead role="rowgroup"><tr role="row">${head.map((text) => html`<th scope="col" role="columnheader">${text === '' ? html`<span class="unseen">What can be done</span>` : text}</th>`)}</tr></thead>
<tbody role="rowgroup">${rows.map((row) => html`<tr role="row">${row.map((cell, n) => cellOf(head[n] ?? '', cell, n === 0))}</tr>
`)}</tbody></table></div>
`;
}

function cellOf(label: string, cell: Html | string | null, first: boolean): Html {
  const named = label === '' || cell === null || cell === '' ? null : html` data-label="${label}"`;
  return first ? html`<th scope="row" role="rowheader"${named}>${cell}</th>` : html`<td role="cell"${named}>${cell}</td>`;
}
