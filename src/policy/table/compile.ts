import { attributeWords, type RequesterAttributes } from '../../vocabulary/index.ts';
import { hashPolicy } from '../canonical.ts';
import { classesOf, type Condition, type Item, type Matcher, type NotifyRule, type PolicyDocument, type Rule } from '../document.ts';
import { reviewAfter } from '../interpret.ts';
import type { Span } from '../period.ts';
import { PlaneBook, signer } from './match.ts';
import { planeText } from './planes.ts';
import { RowBook } from './rows.ts';
import { vocabularyHash, type MatchSource, type NotifySource, type RuleSource, type TableSource } from './source.ts';
import { boxOf, groupsFor, planeOfBox, type Groups } from './space.ts';
import { itemsOf, stretchOf } from './stretch.ts';
import type { Atom } from './types.ts';

export interface CompileOptions {
  /** Where it is known already. */
  readonly hash?: string;
  /** An instant of the stretch of days to compile, in milliseconds since 1970. */
  readonly at: number;
  /** The attributes of the agencies that there are: their classes are written down. Others are found when they come. */
  readonly known?: Iterable<RequesterAttributes>;
  /** Classes to write down besides, as the places of the atoms that hold: those of a table that is made again to be compared. */
  readonly classes?: Iterable<readonly number[]>;
}

/**
 * Compiles a policy for the stretch of days around an instant. Returns the bytes of the table, as text; equal input gives equal bytes,
 * whatever the order of `known`. Days on which the policy is not in force give a table without rules, which denies everything.
 */
export function compileTable(document: PolicyDocument, { hash = hashPolicy(document), at, known = [], classes = [] }: CompileOptions): string {
  const stretch = stretchOf(document, at);
  const inForce = <I extends Item>(items: readonly I[]): readonly I[] => itemsOf(document, items, at);
  const [rules, notify] = [inForce(document.rules), inForce(document.notify)];
  const matches = [...rules.map(partsOfRule), ...notify.map(partsOfNotify)];
  const groups = groupsFor(matches.flatMap(({ base, except }) => [base, ...except].map(boxOf)));
  const writer = new MatchWriter(groups);
  const written = matches.map((one) => writer.write(one));
  const limits = inForce(document.limits).map((rule) => ({ rule, who: writer.atomsOf(rule.to) }));
  const source: Omit<TableSource, 'planes' | 'rows' | 'classes'> = {
    weirTable: 1,
    owner: document.policy, policyVersion: document.version, policyHash: hash, vocabulary: vocabularyHash,
    from: dayText(stretch.from), before: dayText(stretch.before),
    groups,
    atoms: writer.atoms.map(({ attribute, words }) => [attribute, words]),
    rules: rules.map((rule, i) => ruleSource(rule, written[i] as MatchSource)),
    notify: notify.map((rule, i) => notifySource(rule, written[rules.length + i] as MatchSource)),
    limits,
    onward: inForce(document.onward),
  };
  const book = new RowBook(source.rules, writer.planes);
  const sign = signer(writer.atoms);
  const asked = [...classes].map((atoms) => Uint8Array.from(writer.atoms, (_, atom) => (atoms.includes(atom) ? 1 : 0)));
  const signatures = new Map([...[...new Set(known)].map((attributes) => sign(attributes)), ...asked].map((signature) => [signature.join(''), signature]));
  for (const [, signature] of [...signatures].sort(([a], [b]) => (a < b ? -1 : 1))) book.classNumber(signature);
  return JSON.stringify({ ...source, planes: writer.planes.planes.map(planeText), ...book.written() } satisfies TableSource);
}

/** When something matches, as conditions: `base` and none of `except`. */
interface Match {
  readonly base: Condition;
  readonly except: readonly Condition[];
}

function partsOfRule({ to, for: purpose, when, unless }: Rule): Match {
  return { base: { ...(to === undefined ? {} : { to }), ...(purpose === undefined ? {} : { for: purpose }), ...when }, except: unless };
}

function partsOfNotify({ when, unless }: NotifyRule): Match {
  return { base: when ?? {}, except: unless };
}

class MatchWriter {
  readonly atoms: Atom[] = [];
  readonly planes = new PlaneBook();
  readonly #groups: Groups;
  readonly #numbers = new Map<string, number>();

  constructor(groups: Groups) {
    this.#groups = groups;
  }

  write({ base, except }: Match): MatchSource {
    const one = (condition: Condition): { who: readonly number[]; plane: number } => ({
      who: this.atomsOf(condition.to), plane: this.planes.number(planeOfBox(this.#groups, boxOf(condition))),
    });
    return { ...one(base), except: except.map(one) };
  }

  atomsOf(to: Matcher | undefined): readonly number[] {
    if (to === undefined) return [];
    return (Object.keys(attributeWords) as (keyof RequesterAttributes)[]).flatMap((attribute) => {
      const words: readonly string[] | undefined = to[attribute];
      return words === undefined ? [] : [this.#atom(attribute, words)];
    });
  }

  #atom(attribute: keyof RequesterAttributes, words: readonly string[]): number {
    const key = `${attribute} ${words.join(' ')}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.atoms.length);
    return this.atoms.push({ attribute, words }) - 1;
  }
}

function ruleSource(rule: Rule, { who, plane, except }: MatchSource): RuleSource {
  return {
    id: rule.id, outcome: rule.outcome, data: classesOf(rule.data), treat: rule.outcome === 'release' ? rule.treat : {},
    review: rule.outcome === 'hold' ? rule.review : rule.outcome === 'release' ? reviewAfter(rule) : null, who, plane, except,
  };
}

function notifySource(rule: NotifyRule, { who, plane, except }: MatchSource): NotifySource {
  return { id: rule.id, tell: rule.who, within: rule.withinSeconds, data: rule.data === undefined ? null : classesOf(rule.data), who, plane, except };
}

function dayText(at: Span['from']): string | null {
  return Number.isFinite(at) ? new Date(at).toISOString().slice(0, 10) : null;
}
