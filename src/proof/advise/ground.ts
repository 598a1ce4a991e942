import { outcomeOrder, type DataClass, type RequesterAttributes } from '../../vocabulary/index.ts';
import type { Network } from '../../model/index.ts';
import { classesOf, findingCodes, type CheckResult, type Finding, type FindingCode, type PolicyDocument, type Rule } from '../../policy/index.ts';
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
  readonly #whole: Span;

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
    document.rules.forEach((rule, i) => this.#numbers.set(rule, i));
    this.#whole = span(document);
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

  /** The other rules that are in force on every day on which this one is, and the policy. */
  alongside(rule: Rule): readonly Rule[] {
    const own = this.#days(rule);
    return this.document.rules.filter((other) => other !== rule && this.#days(other).from <= own.from && this.#days(other).before >= own.before);
  }

  /** The other rules that are in force on some day on which this one is. */
  overlapping(rule: Rule): readonly Rule[] {
    const own = this.#days(rule);
    return this.document.rules.filter((other) => other !== rule && this.#days(other).from < own.before && own.from < this.#days(other).before);
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

  #days(rule: Rule): Span {
    const { from, before } = span(rule);
    return { from: Math.max(from, this.#whole.from), before: Math.min(before, this.#whole.before) };
  }
}

export type Sound = CheckResult & { readonly ok: true };

/** Organisations that can ask and have equal attributes. */
export interface Askers {
  readonly attributes: RequesterAttributes;
  readonly names: readonly string[];
}

/** Whether a rule is stricter about a class than another. */
export function stricterAbout(dataClass: DataClass, a: Rule, b: Rule): boolean {
  const [first, second] = [outcomeOf(a, dataClass), outcomeOf(b, dataClass)];
  return first !== null && second !== null && outcomeOrder.indexOf(first) > outcomeOrder.indexOf(second);
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
