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

/** What went wrong, above the form. Read out at once by a screen reader. */
export function alert(text: string | null): Html | null {
  return text === null ? null : html`<section class="card bad" role="alert"><p><strong>Not done.</strong> ${text}</p></section>
`;
}

/** An instant for people: RFC 3339, UTC, to the second. */
export function time(at: Date | string | null): Html {
  if (at === null) return html`never`;
  const text = (typeof at === 'string' ? at : at.toISOString()).replace(/\.\d+Z$/, 'Z');
  return html`<time datetime="${text}">${text}</time>`;
}

/** A table that is wider than a telephone scrolls by itself, also by the keyboard. */
export function table(caption: string, head: readonly string[], rows: readonly (readonly (Html | string | null)[])[]): Html {
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table><caption class="quiet">${caption}</caption>
<thead><tr>${head.map((text) => html`<th scope="col">${text}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>
`)}</tbody></table></div>
`;
}
