import { certifications, gradeOrder, namesOf, type Certification, type CourtClass, type DataClass, type EvidenceGrade, type Purpose, type QueryKind, type RequesterAttributes } from '../vocabulary/index.ts';
import type { Decision, DecisionInput } from '../model/index.ts';
import { applyLimits, bitsOf, explainDecision, type Context, type LimitRule, type PolicyDocument, type PolicyTable } from '../policy/index.ts';
import { sayMax } from '../policy/words.ts';
import { cubeWords, joined, purposeWords } from './conditionWords.ts';
import { attributePhrases } from '../policy/phrases.ts';
import { compareForms, formWords, type Form } from './forms.ts';

/** What is changed of a request, or of what its agency has obtained. Where a list is given each of its words does. */
export interface Alteration {
  readonly purpose?: readonly Purpose[];
  readonly warrant?: EvidenceGrade;
  readonly court?: readonly CourtClass[];
  readonly caseNumber?: EvidenceGrade;
  readonly kind?: readonly QueryKind[];
  readonly certified?: readonly Certification[];
  readonly audit?: 'passed';
}

/** A smallest change that opens a class of data further, and what becomes of the class then. */
export interface Suggestion {
  readonly alteration: Alteration;
  /** The limit that would have to count anew; null where it is another change. */
  readonly limit: string | null;
  readonly form: Form;
  /** A sentence without its period: "it would be given in full with a case number". */
  readonly words: string;
}

export interface ClassWhatIf {
  readonly dataClass: DataClass;
  /** At most three, the smallest first; empty where nothing would open the class further, or it is open already. */
  readonly suggestions: readonly Suggestion[];
}

export interface AskAnswer {
  readonly decision: Decision;
  /** As `explainDecision` says it. */
  readonly reasons: readonly string[];
  /** One for each class that is not given in full. */
  readonly changes: readonly ClassWhatIf[];
}

export interface AskOptions {
  /** Ids of limits that are used up. */
  readonly limitsUsed?: readonly string[];
}

const most = 3;

/**
 * May this agency have these classes of data, why, and what would change the outcome: the smallest changes of the request (purpose, papers,
 * kind of query; papers only become stronger) and of what the agency can obtain (a certification, a passed audit). By the rules alone. That
 * the rules give something for another purpose is told as a fact of the rules; a purpose is what it is.
 */
export function ask(table: PolicyTable, document: PolicyDocument, input: DecisionInput, { limitsUsed = [] }: AskOptions = {}): AskAnswer {
  const usedBy = (agencyClass: number): readonly LimitRule[] => table.limitsOf(agencyClass).filter(({ id }) => limitsUsed.includes(id));
  const free = table.decide(input);
  const decision = applyLimits(free, usedBy(table.classOf(input.requester)));
  const changes = decision.classes.flatMap((now, i): readonly ClassWhatIf[] => {
    if (now.outcome === 'release') return [];
    const unlimited = free.classes[i];
    const anew = unlimited === undefined || unlimited.outcome === now.outcome ? [] : limitSuggestions(document, now.rules, unlimited);
    return [{ dataClass: now.dataClass, suggestions: [...anew, ...suggest(table, input, now.dataClass, now, usedBy)].slice(0, most) }];
  });
  return { decision, reasons: explainDecision(document, input, decision), changes };
}

/** The request with a suggestion applied: the first word of each list. */
export function altered(input: DecisionInput, { purpose, warrant, court, caseNumber, kind, certified, audit }: Alteration): DecisionInput {
  return {
    ...input,
    purpose: purpose?.[0] ?? input.purpose,
    kind: kind?.[0] ?? input.kind,
    evidence: { warrant: warrant ?? input.evidence.warrant, court: court?.[0] ?? input.evidence.court, caseNumber: caseNumber ?? input.evidence.caseNumber },
    requester: obtained(input.requester, { ...(certified === undefined ? {} : { certified }), ...(audit === undefined ? {} : { audit }) }),
  };
}

/** What would open the classes further, one line for those with one and the same answer; says so where nothing would. */
export function whatIfLines(changes: readonly ClassWhatIf[], nounsOf: (classes: readonly DataClass[]) => string): readonly string[] {
  const groups = new Map<string, { readonly classes: DataClass[]; readonly suggestions: readonly Suggestion[] }>();
  for (const { dataClass, suggestions } of changes) {
    const key = suggestions.map(({ words }) => words).join('\n');
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { classes: [dataClass], suggestions });
    else known.classes.push(dataClass);
  }
  return [...groups.values()].flatMap(({ classes, suggestions }) => {
    const nouns = nounsOf(classes);
    const head = `${nouns.charAt(0).toUpperCase()}${nouns.slice(1)}:`;
    if (suggestions.length === 0) return [`${head} nothing that this agency can state or obtain would change it.`];
    const [first] = suggestions;
    return suggestions.length === 1 && first !== undefined ? [`${head} ${first.words}.`] : [head, ...suggestions.map(({ words }) => `  - ${words}.`)];
  });
}

function limitSuggestions(document: PolicyDocument, ids: readonly string[], form: Form): readonly Suggestion[] {
  return document.limits.filter(({ id }) => ids.includes(id)).map((limit) => ({
    alteration: {}, limit: limit.id, form,
    words: `${wouldBe(form)} when limit ${limit.id} counts anew: at most ${sayMax(limit.max.count, limit.max.per)}`,
  }));
}

/** One cell that is more open, as changes from the request. */
interface Candidate {
  readonly alteration: Alteration;
  readonly form: Form;
}

function suggest(table: PolicyTable, input: DecisionInput, dataClass: DataClass, now: Form, usedBy: (agencyClass: number) => readonly LimitRule[]): readonly Suggestion[] {
  const found: Candidate[] = [];
  for (const extra of obtainable(table, input.requester)) {
    const agencyClass = table.classOf(obtained(input.requester, extra));
    const row = table.rowOf(agencyClass, dataClass);
    const used = usedBy(agencyClass);
    for (const cell of bitsOf(table.space.all)) {
      const alteration = alterationTo(table, input, cell);
      if (alteration === null) continue;
      const form = used.length === 0 ? table.cell(row, cell) : limited(table.cell(row, cell), dataClass, used);
      if (compareForms(dataClass, form, now) < 0) found.push({ alteration: { ...alteration, ...extra }, form });
    }
  }
  const best = smallest(dataClass, merged(found, ['court', 'purpose', 'kind'])).sort((a, b) => costOf(a.alteration) - costOf(b.alteration) || compareForms(dataClass, a.form, b.form) || (keyOf(a) < keyOf(b) ? -1 : 1));
  return kept(dataClass, best).map(({ alteration, form }) => ({ alteration, limit: null, form: formOf(form), words: sentenceOf(alteration, form) }));
}

/** The smallest changes, the most open outcome that there is among them. */
function kept(dataClass: DataClass, sorted: readonly Candidate[]): readonly Candidate[] {
  const first = sorted.slice(0, most);
  const [open] = [...sorted].sort((a, b) => compareForms(dataClass, a.form, b.form));
  if (open === undefined || first.some(({ form }) => compareForms(dataClass, form, open.form) <= 0)) return first;
  return [...first.slice(0, most - 1), open];
}

function limited(form: Form, dataClass: DataClass, used: readonly LimitRule[]): Form {
  const [one] = applyLimits({ owner: '', policyVersion: 0, policyHash: '', tableHash: '', classes: [{ dataClass, rules: [], ...form }], duties: [] }, used).classes;
  return one ?? form;
}

/** What the rules read and the agency could obtain: each by itself, then two together; first nothing. */
function obtainable({ atoms }: PolicyTable, has: RequesterAttributes): readonly Alteration[] {
  const read = (attribute: string, word: string) => atoms.some((atom) => atom.attribute === attribute && atom.words.includes(word));
  const single: readonly Alteration[] = [
    ...namesOf(certifications).filter((one) => one !== 'none' && one !== 'undeclared' && !has.certified.includes(one) && read('certified', one)).map((one) => ({ certified: [one] })),
    ...(has.audit !== 'passed' && read('audit', 'passed') ? [{ audit: 'passed' as const }] : []),
  ];
  const both = single.flatMap((a, i) => single.slice(i + 1).map((b): Alteration => ({ ...a, ...b, ...(a.certified !== undefined && b.certified !== undefined ? { certified: [...a.certified, ...b.certified] } : {}) })));
  return [{}, ...single, ...both];
}

function obtained(has: RequesterAttributes, { certified, audit }: Pick<Alteration, 'certified' | 'audit'>): RequesterAttributes {
  if (certified === undefined && audit === undefined) return has;
  const all = [...has.certified.filter((one) => one !== 'none' && one !== 'undeclared'), ...(certified ?? [])];
  return Object.freeze({ ...has, ...(certified === undefined ? {} : { certified: namesOf(certifications).filter((one) => all.includes(one)) }), ...(audit === undefined ? {} : { audit }) });
}

/** What to change so that the request comes to lie in a cell; null where papers would have to be weaker or to be withdrawn. */
function alterationTo(table: PolicyTable, { purpose, evidence, kind }: DecisionInput, cell: number): Alteration | null {
  const groups = table.space.groupsOf(cell);
  const is: Context = { purpose, ...evidence, kind };
  const warrant = stronger(groups.warrant, is.warrant, groups.court.includes(is.court) && is.court === 'notStated' ? 'none' : 'stated');
  const caseNumber = stronger(groups.caseNumber, is.caseNumber, 'none');
  const court = groups.court.includes(is.court) ? [] : groups.court.filter((one) => one !== 'notStated');
  const reasons = groups.purpose.includes(is.purpose) ? [] : groups.purpose.filter((one) => one !== 'notStated');
  if (warrant === null || caseNumber === null || (court.length === 0 && !groups.court.includes(is.court)) || (reasons.length === 0 && !groups.purpose.includes(is.purpose))) return null;
  return {
    ...(reasons.length === 0 ? {} : { purpose: reasons }),
    ...(warrant === is.warrant ? {} : { warrant }),
    ...(court.length === 0 ? {} : { court }),
    ...(caseNumber === is.caseNumber ? {} : { caseNumber }),
    ...(groups.kind.includes(is.kind) ? {} : { kind: groups.kind }),
  };
}

/** The weakest grade of a group that is as strong as what there is and as `least`. */
function stronger(group: readonly EvidenceGrade[], has: EvidenceGrade, least: EvidenceGrade): EvidenceGrade | null {
  const from = Math.max(gradeOrder.indexOf(has), gradeOrder.indexOf(least));
  return gradeOrder.find((grade, i) => i >= from && group.includes(grade)) ?? null;
}

/** Candidates that differ in the words of one axis only become one, axis by axis: each word of a list does with each of the others. */
function merged(candidates: readonly Candidate[], axes: readonly ('court' | 'purpose' | 'kind')[]): Candidate[] {
  return axes.reduce<Candidate[]>((now, axis) => {
    const groups = new Map<string, Candidate>();
    for (const one of now) {
      const { [axis]: words, ...rest } = one.alteration;
      const key = `${axis in one.alteration ? '+' : '-'} ${keyOf({ alteration: rest, form: one.form })}`;
      const known = groups.get(key);
      if (known === undefined) groups.set(key, one);
      else if (words !== undefined) groups.set(key, { ...known, alteration: { ...known.alteration, [axis]: [...new Set([...(known.alteration[axis] ?? []), ...words])] } });
    }
    return [...groups.values()];
  }, [...candidates]);
}

function keyOf({ alteration, form: { outcome, treatment, review } }: Candidate): string {
  return JSON.stringify([Object.entries(alteration).sort(([a], [b]) => (a < b ? -1 : 1)), outcome, treatment, review]);
}

/** Those that no other candidate makes needless by giving as much for less. */
function smallest(dataClass: DataClass, candidates: readonly Candidate[]): Candidate[] {
  return candidates.filter((one) => !candidates.some((other) => other !== one && within(other.alteration, one.alteration) && compareForms(dataClass, other.form, one.form) <= 0
    && !(within(one.alteration, other.alteration) && compareForms(dataClass, other.form, one.form) === 0 && keyOf(one) < keyOf(other))));
}

/** Whether `a` changes nothing that `b` does not change at least as much. */
function within(a: Alteration, b: Alteration): boolean {
  const weaker = (one: EvidenceGrade | undefined, other: EvidenceGrade | undefined) => one === undefined || (other !== undefined && gradeOrder.indexOf(one) <= gradeOrder.indexOf(other));
  const named = (one: unknown, other: unknown) => one === undefined || other !== undefined;
  return weaker(a.warrant, b.warrant) && weaker(a.caseNumber, b.caseNumber) && named(a.court, b.court) && named(a.purpose, b.purpose) && named(a.kind, b.kind)
    && named(a.audit, b.audit) && (a.certified ?? []).every((one) => b.certified?.includes(one) === true);
}

/** How much is changed. A paper comes with who signed it; another purpose would be another request. */
function costOf({ purpose, warrant, court, caseNumber, kind, certified, audit }: Alteration): number {
  return (purpose === undefined ? 0 : 2) + (warrant === undefined ? 0 : 1) + (court === undefined ? 0 : 0.5) + (caseNumber === undefined ? 0 : 1) + (kind === undefined ? 0 : 1)
    + (certified?.length ?? 0) + (audit === undefined ? 0 : 1);
}

function sentenceOf({ purpose, warrant, court, caseNumber, kind, certified, audit }: Alteration, form: Form): string {
  const above = (grade: EvidenceGrade) => gradeOrder.slice(gradeOrder.indexOf(grade));
  const papers = cubeWords({
    ...(warrant === undefined ? {} : { warrant: above(warrant) }), ...(court === undefined ? {} : { court }),
    ...(caseNumber === undefined ? {} : { caseNumber: above(caseNumber) }), ...(kind === undefined ? {} : { kind }),
  });
  const obtain = [
    ...(certified === undefined ? [] : [`the agency certified ${joined(certified.map((one) => attributePhrases.certified.words(one)), 'and')}`]),
    ...(audit === undefined ? [] : ['the agency passed an audit']),
  ];
  return [
    purpose === undefined ? wouldBe(form) : `${rulesGive(form)} ${purposeWords(purpose)}`,
    ...(papers === 'always' ? [] : [papers]),
    ...(obtain.length === 0 ? [] : [`if ${joined(obtain, 'and')}`]),
  ].join(purpose !== undefined && papers !== 'always' ? ', ' : ' ');
}

function wouldBe(form: Form): string {
  return form.outcome === 'hold' ? `a person would decide${formWords(form).slice('after a person decides'.length)}` : `it would be given ${formWords(form)}`;
}

function rulesGive(form: Form): string {
  return form.outcome === 'hold' ? `the rules let a person decide${formWords(form).slice('after a person decides'.length)}` : `the rules give it ${formWords(form)}`;
}

function formOf({ outcome, treatment, review }: Form): Form {
  return { outcome, treatment, review };
}

