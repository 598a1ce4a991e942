import type { DecisionEntry, Entry } from '../model/index.ts';

/**
 * An entry as it is stored: exactly the JSON that `JSON.stringify` gives. A decision's entry is the hot path of the exchange, and
 * much of it is the same from one to the next (the attributes of a requester, what a rule set decided): those parts are one frozen
 * object each, so their text is kept with them, and the rest is written out member by member.
 */
export function entryText(entry: Entry): string {
  return entry.type === 'decision' ? decisionText(entry) : JSON.stringify(entry);
}

function decisionText(e: DecisionEntry): string {
  return `{"type":"decision","v":1,"id":${quoted(e.id)},"at":${quoted(e.at)},"inquiry":${quoted(e.inquiry)},"owner":${quoted(e.owner)},"key":${quoted(e.key)}`
    + `,"kind":${quoted(e.kind)},"format":${quoted(e.format)},"destinations":${texts(e.destinations)},"requester":${requesterText(e.requester)}`
    + `,"onBehalfOf":${e.onBehalfOf === null ? 'null' : requesterText(e.onBehalfOf)},"delegated":${String(e.delegated)},"credential":${optional(e.credential)}`
    + `,"purpose":${quoted(e.purpose)},"evidence":${kept(e.evidence)},"status":${quoted(e.status)},"decisions":${kept(e.decisions)},"released":${texts(e.released)}`
    + `,"records":${e.records},"releasedHash":${optional(e.releasedHash)},"policyVersion":${String(e.policyVersion)},"policyHash":${optional(e.policyHash)}`
    + `,"registryVersion":${e.registryVersion},"registryHash":${quoted(e.registryHash)},"tableHash":${optional(e.tableHash)},"duties":${kept(e.duties)}`
    + `,"limits":${kept(e.limits)},"ticket":${e.ticket === null ? 'null' : JSON.stringify(e.ticket)},"subjectTag":${optional(e.subjectTag)},"sealed":${quoted(e.sealed)},"engine":${quoted(e.engine)}}`;
}

type Written =
  | 'type' | 'v' | 'id' | 'at' | 'inquiry' | 'owner' | 'key' | 'kind' | 'format' | 'destinations' | 'requester' | 'onBehalfOf' | 'delegated' | 'credential' | 'purpose'
  | 'evidence' | 'status' | 'decisions' | 'released' | 'records' | 'releasedHash' | 'policyVersion' | 'policyHash' | 'registryVersion' | 'registryHash' | 'tableHash'
  | 'duties' | 'limits' | 'ticket' | 'subjectTag' | 'sealed' | 'engine';
/** Does not compile where an entry gains a member that is not written above. */
export type NothingForgotten = [Exclude<keyof DecisionEntry, Written>] extends [never] ? true : never;
true satisfies NothingForgotten;

function requesterText({ ori, organisation, attributes }: DecisionEntry['requester']): string {
  return `{"ori":${quoted(ori)},"organisation":${quoted(organisation)},"attributes":${kept(attributes)}}`;
}

function optional(text: string | null): string {
  return text === null ? 'null' : quoted(text);
}

function texts(list: readonly string[]): string {
  return list.length === 1 ? `[${quoted(list[0] ?? '')}]` : JSON.stringify(list);
}

function quoted(text: string): string {
  return plain.test(text) ? `"${text}"` : JSON.stringify(text);
}

/** What JSON writes as it is. */
const plain = /^[ !#-[\]-~]*$/;

/** The text of a frozen object is kept with it; anything else could have changed. */
function kept(value: object): string {
  if (!Object.isFrozen(value)) return JSON.stringify(value);
  let text = known.get(value);
  if (text === undefined) known.set(value, (text = JSON.stringify(value)));
  return text;
}

const known = new WeakMap<object, string>();
