import { dataPhrases } from '../../../policy/phrases.ts';
import type { OwnerInput } from '../input.ts';
import { periodText } from '../../period.ts';
import { many, nameOf, say } from '../say.ts';
import type { NeededDecision } from '../types.ts';
import type { Book, Source } from './book.ts';
import { byVersion, sisterRise, totalOf } from './changes.ts';
import { accessSource } from './unused.ts';
import { claimsSource } from './claims.ts';
import { sum } from './counts.ts';
import { monthWords, timeWords } from './dates.ts';
import { federalParties, partyShort } from './parties.ts';
import { newcomers } from './who.ts';
import { withoutReason } from './why.ts';

export interface DecisionSources {
  readonly groups: Source;
  readonly agencies: Source;
  readonly reasons: Source;
  readonly blocked: Source | null;
  readonly groupMonths: Source;
}

/** What somebody should decide, what weighs most first. Each says why, and which command to begin with. */
export function decisionsOf(input: OwnerInput, from: DecisionSources, book: Book): readonly NeededDecision[] {
  return [...policyDecisions(input, book), ...waitingDecisions(input, book), ...blockDecisions(input, from), ...askerDecisions(input, from), ...reasonDecisions(input, from), ...accessDecisions(input, book)];
}

function policyDecisions({ policy, owner }: OwnerInput, book: Book): readonly NeededDecision[] {
  if (policy === null) return [{ id: 'noPolicy', what: say`No policy is in force, so all requests are refused. Choose one.`, command: 'weir policy template' }];
  const source = claimsSource(book, owner, policy.claims);
  return policy.claims.filter(({ holds }) => holds !== true).slice(0, 3).map(({ id, title, count, holds }) => ({
    id: `claim-${id}`, command: `weir prove ${owner} --claim ${id}`,
    what: say`Claim ${{ name: id }} ${holds === 'capped' ? 'could not be decided' : say`does not hold${count === null || count === 0 ? '' : say` for ${many(source.count(count), 'body', 'bodies')}`}`}: ${nameOf(title, 160)}. Change the rules or the claim.`,
  }));
}

function waitingDecisions({ waiting, owner, facts }: OwnerInput, book: Book): readonly NeededDecision[] {
  if (waiting === null || waiting.n === 0) return [];
  const source = book.raw({
    id: 'waiting', title: 'Held requests whose time was not over', command: waiting.command, more: 0, note: 'Held requests whose time for a decision was not over when the newest entry was written, and that had none.',
    table: { caption: 'Held requests', columns: ['which', 'requests'], rows: [['held, and not over', waiting.n]] },
  });
  return [{ id: 'waiting', what: say`${many(source.count(waiting.n), 'held request')} may still wait for a person. The first lapses on ${{ name: timeWords(waiting.firstLapse) }}.`, command: `weir stats ${owner} --by agency --where status=held${again(facts)}` }];
}

function blockDecisions(input: OwnerInput, from: DecisionSources): readonly NeededDecision[] {
  const { owner } = input;
  const last = byVersion(input.blocked?.rows ?? []).at(-1);
  const rise = sisterRise(input);
  const decisions: NeededDecision[] = [];
  if (rise !== null) {
    decisions.push({
      id: 'aroundBlock', command: `weir leads ${owner} --kind aroundBlock${again(input.facts)}`,
      what: say`Since ${partyShort[rise.blocked]} is refused, ${partyShort[rise.party]} asks more: from ${from.groupMonths.count(rise.before)} to ${from.groupMonths.count(rise.after)} a month. Find out why.`,
    });
  }
  if (last !== undefined && from.blocked !== null) {
    const [version, rows] = last;
    const month = rows.map((row) => row.month).sort().at(-1) ?? '';
    const n = totalOf(rows.filter((row) => row.month === month));
    decisions.push({
      id: 'afterBlock', command: `weir stats ${owner} --by agency --where status=refused --where policyVersion=${version} --period ${month}${logOf(input.facts)}`,
      what: say`Those whom version ${{ name: String(version) }} refused still ask: ${many(from.blocked.count(n), 'time')} in ${{ name: monthWords(month) }}. Tell them, or ask them why.`,
    });
  }
  return decisions;
}

function askerDecisions({ groups, agencies, owner, partyOfAgency, facts }: OwnerInput, from: DecisionSources): readonly NeededDecision[] {
  const unknown = sum(groups, (keys) => keys[0] === 'undeclared').n;
  const fresh = agencies.total.before === null ? [] : newcomers(agencies.rows).first.filter(({ keys }) => federalParties.has(partyOfAgency[keys[0] ?? ''] ?? ''));
  return [
    ...(fresh.length === 0 ? [] : [{
      id: 'newFederal', command: `weir stats ${owner} --by agency --where level=federal --compare${again(facts)}`,
      what: say`${many(from.agencies.count(fresh.length), 'federal office')} asked for the first time, such as ${nameOf(fresh[0]?.words[0] ?? '', 44)}. See if this is meant.`,
    }]),
    ...(unknown === 0 ? [] : [{
      id: 'undeclared', command: `weir stats ${owner} --by agency --where party=undeclared${again(facts)}`,
      what: say`${many(from.groups.count(unknown), 'request')} came from askers of whom the registry does not know enough. Have them named, or refuse them.`,
    }]),
  ];
}

/** Where most requests give no reason, a rule could ask for one. */
function reasonDecisions({ reasons, facts, owner }: OwnerInput, from: DecisionSources): readonly NeededDecision[] {
  const { noReason, neither } = withoutReason(reasons);
  const all = reasons.total.n;
  if (facts.lacks.includes('purpose') || all === 0 || 4 * noReason < all) return [];
  const both = !facts.lacks.includes('evidence') && neither > 0;
  return [{
    id: 'noReason', command: `weir stats ${owner} --by agency --where purpose=notStated --limit 20${again(facts)}`,
    what: say`${from.reasons.share(noReason, all)} of requests gave no reason${both ? say`; ${from.reasons.share(neither, all)} gave no case number as well` : ''}. Decide if a rule should ask for one.`,
  }];
}

function accessDecisions({ policy }: OwnerInput, book: Book): readonly NeededDecision[] {
  const worst = [...(policy?.access ?? [])].filter(({ able, asked }) => able > asked).sort((a, b) => b.able - b.asked - (a.able - a.asked))[0];
  if (worst === undefined) return [];
  const source = accessSource(book, worst);
  return [{ id: 'unusedAccess', what: say`${many(source.count(worst.able - worst.asked), 'body', 'bodies')} can get ${dataPhrases[worst.dataClass]} and never asked. Decide if they should keep that right.`, command: worst.command }];
}

/** The options by which a command reads the same entries. */
function again(facts: OwnerInput['facts']): string {
  return ` --period ${periodText(facts.period)}${logOf(facts)}`;
}

function logOf({ kind, dataset }: OwnerInput['facts']): string {
  return kind === 'ledger' ? '' : ` --log ${dataset}`;
}
