import type { Ending, HeldTerms } from '../../src/insight/archive/types.ts';
import type { ClassDecision, Decision } from '../../src/model/index.ts';
import { treatmentsOf, type DataClass, type Jurisdiction, type RequesterAttributes } from '../../src/vocabulary/index.ts';
import type { ContextWord } from '../../src/insight/archive/types.ts';
import { mix } from '../random.ts';
import { deskOf, doneAt, workOn } from './desks.ts';

/** A held request, as whoever decides on it sees it. */
export interface HeldRequest {
  readonly owner: Jurisdiction;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly asker: RequesterAttributes;
  readonly context: ContextWord;
  readonly decision: Decision;
  /** What was given at once. */
  readonly released: readonly DataClass[];
  /** How many records there are; 0 where there is none. */
  readonly records: number;
  /** A whole number of 32 bits: the same gives the same verdict. */
  readonly chance: number;
}

/** What the policy says of the classes, with its version and hash, at the moment of the verdict. */
export type DecisionThen = (at: number) => Decision;

/** How a request was held, and how it ends. The index of the verdict is not known before its time comes. */
export interface Review {
  readonly terms: HeldTerms;
  readonly ending: Omit<Ending, 'index'>;
}

/**
 * Invents how a held request ends: by a person in the hours of the owner's desk, or by the clock at the deadline where nobody came to it in time. What is given is what the exchange
 * would give (`src/review/grants.ts`, `src/exchange/late.ts`): never what the policy in force at the verdict refuses, and not again what went out at once.
 */
export function reviewOf(request: HeldRequest, then: DecisionThen): Review {
  const { owner, at, decision, chance } = request;
  const held = decision.classes.filter(({ outcome }) => outcome === 'hold');
  const reviews = held.flatMap(({ review }) => (review === null ? [] : [review]));
  const deadline = at + Math.min(...reviews.map(({ withinSeconds }) => withinSeconds)) * 1000;
  const draw = (n: number): number => mix(chance ^ Math.imul(n, 0x9e3779b1));
  const desk = deskOf(owner);
  const { answer, reason, asked } = answerTo(request, draw(1) / 4294967296, draw(2) / 4294967296, desk.stricter / 100);
  // A question that is put back waits for whoever asked, about as long as for the desk itself.
  const done = doneAt(owner, at, workOn(desk, draw(3)) + (asked ? workOn(desk, draw(4)) : 0));
  const byClock = done >= deadline || draw(5) < forgotten;
  const ends = byClock ? deadline + (draw(6) % 900) : done;
  const now = then(ends);
  const given = byClock ? (reviews.every(({ onTimeout }) => onTimeout === 'release') ? 'all' : 'none') : answer;
  const decisions = decided(given, held, now.classes);
  const granted = decisions.filter(({ outcome }) => outcome !== 'deny');
  const records = granted.length === 0 ? 0 : request.records;
  const verdict = granted.length === 0 ? 'refused' : records === 0 ? 'noRecord' : decisions.every(({ outcome }) => outcome === 'release') ? 'released' : 'releasedInPart';
  const late = records === 0 ? [] : [...granted.map(({ dataClass }) => dataClass), ...namedAgain(request, granted)];
  return {
    terms: { deadline, exigent: false },
    ending: {
      at: ends, verdict, decidedBy: byClock ? 'clock' : 'person', reason: byClock ? 'clock' : reasonFor(reason, answer, granted.length, verdict), decisions, released: late, records, policyVersion: now.policyVersion, policyHash: now.policyHash,
    },
  };
}

/** Of 2^32: one in fifty is overlooked until its time is over. */
const forgotten = 85_900_000;

type Answer = 'all' | 'less' | 'none';

interface Answered {
  readonly answer: Answer;
  /** A word of the list of reasons. */
  readonly reason: string;
  /** Whether more was asked of whoever asked. */
  readonly asked: boolean;
}

/** Of a hundred of one kind: how many get all and how many less, and for what reasons. Invented. */
interface Kind {
  readonly all: number;
  readonly less: number;
  readonly why: string;
  /** Of those who get nothing. */
  readonly whyNot: readonly string[];
  /** How many are asked for more first. */
  readonly asked: number;
}

const kinds = {
  paper: { all: 78, less: 10, why: 'warrantGood', whyNot: ['warrantNotGood'], asked: 5 },
  danger: { all: 88, less: 6, why: 'emergencyReal', whyNot: ['purposeUnclear'], asked: 5 },
  immigration: { all: 8, less: 12, why: 'lawAllows', whyNot: ['noWarrant', 'noWarrant', 'noLegalGround'], asked: 15 },
  silent: { all: 30, less: 25, why: 'lawAllows', whyNot: ['purposeUnclear', 'purposeUnclear', 'noLegalGround', 'wrongAsker'], asked: 50 },
  cased: { all: 68, less: 20, why: 'lawAllows', whyNot: ['notProportionate', 'noLegalGround'], asked: 5 },
  stated: { all: 48, less: 27, why: 'lawAllows', whyNot: ['noLegalGround', 'notProportionate', 'wrongAsker'], asked: 20 },
} as const satisfies Readonly<Record<string, Kind>>;

function kindOf({ asker, context: { warrant, court, purpose, caseNumber } }: HeldRequest): Kind {
  if (warrant !== 'none' && court !== 'administrative' && court !== 'notStated') return kinds.paper;
  if (purpose === 'emergency' || purpose === 'missingPerson' || purpose === 'officerSafety') return kinds.danger;
  if (purpose === 'civilImmigration' || asker.component.includes('ICE')) return kinds.immigration;
  if (purpose === 'notStated') return kinds.silent;
  return caseNumber === 'none' ? kinds.stated : kinds.cased;
}

function answerTo(request: HeldRequest, luck: number, other: number, stricter: number): Answered {
  const { all, less, why, whyNot, asked } = kindOf(request);
  const hundred = luck * 100;
  const most = all * (1 - stricter);
  const answer = hundred < most ? 'all' : hundred < most + less ? 'less' : 'none';
  const reason = answer === 'all' ? why : answer === 'less' ? 'lessSuffices' : (whyNot[Math.floor(other * whyNot.length)] ?? 'other');
  return { answer, reason, asked: reason === 'purposeUnclear' || other * 100 >= 100 - asked };
}

/** What of less is left out first: what finds a person. */
const sensitive: ReadonlySet<DataClass> = new Set<DataClass>(['photo', 'signature', 'address', 'registeredOwner', 'driverHistory']);

/** What becomes of each class that was held. `now` is what the policy says at the verdict. */
function decided(answer: Answer, held: readonly ClassDecision[], now: readonly ClassDecision[]): readonly ClassDecision[] {
  const left = (one: ClassDecision): boolean => answer === 'less' && held.length > 1 && sensitive.has(one.dataClass);
  const someStay = held.some((one) => !left(one));
  return held.map((one) => {
    const rule = now.find(({ dataClass }) => dataClass === one.dataClass);
    if (answer === 'none' || rule === undefined || rule.outcome === 'deny' || (someStay && left(one))) return { dataClass: one.dataClass, outcome: 'deny', rules: one.rules, treatment: null, review: null };
    const reduced = answer === 'less' && !(someStay && held.some(left)) ? (treatmentsOf[one.dataClass]?.[0] ?? null) : null;
    const treatment = (rule.outcome === 'redact' ? rule.treatment : null) ?? reduced;
    return { dataClass: one.dataClass, outcome: treatment === null ? 'release' : 'redact', rules: one.rules, treatment, review: null };
  });
}

/** A person who meant to give and may not by now says so; one who had nothing to leave out gave all. */
function reasonFor(reason: string, answer: Answer, granted: number, verdict: Ending['verdict']): string {
  if (granted === 0) return answer === 'none' ? reason : 'noLegalGround';
  return reason === 'lessSuffices' && verdict === 'released' ? 'lawAllows' : reason;
}

const naming: ReadonlySet<DataClass> = new Set<DataClass>(['licenceNumber', 'name', 'vehicleRegistration']);

/** A late answer in which nothing says of whom it is names again what was given at once. */
function namedAgain({ decision, released }: HeldRequest, granted: readonly ClassDecision[]): readonly DataClass[] {
  if (granted.some(({ dataClass }) => naming.has(dataClass))) return [];
  return decision.classes.filter(({ dataClass, outcome }) => naming.has(dataClass) && released.includes(dataClass) && (outcome === 'release' || outcome === 'redact')).map(({ dataClass }) => dataClass);
}
