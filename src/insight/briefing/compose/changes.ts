import type { Chart, ChartMark } from '../../../drawing/charts/types.ts';
import type { Party } from '../../archive/types.ts';
import type { BlockedRow, OwnerInput } from '../input.ts';
import { many, nameOf, say, times } from '../say.ts';
import type { Section, Sentence } from '../types.ts';
import type { Source } from './book.ts';
import { monthsOf, placeInMonths } from './counts.ts';
import { dayWords, monthWords } from './dates.ts';
import { partyShort } from './parties.ts';

export interface ChangeSources {
  readonly blocked: Source | null;
  readonly changes: Source;
  readonly groupMonths: Source;
}

export function changesSection(input: OwnerInput, from: ChangeSources): Section {
  const chart = monthsChart(input);
  return {
    id: 'changes', question: 'What changed?',
    sentences: [...versionSentences(input, from.changes), ...blockedSentences(input, from), ...sisterSentences(input, from.groupMonths)],
    charts: chart === null ? [] : [chart],
  };
}

function versionSentences({ facts: { changes } }: OwnerInput, source: Source): readonly Sentence[] {
  if (changes.length === 0) return [say`The policy did not change in this time.`];
  if (changes.length > 3) return [say`The policy changed ${times(source.count(changes.length))}, last on ${{ name: dayWords(changes.at(-1)?.at ?? '') }}.`];
  return changes.map(({ version, at }) => say`Version ${{ name: String(version) }} of the policy took effect on ${{ name: dayWords(at) }}.`);
}

/** Attempts that went on after a version refused what the one before had answered. */
function blockedSentences({ blocked }: OwnerInput, from: ChangeSources): readonly Sentence[] {
  const source = from.blocked;
  if (blocked === null || source === null) return [];
  return byVersion(blocked.rows).flatMap(([version, rows]) => {
    const total = totalOf(rows);
    const months = [...new Set(rows.map(({ month }) => month))].sort();
    const [first = '', last = ''] = [months[0], months.at(-1)];
    const at = (month: string): number => totalOf(rows.filter((row) => row.month === month));
    const top = largest(rows);
    return [
      say`Version ${{ name: String(version) }} refused ${many(source.count(total), 'request')} of a sort that was answered before.`,
      ...(top === null ? [] : [say`Most of them came from ${partyShort[top.party]}, such as ${nameOf(top.agency, 44)}.`]),
      months.length < 2 ? say`All came in ${{ name: monthWords(first) }}.` : say`There were ${source.count(at(first))} in ${{ name: monthWords(first) }} and ${source.count(at(last))} in ${{ name: monthWords(last) }}.`,
    ];
  });
}

/** Whether the one of the two that is not blocked asks more since: ICE and CBP are parts of one department. */
export function sisterRise({ blocked, groupMonths, facts }: Pick<OwnerInput, 'blocked' | 'groupMonths' | 'facts'>): { readonly party: Party; readonly blocked: Party; readonly version: number; readonly before: number; readonly after: number } | null {
  const months = monthsOf(facts.period);
  for (const [version, rows] of byVersion(blocked?.rows ?? [])) {
    const top = largest(rows)?.party;
    if (top !== 'immigration' && top !== 'border') continue;
    const sister: Party = top === 'immigration' ? 'border' : 'immigration';
    const change = months.indexOf(rows.map(({ month }) => month).sort()[0] ?? '');
    const level = (some: readonly string[]): number => Math.round(groupMonths.rows.reduce((all, { keys, n }) => (keys[1] === sister && some.includes(keys[0] ?? '') ? all + n : all), 0) / Math.max(1, some.length));
    const [before, after] = [months.slice(Math.max(0, change - 3), Math.max(0, change)), months.slice(change + 1).slice(-3)];
    if (change < 1 || before.length === 0 || after.length === 0) continue;
    const [low, high] = [level(before), level(after)];
    if (high >= 1.25 * low && high - low >= 10) return { party: sister, blocked: top, version, before: low, after: high };
  }
  return null;
}

function sisterSentences(input: OwnerInput, source: Source): readonly Sentence[] {
  const rise = sisterRise(input);
  if (rise === null) return [];
  return [say`In the same time ${partyShort[rise.party]} went from about ${source.count(rise.before)} to ${source.count(rise.after)} requests a month. Look at the two together.`];
}

/** One small line for all, and one for each group that people ask about. */
function monthsChart({ groupMonths, facts }: OwnerInput): Chart | null {
  const months = monthsOf(facts.period);
  if (months.length < 2 || months.length > 60 || groupMonths.total.n === 0) return null;
  return monthsOfGroups({ groupMonths, facts }, months, ['ownState', 'otherState', 'immigration', 'border', 'otherFederal']);
}

export function monthsOfGroups({ groupMonths, facts }: Pick<OwnerInput, 'groupMonths' | 'facts'>, months: readonly string[], parties: readonly Party[]): Chart {
  const newest = facts.newest?.slice(0, 7) ?? '';
  const values = (matches: (party: string) => boolean): readonly (number | null)[] => months.map((month) => (month > newest ? null : groupMonths.rows.reduce((all, { keys, n }) => (keys[0] === month && matches(keys[1] ?? '') ? all + n : all), 0)));
  const marks: readonly ChartMark[] = facts.changes.flatMap(({ at, owner, version }) => {
    const place = placeInMonths(at, months);
    return place === null ? [] : [{ at: place, label: `${facts.owners.length > 1 ? `${owner} ` : ''}version ${version} took effect` }];
  });
  return {
    chart: 'multiples', title: 'Requests by month', unit: 'requests', points: months, marks: facts.owners.length > 1 ? [] : marks,
    description: `One small line for each group, each on a scale of its own.${marks.length === 0 || facts.owners.length > 1 ? '' : ` Dashed lines mark ${marks.length === 1 ? 'a new version' : 'new versions'} of the policy.`}`,
    panels: [{ label: 'all requests', values: values(() => true) }, ...parties.map((party) => ({ label: partyShort[party], values: values((one) => one === party) }))],
  };
}

export function byVersion(rows: readonly BlockedRow[]): readonly (readonly [number, readonly BlockedRow[]])[] {
  const found = new Map<number, BlockedRow[]>();
  for (const row of rows) found.set(row.version, [...(found.get(row.version) ?? []), row]);
  return [...found].sort((a, b) => a[0] - b[0]);
}

function largest(rows: readonly BlockedRow[]): { readonly party: Party; readonly agency: string } | null {
  const parties = new Map<Party, number>();
  for (const { party, n } of rows) parties.set(party, (parties.get(party) ?? 0) + n);
  const party = [...parties].sort((a, b) => b[1] - a[1])[0]?.[0];
  if (party === undefined) return null;
  const agencies = new Map<string, number>();
  for (const row of rows) if (row.party === party) agencies.set(row.agency, (agencies.get(row.agency) ?? 0) + row.n);
  return { party, agency: [...agencies].sort((a, b) => b[1] - a[1])[0]?.[0] ?? '' };
}

export function totalOf(rows: readonly BlockedRow[]): number {
  return rows.reduce((all, { n }) => all + n, 0);
}
