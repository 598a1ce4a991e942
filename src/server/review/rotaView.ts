import { html, type Html } from '../../drawing/html.ts';
import type { Delegation, Reviewer, Rota, Staff } from '../../review/types.ts';
import { jurisdictionName } from '../../vocabulary/index.ts';
import { table } from '../people/parts.ts';
import { faultBox, instant } from './words.ts';

/** All that the page of the rota says. */
export interface RotaView {
  readonly owner: string;
  readonly spans: Rota['spans'];
  readonly deputies: readonly Delegation[];
  readonly staff: Staff;
  /** Who may change it; null for whoever only reads. */
  readonly keeper: Reviewer | null;
  readonly fault: string | null;
  /** What was filled in, by field. */
  readonly filled: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly now: number;
}

const mostShown = 100;
const states = { inForce: 'In force', toCome: 'To come', void: 'Does not hold: who is stood in for may not decide there', over: 'Over' } as const;
const endings = { time: 'its time passed', ended: 'it was ended', disabled: 'the account of who was stood in for was disabled', role: 'who was stood in for decides there no more' } as const;

/** Who is on duty and who stands in for whom, by name; with the forms that change it. */
export function rotaView(view: RotaView): Html {
  const { owner, keeper, fault } = view;
  return html`${faultBox(fault)}
<p>While somebody is on duty at a desk, only they, and who stands in for them, decide what lies there. At all other times it is for everybody of the desk. Times are UTC. <a href="/desk/${owner}/held">Held requests</a></p>
<h2>On duty</h2>
${spansOf(view)}
${keeper === null ? null : spanForm(view, keeper)}
<h2>Standing in</h2>
<p>Who stands in decides at that desk like who is stood in for, as long as that person decides there by their own role: a deputy's deputy is none. It ends with its time, with the account of who is stood in for, or when it is ended here. Both see requests of their own agency and about themselves as nobody may decide them.</p>
${deputiesOf(view)}
${keeper === null ? null : deputyForm(view, keeper)}`;
}

function spansOf({ owner, spans, staff, keeper, now }: RotaView): Html {
  if (spans.length === 0) return html`<p>No times are set.</p>`;
  const rows = spans.toSorted((a, b) => (a.from === b.from ? 0 : a.from < b.from ? -1 : 1)).map((span) => [
    person(span.account, nameOf(staff, span.account)), span.desk, html`${instant(span.from)}<br>to ${instant(span.to)}`,
    html`${Date.parse(span.to) <= now ? 'Over' : Date.parse(span.from) <= now ? html`<strong>On duty</strong>` : 'To come'}${keeper === null ? null : rowForm(owner, 'remove-span', 'row', JSON.stringify(span), `Remove ${nameOf(staff, span.account) ?? span.account} from ${span.desk}`, 'Remove')}`,
  ]);
  return table('Who is on duty, the earliest first', ['Who', 'Desk', 'Time', 'Now'], rows);
}

function deputiesOf({ owner, deputies, staff, keeper }: RotaView): Html {
  if (deputies.length === 0) return html`<p>Nobody stands in for anybody.</p>`;
  const rows = deputies.slice(0, mostShown).map((one) => [
    person(one.deputy, one.deputyName), person(one.account, one.accountName), html`${one.desk}<br>${instant(one.from)}<br>until ${instant(one.until)}`, html`${person(one.by, nameOf(staff, one.by))}<br>${instant(one.at)}`,
    html`${states[one.state]}${endOf(one, staff)}${keeper === null || one.state === 'over' ? null : rowForm(owner, 'end-deputy', 'delegation', one.id, `End that ${one.deputyName ?? one.deputy} stands in for ${one.accountName ?? one.account} at ${one.desk}`, 'End now')}`,
  ]);
  return table('Delegations, those of now first, then the latest that are over', ['Who stands in', 'For whom', 'Desk and time', 'Said by', 'Now'], rows);
}

function endOf({ endedWhy: why, endedBy: by, endedAt: at }: Delegation, staff: Staff): Html | null {
  return why === null ? null : html`: ${endings[why]}${by === null || by === 'clock' ? null : html`, by ${nameOf(staff, by) ?? by}`}${at === null ? null : html`, ${instant(at)}`}`;
}

function spanForm({ owner, staff, filled }: RotaView, keeper: Reviewer): Html {
  if (staff.reviewers.length === 0) return html`<p>Nobody can be put on duty: ${jurisdictionName(owner)} has no reviewer yet. An official invites one under People.</p>`;
  return html`<h3>Add somebody</h3>
<form method="post" action="/desk/${owner}/held/rota"><input type="hidden" name="do" value="add-span">
${deskField('desk', staff, keeper, filled)}${pick('account', 'Who', staff.reviewers.map(optionOf), filled)}${time('from', 'From, in UTC', filled)}${time('to', 'To, in UTC', filled)}
<p><button type="submit">Add to the rota</button></p></form>`;
}

function deputyForm({ owner, staff, filled }: RotaView, keeper: Reviewer): Html {
  const others = staff.reviewers.filter(({ person: one }) => one !== keeper.person);
  if (others.length === 0) return html`<p>Nobody can stand in: ${jurisdictionName(owner)} has no other reviewer yet. An official invites one under People.</p>`;
  const forWhom = keeper.role === 'ownerOfficial' ? staff.reviewers : staff.reviewers.filter(({ person: one }) => one === keeper.person);
  return html`<h3>Add a deputy</h3>
<p>A reviewer names their own deputy; an official may for somebody who is away, and never themself. For at most 92 days.</p>
<form method="post" action="/desk/${owner}/held/rota"><input type="hidden" name="do" value="add-deputy">
${deskField('deputyDesk', staff, keeper, filled)}${pick('deputyFor', 'For whom', forWhom.map(optionOf), filled)}${pick('deputy', 'Who stands in', others.map(optionOf), filled)}${time('deputyFrom', 'From, in UTC', filled, 'Leave it empty for: from now on.')}${time('until', 'Until, in UTC', filled)}
<p><button type="submit">Add the deputy</button></p></form>`;
}

/** A reviewer of certain desks changes those alone. */
function deskField(name: string, { desks }: Staff, { role, desks: own }: Reviewer, filled: RotaView['filled']): Html {
  return pick(name, 'Desk', (role === 'ownerOfficial' || own.length === 0 ? desks : own).map((desk) => [desk, desk] as const), filled);
}

/** Nothing is chosen beforehand. What was sent stays chosen, also where it is in the list no more. */
function pick(name: string, label: string, options: readonly (readonly [value: string, text: string])[], filled: RotaView['filled']): Html {
  const chosen = filled[name] ?? '';
  const all = chosen === '' || options.some(([value]) => value === chosen) ? options : [...options, [chosen, chosen] as const];
  return html`<div class="field"><label for="${name}">${label}</label><select id="${name}" name="${name}" required><option value="">Choose</option>${all.map(([value, text]) => html`<option value="${value}"${value === chosen ? html` selected` : null}>${text}</option>`)}</select></div>
`;
}

/** Without a hint it has to be given. */
function time(name: string, label: string, filled: RotaView['filled'], hint: string | null = null): Html {
  return html`<div class="field"><label for="${name}">${label}${hint === null ? null : html` <span class="hint">${hint}</span>`}</label><input type="datetime-local" id="${name}" name="${name}" value="${filled[name] ?? ''}"${hint === null ? html` required` : null}></div>
`;
}

function optionOf({ account, name, desks }: Staff['reviewers'][number]): readonly [string, string] {
  return [account, `${name}, ${desks.length === 0 ? 'all desks' : desks.join(', ')} (${account})`];
}

function rowForm(owner: string, what: string, name: string, value: string, label: string, words: string): Html {
  return html`<form method="post" action="/desk/${owner}/held/rota" class="inline"><input type="hidden" name="do" value="${what}"><input type="hidden" name="${name}" value="${value}"><button type="submit" class="quiet" aria-label="${label}">${words}</button></form>`;
}

function nameOf({ names }: Staff, account: string): string | null {
  return names.get(account) ?? null;
}

/** The name, with the number of the account below it. */
function person(account: string, name: string | null): Html {
  return name === null ? html`${account}` : html`${name}<br><span class="quiet">${account}</span>`;
}
