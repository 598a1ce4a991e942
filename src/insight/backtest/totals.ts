import { allDataClasses, allPurposes, namesOf, outcomes, type DataClass, type Outcome, type Purpose } from '../../vocabulary/index.ts';
import { purposePhrases } from '../../policy/phrases.ts';
import { partyWords } from '../parties.ts';
import type { Names } from '../statistics/types.ts';
import type { OwnerWords } from '../archive/types.ts';
import { familyOf, familyWords } from './families.ts';
import { changeKinds, foundKinds, type CellKind, type ChangeKind, type Disposition } from './kinds.ts';
import { parties, slots, stillGivenSlot, unchangedSlot, type Met, type Tally } from './tally.ts';
import type { Backtest, Breakdown, Broken, ClassTotal, DutyTotal, FamilyTotal, KindTotal, RuleChange } from './types.ts';

/** What a tally comes to, in the words of the report. */
export type Totals = Pick<Backtest, 'requests' | 'cells' | 'changed' | 'kinds' | 'cellKinds' | 'dispositions' | 'classes' | 'parties' | 'families' | 'organisations' | 'agencies' | 'purposes' | 'rules' | 'duties'>;

/** Lines of the breakdowns by agency and by organisation. */
const mostLines = 50;

export function totalsOf(tally: Tally, words: OwnerWords, names: Names): Totals {
  const met = tally.met();
  const kinds = kindTotals(met);
  const requests = sum(kinds.map((one) => one.requests));
  return {
    requests,
    cells: sum(met.map((one) => requestsOf(one) * one.cells.length)),
    changed: requests - (kinds.find(({ kind }) => kind === 'unchanged')?.requests ?? 0),
    kinds,
    cellKinds: countBy(met.flatMap((one) => one.cells.map(({ kind }): [CellKind, number] => [kind, requestsOf(one)]))),
    dispositions: { before: dispositionsOf(met, 'before'), after: dispositionsOf(met, 'after') },
    classes: classTotals(met),
    parties: partyTotals(tally),
    families: familyTotals(tally, words),
    organisations: organisationTotals(tally, words, names),
    agencies: agencyTotals(tally, words, names),
    purposes: purposeTotals(tally),
    rules: ruleChanges(met),
    duties: dutyTotals(met),
  };
}

export function kindTotals(met: readonly Met[]): readonly KindTotal[] {
  return changeKinds.map((kind): KindTotal => {
    const own = met.filter((one) => one.kind === kind);
    const then = foundKinds.map((_, place) => sum(own.map(({ requests }) => requests[place] ?? 0)));
    return {
      kind, requests: sum(then), then: { found: then[0] ?? 0, nothingThere: then[1] ?? 0, notLooked: then[2] ?? 0 }, records: sum(own.flatMap(({ records }) => records)),
      fromNothing: sum(own.filter(({ before, after }) => before !== 'given' && after === 'given').map(requestsOf)),
      toNothing: sum(own.filter(({ before, after }) => before === 'given' && after !== 'given').map(requestsOf)),
      gettingSome: sum(own.filter(({ after }) => after === 'given').map(requestsOf)),
    };
  });
}

export function agencyTotals(tally: Tally, words: OwnerWords, names: Names): Breakdown {
  return breakdown(grouped(tally, words, ({ ori }) => ori), (ori) => names.agency(ori) ?? ori);
}

function organisationTotals(tally: Tally, words: OwnerWords, names: Names): Breakdown {
  return breakdown(grouped(tally, words, ({ organisation }) => organisation), (id) => names.organisation(id) ?? (id === '' ? 'not known to the registry' : id));
}

function familyTotals(tally: Tally, words: OwnerWords): readonly FamilyTotal[] {
  const families = words.attributes.map(familyOf);
  const departments = new Map(families.map(({ family, department }) => [family, department]));
  return inOrder(grouped(tally, words, ({ attributes }) => families[attributes]?.family ?? 'undeclared')).map(({ key, counts }) => {
    const { words: said, requests, kinds } = broken(key, familyWords(key), counts);
    return { family: key, words: said, department: departments.get(key) ?? 'none', requests, kinds };
  });
}

function partyTotals(tally: Tally): Totals['parties'] {
  return parties.flatMap((party, place) => {
    const purposes = allPurposes.map((purpose, p): Line => ({ key: purpose, counts: at(tally.byPartyPurpose, place * allPurposes.length + p) })).filter(({ counts }) => requestsIn(counts) > 0);
    if (purposes.length === 0) return [];
    return [{ ...broken(party, partyWords[party], addSlots(purposes.map(({ counts }) => counts))), party, purposes: inOrder(purposes).map(({ key, counts }) => broken(key, purposePhrases[key as Purpose], counts)) }];
  });
}

function purposeTotals(tally: Tally): Breakdown {
  const lines = allPurposes.map((purpose, p): Line => ({ key: purpose, counts: addSlots(parties.map((_, party) => at(tally.byPartyPurpose, party * allPurposes.length + p))) }));
  return breakdown(lines.filter(({ counts }) => requestsIn(counts) > 0), (purpose) => purposePhrases[purpose as Purpose]);
}

/** Counts by slot of one line of a breakdown, before words are put to it. */
interface Line {
  readonly key: string;
  readonly counts: Float64Array;
}

/** Askers added up by a word of theirs. */
function grouped(tally: Tally, words: OwnerWords, keyOf: (word: OwnerWords['requesters'][number]) => string): readonly Line[] {
  const found = new Map<string, Float64Array>();
  words.requesters.forEach((word, who) => {
    const own = at(tally.byAsker, who);
    if (requestsIn(own) === 0) return;
    const key = keyOf(word);
    const kept = found.get(key);
    if (kept === undefined) found.set(key, own.slice());
    else for (let slot = 0; slot < slots; slot += 1) kept[slot] = (kept[slot] ?? 0) + (own[slot] ?? 0);
  });
  return [...found].map(([key, counts]) => ({ key, counts }));
}

function breakdown(lines: readonly Line[], wordsOf: (key: string) => string): Breakdown {
  const sorted = inOrder(lines);
  const others = sorted.slice(mostLines);
  const { key: _key, words: _words, ...rest } = broken('', '', addSlots(others.map(({ counts }) => counts)));
  return { rows: sorted.slice(0, mostLines).map(({ key, counts }) => broken(key, wordsOf(key), counts)), rest: others.length === 0 ? null : { lines: others.length, ...rest } };
}

/** Who gains first, then by how much changes, then by how much was asked. Ranked by numbers alone: there may be eighteen thousand. */
function inOrder(lines: readonly Line[]): readonly Line[] {
  const [released, widened] = [changeKinds.indexOf('released'), changeKinds.indexOf('widened')];
  const ranked = lines.map((line) => {
    const { counts } = line;
    const requests = requestsIn(counts);
    return { line, requests, gains: (counts[released] ?? 0) + (counts[widened] ?? 0), changed: requests - (counts[unchangedSlot] ?? 0) - (counts[stillGivenSlot] ?? 0) };
  });
  ranked.sort((a, b) => b.gains - a.gains || b.changed - a.changed || b.requests - a.requests || (a.line.key < b.line.key ? -1 : 1));
  return ranked.map(({ line }) => line);
}

function requestsIn(counts: Float64Array): number {
  let sum = 0;
  for (let slot = 0; slot < slots; slot += 1) sum += counts[slot] ?? 0;
  return sum;
}

function broken(key: string, words: string, counts: Float64Array): Broken {
  const requests = requestsIn(counts);
  const kept = counts[stillGivenSlot] ?? 0;
  const kinds: Partial<Record<ChangeKind | 'stillGiven', number>> = {};
  changeKinds.forEach((kind, slot) => {
    const n = (counts[slot] ?? 0) + (slot === unchangedSlot ? kept : 0);
    if (n > 0) kinds[kind] = n;
  });
  if (kept > 0) kinds.stillGiven = kept;
  return { key, words, requests, changed: requests - kept - (counts[unchangedSlot] ?? 0), kinds };
}

function classTotals(met: readonly Met[]): readonly ClassTotal[] {
  return allDataClasses.flatMap((dataClass): readonly ClassTotal[] => {
    const own = met.flatMap((one) => one.cells.filter((cell) => cell.dataClass === dataClass).map((cell) => ({ cell, n: requestsOf(one) })));
    const asked = sum(own.map(({ n }) => n));
    if (asked === 0) return [];
    const side = (which: 'before' | 'after'): Record<Outcome, number> => Object.fromEntries(namesOf(outcomes).map((outcome) => [outcome, sum(own.filter(({ cell }) => cell[which].outcome === outcome).map(({ n }) => n))])) as Record<Outcome, number>;
    return [{ dataClass, asked, before: side('before'), after: side('after'), kinds: countBy(own.map(({ cell, n }): [CellKind, number] => [cell.kind, n])) }];
  });
}

function ruleChanges(met: readonly Met[]): readonly RuleChange[] {
  const found = new Map<string, { readonly change: Omit<RuleChange, 'classes' | 'cells'>; readonly classes: Set<DataClass>; cells: number }>();
  for (const one of met) {
    const n = requestsOf(one);
    if (n === 0) continue;
    for (const { kind, dataClass, before, after } of one.cells) {
      if (kind === 'same') continue;
      const change = { kind, before: sideOf(before), after: sideOf(after) };
      const key = JSON.stringify(change);
      const known = found.get(key);
      if (known === undefined) found.set(key, { change, classes: new Set([dataClass]), cells: n });
      else {
        known.classes.add(dataClass);
        known.cells += n;
      }
    }
  }
  const place = (kind: CellKind): number => (changeKinds as readonly string[]).indexOf(kind);
  return [...found].sort(([a, one], [b, other]) => place(one.change.kind) - place(other.change.kind) || other.cells - one.cells || (a < b ? -1 : 1))
    .map(([, { change, classes, cells }]) => ({ ...change, classes: allDataClasses.filter((one) => classes.has(one)), cells }));
}

function sideOf({ rules, outcome, treatment }: Met['cells'][number]['before']): RuleChange['before'] {
  return { rules, outcome, treatment };
}

function dutyTotals(met: readonly Met[]): readonly DutyTotal[] {
  const before = countBy(met.flatMap((one) => one.dutiesBefore.map((rule): [string, number] => [rule, requestsOf(one)])));
  const after = countBy(met.flatMap((one) => one.dutiesAfter.map((rule): [string, number] => [rule, requestsOf(one)])));
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].sort().map((rule) => ({ rule, before: before[rule] ?? 0, after: after[rule] ?? 0 }));
}

function dispositionsOf(met: readonly Met[], which: 'before' | 'after'): Record<Disposition, number> {
  const count = (disposition: Disposition): number => sum(met.filter((one) => one[which] === disposition).map(requestsOf));
  return { given: count('given'), held: count('held'), refused: count('refused') };
}

export function requestsOf({ requests }: Pick<Met, 'requests'>): number {
  return sum(requests);
}

function countBy<K extends string>(pairs: readonly (readonly [K, number])[]): Partial<Record<K, number>> {
  const found: Partial<Record<K, number>> = {};
  for (const [key, n] of [...pairs].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))) if (n > 0) found[key] = (found[key] ?? 0) + n;
  return found;
}

function addSlots(all: readonly Float64Array[]): Float64Array {
  const total = new Float64Array(slots);
  for (const one of all) one.forEach((n, slot) => { total[slot] = (total[slot] ?? 0) + n; });
  return total;
}

function at(counts: Float64Array, line: number): Float64Array {
  return counts.subarray(line * slots, (line + 1) * slots);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
