import type { ContextWord, OutcomeWord } from '../../src/insight/archive/types.ts';
import type { Decision } from '../../src/model/index.ts';
import { joinDecisions, tableFor, type PolicyTable } from '../../src/policy/index.ts';
import type { AnswerStatus, DataClass, RequesterAttributes } from '../../src/vocabulary/index.ts';
import type { YearPolicy } from './policies.ts';

/** What an owner says to one kind of asker and request, with what the log would say of it. */
export interface Verdict {
  readonly decision: Decision;
  /** Something is given, so that somebody looks whether there is a record. */
  readonly looks: boolean;
  /** A record that is given has a name, and tells the sex. */
  readonly givesName: boolean;
  readonly givesSex: boolean;
  /** By whether there is a record, none, or the owner could not look. The same word three times where nobody looks. */
  readonly found: OutcomeWord;
  readonly none: OutcomeWord;
  readonly down: OutcomeWord;
}

/** The policies of one owner, as the exchange would decide by them: one compiled table for each stretch of days. */
export interface Judge {
  /** The first instants at which another table decides, ascending; the first is before the year. */
  readonly turns: readonly number[];
  /** The table of a stretch: the place of its turn. */
  table(stretch: number): PolicyTable;
  /** The stretch in which an instant lies. */
  stretchAt(at: number): number;
  verdict(stretch: number, asker: RequesterAttributes, behalf: RequesterAttributes | null, context: ContextWord): Verdict;
}

export interface RegistryName {
  readonly registryVersion: number;
  readonly registryHash: string;
}

/** Opens the policies of an owner for the year up to `before`. `known` are the attributes of all agencies, so that the tables are those that an exchange with this registry compiles. */
export function judgeOf(policies: readonly YearPolicy[], before: number, registry: RegistryName, known: readonly RequesterAttributes[]): Judge {
  const stretches = policies.flatMap((policy, place) => tablesOf(policy, policies[place + 1]?.since ?? before, known));
  return {
    turns: stretches.map(({ from }) => from),
    table: (stretch) => tableAt(stretches, stretch),
    stretchAt: (at) => Math.max(0, stretches.findLastIndex(({ from }) => from <= at)),
    verdict: (stretch, asker, behalf, context) => {
      const table = tableAt(stretches, stretch);
      const own = decided(table, asker, context);
      return verdictOf(behalf === null ? own : joinDecisions(own, decided(table, behalf, context)), registry);
    },
  };
}

interface Stretch {
  readonly from: number;
  readonly table: PolicyTable;
}

/** A policy's tables between its activation and the next: another begins where an item of the document begins or ends. */
function tablesOf({ document, hash, since }: YearPolicy, before: number, known: readonly RequesterAttributes[]): readonly Stretch[] {
  const stretches: Stretch[] = [];
  for (let from = since; from < before;) {
    const table = tableFor(document, { hash, at: from, known });
    stretches.push({ from, table });
    from = table.before ?? before;
  }
  return stretches;
}

function tableAt(stretches: readonly Stretch[], stretch: number): PolicyTable {
  const one = stretches[stretch];
  if (one === undefined) throw new RangeError('there is no such stretch of days');
  return one.table;
}

function decided(table: PolicyTable, requester: RequesterAttributes, { purpose, warrant, court, caseNumber, kind, wanted }: ContextWord): Decision {
  return table.decide({ requester, purpose, evidence: { warrant, court, caseNumber }, kind, classes: wanted });
}

/** As `src/exchange/govern.ts` does: a refused or held request never reaches the records, and a ticket is opened for what is held. Limits are not counted here. */
function verdictOf(decision: Decision, { registryVersion, registryHash }: RegistryName): Verdict {
  const given = givenBy(decision);
  const anyHeld = decision.classes.some(({ outcome }) => outcome === 'hold');
  const whole = decision.classes.every(({ outcome }) => outcome === 'release');
  const looks = given.length > 0;
  const word = (status: AnswerStatus, released: readonly DataClass[]): OutcomeWord => ({
    status, decisions: decision.classes, released, usedUp: [], duties: decision.duties.map(({ rule }) => rule), held: anyHeld && (status === 'held' || status === 'answeredInPart'),
    policyVersion: decision.policyVersion, policyHash: decision.policyHash, tableHash: decision.tableHash, registryVersion, registryHash,
  });
  const unseen = word(anyHeld ? 'held' : 'refused', []);
  return {
    decision, looks, givesName: given.includes('name') || given.includes('registeredOwner'), givesSex: given.includes('description'),
    found: looks ? word(whole ? 'answered' : 'answeredInPart', given) : unseen, none: looks ? word('noRecord', []) : unseen, down: looks ? word('unavailable', []) : unseen,
  };
}

/** What a decision gives at once, where there is a record. */
export function givenBy({ classes }: Decision): readonly DataClass[] {
  return classes.filter(({ outcome }) => outcome === 'release' || outcome === 'redact').map(({ dataClass }) => dataClass);
}
