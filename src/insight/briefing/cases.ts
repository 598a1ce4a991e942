import fc from 'fast-check';
import { answerStatuses, allDataClasses, allJurisdictions, evidenceGrades, jurisdictionName, namesOf, purposes } from '../../vocabulary/index.ts';
import type { Lack } from '../archive/types.ts';
import { readPeriod } from '../period.ts';
import { verdictWords } from '../statistics/endedWords.ts';
import { tableOf, type Counted } from '../statistics/tabulate.ts';
import type { Dimension, Facts, Names, StatTable } from '../statistics/types.ts';
import { allParties } from './compose/parties.ts';
import { monthsOf } from './compose/counts.ts';
import type { NetworkInput, OwnerInput } from './input.ts';

/** Random inputs of briefings, for properties: any counts, zero and one among them, with and without earlier times, lacks, policies and changes. */

const agencies = ['Marrowby City Police', 'Juniper County Sheriff', 'Coldwater Police', 'Harbor Patrol', 'ICE ERO, Seattle', 'HSI Field Office', 'Border Patrol Station', 'State Patrol', 'Tribal Police', 'Elm City Police'];
const names: Names = { organisation: () => null, agency: (ori) => agencies[Number(ori.slice(-2))] ?? null, rule: (_, id) => `A rule about ${id}` };
const periods = ['2025-10..2026-09', '2026-09', '2026-01-05..2026-03-12', '2026', '2026-09-30'];
const count = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(0, 0, 1, 2) }, fc.nat(50), fc.nat(5_000), fc.nat(30_000_000));

const factsArbitrary: fc.Arbitrary<Facts> = fc.record({
  text: fc.constantFrom(...periods), lacks: fc.subarray<Lack>(['decisions', 'released', 'purpose', 'evidence', 'status', 'user']), invented: fc.boolean(),
  changes: fc.array(fc.nat(), { maxLength: 5 }), newest: fc.boolean(),
}).map(({ text, lacks, invented, changes, newest }): Facts => {
  const period = readPeriod(text, 0);
  return {
    dataset: invented ? 'year' : 'ledger', kind: invented ? 'invented' : 'ledger', label: 'Entries of a test', lacks, owners: ['WA'], period, timeZone: 'UTC', newest: newest ? new Date(period.to - 1).toISOString() : null,
    archivedTo: { WA: 1_000_000 }, leftOut: ['Not counted, because they are no requests: 3 answers given again.'],
    changes: changes.map((at, place) => ({ at: new Date(period.from + (at % (period.to - period.from))).toISOString(), owner: 'WA', version: place + 2, hash: null })).sort((a, b) => (a.at < b.at ? -1 : 1)),
  };
});

/** Counts under some of the keys. Totals are the sums, as they are where lines do not overlap. */
function tableArbitrary(by: readonly Dimension[], keys: readonly (readonly string[])[], compared: boolean): fc.Arbitrary<(facts: Facts, earlier: boolean) => StatTable> {
  const all = keys.reduce<readonly string[]>((lines, more) => (lines.length === 0 ? more : lines.flatMap((line) => more.map((one) => `${line}\n${one}`))), []);
  const counted = fc.tuple(fc.subarray([...all], { maxLength: Math.min(60, all.length) }), fc.array(count, { minLength: 60, maxLength: 60 })).map(([lines, counts]): Counted => {
    const found = new Map(lines.map((line, place) => [line, { n: counts[place] ?? 0, records: counts[place] ?? 0 }]));
    const total = [...found.values()].reduce((sum, { n }) => sum + n, 0);
    return { lines: found, total: { n: total, records: total } };
  });
  return fc.tuple(counted, counted, counted).map(([now, before, year]) => (facts, earlier) =>
    tableOf({ by: by.map((dimension) => ({ dimension })), where: [], compare: compared, limit: null }, { facts, counted: now, before: compared && earlier ? before : null, year: compared && earlier ? year : null, names }));
}

const statuses = namesOf(answerStatuses);
const months = [...new Set(periods.flatMap((text) => monthsOf(readPeriod(text, 0))))];

const reviewParts = {
  ends: tableArbitrary(['verdict', 'decidedBy'], [verdictWords.filter((word) => word !== 'none'), ['undecided', 'person', 'clock']], false),
  reviews: fc.option(fc.record({ byPeople: fc.nat(5_000), medianMs: fc.option(fc.nat(400_000_000)), mostMs: fc.option(fc.nat(4_000_000_000)), given: fc.nat(300), late: fc.subarray([...allDataClasses]).chain((classes) => fc.tuple(...classes.map((dataClass) => fc.record({ dataClass: fc.constant(dataClass), n: fc.integer({ min: 1, max: 400 }) })))) })),
};

export const ownerInputs: fc.Arbitrary<OwnerInput> = fc.record({
  facts: factsArbitrary, earlier: fc.boolean(),
  groups: tableArbitrary(['party', 'status'], [allParties, statuses], true), enforcement: tableArbitrary(['status'], [statuses], true), investigations: tableArbitrary(['status'], [statuses], true),
  agreements: tableArbitrary(['status'], [statuses], true), agencies: tableArbitrary(['agency'], [Array.from({ length: 40 }, (_, i) => `WA00000${String(i).padStart(2, '0')}`)], true),
  states: tableArbitrary(['homeState'], [[...allJurisdictions, 'none', 'undeclared']], false), given: tableArbitrary(['released', 'party'], [[...allDataClasses, 'none'], allParties], false),
  reasons: tableArbitrary(['purpose', 'caseNumber'], [namesOf(purposes), namesOf(evidenceGrades)], false), warrants: tableArbitrary(['warrant'], [namesOf(evidenceGrades)], false),
  rules: tableArbitrary(['rule', 'status'], [['WA-1', 'WA-2', 'WA-10', 'none'], statuses], false), groupMonths: tableArbitrary(['month', 'party'], [months, allParties], false),
  blocked: fc.option(fc.array(fc.record({ version: fc.constantFrom(2, 3), month: fc.constantFrom('2026-01', '2026-02', '2026-03', '2026-09'), ori: fc.constant('WA0000004'), agency: fc.constantFrom(...agencies), party: fc.constantFrom(...allParties), n: fc.integer({ min: 1, max: 9_999 }) }), { maxLength: 6 })),
  waiting: fc.option(fc.record({ n: fc.integer({ min: 1, max: 400 }), firstLapse: fc.constant('2026-09-30T23:05:00.000Z'), command: fc.constant('weir brief WA --rows waiting') })),
  ...reviewParts,
  policy: fc.option(fc.record({
    version: fc.nat(99), hash: fc.constant('a'.repeat(64)), since: fc.constant('2026-04-01T00:00:00.000Z'), rules: fc.subarray([{ id: 'WA-1', words: 'A' }, { id: 'WA-2', words: 'B' }, { id: 'WA-77', words: 'C' }]),
    access: fc.option(fc.uniqueArray(fc.record({ dataClass: fc.constantFrom('photo' as const, 'address' as const), able: fc.nat(20_000), part: fc.nat(100) }).map(({ dataClass, able, part }) => {
      const asked = Math.floor((able * part) / 100);
      return { dataClass, able, asked, silent: able === asked ? [] : [{ party: 'immigration' as const, n: able - asked, examples: ['ICE ERO, Boise'] }], command: `weir access WA --class ${dataClass}` };
    }), { minLength: 1, maxLength: 2, selector: ({ dataClass }) => dataClass })),
    claims: fc.array(fc.record({ id: fc.constantFrom('WA-C1', 'WA-C2', 'WA-C3'), title: fc.constantFrom('No police gets a photo by machine', 'ICE cannot get records itself without a judge\'s warrant'), holds: fc.constantFrom(true, false, 'capped' as const), count: fc.option(fc.nat(300)), example: fc.option(fc.constantFrom(...agencies)) }), { maxLength: 6 }),
  })),
  federal: fc.subarray(Array.from({ length: 40 }, (_, i) => `WA00000${String(i).padStart(2, '0')}`)),
}).map(({ facts, earlier, federal, ...rest }): OwnerInput => ({
  owner: 'WA', facts, registry: { version: 3, hash: 'b'.repeat(64) }, entries: { first: 0, last: 999_999 }, partyOfAgency: Object.fromEntries(federal.map((ori) => [ori, 'immigration' as const])),
  groups: rest.groups(facts, earlier), enforcement: rest.enforcement(facts, earlier), investigations: rest.investigations(facts, earlier), agreements: rest.agreements(facts, earlier), agencies: rest.agencies(facts, earlier),
  states: rest.states(facts, earlier), given: rest.given(facts, earlier), reasons: rest.reasons(facts, earlier), warrants: rest.warrants(facts, earlier), rules: rest.rules(facts, earlier), groupMonths: rest.groupMonths(facts, earlier),
  blocked: rest.blocked === null ? null : { command: 'weir brief WA --rows blocked', rows: rest.blocked }, waiting: rest.waiting, policy: rest.policy,
  reviews: rest.reviews === null ? null : { ...rest.reviews, ends: rest.ends(facts, earlier), command: 'weir brief WA --rows reviews' },
}));

export const networkInputs: fc.Arbitrary<NetworkInput> = fc.record({
  facts: factsArbitrary.map((facts) => ({ ...facts, owners: ['OR', 'WA', 'IL'], archivedTo: { OR: 5, WA: 1_000_000, IL: 0 } })), earlier: fc.boolean(),
  owners: tableArbitrary(['owner', 'status'], [['OR', 'WA', 'IL'], statuses], true), groups: tableArbitrary(['party', 'status'], [allParties, statuses], true),
  enforcement: tableArbitrary(['status'], [statuses], true), investigations: tableArbitrary(['status'], [statuses], true), agreements: tableArbitrary(['status'], [statuses], true),
  groupMonths: tableArbitrary(['month', 'party'], [months, allParties], false), given: tableArbitrary(['released', 'party'], [[...allDataClasses, 'none'], allParties], false), ...reviewParts, withoutPolicy: fc.subarray(['OR', 'WA', 'IL']),
}).map(({ facts, earlier, withoutPolicy, ...rest }): NetworkInput => ({
  facts, registry: null, withoutPolicy, owners: rest.owners(facts, earlier), groups: rest.groups(facts, earlier), enforcement: rest.enforcement(facts, earlier), investigations: rest.investigations(facts, earlier),
  agreements: rest.agreements(facts, earlier), groupMonths: rest.groupMonths(facts, earlier), given: rest.given(facts, earlier),
  reviews: rest.reviews === null ? null : { ...rest.reviews, ends: rest.ends(facts, earlier), command: 'weir brief all --rows reviews' },
}));

/** Names that are not our words: left out where our words are graded. */
export const ownNames: readonly string[] = [...agencies, jurisdictionName('WA')];
