import type { Treatment } from '../../src/vocabulary/index.ts';
import type { Condition, OnwardRule, PolicyDocument, Rule } from '../../src/policy/index.ts';
import type { RuleSource, TableSource } from '../../src/policy/table/source.ts';

/**
 * Bugs that a compiler could have, planted in the bytes that it makes: the oracles must tell on each that changes a decision. `pick` gives
 * a whole number below its argument. Null where the table has nothing of that sort.
 */
type Plant = (table: TableSource, pick: (below: number) => number) => TableSource | null;

export const plants: Readonly<Record<string, Plant>> = {
  'a bit of a plane is flipped': (table, pick) => {
    const cells = Object.values(table.groups).reduce((product, groups) => product * groups.length, 1);
    return changed(table, 'planes', pick, (plane) => flipped(plane, pick(cells)));
  },
  'an outcome is taken for another': (table, pick) => changed(table, 'rules', pick, (rule) => withOutcome(rule, pick(2))),
  'an exception is dropped': (table, pick) => changed(table, 'rules', pick, (rule) => (rule.except.length === 0 ? null : { ...rule, except: without(rule.except, pick(rule.except.length)) })),
  'a clause on the asker is dropped': (table, pick) => changed(table, 'rules', pick, (rule) => (rule.who.length === 0 ? null : { ...rule, who: without(rule.who, pick(rule.who.length)) })),
  'a class is dropped from a rule': (table, pick) => changed(table, 'rules', pick, (rule) => (rule.data.length < 2 ? null : { ...rule, data: without(rule.data, pick(rule.data.length)) })),
  'a reduction is forgotten': (table, pick) => changed(table, 'rules', pick, (rule) => (Object.keys(rule.treat).length === 0 ? null : { ...rule, treat: {} })),
  'a reduction is taken for another': (table, pick) => changed(table, 'rules', pick, (rule) => (Object.values(rule.treat).some((one) => one in otherwise)
    ? { ...rule, treat: Object.fromEntries(Object.entries(rule.treat).map(([dataClass, one]) => [dataClass, otherwise[one] ?? one])) } : null)),
  'a review ends otherwise': (table, pick) => changed(table, 'rules', pick, (rule) => (rule.review === null ? null
    : { ...rule, review: { ...rule.review, onTimeout: rule.review.onTimeout === 'deny' ? 'release' : 'deny' } })),
  'a word is lost from an atom': (table, pick) => changed(table, 'atoms', pick, ([name, words]) => (words.length < 2 ? null : [name, without(words, pick(words.length))])),
  'an atom reads another attribute': (table, pick) => changed(table, 'atoms', pick, ([name, words]) => [name === 'department' ? 'component' : 'department', words]),
  'a purpose is put in the wrong group': (table, pick) => {
    const { purpose } = table.groups;
    if (purpose.length < 2) return null;
    const [from, word] = [pick(purpose.length), 0];
    const to = (from + 1) % purpose.length;
    const moved = purpose[from]?.[word];
    if (moved === undefined || (purpose[from]?.length ?? 0) < 2) return null;
    return { ...table, groups: { ...table.groups, purpose: purpose.map((group, n) => (n === from ? without(group, word) : n === to ? [...group, moved] : group)) } };
  },
  'a rule is lost from a row': (table, pick) => changed(table, 'rows', pick, (row) => {
    const rest = [row[0] ?? 0, ...row.slice(3)];
    // Equal rows are one row: two of them would be bytes that no compiler makes.
    return row.length < 3 || table.rows.some((other) => other.join() === rest.join()) ? null : rest;
  }),
  'two rows of a class are those of another': (table, pick) => changed(table, 'classes', pick, ([who, rows]) => {
    const other = table.classes[pick(table.classes.length)];
    return other === undefined || other[1] === rows ? null : [who, other[1]];
  }),
  'a duty is lost': (table, pick) => (table.notify.length === 0 ? null : { ...table, notify: without(table.notify, pick(table.notify.length)) }),
};

const otherwise: Readonly<Partial<Record<Treatment, Treatment>>> = { county: 'state', state: 'county' };

/** Bugs in how a proof over the schema reads a document, planted in the document that it is given. Null where there is nothing of that sort. */
export const misreadings: Readonly<Record<string, (document: PolicyDocument, pick: (below: number) => number) => PolicyDocument | null>> = {
  'an exception is not seen': (document, pick) => misread(document, 'rules', pick, (rule) => (rule.unless.length === 0 ? null : { ...rule, unless: without(rule.unless, pick(rule.unless.length)) })),
  'an outcome is taken for another': (document, pick) => misread(document, 'rules', pick, (rule): Rule => {
    const { outcome, ...rest } = rule;
    return outcome === 'deny' ? { ...rest, outcome: 'release', treat: {} } : { ...rest, outcome: 'deny' };
  }),
  'a rule is not seen': (document, pick) => (document.rules.length === 0 ? null : { ...document, rules: without(document.rules, pick(document.rules.length)) }),
  'a clause on the asker is not seen': (document, pick) => misread(document, 'rules', pick, ({ to, ...rule }) => (to === undefined ? null : rule)),
  'a word of a matcher is not seen': (document, pick) => misread(document, 'rules', pick, (rule) => {
    const [[name, words] = ['', []]] = Object.entries(rule.to ?? {}) as [string, readonly string[]][];
    return words.length < 2 ? null : { ...rule, to: { ...rule.to, [name]: without(words, pick(words.length)) } };
  }),
  'an onward rule is not seen': (document, pick) => (document.onward.length === 0 ? null : { ...document, onward: without(document.onward, pick(document.onward.length)) }),
  'the receiver of a hop is not looked at': (document, pick) => misread(document, 'onward', pick, (rule) => {
    if (typeof rule.allow === 'string' || rule.allow.to === undefined) return null;
    const { to: _to, ...rest }: Condition = rule.allow;
    return { ...rule, allow: rest };
  }),
  'the papers of a hop are not looked at': (document, pick) => misread(document, 'onward', pick, (rule): OnwardRule | null => (typeof rule.allow === 'string' ? null
    : { ...rule, allow: rule.allow.to === undefined ? 'always' : { to: rule.allow.to } })),
};

function misread<K extends 'rules' | 'onward'>(
  document: PolicyDocument, list: K, pick: (below: number) => number, change: (item: PolicyDocument[K][number]) => PolicyDocument[K][number] | null,
): PolicyDocument | null {
  const items: readonly PolicyDocument[K][number][] = document[list];
  const fitting = items.flatMap((item, at) => {
    const made = change(item);
    return made === null ? [] : [{ at, made }];
  });
  const chosen = fitting[pick(Math.max(1, fitting.length))];
  return chosen === undefined ? null : { ...document, [list]: items.map((one, n) => (n === chosen.at ? chosen.made : one)) };
}

/** Changes one entry of a list of the table, of those that can be changed so. */
function changed<K extends 'planes' | 'rules' | 'atoms' | 'rows' | 'classes'>(
  table: TableSource, list: K, pick: (below: number) => number, change: (entry: TableSource[K][number]) => TableSource[K][number] | null,
): TableSource | null {
  const entries: readonly TableSource[K][number][] = table[list];
  const fitting = entries.flatMap((entry, at) => {
    const made = change(entry);
    return made === null ? [] : [{ at, made }];
  });
  const chosen = fitting[pick(Math.max(1, fitting.length))];
  return chosen === undefined ? null : { ...table, [list]: entries.map((one, n) => (n === chosen.at ? chosen.made : one)) };
}

function withOutcome(rule: RuleSource, which: number): RuleSource {
  const others = (['release', 'hold', 'deny'] as const).filter((outcome) => outcome !== rule.outcome);
  const outcome = others[which] ?? 'deny';
  return { ...rule, outcome, treat: {}, review: outcome === 'hold' ? { by: 'nobody', withinSeconds: 60, onTimeout: 'deny' } : null };
}

function flipped(plane: string, bit: number): string {
  const digit = Math.floor(bit / 32) * 8 + 7 - Math.floor((bit % 32) / 4);
  return plane.slice(0, digit) + (Number.parseInt(plane.charAt(digit), 16) ^ (1 << (bit % 4))).toString(16) + plane.slice(digit + 1);
}

function without<T>(list: readonly T[], at: number): readonly T[] {
  return list.filter((_, n) => n !== at);
}
