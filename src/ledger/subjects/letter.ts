import type { ClassDecision, EntryRequester, Verdict } from '../../model/index.ts';
import type { Report, ReportEntry } from '../../verify/report.ts';
import { jurisdictionName, labelOf, messageKeys, purposes, treatments, type AnswerStatus, type DataClass, type InquiryKey, type Purpose } from '../../vocabulary/index.ts';

/** A letter has one page; what does not fit is in the report. */
const mostSentences = 25;

/**
 * The report as a letter to its resident, in plain text: one sentence for each look-up, what is withheld or erased, and how to check it. It does not name
 * the resident, so it can be made without knowing the name. `nameOf` gives an organisation's name, where it is known.
 */
export function reportLetter(report: Report, nameOf: (organisation: string) => string | null = () => null): string {
  const state = jurisdictionName(report.owner);
  const covered = report.epochs.filter(({ index }) => index !== null);
  const lines = [
    'WHO LOOKED AT YOUR RECORDS', '',
    `Request ${report.who}    ${state}    ${dayInWords(report.made.slice(0, 10))}`, '',
    `You asked who looked at your driver and vehicle records in ${state} from ${dayInWords(report.from)} to ${dayInWords(report.to)}.`,
    ...(report.epochs[0] !== undefined && report.epochs[0].day > report.from ? [`The log begins on ${dayInWords(report.epochs[0].day)}; it holds nothing from before.`] : []),
    '', ...counts(report), '',
    ...report.entries.slice(0, mostSentences).map((entry, at) => `${String(at + 1).padStart(3)}. ${sentence(entry, nameOf)}`),
    ...(report.entries.length > mostSentences ? [`     ${report.entries.length - mostSentences} more are in the report.`] : []),
    ...(report.entries.length > 0 ? [''] : []),
    ...(report.subjects.some(({ kind }) => kind === 'name' || kind === 'owner') ? ['A search by a name alone may have been about another person of the same name.'] : []),
    'Not found in this way: a look-up under a name, number or plate that was misspelt and led to nothing, and a search by part of a plate that did not show your vehicle.',
    '',
    'HOW TO CHECK THIS', '',
    `The report that comes with this letter is a file. It holds, for each of ${covered.length} days, the proof that these are all entries about you that the log has. Anybody can check`,
    'it with a program that does not belong to the office that wrote it, without a connection to it:', '',
    '    weir verify report report.json --policy trust.policy', '',
    'The program also says which independent witnesses confirmed the log. You may give the file to a lawyer, a newspaper or a court; it shows nobody else\'s records.',
  ];
  return `${lines.flatMap((line) => wrapped(line)).join('\n')}\n`;
}

function counts({ entries, withheld, erased, epochs }: Report): readonly string[] {
  const days = epochs.filter(({ index }) => index === null).length;
  return [
    entries.length === 0 ? 'No look-up is shown.' : `${entries.length} look-up${entries.length === 1 ? ' is' : 's are'} shown.`,
    ...withheld.map(({ until }) => `One look-up is withheld by an order until ${dayInWords(until.slice(0, 10))}. Ask again then: it opens by itself.`),
    ...(erased.length === 0 ? [] : [`Of ${erased.length} look-up${erased.length === 1 ? '' : 's'} the contents were erased after the time for which they are kept.`]),
    ...(days === 0 ? [] : [`For ${days} day${days === 1 ? '' : 's'} all was erased after the time for which it is kept; of those nothing can be said any more.`]),
  ];
}

function sentence({ fields }: ReportEntry, nameOf: (organisation: string) => string | null): string {
  const of = (name: string): Readonly<Record<string, unknown>> => {
    const field = fields.find((one) => one.name === name);
    return field !== undefined && 'text' in field ? JSON.parse(field.text) as Readonly<Record<string, unknown>> : {};
  };
  const who = (requester: EntryRequester): string => {
    const name = requester.organisation === '' ? null : nameOf(requester.organisation) ?? requester.organisation;
    return name === null ? requester.ori : `${name} (${requester.ori})`;
  };
  const { verdict } = of('outcome') as { readonly verdict?: Verdict };
  if (verdict !== undefined) return verdictSentence(dayInWords(String(of('day')['day'])), String(of('requester')['requester']), verdict, of('given') as { readonly released: readonly DataClass[] });
  const behalf = of('behalf')['onBehalfOf'] as EntryRequester | null;
  const { purpose } = of('reason') as { readonly purpose: Purpose };
  const { status, decisions } = of('outcome') as { readonly status: AnswerStatus; readonly decisions: readonly ClassDecision[] };
  const { released } = of('given') as { readonly released: readonly DataClass[] };
  const { key } = of('message') as { readonly key: InquiryKey };
  const rules = [...new Set(decisions.flatMap((decision) => decision.rules))];
  return `On ${dayInWords(String(of('day')['day']))} ${who(of('requester')['requester'] as EntryRequester)}${behalf === null ? '' : `, for ${who(behalf)},`} asked (${messageKeys[key].plain}). `
    + `Reason given: ${purpose === 'notStated' ? 'none' : purposes[purpose].plain}. ${given(status, released, decisions)}${rules.length === 0 ? '' : ` Rules: ${rules.join(', ')}.`}`;
}

/** What a person, or the clock, decided on a request that was held. */
function verdictSentence(day: string, requester: string, verdict: Verdict, { released }: { readonly released: readonly DataClass[] }): string {
  if (released.length > 0) return `On ${day} a request of ${requester} that was held was decided. Given: ${released.map(labelOf).join(', ')}.`;
  const ends: Readonly<Record<Verdict, string>> = {
    released: 'nothing was left to give', releasedInPart: 'nothing was left to give', refused: 'nothing was given', noRecord: 'no record was found',
    affirmed: 'a person found what was given in an emergency to be right', disapproved: 'a person found what was given in an emergency to be wrong',
  };
  return `On ${day} a request of ${requester} was decided: ${ends[verdict]}.`;
}

function given(status: AnswerStatus, released: readonly DataClass[], decisions: readonly ClassDecision[]): string {
  const part = (dataClass: DataClass): string => {
    const treatment = decisions.find((one) => one.dataClass === dataClass && one.outcome === 'redact')?.treatment ?? null;
    return treatment === null ? labelOf(dataClass) : `${labelOf(dataClass)} (${treatments[treatment].plain})`;
  };
  if (released.length > 0) return `Given: ${released.map(part).join(', ')}.`;
  switch (status) {
    case 'held': return 'Nothing was given; a person was to decide.';
    case 'refused': return 'Nothing was given; it was refused.';
    case 'noRecord': return 'Nothing was given; no record was found.';
    case 'unavailable': return 'Nothing was given; the records could not be read.';
    default: return 'Nothing was given.';
  }
}

function dayInWords(day: string): string {
  return new Date(`${day}T00:00:00Z`).toLocaleDateString('en-US', { timeZone: 'UTC', day: 'numeric', month: 'long', year: 'numeric' });
}

/** Lines of at most 96 characters; those behind the first of a numbered one are indented as it is. */
function wrapped(line: string): readonly string[] {
  const indent = /^ *(?:\d+\. )?/.exec(line)?.[0].length ?? 0;
  const lines: string[] = [];
  let rest = line;
  while (rest.length > 96) {
    const space = rest.lastIndexOf(' ', 96);
    if (space <= indent) break;
    lines.push(rest.slice(0, space));
    rest = ' '.repeat(indent) + rest.slice(space + 1);
  }
  return [...lines, rest];
}
