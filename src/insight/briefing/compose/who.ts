import type { Chart } from '../../../drawing/charts/types.ts';
import { allJurisdictions } from '../../../vocabulary/index.ts';
import type { Party } from '../../archive/types.ts';
import type { StatRow, StatTable } from '../../statistics/types.ts';
import type { OwnerInput } from '../input.ts';
import { listed, many, nameOf, say, times } from '../say.ts';
import type { Section, Sentence } from '../types.ts';
import type { Source } from './book.ts';
import { foldedBy, given, sum } from './counts.ts';
import { partyShort } from './parties.ts';

export interface WhoSources {
  readonly groups: Source;
  readonly agencies: Source;
  readonly enforcement: Source;
  readonly investigations: Source;
  readonly agreements: Source;
}

export function whoSection(input: OwnerInput, from: WhoSources): Section {
  const { groups, agencies, states, owner } = input;
  return {
    id: 'who', question: 'Who asked?',
    sentences: [...shareSentences(groups, from.groups), ...federalSentences(input, from), ...agencySentences(agencies, from.agencies)],
    charts: groups.total.n === 0 ? [] : [tileChart(states, owner)],
  };
}

/** The three that everybody asks about, however small their share; and those who act for one of them. */
export function federalSentences({ groups, enforcement, investigations, agreements, facts }: Pick<OwnerInput, 'groups' | 'enforcement' | 'investigations' | 'agreements' | 'facts'>, from: Omit<WhoSources, 'agencies'>): readonly Sentence[] {
  const all = groups.total.n;
  const says = !facts.lacks.includes('status');
  const border = (keys: readonly string[]): boolean => keys[0] === 'border';
  return [
    federal('ICE\'s enforcement arm', enforcement.total.n, sum(enforcement, (keys) => given.has(keys[0] ?? '')).n, all, from.enforcement, says),
    federal('Homeland Security Investigations, a part of ICE,', investigations.total.n, sum(investigations, (keys) => given.has(keys[0] ?? '')).n, all, from.investigations, says),
    federal('Customs and Border Protection', sum(groups, border).n, sum(groups, (keys) => border(keys) && given.has(keys[1] ?? '')).n, all, from.groups, says),
    agreements.total.n === 0 ? say`No agency with a 287(g) pact with ICE asked.` : say`Agencies with a 287(g) pact with ICE asked ${times(from.agreements.count(agreements.total.n))} (${from.agreements.share(agreements.total.n, all)}).`,
  ];
}

function federal(name: string, n: number, got: number, all: number, source: Source, says: boolean): Sentence {
  const who = { name };
  if (n === 0) return say`${who} did not ask.`;
  const head = say`${who} asked ${times(source.count(n))} (${source.share(n, all)})`;
  if (!says) return say`${head}.`;
  return got === 0 ? say`${head} and got nothing.` : got === n ? say`${head} and always got something.` : say`${head} and got something ${times(source.count(got))}.`;
}

function shareSentences(groups: StatTable, source: Source): readonly Sentence[] {
  const parties = foldedBy(groups, 0);
  const all = groups.total.n;
  const n = (party: Party): number => parties.get(party)?.n ?? 0;
  const [own, other, federal] = [n('ownState'), n('otherState'), n('otherFederal')];
  const rest = (['tribal', 'territorial', 'private'] as const).filter((party) => n(party) > 0);
  if (all === 0) return [];
  return [
    own === 0 ? say`No request came from agencies of this state.` : say`Agencies of this state made ${source.share(own, all)} of all requests.`,
    ...(other + federal === 0 ? [] : [other === 0 || federal === 0 ? say`${other === 0 ? 'Other federal agencies' : 'Those of other states'} made ${source.share(other + federal, all)}.` : say`Those of other states made ${source.share(other, all)}, and other federal ones ${source.share(federal, all)}.`]),
    ...(rest.length === 0 ? [] : [say`The rest came from ${listed(rest.map((party) => say`${partyShort[party]} (${source.share(n(party), all)})`))}.`]),
    ...(n('undeclared') === 0 ? [] : [say`${many(source.count(n('undeclared')), 'request')} came from askers that are not known.`]),
  ];
}

function agencySentences({ rows, total }: StatTable, source: Source): readonly Sentence[] {
  const top = [...rows].filter(({ n }) => n > 0).sort(byCount).slice(0, 3);
  return [
    ...(top.length === 0 ? [] : [say`Most requests came from ${listed(top.map((row) => counted(row, source)))}.`]),
    ...(total.before === null ? [] : comingAndGoing(rows, source)),
  ];
}

/** Askers that are new, gone, or up by a factor of three. */
export function newcomers(rows: readonly StatRow[]): { readonly first: readonly StatRow[]; readonly gone: readonly StatRow[]; readonly sharp: readonly StatRow[] } {
  return {
    first: rows.filter(({ n, before, yearBefore }) => n > 0 && before === 0 && (yearBefore ?? 0) === 0).sort(byCount),
    gone: rows.filter(({ n, before }) => n === 0 && (before ?? 0) > 0).sort((a, b) => (b.before ?? 0) - (a.before ?? 0)),
    sharp: rows.filter(({ n, before }) => before !== null && before > 0 && n >= 30 && n >= 3 * before).sort((a, b) => b.n - (b.before ?? 0) - (a.n - (a.before ?? 0))),
  };
}

function comingAndGoing(rows: readonly StatRow[], source: Source): readonly Sentence[] {
  const { first, gone, sharp } = newcomers(rows);
  const [top] = sharp;
  return [
    ...(first.length + gone.length === 0 ? [] : [say`${many(source.count(first.length), 'agency')} asked for the first time, and ${source.count(gone.length)} fell silent.`]),
    ...(top === undefined ? [] : [say`${many(source.count(sharp.length), 'agency')} asked at least three times as often as before, such as ${nameOf(top.words[0] ?? '', 44)} (from ${source.count(top.before ?? 0)} to ${source.count(top.n)}).`]),
  ];
}

function counted({ words, n }: StatRow, source: Source): Sentence {
  return say`${nameOf(words[0] ?? '', 44)} (${source.count(n)})`;
}

function byCount(a: StatRow, b: StatRow): number {
  return b.n - a.n || ((a.keys[0] ?? '') < (b.keys[0] ?? '') ? -1 : 1);
}

function tileChart({ rows }: StatTable, owner: string): Chart {
  const values = Object.fromEntries(rows.filter(({ keys }) => /^[A-Z]{2}$/.test(keys[0] ?? '')).map(({ keys, n }) => [keys[0] ?? '', n]));
  const [top] = rows.filter(({ keys, n }) => n > 0 && keys[0] !== owner && values[keys[0] ?? ''] !== undefined).sort(byCount);
  return {
    chart: 'tiles', direction: 'asked of', title: `Where those who asked ${owner} are at home`, unit: 'requests', own: owner,
    description: `A tile for each state, for requests from agencies of that state; federal offices are left out. ${top === undefined ? 'No other state asked.' : `Of other states most came from ${top.words[0] ?? ''}.`}`,
    values: { ...allZero, ...values },
  };
}

const allZero: Readonly<Record<string, number>> = Object.fromEntries(allJurisdictions.map((code) => [code, 0]));
