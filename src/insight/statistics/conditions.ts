import { didYouMean } from '../../policy/suggest.ts';
import { ArchiveError } from '../archive/types.ts';
import { dimensionFacts, none, notRecorded } from './dimensions.ts';
import { dimensions, type Condition, type Dimension, type StatQuery } from './types.ts';

/** What a search says: its conditions, and the period where it names one (`created:2026-01-01..2026-03-31`). */
export interface Search {
  readonly where: readonly Condition[];
  readonly created: string | null;
}

/**
 * Reads conditions: `party=immigration`, `status!=refused`, `purpose=fraud,theft` (one of them), `organisation=us/dhs/ice` (and all under it), and the form of searches,
 * `agency:ZX0010000 -outcome:refused created:2026-01..2026-03`. Several, by spaces or in several texts, hold together.
 * Throws `ARCHIVE_QUESTION`, which names the words that are possible.
 */
export function readConditions(texts: readonly string[]): Search {
  const where: Condition[] = [];
  let created: string | null = null;
  for (const part of texts.flatMap((text) => text.split(/\s+/)).filter((one) => one !== '')) {
    const read = /^(-?)([A-Za-z0-9]+)(!=|=|:)(.*)$/.exec(part);
    if (read === null) throw question(`\`${shown(part)}\` is no condition: write one as party=immigration, status!=refused or agency:ZX0010000`);
    const [, minus = '', name = '', sign = '', value = ''] = read;
    if (name === 'created') {
      if (created !== null || minus !== '' || sign === '!=') throw question('`created` names one period, as created:2026-01-01..2026-03-31');
      created = value;
      continue;
    }
    where.push(conditionOf(name, value, (minus === '-') !== (sign === '!=')));
  }
  return { where, created };
}

/** Reads dimensions: `party`, `month,status`, `organisation:2`. None, one or two. Throws `ARCHIVE_QUESTION`. */
export function readBy(text: string): StatQuery['by'] {
  const parts = text.split(',').map((part) => part.trim()).filter((part) => part !== '');
  if (parts.length > 2) throw question('a table is broken down by at most two dimensions');
  const by = parts.map((part) => {
    const [name = '', depth, more] = part.split(':');
    const dimension = dimensionOf(name);
    if (depth === undefined) return { dimension };
    if (more !== undefined || dimension !== 'organisation' || !/^[1-9]$/.test(depth)) throw question(`\`${shown(part)}\`: only the tree of organisations has levels, organisation:1 to organisation:9`);
    return { dimension, depth: Number(depth) };
  });
  if (by.length === 2 && by[0]?.dimension === by[1]?.dimension) throw question('a dimension is not crossed with itself');
  return by;
}

/** A condition as `readConditions` reads it. */
export function conditionText({ dimension, words, not }: Condition): string {
  return `${dimension}${not ? '!=' : '='}${words.join(',')}`;
}

/** Names that people search by. */
const aliases: Readonly<Record<string, Dimension>> = {
  ori: 'agency', state: 'homeState', outcome: 'status', field: 'released', data: 'released', class: 'released', policy: 'policyVersion', org: 'organisation', rules: 'rule', '287g': 'program287g', case: 'caseNumber',
};

/** What people may look for, and the archive does not have. */
const elsewhere: Readonly<Record<string, string>> = {
  person: 'the archive holds no names: `weir ledger resident` finds the entries about one person',
  subject: 'the archive holds no names: `weir ledger resident` finds the entries about one person',
  officer: 'the archive holds no names of officers: their entries are opened to the owner with `weir ledger open`',
  user: 'the archive holds no names of officers: their entries are opened to the owner with `weir ledger open`',
};

function conditionOf(name: string, value: string, not: boolean): Condition {
  const dimension = dimensionOf(name);
  const words = value.split(',').map((word) => wordOf(dimension, word.trim()));
  return { dimension, words: [...new Set(words)], not };
}

function dimensionOf(name: string): Dimension {
  const alias = Object.hasOwn(aliases, name) ? aliases[name] : undefined;
  if (alias !== undefined) return alias;
  const known = dimensions.find((one) => one === name) ?? dimensions.find((one) => one.toLowerCase() === name.toLowerCase());
  if (known !== undefined) return known;
  if (Object.hasOwn(elsewhere, name)) throw question(elsewhere[name] ?? '');
  const advice = didYouMean(name, [...dimensions, ...Object.keys(aliases), 'created']);
  throw question(`\`${shown(name)}\` is no dimension${advice === null ? `: there are ${dimensions.join(', ')}` : `; ${advice}`}`);
}

/** The form of words that are no closed list: what is wanted, in words, where one is not of it. */
const forms: Readonly<Partial<Record<Dimension, readonly [RegExp, string]>>> = {
  owner: [/^[A-Z0-9]{2}$/, 'two letters, such as WA'],
  month: [/^\d{4}-(?:0[1-9]|1[0-2])$/, 'a month, such as 2026-10'],
  day: [/^\d{4}-\d{2}-\d{2}$/, 'a day, such as 2026-10-03'],
  agency: [/^[A-Z0-9]{9}$/, 'an ORI of nine letters or digits; `weir registry lookup` finds it'],
  organisation: [/^[a-z0-9-]+(?:\/[a-z0-9-]+)*$/, 'the id of an organisation, such as us/dhs/ice'],
  rule: [/^[A-Za-z0-9][A-Za-z0-9.-]*$/, 'the id of a rule, such as WA-7'],
  policyVersion: [/^\d{1,9}$/, 'the number of a version, such as 14'],
};
const upper: ReadonlySet<Dimension> = new Set<Dimension>(['owner', 'agency']);
const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

function wordOf(dimension: Dimension, text: string): string {
  if (text === '') throw question(`\`${dimension}\` is given no word`);
  if (text === notRecorded) return text;
  const { words } = dimensionFacts[dimension];
  const form = forms[dimension];
  if (words === null) {
    const word = upper.has(dimension) && text !== none ? text.toUpperCase() : text;
    if (word === none && (dimension === 'rule' || dimension === 'policyVersion')) return word;
    if (form === undefined || word.length > 200 || !form[0].test(word)) throw question(`\`${shown(text)}\` is no word of ${dimension}: give ${form?.[1] ?? 'a word'}`);
    return word;
  }
  const meant = dimension === 'weekday' && weekdays.includes(text.toLowerCase()) ? String(weekdays.indexOf(text.toLowerCase()) + 1) : dimension === 'hour' && /^\d$/.test(text) ? `0${text}` : text;
  const word = words.find((one) => one === meant) ?? words.find((one) => one.toLowerCase() === meant.toLowerCase());
  if (word !== undefined) return word;
  const advice = didYouMean(text, words);
  throw question(`\`${shown(text)}\` is no word of ${dimension}${advice === null ? '' : `; ${advice}`}${advice?.startsWith('use one of') === true ? '' : `${advice === null ? ';' : ''} its words are ${words.join(', ')}`}`);
}

function shown(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function question(message: string): ArchiveError {
  return new ArchiveError('ARCHIVE_QUESTION', message);
}
