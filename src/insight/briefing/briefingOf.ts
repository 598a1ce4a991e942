import { jurisdictionName } from '../../vocabulary/index.ts';
import { periodText } from '../period.ts';
import type { Facts } from '../statistics/types.ts';
import { basisOf } from './compose/basis.ts';
import { Book } from './compose/book.ts';
import { withCapitals } from './compose/capitals.ts';
import { changesSection } from './compose/changes.ts';
import { claimsSection } from './compose/claims.ts';
import { decisionsOf } from './compose/decisions.ts';
import { openingOf } from './compose/opening.ts';
import { outcomesChart } from './compose/outcomes.ts';
import { reviewsSection } from './compose/reviews.ts';
import { blockedSource, changesSource } from './compose/sources.ts';
import { rulesSection } from './compose/rules.ts';
import { unusedSection } from './compose/unused.ts';
import { whatSection } from './compose/what.ts';
import { whoSection } from './compose/who.ts';
import { whySection } from './compose/why.ts';
import type { OwnerInput } from './input.ts';
import type { Briefing } from './types.ts';

/** The briefing about one owner. A pure function: the same counts give the same page. */
export function briefingOf(input: OwnerInput): Briefing {
  const { facts, owner, policy } = input;
  const book = new Book();
  const place = jurisdictionName(owner);
  const groups = book.table('groups', 'Who asked, and what came of it', input.groups);
  const agencies = book.table('agencies', 'Agencies that asked', input.agencies, { note: 'Those that asked most stand here, with some that asked only before.' });
  const from = {
    groups, agencies,
    states: book.table('states', 'Home states of agencies that are not federal', input.states, { limit: 60 }),
    enforcement: book.table('ice', 'ICE without Homeland Security Investigations', input.enforcement),
    investigations: book.table('hsi', 'Homeland Security Investigations', input.investigations),
    agreements: book.table('287g', 'Agencies with a 287(g) agreement in force', input.agreements),
    reasons: book.table('reasons', 'Reasons and case numbers', input.reasons), warrants: book.table('warrants', 'Warrants', input.warrants),
    blocked: blockedSource(book, input.blocked), changes: changesSource(book, input),
    groupMonths: book.table('months', 'Requests by month and group', input.groupMonths, { limit: 150, note: 'Where a sentence says "a month", it is the average of the last three whole months before the change, and of the last three of the period.' }),
  };
  const given = book.table('given', 'What was given, and to whom', input.given, { limit: 130 });
  const rules = book.table('rules', 'Rules, and what came of the requests', input.rules, { limit: 60, note: 'A request counts under each rule that decided some part of it.' });
  const opening = openingOf(input, from, place);
  // Decisions stand near the top, so that their rows come first in the appendix.
  const decisions = decisionsOf(input, from, book);
  const reviews = reviewsSection(input, book);
  return withCapitals({
    weirBriefing: 1, owner, title: `Who asks for ${place}'s driver and vehicle records`, invented: facts.kind === 'invented', basis: basisOf(facts, { ...input, policy }),
    opening, outcomes: facts.lacks.includes('status') ? null : outcomesChart(input.groups), decisions,
    sections: [
      whoSection(input, from), whatSection(input, given), whySection(input, from), rulesSection(input, rules), changesSection(input, from), unusedSection(input, book), ...(reviews === null ? [] : [reviews]), claimsSection(input, book),
    ],
    behind: book.entries(), command: briefCommand(owner, facts),
  });
}

/** The command that makes a briefing again. */
export function briefCommand(owner: string, { period, kind, dataset }: Facts): string {
  return `weir brief ${owner} --period ${periodText(period)}${kind === 'ledger' ? '' : ` --log ${dataset}`}`;
}
