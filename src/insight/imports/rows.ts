import { marksOf } from '../../exchange/marks.ts';
import type { Sealer } from '../../exchange/ports.ts';
import { emptyExtension, type Sex, type Subject } from '../../model/index.ts';
import { allDataClasses, allPurposes, answerStatuses, classesWanted, courtClasses, gradeOrder, inquiryKeys, messageKeys, namesOf, type DataClass } from '../../vocabulary/index.ts';
import type { OwnerWriter, RowColumns } from '../archive/types.ts';
import type { LogEntry } from './entry.ts';
import type { Mapping } from './mappingSchema.ts';
import type { Oris, PlacedOri } from './oris.ts';
import type { ContentSnapshot } from '../../registry/index.ts';

/** The part of a writer that takes rows and words; a run that writes nothing has one that forgets them. */
export type RowWriter = Pick<OwnerWriter, 'attributes' | 'requester' | 'context' | 'outcome' | 'addColumns'>;

const batchRows = 16_384;

/** Turns entries into rows of the archive. Here the names end: what goes on are tags keyed by the owner, and flags. */
export class Rows {
  readonly #writer: RowWriter;
  readonly #sealer: Sealer;
  readonly #owner: string;
  readonly #registry: ContentSnapshot;
  readonly #oris: Oris;
  readonly #format: 'legacy' | 'niem' | 'json';
  readonly #contexts = new Map<number, number>();
  readonly #outcomes = new Map<number, number>();
  #batch = newBatch();
  #length = 0;

  constructor(parts: { readonly writer: RowWriter; readonly sealer: Sealer; readonly owner: string; readonly registry: ContentSnapshot; readonly oris: Oris; readonly mapping: Mapping }) {
    this.#writer = parts.writer;
    this.#sealer = parts.sealer;
    this.#owner = parts.owner;
    this.#registry = parts.registry;
    this.#oris = parts.oris;
    this.#format = parts.mapping.messageFormat ?? 'legacy';
  }

  add(index: number, entry: LogEntry): void {
    const batch = this.#batch;
    const at = this.#length;
    batch.index[at] = index;
    batch.at[at] = entry.at;
    batch.who[at] = this.#requester(entry.who, entry.at);
    batch.behalf[at] = entry.behalf === null ? -1 : this.#requester(entry.behalf, entry.at);
    batch.context[at] = this.#context(entry);
    batch.outcome[at] = this.#outcome(entry);
    batch.records[at] = entry.records ?? (gives(entry) ? 1 : 0);
    this.#marks(batch, at, entry);
    this.#length += 1;
    if (this.#length === batchRows) this.flush();
  }

  /** Hands what is left to the writer. */
  flush(): void {
    if (this.#length > 0) this.#writer.addColumns(cutTo(this.#batch, this.#length));
    this.#batch = newBatch();
    this.#length = 0;
  }

  /** How many agencies with their attributes were met; each is a word of the dictionary. */
  requesters = 0;

  #requester(placed: PlacedOri, at: number): number {
    const day = Math.floor(at / 86_400_000);
    if (placed.day === day) return placed.word;
    const attributes = this.#oris.attributes(placed, at);
    let word = placed.words.get(attributes);
    if (word === undefined) {
      word = this.#writer.requester({ ori: placed.ori, organisation: placed.requester?.organisation ?? '', attributes: this.#writer.attributes(attributes) });
      placed.words.set(attributes, word);
      this.requesters += 1;
    }
    placed.day = day;
    placed.word = word;
    return word;
  }

  #context(entry: LogEntry): number {
    const delegated = entry.behalf === null ? null : this.#registry.mayActFor(entry.who.ori, entry.behalf.ori, new Date(entry.at));
    const code = [
      inquiryKeys.indexOf(entry.key), entry.image ? 1 : 0, allPurposes.indexOf(entry.purpose), gradeOrder.indexOf(entry.warrant), courts.indexOf(entry.court), gradeOrder.indexOf(entry.caseNumber),
      delegated === null ? 0 : delegated ? 1 : 2,
    ].reduce((sum, value) => sum * 32 + value, 0);
    let word = this.#contexts.get(code);
    if (word === undefined) {
      word = this.#writer.context({
        key: entry.key, kind: messageKeys[entry.key].kind, format: this.#format, purpose: entry.purpose, warrant: entry.warrant, court: entry.court, caseNumber: entry.caseNumber,
        wanted: classesWanted(entry.key, entry.image), delegated,
      });
      this.#contexts.set(code, word);
    }
    return word;
  }

  #outcome(entry: LogEntry): number {
    const released = gives(entry) ? entry.released ?? classesWanted(entry.key, entry.image) : none;
    const code = released.reduce((sum, one) => sum + 2 ** allDataClasses.indexOf(one), 0) * 8 + statuses.indexOf(entry.status);
    let word = this.#outcomes.get(code);
    if (word === undefined) {
      word = this.#writer.outcome({
        status: entry.status, decisions: [], released, usedUp: [], duties: [], held: entry.status === 'held', policyVersion: null, policyHash: null, tableHash: null,
        registryVersion: this.#registry.version, registryHash: this.#registry.hash,
      });
      this.#outcomes.set(code, word);
    }
    return word;
  }

  #marks(batch: Batch, at: number, { who, key, subject, user, userName }: LogEntry): void {
    const owner = this.#owner;
    if (subject !== null) setTag(batch.subject, at, this.#sealer.tag(owner, subject));
    // A name in a column of its own says more than what the agency writes for the user; the user is tagged by the latter.
    const asker = userName === null ? user : `${userName.surname}, ${userName.given}`;
    const marks = marksOf(this.#sealer, owner, {
      key, requester: who.ori, destinations: [], control: null, subject: subject ?? noSubject, image: null, reason: null, legacyPurpose: null, attention: null,
      extension: { ...emptyExtension, user: asker },
    }, []);
    const userTag = userName !== null && user !== null ? this.#sealer.tag(owner, { kind: 'user', ori: who.ori, user: user.toUpperCase() }) : marks?.user ?? null;
    if (userTag !== null) setTag(batch.user, at, userTag);
    if (marks === null) return;
    if (marks.userName !== null) setTag(batch.userName, at, marks.userName);
    if (marks.subjectName !== null) setTag(batch.subjectName, at, marks.subjectName);
    batch.flags[at] = (marks.self === null ? 0 : 2 + Number(marks.self)) | (marks.sameSurname === null ? 0 : 8 + 4 * Number(marks.sameSurname));
    batch.sex[at] = marks.sex === null ? 0 : sexes.indexOf(marks.sex) + 1;
  }
}

const none: readonly DataClass[] = [];
const noSubject: Subject = { kind: 'licence', number: '' };
const statuses = namesOf(answerStatuses);
const courts = namesOf(courtClasses);
const sexes: readonly Sex[] = ['M', 'F', 'U', 'X'];

function gives({ status }: LogEntry): boolean {
  return status === 'answered' || status === 'answeredInPart';
}

/** The columns of a batch; of tags the two halves of 64 bits, lower first. */
type Batch = Omit<RowColumns, 'length' | 'subject' | 'subjectName' | 'user' | 'userName'> & Readonly<Record<'subject' | 'subjectName' | 'user' | 'userName', Uint32Array>>;

function newBatch(): Batch {
  const tags = (): Uint32Array => new Uint32Array(2 * batchRows);
  const words = (): Int32Array => new Int32Array(batchRows);
  return {
    index: new Float64Array(batchRows), at: new Float64Array(batchRows), type: new Uint8Array(batchRows), who: words(), behalf: words(), context: words(), outcome: words(), records: words(),
    subject: tags(), subjectName: tags(), user: tags(), userName: tags(), flags: new Uint8Array(batchRows), sex: new Uint8Array(batchRows),
  };
}

function cutTo(batch: Batch, length: number): RowColumns {
  const tags = (halves: Uint32Array): BigUint64Array => new BigUint64Array(halves.buffer, 0, length);
  return {
    length,
    index: batch.index.subarray(0, length), at: batch.at.subarray(0, length), type: batch.type.subarray(0, length), who: batch.who.subarray(0, length), behalf: batch.behalf.subarray(0, length),
    context: batch.context.subarray(0, length), outcome: batch.outcome.subarray(0, length), records: batch.records.subarray(0, length),
    subject: tags(batch.subject), subjectName: tags(batch.subjectName), user: tags(batch.user), userName: tags(batch.userName), flags: batch.flags.subarray(0, length), sex: batch.sex.subarray(0, length),
  };
}

/** The first 64 bits of a tag in hexadecimal. */
function setTag(halves: Uint32Array, at: number, tag: string): void {
  halves[2 * at + littleEndianHigh] = Number.parseInt(tag.slice(0, 8), 16);
  halves[2 * at + 1 - littleEndianHigh] = Number.parseInt(tag.slice(8, 16), 16);
}

/** Where the upper half of a number of 64 bits stands: behind the lower one on nearly every machine. */
const littleEndianHigh = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0;
