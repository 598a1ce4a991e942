import type { ActEntry, DecisionEntry, EntryRequester, OpeningEntry, OwnerEntry, RedeliveryEntry, VerdictEntry, WithheldEntry } from '../../model/index.ts';
import type { Field } from '../types.ts';
import { EntryError } from './errors.ts';
import { kept, optional, quoted, texts } from './jsonText.ts';

/**
 * The fields of an entry in an owner's log (docs/ledger-formats.md, "Commitment"): twelve of a decision, nine of a verdict, four of any other. Each text is the JSON
 * of one object. A decision is the hot path of the exchange, and much of it is the same from one to the next (the attributes of a requester,
 * what a rule set decided): those parts are one frozen object each, so their text is kept with them.
 */
export function fieldsOf(entry: OwnerEntry): readonly Field[] {
  if (entry.type === 'decision') return decisionFields(entry);
  return entry.type === 'verdict' ? verdictFields(entry) : otherFields(entry);
}

/** The entry that fields were made of. Throws `ENTRY_FORMAT` where they are of none; only who holds the owner's keys controls the input. */
export function entryOf(fields: readonly Field[]): OwnerEntry {
  const entry: Record<string, unknown> = {};
  for (const { name, text } of fields) {
    // The day is in the time.
    if (name !== 'day') Object.assign(entry, objectOf(name, text));
  }
  if (typeof entry['type'] !== 'string' || !ownerTypes.has(entry['type'])) throw new EntryError('ENTRY_FORMAT', 'these fields are not those of an entry of an owner');
  return entry as unknown as OwnerEntry;
}

function decisionFields(e: DecisionEntry): readonly Field[] {
  return [
    { name: 'entry', text: `{"type":"decision","v":1,"id":${quoted(e.id)},"inquiry":${quoted(e.inquiry)},"engine":${quoted(e.engine)},"owner":${quoted(e.owner)}}` },
    { name: 'day', text: `{"day":${quoted(e.at.slice(0, 10))}}` },
    { name: 'time', text: `{"at":${quoted(e.at)}}` },
    { name: 'message', text: `{"key":${quoted(e.key)},"kind":${quoted(e.kind)},"format":${quoted(e.format)},"destinations":${texts(e.destinations)}}` },
    { name: 'requester', text: `{"requester":${requesterText(e.requester)}}` },
    { name: 'behalf', text: `{"onBehalfOf":${e.onBehalfOf === null ? 'null' : requesterText(e.onBehalfOf)},"delegated":${String(e.delegated)},"credential":${optional(e.credential)}}` },
    { name: 'reason', text: `{"purpose":${quoted(e.purpose)},"evidence":${kept(e.evidence)}}` },
    { name: 'outcome', text: `{"status":${quoted(e.status)},"decisions":${kept(e.decisions)}}` },
    { name: 'duties', text: `{"duties":${kept(e.duties)},"limits":${kept(e.limits)},"ticket":${e.ticket === null ? 'null' : JSON.stringify(e.ticket)}}` },
    { name: 'given', text: `{"released":${texts(e.released)},"records":${e.records}}` },
    { name: 'rules', text: `{"policyVersion":${String(e.policyVersion)},"policyHash":${optional(e.policyHash)},"registryVersion":${e.registryVersion},"registryHash":${quoted(e.registryHash)},"tableHash":${optional(e.tableHash)}}` },
    { name: 'subject', text: `{"subjectTag":${optional(e.subjectTag)},"recordTags":${texts(e.recordTags)},"releasedHash":${optional(e.releasedHash)},"sealed":${quoted(e.sealed)}${e.marks === undefined ? '' : `,"marks":${JSON.stringify(e.marks)}`}}` },
  ];
}

type Written =
  | 'type' | 'v' | 'id' | 'inquiry' | 'engine' | 'owner' | 'at' | 'key' | 'kind' | 'format' | 'destinations' | 'requester' | 'onBehalfOf' | 'delegated' | 'credential'
  | 'purpose' | 'evidence' | 'status' | 'decisions' | 'duties' | 'limits' | 'ticket' | 'released' | 'records' | 'policyVersion' | 'policyHash' | 'registryVersion'
  | 'registryHash' | 'tableHash' | 'subjectTag' | 'recordTags' | 'releasedHash' | 'sealed' | 'marks';
/** Does not compile where a decision gains a member that is not written above. */
export type NothingForgotten = [Exclude<keyof DecisionEntry, Written>] extends [never] ? true : never;
true satisfies NothingForgotten;

/** The members of the other entries that are in `body`, in the order of the model. Does not compile where one is forgotten. */
type Body<E> = { readonly [M in Exclude<keyof E, 'type' | 'v' | 'id' | 'at' | 'owner'>]: true };
const redelivery: Body<RedeliveryEntry> = { inquiry: true, requester: true, credential: true };
const opening: Body<OpeningEntry> = { to: true, who: true, order: true, entries: true, indices: true, fields: true, withheld: true };
const withheld: Body<WithheldEntry> = { index: true, until: true, order: true };
const act: Body<ActEntry> = { act: true, who: true, role: true, on: true, result: true, hash: true, detail: true, sealed: true };
const bodies: { readonly [T in Exclude<OwnerEntry['type'], 'decision' | 'verdict'>]: readonly string[] } = {
  redelivery: Object.keys(redelivery), opening: Object.keys(opening), withheld: Object.keys(withheld), act: Object.keys(act),
};
const ownerTypes: ReadonlySet<string> = new Set(['decision', 'verdict', ...Object.keys(bodies)]);

/** The parts of a verdict, as its readers see them: a resident neither the hour nor who decided. */
const verdictParts = {
  requester: ['requester'], outcome: ['verdict', 'reason', 'decisions'], given: ['released', 'records'], rules: ['policyVersion', 'policyHash'],
  body: ['inquiry', 'ticket', 'entry', 'who', 'role'], subject: ['subjectTag', 'recordTags', 'releasedHash', 'sealed'],
} as const satisfies Readonly<Record<string, readonly (keyof VerdictEntry)[]>>;
type VerdictWritten = (typeof verdictParts)[keyof typeof verdictParts][number] | 'type' | 'v' | 'id' | 'at' | 'owner';
export type NoVerdictForgotten = [Exclude<keyof VerdictEntry, VerdictWritten>] extends [never] ? true : never;
true satisfies NoVerdictForgotten;

function verdictFields(e: VerdictEntry): readonly Field[] {
  return [
    ...headFields(e),
    ...Object.entries(verdictParts).map(([name, members]) => ({ name, text: JSON.stringify(Object.fromEntries(members.map((member) => [member, e[member]]))) })),
  ];
}

function headFields(e: Exclude<OwnerEntry, DecisionEntry>): readonly Field[] {
  return [
    { name: 'entry', text: `{"type":${quoted(e.type)},"v":1,"id":${quoted(e.id)},"owner":${quoted(e.owner)}}` },
    { name: 'day', text: `{"day":${quoted(e.at.slice(0, 10))}}` },
    { name: 'time', text: `{"at":${quoted(e.at)}}` },
  ];
}

function otherFields(e: Exclude<OwnerEntry, DecisionEntry | VerdictEntry>): readonly Field[] {
  return [
    ...headFields(e),
    { name: 'body', text: JSON.stringify(Object.fromEntries(bodies[e.type].map((member) => [member, e[member as keyof typeof e]]))) },
  ];
}

function requesterText({ ori, organisation, attributes }: EntryRequester): string {
  return `{"ori":${quoted(ori)},"organisation":${quoted(organisation)},"attributes":${kept(attributes)}}`;
}

function objectOf(name: string, text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Said below, without the text: it may name a person.
  }
  throw new EntryError('ENTRY_FORMAT', `the field ${name} is not the JSON of an object`);
}
