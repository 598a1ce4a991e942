import { attributeWords, type RequesterAttributes } from '../vocabulary/index.ts';
import type { Atom } from '../policy/index.ts';
import { attributePhrases, justicePhrase, type AttributePhrases } from '../policy/phrases.ts';
import { joined } from './conditionWords.ts';
import { signatureOf } from './kinds.ts';

/** The agencies have one of the words; with `not`, they have none of them. */
export interface WhoPart {
  readonly attribute: keyof RequesterAttributes;
  readonly words: readonly string[];
  readonly not: boolean;
}

/** Agencies of which every part holds. Without parts: all. */
export type WhoCube = readonly WhoPart[];

/** Agencies of one of `any` and of none of `except`. */
export interface WhoCondition {
  readonly any: readonly WhoCube[];
  readonly except: readonly WhoCube[];
}

/**
 * A short description of the agencies in `inside` that none of `outside` answers to; of an agency in neither it may say either. Parts that
 * say what an agency is are preferred to those that say what it is not. Null where the atoms cannot tell the two apart.
 */
export function describeWho(atoms: readonly Atom[], inside: Iterable<RequesterAttributes>, outside: Iterable<RequesterAttributes>): WhoCondition | null {
  const sign = (list: Iterable<RequesterAttributes>) => [...new Set([...list].map((one) => signatureOf(atoms, one)))].sort();
  const [ins, outs] = [sign(inside), sign(outside)];
  const known = new Set(outs);
  if (ins.some((one) => known.has(one))) return null;
  if (ins.length === 0) return { any: [], except: [] };
  if (outs.length === 0) return { any: [[]], except: [] };
  const plain: WhoCondition = { any: coverWho(atoms, ins, outs), except: [] };
  const turned: WhoCondition = { any: [[]], except: coverWho(atoms, outs, ins) };
  return turned.except.length === 1 && costOf(turned.except) + 1 < costOf(plain.any) ? turned : plain;
}

/** "agencies that are part of ICE", "city agencies from Oregon with any 287(g) agreement, or …", "all agencies but …". */
export function whoWords({ any, except }: WhoCondition): string {
  if (any.length === 0) return 'nobody';
  const cases = any.map(cubeWords).join(', or ');
  return except.length === 0 ? cases : `${cases} but ${except.map(cubeWords).join(', and but ')}`;
}

/** The agencies of one cube, in the plural. */
function cubeWords(cube: WhoCube): string {
  if (cube.length === 0) return 'all agencies';
  const justice = cube.some((part) => isJustice(part));
  const said = (Object.entries(attributePhrases) as [keyof RequesterAttributes, AttributePhrases][]).flatMap(([name, phrases]) =>
    cube.filter((part) => part.attribute === name && !isJustice(part)).map((part) => ({ ...sayPart(part, phrases), not: part.not })));
  const at = (place: AttributePhrases['place']) => said.filter((one) => one.place === place).sort((a, b) => Number(a.not) - Number(b.not)).map(({ text }) => text);
  return [...at('before'), ...(justice ? [justicePhrase] : []), 'agencies', ...at('after'), at('clause').join(' and ')].join(' ').trimEnd();
}

function isJustice({ attribute, words, not }: WhoPart): boolean {
  return attribute === 'criminalJustice' && !not && words.length === 1 && words[0] === 'yes';
}

/** Lists that often stand in rules and read badly word by word: how they are said, and how it is said that none of them is so. */
const often: readonly { readonly attribute: WhoPart['attribute']; readonly words: string; readonly yes: Said; readonly no: Said }[] = [
  {
    attribute: 'level', words: 'state county municipal tribal territorial campus special',
    yes: { place: 'before', text: 'state, tribal and local' }, no: { place: 'clause', text: 'that are not state, tribal or local' },
  },
  {
    attribute: 'program287g', words: 'taskForce jail warrantService undeclared',
    yes: { place: 'clause', text: 'that have or may have a 287(g) agreement' }, no: { place: 'after', text: 'with no 287(g) agreement' },
  },
  {
    attribute: 'program287g', words: 'taskForce jail warrantService',
    yes: { place: 'after', text: 'with a 287(g) agreement' }, no: { place: 'after', text: 'without a known 287(g) agreement' },
  },
];

/** Where a list holds what is not known besides: how the other words are led. */
const unknownToo: Readonly<Partial<Record<WhoPart['attribute'], { readonly yes: string; readonly no: string }>>> = {
  department: { yes: 'that are or may be of', no: 'that are known not to be of' },
  homeState: { yes: 'that are or may be from', no: 'that are known not to be from' },
  program287g: { yes: 'that have or may have', no: 'that are known not to have' },
  taskForce: { yes: 'that are or may be in', no: 'that are known not to be in' },
  component: { yes: 'that are or may be part of', no: 'that are known not to be part of' },
  mission: { yes: 'whose job is or may be', no: 'whose job is known and is not' },
  certified: { yes: 'that have or may have certified', no: 'that are known not to have certified' },
  audit: { yes: 'whose audit is or may be', no: 'whose audit is known and is not' },
  criminalJustice: { yes: 'that are or may be', no: 'that are known not to be' },
  sharedOri: { yes: 'that use or may use', no: 'that are known not to use' },
  vendorHosted: { yes: 'that run or may run on', no: 'that are known not to run on' },
};

interface Said {
  readonly place: AttributePhrases['place'];
  readonly text: string;
}

/** What stands before the noun is denied in a clause: "agencies that are not federal". */
function sayPart({ attribute, words, not }: WhoPart, { lead, words: phrase, sets, place }: AttributePhrases): Said {
  const known = often.find((one) => one.attribute === attribute && one.words === words.join(' '));
  if (known !== undefined) return not ? known.no : known.yes;
  const set = sets.find((one) => one.words.every((word) => words.includes(word)));
  const unknown = words.length > 1 && words.includes('undeclared') ? unknownToo[attribute] : undefined;
  const list = [...(set === undefined ? [] : [set.phrase]), ...words.filter((word) => set?.words.includes(word) !== true && (unknown === undefined || word !== 'undeclared')).map(phrase)];
  if (unknown !== undefined) return { place: 'clause', text: `${not ? unknown.no : unknown.yes} ${joined(list, 'or')}` };
  if (!not) return { place, text: `${lead} ${joined(list, 'or')}`.trimStart() };
  return place === 'before' ? { place: 'clause', text: `that are not ${joined(list, 'or')}` } : { place, text: `${denied(lead)} ${joined(list, 'or')}` };
}

/** "with" becomes "without", "that are" "that are not", "that use" "that do not use", "from" "not from". */
function denied(lead: string): string {
  if (lead === 'with') return 'without';
  const verb = /^(that|whose \w+) (are|is|have)\b(.*)$/.exec(lead);
  if (verb !== null) return `${verb[1] ?? ''} ${verb[2] ?? ''} not${verb[3] ?? ''}`;
  return lead.startsWith('that ') ? `that do not ${lead.slice('that '.length)}` : `not ${lead}`;
}

/** Greedy: of the cubes around single signatures, the one that takes in most for its length, until all are in. */
function coverWho(atoms: readonly Atom[], ins: readonly string[], outs: readonly string[]): readonly WhoCube[] {
  const seeds = ins.length <= seedsAtMost ? ins : ins.filter((_, i) => i % Math.ceil(ins.length / seedsAtMost) === 0);
  const cubes = new Map<string, readonly number[]>();
  const consider = (seed: string) => { const cube = cubeAt(atoms, seed, outs); cubes.set(cube.join(), cube); };
  for (const seed of seeds) consider(seed);
  const open = new Set(ins);
  const chosen: (readonly number[])[] = [];
  while (open.size > 0) {
    let best: { cube: readonly number[]; worth: number } | null = null;
    for (const cube of cubes.values()) {
      const worth = [...open].filter((one) => takes(cube, one)).length / (1 + cubeCost(atoms, cube));
      if (worth > 0 && (best === null || worth > best.worth)) best = { cube, worth };
    }
    if (best === null) {
      consider([...open][0] ?? '');
      continue;
    }
    chosen.push(best.cube);
    for (const one of open) if (takes(best.cube, one)) open.delete(one);
  }
  return withoutNeedless(chosen, ins).map((cube) => simplified(cube.map((literal) => partOf(atoms, literal))));
}

function withoutNeedless(cubes: readonly (readonly number[])[], ins: readonly string[]): readonly (readonly number[])[] {
  return [...cubes].reverse().reduce((kept, cube) => {
    const others = kept.filter((one) => one !== cube);
    return ins.every((one) => others.some((other) => takes(other, one))) ? others : kept;
  }, cubes);
}

const seedsAtMost = 60;

/** Literals are numbers: 2n where atom n holds, 2n + 1 where it does not. The fewest of the seed's, greedily, that no signature outside has all of. */
function cubeAt(atoms: readonly Atom[], seed: string, outs: readonly string[]): readonly number[] {
  const literals = Array.from(seed, (bit, atom) => atom * 2 + (bit === '1' ? 0 : 1));
  let left = outs;
  const chosen: number[] = [];
  while (left.length > 0) {
    let best: { literal: number; worth: number } | null = null;
    for (const literal of literals) {
      const worth = left.filter((one) => !takes([literal], one)).length / literalCost(atoms, literal);
      if (worth > 0 && (best === null || worth > best.worth)) best = { literal, worth };
    }
    if (best === null) break;
    const { literal } = best;
    chosen.push(literal);
    left = left.filter((one) => takes([literal], one));
  }
  const byCost = [...chosen].sort((a, b) => literalCost(atoms, b) - literalCost(atoms, a));
  const kept = byCost.reduce<readonly number[]>((now, literal) => {
    const without = now.filter((one) => one !== literal);
    return outs.some((one) => takes(without, one)) ? now : without;
  }, byCost);
  return [...kept].sort((a, b) => a - b);
}

function takes(cube: readonly number[], signature: string): boolean {
  return cube.every((literal) => signature[literal >>> 1] === (literal % 2 === 0 ? '1' : '0'));
}

function partOf(atoms: readonly Atom[], literal: number): WhoPart {
  const atom = atoms[literal >>> 1] as Atom;
  return { attribute: atom.attribute, words: atom.words, not: literal % 2 === 1 };
}

function literalCost(atoms: readonly Atom[], literal: number): number {
  return partCost(partOf(atoms, literal));
}

/** What is said by its opposite is harder to read, and so is a list, but for those that have a phrase of their own. */
function partCost({ attribute, words, not }: WhoPart): number {
  const short = often.some((one) => one.attribute === attribute && one.words === words.join(' '));
  return (not ? 1.5 : 1) + (short ? 0 : 0.1 * (words.length - 1));
}

function cubeCost(atoms: readonly Atom[], cube: readonly number[]): number {
  return cube.reduce((sum, literal) => sum + literalCost(atoms, literal), 0);
}

function costOf(cubes: readonly WhoCube[]): number {
  return cubes.reduce((sum, cube) => sum + 1 + cube.reduce((total, part) => total + partCost(part), 0), 0);
}

/** Of an attribute with one word: what all parts leave, as one part. In the order of the vocabulary. */
function simplified(cube: WhoCube): WhoCube {
  return (Object.keys(attributeWords) as (keyof RequesterAttributes)[]).flatMap((name) => {
    const parts = cube.filter(({ attribute }) => attribute === name);
    const has = parts.filter(({ not }) => !not);
    if (parts.length < 2 || has.length === 0 || lists.has(name)) return parts;
    const [first, ...rest] = has;
    const words = (first?.words ?? []).filter((word) => rest.every((one) => one.words.includes(word)) && !parts.some((one) => one.not && one.words.includes(word)));
    return [{ attribute: name, words, not: false }];
  });
}

const lists: ReadonlySet<string> = new Set(['component', 'mission', 'program287g', 'taskForce', 'certified']);
