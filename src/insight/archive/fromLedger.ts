import { limitsUsedUp } from '../../policy/index.ts';
import { undeclaredAttributes } from '../../vocabulary/index.ts';
import type { DecisionEntry, EntryRequester, OwnerEntry, SystemEntry, VerdictEntry } from '../../model/index.ts';
import type { ArchiveEvent, ArchiveRow, Decider, Ending, HeldTerms, Marks, OwnerWriter, RequesterWord } from './types.ts';

/** Turns entries of one owner into rows. It goes on with the words that the writer has. */
export type RowMaker = (entry: OwnerEntry, index: number) => ArchiveRow;

const noMarks: Marks = { subject: null, subjectName: null, user: null, userName: null, self: null, sameSurname: null, sex: null };

/** Makes rows of the entries that go to a writer. Nothing of an entry that could name a person is read: only tags, of which the first 64 bits are kept, and flags. */
export function rowMaker(writer: OwnerWriter): RowMaker {
  const words = wordsFor(writer);
  return (entry, index) => {
    const base = { index, at: Date.parse(entry.at), type: entry.type, who: null, behalf: null, context: null, outcome: null, records: 0, ...noMarks };
    switch (entry.type) {
      case 'decision': return { ...base, ...words.decision(entry), records: entry.records, ...marksOf(entry) };
      case 'redelivery': return { ...base, who: words.knownAs(entry.requester) };
      case 'verdict': return { ...base, who: words.knownAs(entry.requester), records: entry.records, subject: tagBits(entry.subjectTag) };
      case 'opening': case 'withheld': case 'act': return base;
    }
  };
}

/** Gives what an entry says of a review to the writer: a request that waits, or the verdict on one. `row` is that of the entry, which the writer has. */
export function noteReview(writer: OwnerWriter, entry: OwnerEntry, { index, at, who, behalf, context, outcome, records }: ArchiveRow): void {
  if (entry.type === 'decision' && entry.ticket !== null) writer.hold(entry.id, { index, at, who, behalf, context, outcome, records }, termsOf(entry.ticket));
  if (entry.type === 'verdict') writer.end(entry.entry, endingOf(entry, index));
}

export function termsOf({ deadline, exigent }: NonNullable<DecisionEntry['ticket']>): HeldTerms {
  const at = Date.parse(deadline);
  return { deadline: Number.isNaN(at) ? 0 : at, exigent: exigent ?? false };
}

/** A verdict without who decided: that it was a person, or the clock, is all that is kept. */
export function endingOf({ at, verdict, who, reason, decisions, released, records, policyVersion, policyHash }: VerdictEntry, index: number): Ending {
  return { index, at: Date.parse(at), verdict, decidedBy: deciderOf(who), reason, decisions, released, records, policyVersion, policyHash };
}

/** As `VerdictEntry` has it: an account, or `clock`. */
export function deciderOf(who: string): Decider {
  return who === 'clock' ? 'clock' : 'person';
}

/** An entry of the anchor log as an event. */
export function eventOf({ at, event, subject, hash, detail }: SystemEntry, index: number): ArchiveEvent {
  return { index, at: Date.parse(at), event, subject, hash, detail: detail === null ? null : JSON.stringify(detail) };
}

/** The first 64 bits of a tag in hexadecimal; null where there is none. */
export function tagBits(tag: string | null): bigint | null {
  if (tag === null || !/^[0-9a-f]{16,}$/i.test(tag)) return null;
  return BigInt(`0x${tag.slice(0, 16)}`) || 1n;
}

function marksOf({ subjectTag, marks }: DecisionEntry): Marks {
  if (marks === undefined) return { ...noMarks, subject: tagBits(subjectTag) };
  const { user, userName, subjectName, self, sameSurname, sex } = marks;
  return { subject: tagBits(subjectTag), subjectName: tagBits(subjectName), user: tagBits(user), userName: tagBits(userName), self, sameSurname, sex };
}

interface EntryWords {
  decision(entry: DecisionEntry): Pick<ArchiveRow, 'who' | 'behalf' | 'context' | 'outcome'>;
  /** The last word that was made for an ORI: an entry that gives an answer again names no more of the asker. */
  knownAs(ori: string): number;
}

function wordsFor(writer: OwnerWriter): EntryWords {
  const latest = new Map<string, number>(writer.words().requesters.map(({ ori }, place) => [ori, place]));
  const add = (word: RequesterWord): number => {
    const place = writer.requester(word);
    latest.set(word.ori, Math.max(place, latest.get(word.ori) ?? 0));
    return place;
  };
  const requester = ({ ori, organisation, attributes }: EntryRequester): number => add({ ori, organisation, attributes: writer.attributes(attributes) });
  return {
    decision: (entry) => {
      const { key, kind, format, purpose, evidence, decisions, delegated, onBehalfOf } = entry;
      const { status, released, duties, ticket, policyVersion, policyHash, tableHash, registryVersion, registryHash } = entry;
      return {
        who: requester(entry.requester),
        behalf: onBehalfOf === null ? null : requester(onBehalfOf),
        context: writer.context({ key, kind, format, purpose, ...evidence, wanted: decisions.map(({ dataClass }) => dataClass), delegated }),
        outcome: writer.outcome({
          status, decisions, released, usedUp: [...limitsUsedUp(entry)].sort(), duties: [...new Set(duties.map(({ rule }) => rule))], held: ticket !== null,
          policyVersion, policyHash, tableHash, registryVersion, registryHash,
        }),
      };
    },
    knownAs: (ori) => latest.get(ori) ?? add({ ori, organisation: '', attributes: writer.attributes(undeclaredAttributes) }),
  };
}
