import { html, type Html } from '../../drawing/html.ts';
import type { ResidentRequest, Residents } from '../../residents/index.ts';
import { choice } from '../duties/words.ts';
import { counted, leftWords } from '../pages/clock.ts';
import { alert } from '../people/parts.ts';
import { dayWords, nameOf, sentence, type Typed } from './askPages.ts';

type Opened = Awaited<ReturnType<Residents['open']>>;

/** `/desk/:owner/residents`: the requests, the first to be answered first, and what the office does next. `typed` and `fault`: a form that was not taken, of the request of that number. */
export function listPage(owner: string, requests: readonly ResidentRequest[], fault: string | null, typed: Typed, now: number): Html {
  const open = requests.filter(({ state }) => isOpen(state)).toSorted((a, b) => a.dueAt.localeCompare(b.dueAt));
  const ended = requests.filter(({ state }) => !isOpen(state));
  const [first] = open;
  return html`${alert(fault)}
<p><strong>${first === undefined ? `No request of a resident of ${nameOf(owner)} waits.` : `${counted(open.length, 'request of a resident waits', 'requests of residents wait')}; the first is to be answered by ${dayWords(first.dueAt)}.`}</strong> What a resident gave is shown only when you open it, and that is recorded.</p>
${open.map((request) => openCard(owner, request, typed, now))}
${ended.length === 0 ? null : html`<h2>Answered and ended</h2><ul>${ended.map(({ number, state, askedAt, readUntil }) => html`<li>${number}, asked ${dayWords(askedAt)}: ${stateWords[state]}${readUntil === null ? null : ` ${Date.parse(readUntil) <= now ? '; it was erased' : '; it can be read until'} ${dayWords(readUntil)}`}</li>`)}</ul>`}`;
}

/** What a resident gave, after the opening is on the record. */
export function openedPage(owner: string, number: string, { given, contact, code }: Opened): Html {
  const rows = [
    ...given.licences.map((licence) => ['Licence number', licence] as const),
    ...given.people.map(({ name, birthDate }) => ['Person', `${name.surname}, ${[name.given, name.middle].filter((one) => one !== '').join(' ')}${birthDate === '' ? '' : `, born ${dayWords(birthDate)}`}`] as const),
    ...given.plates.map(({ plate }) => ['Plate', plate] as const), ...given.vins.map(({ vin }) => ['Vehicle number', vin] as const),
  ];
  return html`<section class="card warn"><p><strong>You opened this just now, and that is on the record.</strong></p>
<dl>${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}<dt>To reach them</dt><dd>${contact ?? 'Nothing was given: do not try another way. It may not be safe.'}</dd>
${code === null ? null : html`<dt>Code for a letter to the address on record</dt><dd><code class="secret">${code}</code></dd>`}</dl></section>
<p><a href="/desk/${owner}/residents">Requests of residents</a></p><p class="quiet">Number ${number}.</p>`;
}

const stateWords: Readonly<Record<ResidentRequest['state'], string>> = {
  proofing: 'who they are is being confirmed', ready: 'who they are is confirmed; the report is to be made', made: 'the report was made', delivered: 'the report was read', refused: 'who they are was not confirmed', lapsed: 'it was not finished in time',
};

/** What an official says of a step. Neither is chosen beforehand: one ends in a report about somebody, the other ends the request. */
const decisions = [['confirm', 'It is them: confirm it'], ['deny', 'Do not confirm that it is them']] as const;

function isOpen(state: ResidentRequest['state']): boolean {
  return state === 'proofing' || state === 'ready';
}

function openCard(owner: string, { number, state, askedAt, dueAt, from, to, steps }: ResidentRequest, typed: Typed, now: number): Html {
  const here = `/desk/${owner}/residents/${number}`;
  const left = Date.parse(dueAt) - now;
  return html`<section class="card ${left < 3 * 86_400_000 ? 'bad' : left < 10 * 86_400_000 ? 'warn' : 'plain'}"><h2>${number}: ${stateWords[state]}</h2>
<dl><dt>To be answered by</dt><dd>${dayWords(dueAt)}: ${leftWords(Date.parse(dueAt), now)}</dd><dt>Asked</dt><dd>${dayWords(askedAt)}</dd><dt>About</dt><dd>${dayWords(from)} to ${dayWords(to)}</dd></dl>
<ul>${steps.map(({ plain, done }) => html`<li>${sentence(plain)} <strong>${done ? 'Done.' : 'Not yet.'}</strong></li>`)}</ul>
<form method="post" action="${here}"><p><button name="do" value="open" type="submit" class="quiet">Open what they gave</button> <span class="hint">On the record first.</span></p></form>
${state !== 'proofing' ? null : steps.filter(({ by, done }) => by === 'owner' && !done).map(({ id, plain }) => {
    const sent = (name: string): string => (typed('number') === number && typed('step') === id ? typed(name) : '');
    return html`<form method="post" action="${here}"><input type="hidden" name="step" value="${id}">
${choice('do', `do-${number}-${id}`, `${sentence(plain)} Is it them?`, decisions, sent('do'))}
<div class="field"><label for="note-${number}-${id}">What was seen? <span class="hint">Such as: passport. No numbers, no names.</span></label><input id="note-${number}-${id}" name="note" type="text" value="${sent('note')}" maxlength="1000" required autocomplete="off"></div>
<p><button type="submit">Put it on the record</button> <span class="hint">Not to confirm ends the request and erases what they gave. They may ask again.</span></p></form>`;
  })}
${state === 'ready' ? html`<form method="post" action="${here}"><p><button name="do" value="make" type="submit">Make the report</button> <span class="hint">They read it with their number and secret. What they gave is erased then.</span></p></form>` : null}</section>
`;
}
