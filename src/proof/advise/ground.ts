import { outcomeOrder, type DataClass, type RequesterAttributes } from '../../vocabulary/index.ts';
import type { Network } from '../../model/index.ts';
import { classesOf, findingCodes, tableFor, type CheckResult, type Finding, type FindingCode, type PolicyDocument, type PolicyTable, type Rule } from '../../policy/index.ts';
import { span, type Span } from '../../policy/period.ts';
import { no, type BddCaps, type Node } from '../bdd.ts';
import { conditionsOf } from '../conditions.ts';
import { toldBy } from '../openBasis.ts';
import { OpenPolicy, outcomeOf } from '../openDecision.ts';
import { SchemaSpace } from '../schemaSpace.ts';

/** What the checks of this folder share: the document over all that the schema admits, and where to say what. */
export class Ground {
  readonly document: PolicyDocument;
  /** The instant at which claims and a policy to compare with are read, in milliseconds since 1970. */
  readonly at: number;
  readonly network: Network | null;
  readonly space: SchemaSpace;
  /** Every agency and every request that the schema admits. */
  readonly admitted: Node;
  /** The agencies of the registry that can ask, by their attributes. Empty without a registry. */
  readonly askers: readonly Askers[];
  /** The attributes that the rules read. */
  readonly told: ReadonlySet<keyof RequesterAttributes>;
  readonly findings: Finding[] = [];
  readonly #checked: Sound;
  readonly #policy: OpenPolicy;
  readonly #where = new Map<Rule, Node>();
  readonly #unions = new Map<string, Node>();
  readonly #numbers = new Map<Rule, number>();
  #table: PolicyTable | null = null;
  readonly #days = new Map<Rule, Span>();
  /** For each class, the rules that name it, with the place of their outcome among outcomes. */
  readonly #naming = new Map<DataClass, readonly { readonly rule: Rule; readonly rank: number }[]>();

  /** @throws BddCapped past a cap. */
  constructor(checked: Sound, { network, base, at, caps }: { readonly network: Network | null; readonly base: PolicyDocument | null; readonly at: number; readonly caps: Partial<BddCaps> }) {
    const { document } = checked;
    this.#checked = checked;
    this.document = document;
    this.at = at;
    this.network = network;
    const conditions = [...conditionsOf(document), ...(base === null ? [] : conditionsOf({ rules: base.rules }))];
    this.told = toldBy(conditions);
    this.space = new SchemaSpace(conditions, caps);
    this.admitted = this.space.bdd.and(this.space.agencies, this.space.contexts);
    this.askers = askersOf(network, document.policy);
    this.#policy = new OpenPolicy(this.space, document.rules);
    const whole = span(document);
    document.rules.forEach((rule, i) => {
      const { from, before } = span(rule);
      this.#numbers.set(rule, i);
      this.#days.set(rule, { from: Math.max(from, whole.from), before: Math.min(before, whole.before) });
    });
  }

  /** The compiled table of the instant. */
  get table(): PolicyTable {
    return (this.#table ??= tableFor(this.document, { at: this.at, known: this.askers.map(({ attributes }) => attributes) }));
  }

  /** Where a rule matches, of what is admitted. */
  where(rule: Rule): Node {
    let where = this.#where.get(rule);
    if (where === undefined) this.#where.set(rule, where = this.space.bdd.and(this.admitted, this.#policy.matching(rule)));
    return where;
  }

  /** Where any of these rules matches. */
  union(rules: readonly Rule[]): Node {
    const key = rules.map((rule) => this.#numbers.get(rule) ?? -1).join();
    let union = this.#unions.get(key);
    if (union === undefined) this.#unions.set(key, union = this.space.bdd.any(rules.map((rule) => this.where(rule))));
    return union;
  }

  /** True where everything in `a` lies in `b`. */
  within(a: Node, b: Node): boolean {
    return this.space.bdd.without(a, b) === no;
  }

  /** The other rules about a class, with an outcome that `test` takes, that are in force on every day on which this one and the policy are. */
  alongside(rule: Rule, dataClass: DataClass, test: (rank: number, own: number) => boolean): readonly Rule[] {
    const own = this.#daysOf(rule);
    return this.#others(rule, dataClass, test, (days) => days.from <= own.from && days.before >= own.before);
  }

  /** As `alongside`, of those in force on some such day. */
  overlapping(rule: Rule, dataClass: DataClass, test: (rank: number, own: number) => boolean): readonly Rule[] {
    const own = this.#daysOf(rule);
    return this.#others(rule, dataClass, test, (days) => days.from < own.before && own.from < days.before);
  }

  /** The rules that win against this one about a class wherever they match. */
  stricter(rule: Rule, dataClass: DataClass): readonly Rule[] {
    return this.alongside(rule, dataClass, (rank, own) => rank > own);
  }

  say(code: FindingCode, path: string, message: string, mend: string): void {
    // Names from the registry stand in messages: nothing that a terminal would obey.
    const plain = message.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '?');
    this.findings.push({ code, severity: findingCodes[code].severity, ...this.#checked.locate(path), message: plain, mend });
  }

  /** Whether the check of the text has said one of these of an item. */
  said(codes: readonly FindingCode[], list: string, index: number): boolean {
    const [from, before] = [this.#checked.locate(`${list}/${index}`), index + 1 < this.document.rules.length ? this.#checked.locate(`${list}/${index + 1}`) : { line: Infinity, column: 0 }];
    const after = (a: { line: number; column: number }, b: { line: number; column: number }) => a.line > b.line || (a.line === b.line && a.column >= b.column);
    return this.#checked.findings.some((one) => codes.includes(one.code) && after(one, from) && !after(one, before));
  }

  #others(rule: Rule, dataClass: DataClass, test: (rank: number, own: number) => boolean, when: (days: Span) => boolean): readonly Rule[] {
    let naming = this.#naming.get(dataClass);
    if (naming === undefined) {
      naming = this.document.rules.flatMap((one) => { const outcome = outcomeOf(one, dataClass); return outcome === null ? [] : [{ rule: one, rank: outcomeOrder.indexOf(outcome) }]; });
      this.#naming.set(dataClass, naming);
    }
    const own = naming.find((one) => one.rule === rule)?.rank ?? -1;
    return naming.filter((one) => one.rule !== rule && test(one.rank, own) && when(this.#daysOf(one.rule))).map((one) => one.rule);
  }

  #daysOf(rule: Rule): Span {
    return this.#days.get(rule) ?? span(rule);
  }
}

export type Sound = CheckResult & { readonly ok: true };

/** Organisations that can ask and have equal attributes. */
export interface Askers {
  readonly attributes: RequesterAttributes;
  readonly names: readonly string[];
}

/** The classes that a rule names, those for which `test` holds. */
export function classesWhere(rule: Rule, test: (dataClass: DataClass) => boolean): readonly DataClass[] {
  return classesOf(rule.data).filter(test);
}

function askersOf(network: Network | null, owner: string): readonly Askers[] {
  const found = new Map<RequesterAttributes, string[]>();
  for (const node of network?.nodes ?? []) {
    if (node.oris.length === 0) continue;
    const attributes = node.attributes(owner);
    const names = found.get(attributes);
    if (names === undefined) found.set(attributes, [node.name]);
    else names.push(node.name);
  }
  return [...found].map(([attributes, names]) => ({ attributes, names }));
}
