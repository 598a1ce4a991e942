import type { Chart } from '../../drawing/charts/types.ts';
import { allJurisdictions, jurisdictionName } from '../../vocabulary/index.ts';
import { briefCommand } from './briefingOf.ts';
import { basisOf } from './compose/basis.ts';
import { Book, type Source } from './compose/book.ts';
import { withCapitals } from './compose/capitals.ts';
import { monthsOfGroups } from './compose/changes.ts';
import { foldedBy, monthsOf, sum } from './compose/counts.ts';
import { answerSentences, comparedSentences } from './compose/opening.ts';
import { outcomesChart } from './compose/outcomes.ts';
import { reviewsSection } from './compose/reviews.ts';
import { whatSection } from './compose/what.ts';
import { federalSentences } from './compose/who.ts';
import type { NetworkInput } from './input.ts';
import { listed, many, say, times } from './say.ts';
import type { Briefing, NeededDecision, Section, Sentence } from './types.ts';

/** The short form about all owners at once, for whoever runs the network. A pure function. */
export function networkBriefing(input: NetworkInput): Briefing {
  const { facts } = input;
  const book = new Book();
  const owners = book.table('owners', 'Whose records were asked for', input.owners, { limit: 400 });
  const groups = book.table('groups', 'Who asked, and what came of it', input.groups);
  const from = {
    groups, enforcement: book.table('ice', 'ICE without Homeland Security Investigations', input.enforcement),
    investigations: book.table('hsi', 'Homeland Security Investigations', input.investigations), agreements: book.table('287g', 'Agencies with a 287(g) agreement in force', input.agreements),
  };
  const given = book.table('given', 'What was given, and to whom', input.given, { limit: 130 });
  const reviews = reviewsSection(input, book);
  return withCapitals({
    weirBriefing: 1, owner: 'all', title: 'Who asks for driver and vehicle records', invented: facts.kind === 'invented', basis: basisOf(facts, { entries: null, registry: input.registry, policy: null }),
    opening: openingSentences(input, owners, groups), outcomes: facts.lacks.includes('status') ? null : outcomesChart(input.groups), decisions: decisionsOf(input, owners, book),
    sections: [ownersSection(input, owners), { id: 'who', question: 'Who asked?', sentences: federalSentences(input, from), charts: monthCharts(input) }, whatSection(input, given), ...(reviews === null ? [] : [reviews])],
    behind: book.entries(), command: briefCommand('all', facts),
  });
}

function openingSentences({ owners, groups, facts }: NetworkInput, source: Source, groupSource: Source): readonly Sentence[] {
  const asked = [...foldedBy(owners, 0)].filter(([, { n }]) => n > 0).length;
  if (groups.total.n === 0) return [say`Nobody asked for any record in this time.`];
  return [
    say`${many(source.count(asked), 'state')} ${asked === 1 ? 'was' : 'were'} asked ${times(source.count(owners.total.n))} for driver and vehicle records.`,
    ...(facts.lacks.includes('status') ? [say`The log does not say what came of it.`] : answerSentences(groups, groupSource)),
    ...comparedSentences(groups.total, groupSource, facts.period),
  ];
}

function ownersSection({ owners, facts }: NetworkInput, source: Source): Section {
  const by = [...foldedBy(owners, 0)].filter(([, { n }]) => n > 0).sort((a, b) => b[1].n - a[1].n);
  const refused = by.map(([code, { n }]) => ({ code, n, refused: sum(owners, (keys) => keys[0] === code && keys[1] === 'refused').n })).filter((one) => one.refused > 0).sort((a, b) => b.refused / b.n - a.refused / a.n);
  const [strictest] = refused;
  return {
    id: 'owners', question: 'Whose records?',
    sentences: [
      ...(by.length === 0 ? [] : [say`Most were asked of ${listed(by.slice(0, 3).map(([code, { n }]) => say`${{ name: jurisdictionName(code) }} (${source.count(n)})`))}.`]),
      ...(facts.lacks.includes('status') ? [] : [strictest === undefined ? say`No state refused a request.` : say`${{ name: jurisdictionName(strictest.code) }} refused the largest share (${source.share(strictest.refused, strictest.n)}).`]),
      changedSentence([...new Set(facts.changes.map(({ owner }) => jurisdictionName(owner)))]),
    ],
    charts: owners.total.n === 0 ? [] : [tiles(by.map(([code, { n }]) => [code, n]), facts.owners)],
  };
}

function changedSentence(states: readonly string[]): Sentence {
  if (states.length === 0) return say`No state changed its policy.`;
  if (states.length === 1) return say`${{ name: states[0] ?? '' }} changed its policy.`;
  const named = states.slice(0, 4).map((state) => say`${{ name: state }}`);
  return say`${listed(states.length > 4 ? [...named, say`others`] : named)} changed their policies.`;
}

function tiles(counts: readonly (readonly [string, number])[], owners: readonly string[]): Chart {
  const asked = new Map(counts);
  return {
    chart: 'tiles', direction: 'asked of', title: 'Requests for the records of each state', unit: 'requests', own: null,
    description: `A tile for each state, for how often its records were asked for. Most were asked of ${jurisdictionName(counts[0]?.[0] ?? '')}.`,
    values: Object.fromEntries(allJurisdictions.map((code) => [code, asked.get(code) ?? (owners.includes(code) ? 0 : null)])),
  };
}

function monthCharts({ groupMonths, facts }: NetworkInput): readonly Chart[] {
  const months = monthsOf(facts.period);
  return months.length < 2 || months.length > 60 || groupMonths.total.n === 0 ? [] : [monthsOfGroups({ groupMonths, facts }, months, ['ownState', 'otherState', 'immigration', 'border', 'otherFederal'])];
}

function decisionsOf({ owners, withoutPolicy, facts }: NetworkInput, source: Source, book: Book): readonly NeededDecision[] {
  const failed = sum(owners, (keys) => keys[1] === 'unavailable').n;
  const none = withoutPolicy.length === 0 ? null : book.raw({
    id: 'withoutPolicy', title: 'States with entries and no policy in force', command: 'weir policy list', note: null, more: 0,
    table: { caption: 'States without a policy', columns: ['state'], rows: withoutPolicy.map((code) => [jurisdictionName(code)]) },
  });
  return [
    ...(none === null ? [] : [{ id: 'withoutPolicy', what: say`${many(none.count(withoutPolicy.length), 'state')} ${withoutPolicy.length === 1 ? 'has' : 'have'} no policy in force, so all is refused there.`, command: 'weir policy list' }]),
    ...(facts.lacks.includes('status') || failed * 100 < owners.total.n ? [] : [{ id: 'unavailable', what: say`For ${source.share(failed, owners.total.n)} of requests the records could not be reached. Look at the links to those states.`, command: 'weir stats all --by owner,status --where status=unavailable' }]),
    { id: 'claims', what: say`See which claims of all states hold.`, command: 'weir prove' },
  ];
}
