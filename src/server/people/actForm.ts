import { html, type Html } from '../../drawing/html.ts';
import { acts as actNames, readActQuery, type ActFacet, type ActFacets } from '../../people/acts/index.ts';
import { allRoles, roles } from '../../people/roles/index.ts';
import type { ActPlaceOf } from './actPlaces.ts';
import { input } from './parts.ts';
import { actWords } from './words.ts';

/** The fields of the form, each with the qualifier that says the same. */
const fields = { who: 'who:', act: 'act:', notAct: '-act:', about: 'about:', outcome: 'outcome:', role: 'role:', notWho: '-who:' } as const;
type FieldName = keyof typeof fields;
const names = Object.keys(fields) as readonly FieldName[];

/** The search that an address asks for, by its box, its form or both. What stands there is from anybody who may search. */
export function queryOfForm(given: Readonly<Record<string, unknown>>): string {
  const [from, to] = [textOf(given['from']), textOf(given['to'])];
  return [
    textOf(given['q']), ...names.flatMap((name) => (textOf(given[name]) === '' ? [] : [`${fields[name]}${textOf(given[name])}`])), ...(from === '' && to === '' ? [] : [`created:${from}..${to}`]),
    // As they were called before.
    ...['on', 'result'].flatMap((key) => (textOf(given[key]) === '' ? [] : [`${key}:${textOf(given[key])}`])),
  ].join(' ').trim();
}

/** The box and the form of a search, which say the same: what the form cannot say goes on in the box that is sent with it. */
export function searchForm({ base, says, scope }: ActPlaceOf, text: string): Html {
  const { values, from, to, rest } = partsOf(text);
  return html`<p>${says}</p>
<form method="get" action="${base}" role="search">${input({ name: 'q', label: 'Search', hint: 'who: act: about: outcome: role: created:2026-03-01..2026-03-31, and a minus before what must not be', value: text, optional: 'unsaid', max: 1_000 })}<p><button type="submit">Search</button></p></form>
<details><summary>As a form</summary><form method="get" action="${base}">${rest === '' ? null : html`<input type="hidden" name="q" value="${rest}"><p class="quiet">Besides: <code>${rest}</code></p>`}
${input({ name: 'who', label: 'Account', optional: true, max: 60, value: values.who })}${input({ name: 'notWho', label: 'But not the account', optional: true, max: 60, value: values.notWho })}
${choice('act', 'Act', Object.entries(actNames), values.act)}${choice('notAct', 'But not', Object.entries(actNames), values.notAct)}
${input({ name: 'about', label: 'Number of a ticket, proposal, account or paper', optional: true, max: 80, value: values.about })}${choice('outcome', 'Outcome', [['done', 'done'], ['refused', 'refused'], ['failed', 'failed']], values.outcome)}
${choice('role', 'Role', allRoles.map((role) => [role, roles[role].plain]), values.role)}
${input({ name: 'from', label: 'From the day', type: 'date', optional: true, value: from })}${input({ name: 'to', label: 'To the day', type: 'date', optional: true, value: to })}
<p><button type="submit">Search</button></p></form></details>
${'owner' in scope ? html`<p class="quiet">Often asked: <a href="${base}?q=outcome:refused">what was refused</a>, <a href="${base}?q=act:heldOpened+act:paperOpened+act:noticeOpened+act:entriesOpened">openings of residents’ data</a>, <a href="${base}?q=act:signInFailed+act:lockedOut">failures to sign in</a>, <a href="${base}?q=act:roleGiven+act:roleTaken">changes of roles</a>, <a href="${base}?q=act:actsExported+act:requestsExported">exports</a></p>` : null}`;
}

/** How what was found divides; each part narrows the search to itself. */
export function facetsOf(base: string, text: string, facets: ActFacets): Html {
  const list = (title: string, key: string, found: readonly ActFacet[], plain: (value: string) => string): Html | null => found.length < 2 ? null : html`<div><h3>${title}</h3><ul>${found.map(({ value, count }) => html`
<li><a href="${base}?q=${encodeURIComponent(`${text} ${key}:${value.replace(' ', ':')}`.trim())}">${plain(value)}</a> <span class="quiet">${count}</span></li>`)}</ul></div>`;
  return html`<details><summary>How they divide</summary>
${list('By outcome', 'outcome', facets.outcome, (value) => value)}${list('By act', 'act', facets.act, actWords)}${list('By role', 'role', facets.role, (value) => (Object.hasOwn(roles, value) ? roles[value as keyof typeof roles].plain : value))}${list('By account', 'who', facets.who, (value) => value)}</details>`;
}

function choice(name: FieldName, label: string, options: readonly (readonly [string, string])[], value: string): Html {
  return html`<div class="field"><label for="${name}">${label}</label><select id="${name}" name="${name}"><option value="">${name.startsWith('not') ? 'nothing left out' : 'any'}</option>${options.map(([one, plain]) => html`<option value="${one}"${one === value ? html` selected` : null}>${plain}</option>`)}</select></div>`;
}

/** A search taken apart into what the form says, and the rest. A search that is not understood is all rest. */
function partsOf(text: string): { readonly values: Readonly<Record<FieldName, string>>; readonly from: string; readonly to: string; readonly rest: string } {
  const values: Record<FieldName, string> = { who: '', act: '', notAct: '', about: '', outcome: '', role: '', notWho: '' };
  const read = readActQuery(text);
  if (!read.ok) return { values, from: '', to: '', rest: '' };
  const words = read.text.split(' ').filter((word) => word !== '');
  const rest: string[] = [];
  let days: readonly [string, string] | null = null;
  for (const word of words) {
    const name = names.find((one) => word.startsWith(fields[one]));
    const period = /^created:(\d{4}-\d\d-\d\d)?\.\.(\d{4}-\d\d-\d\d)?$/.exec(word);
    // Two values of one key are alternatives, which a form with one field cannot say: then all of them stay in the box.
    const alone = name !== undefined && words.filter((one) => one.startsWith(fields[name])).length === 1;
    if (name !== undefined && alone) values[name] = word.slice(fields[name].length);
    else if (period !== null && words.filter((one) => one.startsWith('created:')).length === 1) days = [period[1] ?? '', period[2] ?? ''];
    else rest.push(word);
  }
  return { values, from: days?.[0] ?? '', to: days?.[1] ?? '', rest: rest.join(' ') };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}
