import { caps } from './document.ts';

export type Severity = 'error' | 'warning' | 'notice';

/** Every code that the check can give: its severity, and what it means in general. `docs/policy.md` lists them. */
export const findingCodes = {
  tooLarge: { severity: 'error', plain: 'the text is larger than a policy may be' },
  notUtf8: { severity: 'error', plain: 'the bytes are not UTF-8' },
  malformed: { severity: 'error', plain: 'the text is not YAML, or uses a part of YAML that policies do not' },
  tooDeep: { severity: 'error', plain: 'lists and maps lie too deep in each other' },
  anchor: { severity: 'error', plain: 'an anchor or alias is used' },
  tag: { severity: 'error', plain: 'a YAML tag is used' },
  directive: { severity: 'error', plain: 'a YAML directive is used' },
  duplicateKey: { severity: 'error', plain: 'a key stands twice in one map' },
  wrongType: { severity: 'error', plain: 'a value has the wrong shape' },
  missingKey: { severity: 'error', plain: 'a key that must be there is absent' },
  unknownKey: { severity: 'error', plain: 'a key is not one of the language' },
  unknownWord: { severity: 'error', plain: 'a word is not in the vocabulary' },
  badOwner: { severity: 'error', plain: 'the owner is not two capital letters, or is reserved' },
  badVersion: { severity: 'error', plain: 'the version is not a whole number from 1' },
  badId: { severity: 'error', plain: 'an id has a character that ids may not have, or is too long' },
  badDate: { severity: 'error', plain: 'a date is not a day of the calendar' },
  badDuration: { severity: 'error', plain: 'a duration is not like `4h`, `3d` or `30m`' },
  badLimit: { severity: 'error', plain: 'a limit is not like `50/day`' },
  badText: { severity: 'error', plain: 'a text is empty, too long, or has control characters' },
  tooMany: { severity: 'error', plain: 'a list is longer than the language allows' },
  emptyList: { severity: 'error', plain: 'a list has nothing in it' },
  emptyCondition: { severity: 'error', plain: 'a condition or matcher names nothing' },
  oneOutcome: { severity: 'error', plain: 'a rule has no outcome, or more than one' },
  repeatedId: { severity: 'error', plain: 'two items have one id' },
  treatmentNotValid: { severity: 'error', plain: 'a treatment does not fit the class of data' },
  treatmentNotReleased: { severity: 'error', plain: 'a treatment names a class that the rule does not release' },
  afterwardsNotEmergency: { severity: 'error', plain: 'what is to be looked at afterwards is not for an emergency alone' },
  reviewNotHeld: { severity: 'error', plain: 'a review is given where nothing is held' },
  expiresFirst: { severity: 'error', plain: 'a period ends before it begins' },
  unknownOwner: { severity: 'warning', plain: 'the owner is none of the 56 jurisdictions' },
  repeatedWord: { severity: 'warning', plain: 'a word stands twice in one list' },
  openHighlyRestricted: { severity: 'warning', plain: 'highly restricted data is released for any purpose and without evidence' },
  givenByInference: { severity: 'warning', plain: 'a class is denied, but another that reveals it is released' },
  matchesNobody: { severity: 'warning', plain: 'no requester can have these attributes together' },
  alwaysHolds: { severity: 'warning', plain: 'a part of a condition holds for every request' },
  neverMatches: { severity: 'warning', plain: 'no request can match the item' },
  noRules: { severity: 'warning', plain: 'the document has no rule, so everything is refused' },
  shadowed: { severity: 'warning', plain: 'a rule never decides, because stricter rules match wherever it does' },
  matchesEverybody: { severity: 'warning', plain: 'a rule gives data to anyone who asks' },
  contradictsClaim: { severity: 'warning', plain: 'a rule gives what a claim of the same document says is not given' },
  widensAccess: { severity: 'warning', plain: 'a rule gives what the policy before it does not' },
  changesNothing: { severity: 'notice', plain: 'every decision would be the same without the rule' },
  matchesNobodyNow: { severity: 'notice', plain: 'no agency of the registry has the attributes that the item names' },
  noExpiry: { severity: 'notice', plain: 'a rule stays in force until it is changed' },
  defaultReview: { severity: 'notice', plain: 'a limit holds what lies beyond it and does not say who reviews that' },
  findingsCut: { severity: 'notice', plain: 'there are more findings than are shown' },
  notLookedThrough: { severity: 'notice', plain: 'the policy is too intricate to be looked through, so some findings may be missing' },
} as const satisfies Readonly<Record<string, { severity: Severity; plain: string }>>;

export type FindingCode = keyof typeof findingCodes;

/** One thing that the check has to say about a text. Lines and columns count from 1. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  readonly line: number;
  readonly column: number;
  /** Lower case, no final period, input of the author in backticks. */
  readonly message: string;
  /** What to do about it, or null. */
  readonly mend: string | null;
}

/** Where something stands in a text: lines and columns count from 1. */
export type Place = Pick<Finding, 'line' | 'column'>;

/** Gives the place of each offset in a text. */
export function placer(text: string): (offset: number) => Place {
  let starts: readonly number[] | null = null;
  return (offset) => {
    starts ??= lineStarts(text);
    const line = lineOf(starts, offset);
    return { line: line + 1, column: offset - (starts[line] ?? 0) + 1 };
  };
}

/** Collects findings by their offset in the text. */
export class Findings {
  readonly #rows: { code: FindingCode; offset: number; message: string; mend: string | null }[] = [];
  #errors = 0;
  #cut = false;

  add(code: FindingCode, offset: number, message: string, mend: string | null = null): void {
    if (findingCodes[code].severity === 'error') this.#errors += 1;
    if (this.#rows.length < caps.findings) this.#rows.push({ code, offset, message, mend });
    else this.#cut = true;
  }

  get hasErrors(): boolean {
    return this.#errors > 0;
  }

  /** In the order of the text. */
  list(text: string): readonly Finding[] {
    const place = placer(text);
    const rows = this.#cut
      ? [...this.#rows, { code: 'findingsCut' as const, offset: text.length, message: `only the first ${caps.findings} findings are shown`, mend: 'mend these and check again' }]
      : this.#rows;
    return [...rows].sort((a, b) => a.offset - b.offset).map(({ code, offset, message, mend }) => ({ code, severity: findingCodes[code].severity, ...place(offset), message, mend }));
  }
}

/** Input of the author in backticks: one line, at most 60 characters, nothing that a terminal would obey. */
export function quote(input: string): string {
  const plain = input.slice(0, 61).replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}`]/gu, '?');
  return `\`${plain.length > 60 ? `${plain.slice(0, 59)}…` : plain}\``;
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function lineOf(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
