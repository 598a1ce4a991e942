import type { Jurisdiction, Level } from '../../vocabulary/index.ts';
import { levelOf } from '../derive.ts';
import type { RegistryContent } from '../model.ts';
import { indexContent, lineage } from '../registryIndex.ts';
import { likeness, plainNameOf, type NameFamily, type PlainName } from './names.ts';

/** An agency as a list names it. */
export interface NamedAgency {
  readonly state: Jurisdiction;
  readonly name: string;
  /** "Duval County" or "Duval", or empty. */
  readonly county: string;
  /** Levels that the list's own type speaks of; empty where it says none. Where `onlyLevels`, no other level is meant. */
  readonly levels: readonly Level[];
  readonly onlyLevels: boolean;
}

/** `one` organisation of the name, `several`, or `none` with those that come near. Ids of organisations. */
export type NameMatch = { readonly kind: 'one'; readonly id: string } | { readonly kind: 'several' | 'none'; readonly candidates: readonly string[] };

interface Known {
  readonly id: string;
  readonly level: Level;
  readonly names: readonly PlainName[];
}

const levelsOfFamily: Readonly<Record<NameFamily, readonly Level[]>> = {
  sheriff: ['county'],
  police: ['municipal', 'county', 'campus', 'special', 'state', 'tribal', 'territorial', 'undeclared'],
  other: ['municipal', 'county', 'campus', 'special', 'state', 'tribal', 'territorial', 'undeclared'],
};

/** Finds organisations by name within a state. Federal and private bodies are never found: no agreement is made with them. */
export class NameBook {
  readonly #byState = new Map<string, Known[]>();
  readonly #byBase = new Map<string, Known[]>();

  constructor(content: RegistryContent) {
    const index = indexContent(content);
    for (const [id, offices] of index.officesOf) {
      const organisation = index.organisations.get(id);
      const level = levelOf(lineage(index.organisations, id));
      if (organisation === undefined || level === 'federal' || level === 'private') continue;
      const names = [...new Set([organisation.name, ...offices.map((office) => office.name)])].map(plainNameOf);
      const known: Known = { id, level, names };
      for (const state of new Set(offices.map((office) => office.state))) {
        add(this.#byState, state, known);
        for (const base of new Set(names.map((name) => name.base))) add(this.#byBase, `${state} ${base}`, known);
      }
    }
  }

  match(agency: NamedAgency): NameMatch {
    const name = plainNameOf(agency.name);
    const bases = new Set([name.base, ...(name.family === 'sheriff' && agency.county !== '' ? [plainNameOf(`${agency.county} Sheriff`).base] : [])]);
    const found = [...new Set([...bases].flatMap((base) => this.#byBase.get(`${agency.state} ${base}`) ?? []))]
      .filter((known) => levelsOfFamily[name.family].includes(known.level) && (!agency.onlyLevels || agency.levels.includes(known.level)))
      .filter((known) => known.names.some((one) => one.family === name.family || one.family === 'other' || name.family === 'other'));
    const narrow = narrowed(found, [
      (known) => agency.levels.length === 0 || agency.levels.includes(known.level),
      (known) => known.names.some((one) => one.family === name.family && one.base === name.base),
      (known) => known.names.some((one) => one.words.join(' ') === name.words.join(' ')),
    ]);
    if (narrow.length === 1) return { kind: 'one', id: (narrow[0] as Known).id };
    if (narrow.length > 1) return { kind: 'several', candidates: ids(narrow) };
    return { kind: 'none', candidates: this.#near(agency.state, name) };
  }

  #near(state: string, name: PlainName): string[] {
    return (this.#byState.get(state) ?? [])
      .map((known) => ({ known, like: Math.max(...known.names.map((one) => likeness(name, one))) }))
      .filter(({ like }) => like >= 0.5)
      .sort((a, b) => b.like - a.like || (a.known.id < b.known.id ? -1 : 1))
      .slice(0, 5).map(({ known }) => known.id);
  }
}

/** Each test narrows the choice only where something is left of it. */
function narrowed(found: readonly Known[], tests: readonly ((known: Known) => boolean)[]): readonly Known[] {
  return tests.reduce((left, test) => {
    const next = left.length > 1 ? left.filter(test) : left;
    return next.length > 0 ? next : left;
  }, found);
}

function ids(known: readonly Known[]): string[] {
  return known.map(({ id }) => id).sort().slice(0, 10);
}

function add(map: Map<string, Known[]>, key: string, known: Known): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [known]);
  else list.push(known);
}
