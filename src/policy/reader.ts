import type { Words } from '../vocabulary/index.ts';
import { caps } from './document.ts';
import { quote, type FindingCode, type Findings } from './findings.ts';
import { parseDay, parseDuration } from './quantity.ts';
import { didYouMean } from './suggest.ts';
import type { ListTree, Tree } from './tree.ts';

/** What a text of a policy may not have: line breaks, control characters, marks of direction. */
export const unseen = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** The members of one map after its keys were checked: what is absent or was refused is undefined. */
export type Fields<Key extends string> = Readonly<Partial<Record<Key, Tree>>>;

/**
 * Takes values out of a tree. Each method gives null and reports a finding where the value is not what it must be.
 * The text is the author's: everything about it is doubted here, and nowhere after.
 */
export class Reader {
  readonly findings: Findings;
  /** Where each key stands, by its path (`rules/3/data`), for findings about meaning. */
  readonly places = new Map<string, number>();
  /** The ids of the items seen so far. */
  readonly ids = new Set<string>();

  constructor(findings: Findings) {
    this.findings = findings;
  }

  refuse(code: FindingCode, tree: Tree, message: string, mend: string | null = null): null {
    this.findings.add(code, tree.at, message, mend);
    return null;
  }

  /** A map with these keys. `misplaced` says where a key belongs that authors put here by mistake. */
  fields<Required extends string, Optional extends string>(
    tree: Tree, path: string, what: string, required: readonly Required[], optional: readonly Optional[], misplaced: Readonly<Record<string, string>> = {},
  ): Fields<Required | Optional> | null {
    if (tree.kind !== 'map') return this.refuse('wrongType', tree, `${what} must be a map of keys and values`);
    const known: readonly string[] = [...required, ...optional];
    const found: Record<string, Tree> = {};
    for (const [key, { keyAt, value }] of tree.members) {
      if (known.includes(key)) {
        found[key] = value;
        this.places.set(path === '' ? key : `${path}/${key}`, keyAt);
      } else {
        const mend = Object.hasOwn(misplaced, key) ? misplaced[key] : didYouMean(key, known);
        this.findings.add('unknownKey', keyAt, `${quote(key)} is not a key of ${what}`, mend);
      }
    }
    for (const key of required) {
      if (!tree.members.has(key)) this.findings.add('missingKey', tree.at, `${what} has no \`${key}\``, `add \`${key}:\``);
    }
    return found as Fields<Required | Optional>;
  }

  list(tree: Tree, what: string, cap: number): ListTree | null {
    if (tree.kind !== 'list') return this.refuse('wrongType', tree, `${what} must be a list`, 'begin each item with `- `');
    if (tree.items.length > cap) return this.refuse('tooMany', tree, `${what} has more than ${cap} items`);
    return tree;
  }

  /** One word of a closed list. `what` names the list: `a purpose`. */
  word<Name extends string>(tree: Tree, words: Words<Name> | readonly Name[], what: string): Name | null {
    const known: readonly string[] = Array.isArray(words) ? words : Object.keys(words);
    if (tree.kind !== 'scalar') return this.refuse('wrongType', tree, `${what} must be one word`);
    if (typeof tree.value === 'string' && known.includes(tree.value)) return tree.value as Name;
    if (tree.text === '') return this.refuse('unknownWord', tree, `${what} is missing here`, didYouMean('', known));
    return this.refuse('unknownWord', tree, `${quote(tree.text)} is not ${what}`, didYouMean(tree.text, known));
  }

  /** A word or a list of words, in the order of the vocabulary and without repeats. */
  words<Name extends string>(tree: Tree, words: Words<Name> | readonly Name[], what: string): readonly Name[] | null {
    const known: readonly string[] = Array.isArray(words) ? words : Object.keys(words);
    if (tree.kind !== 'list') {
      const one = this.word(tree, words, what);
      return one === null ? null : [one];
    }
    if (tree.items.length === 0) return this.refuse('emptyList', tree, 'the list has nothing in it', 'name a word, or leave the key out');
    const found = new Set<Name>();
    for (const item of tree.items) {
      const one = this.word(item, words, what);
      if (one === null) continue;
      if (found.has(one)) this.findings.add('repeatedWord', item.at, `${quote(one)} stands twice in the list`, 'keep one of the two');
      found.add(one);
    }
    return found.size === 0 ? null : [...found].sort((a, b) => known.indexOf(a) - known.indexOf(b));
  }

  text(tree: Tree, what: string, cap: number): string | null {
    if (tree.kind !== 'scalar' || typeof tree.value !== 'string') return this.refuse('wrongType', tree, `${what} must be text`, 'write it in quotes');
    if (tree.value.trim() === '') return this.refuse('badText', tree, `${what} is empty`);
    if (tree.value.length > cap) return this.refuse('badText', tree, `${what} is longer than ${cap} characters`);
    // A title is shown to askers and written into answers of old formats: one line of visible characters.
    if (unseen.test(tree.value)) {
      return this.refuse('badText', tree, `${what} has line breaks, control characters or marks of direction`, 'write it in one line');
    }
    return tree.value;
  }

  texts(tree: Tree, what: string): readonly string[] {
    const items = tree.kind === 'list' ? (this.list(tree, what, caps.cites)?.items ?? []) : [tree];
    return items.map((item) => this.text(item, what, caps.titleLength)).filter((text) => text !== null);
  }

  id(tree: Tree): string | null {
    const text = this.text(tree, 'an id', caps.idLength);
    if (text === null || /^[A-Za-z0-9][A-Za-z0-9.-]*$/.test(text)) return text;
    return this.refuse('badId', tree, `${quote(text)} is not an id`, 'use letters, digits, `-` and `.`, such as `ZY-7`');
  }

  day(tree: Tree): string | null {
    const text = tree.kind === 'scalar' ? tree.text : '';
    if (tree.kind === 'scalar' && typeof tree.value === 'string' && parseDay(text) !== null) return text;
    return this.refuse('badDate', tree, `${quote(text)} is not a date`, 'write a day of the calendar such as 2026-03-01');
  }

  duration(tree: Tree): number | null {
    const text = tree.kind === 'scalar' ? tree.text : '';
    return parseDuration(text) ?? this.refuse('badDuration', tree, `${quote(text)} is not a duration`, 'write a number and `m`, `h` or `d`, such as `4h`, at most a year');
  }

  /** The offset of a key, or of the nearest thing around it that has one. */
  place(path: string): number {
    for (let at = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) {
      const offset = this.places.get(at);
      if (offset !== undefined) return offset;
    }
    return 0;
  }
}

/** Remembers where the items of a list stand. */
export function placeItems(reader: Reader, list: ListTree, path: string): void {
  list.items.forEach((item, index) => reader.places.set(`${path}/${index}`, item.at));
}

