import type { RequesterAttributes } from '../../vocabulary/index.ts';
import { partyOf } from '../parties.ts';
import { dictionaryNames, type DictionaryName } from './schema.ts';
import { ArchiveError, type AttributesWord, type ContextWord, type OutcomeWord, type OwnerWords, type RequesterWord } from './types.ts';

/** The dictionaries of an owner while it is written: each word has one number, whoever gives it again. */
export interface Words {
  attributes(word: RequesterAttributes): number;
  requester(word: RequesterWord): number;
  context(word: ContextWord): number;
  outcome(word: OutcomeWord): number;
  /** How many words of a dictionary there are. */
  size(name: DictionaryName): number;
  all(): OwnerWords;
}

type Kept = { readonly [N in DictionaryName]: { readonly list: OwnerWords[N][number][]; readonly places: Map<string, number> } };

/** Goes on with the words that were sealed. */
export function openWords(owner: string, sealed: OwnerWords): Words {
  const kept: Kept = {
    attributes: keep(sealed.attributes.map((word) => attributesWord(word, owner))), requesters: keep(sealed.requesters.map(requesterWord)),
    contexts: keep(sealed.contexts.map(contextWord)), outcomes: keep(sealed.outcomes.map(outcomeWord)),
  };
  return {
    attributes: (word) => place(kept.attributes, attributesWord(word, owner)),
    requester: (word) => {
      const known = kept.attributes.list.length;
      if (!Number.isInteger(word.attributes) || word.attributes < 0 || word.attributes >= known) throw new ArchiveError('ARCHIVE_ORDER', `the asker ${word.ori} names attributes ${word.attributes}, of which there are ${known}`);
      return place(kept.requesters, requesterWord(word));
    },
    context: (word) => place(kept.contexts, contextWord(word)),
    outcome: (word) => place(kept.outcomes, outcomeWord(word)),
    size: (name) => kept[name].list.length,
    all: () => ({ attributes: kept.attributes.list, requesters: kept.requesters.list, contexts: kept.contexts.list, outcomes: kept.outcomes.list }),
  };
}

export const noWords: OwnerWords = { attributes: [], requesters: [], contexts: [], outcomes: [] };

/** The words as the lines of their files: the columns of `schema.ts`, with `id`. */
export function linesOf(words: OwnerWords, name: DictionaryName): readonly object[] {
  if (name !== 'outcomes') return words[name].map((word, id) => ({ id, ...word }));
  return words.outcomes.map((word, id) => ({ id, ...word, decisions: JSON.stringify(word.decisions), rules: [...new Set(word.decisions.flatMap(({ rules }) => rules))] }));
}

/** The words of lines as they were read, in the order of their ids. Throws `ARCHIVE_DAMAGED` where an id is missing. */
export function wordsOf(lines: Readonly<Record<DictionaryName, readonly Readonly<Record<string, unknown>>[]>>): OwnerWords {
  const list = (name: DictionaryName): unknown[] => lines[name].map(({ id, ...word }, at) => {
    if (id !== at) throw new ArchiveError('ARCHIVE_DAMAGED', `the dictionary \`${name}\` has no word ${at}`);
    if (name !== 'outcomes') return word;
    const { rules: _rules, decisions, ...rest } = word;
    return { ...rest, decisions: JSON.parse(decisions as string) as unknown };
  });
  const [attributes, requesters, contexts, outcomes] = dictionaryNames.map(list);
  return { attributes, requesters, contexts, outcomes } as unknown as OwnerWords;
}

// Each word is made anew, also those that were read, with its members in one order and no others: so equal words have equal texts.

function attributesWord(word: RequesterAttributes, owner: string): AttributesWord {
  const { level, department, component, homeState, mission, program287g, taskForce, certified, audit, criminalJustice, sharedOri, vendorHosted } = word;
  return { level, department, component, homeState, mission, program287g, taskForce, certified, audit, criminalJustice, sharedOri, vendorHosted, party: partyOf(word, owner) };
}

function requesterWord({ ori, organisation, attributes }: RequesterWord): RequesterWord {
  return { ori, organisation, attributes };
}

function contextWord({ key, kind, format, purpose, warrant, court, caseNumber, wanted, delegated }: ContextWord): ContextWord {
  return { key, kind, format, purpose, warrant, court, caseNumber, wanted, delegated };
}

function outcomeWord(word: OutcomeWord): OutcomeWord {
  const { status, released, usedUp, duties, held, policyVersion, policyHash, tableHash, registryVersion, registryHash } = word;
  const decisions = word.decisions.map(({ dataClass, outcome, rules, treatment, review }) => ({
    dataClass, outcome, rules, treatment, review: review === null ? null : { by: review.by, withinSeconds: review.withinSeconds, onTimeout: review.onTimeout },
  }));
  return { status, decisions, released, usedUp, duties, held, policyVersion, policyHash, tableHash, registryVersion, registryHash };
}

function keep<W>(words: readonly W[]): { readonly list: W[]; readonly places: Map<string, number> } {
  return { list: [...words], places: new Map(words.map((word, at) => [JSON.stringify(word), at])) };
}

function place<W>({ list, places }: { readonly list: W[]; readonly places: Map<string, number> }, word: W): number {
  const text = JSON.stringify(word);
  const known = places.get(text);
  if (known !== undefined) return known;
  places.set(text, list.length);
  list.push(word);
  return list.length - 1;
}
