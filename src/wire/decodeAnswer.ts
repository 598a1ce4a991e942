import { Compile } from 'typebox/compile';
import type { Answer, DirectoryAnswer, FaultAnswer, Picture, RecordData, WireFault, WireFormat } from '../model/index.ts';
import { readLegacyMessages, type LegacyMessage } from './legacyMessages.ts';
import { answerShape, directoryShape, faultShape, ownerShape } from './niemAnswer.ts';
import { Reject, reject, visible } from './reject.ts';
import { answerSchema, directoryAnswerSchema, problemSchema } from './schemas.ts';
import { defaultWireSettings, type WireSettings } from './settings.ts';
import { Children, parseXml, type XmlTree } from './xmlTree.ts';

/** What a client makes of an answer. JSON and NIEM give the whole value back; legacy text what its lines say. */
export type DecodedAnswer =
  | { readonly ok: true; readonly kind: 'answer'; readonly value: Answer }
  | { readonly ok: true; readonly kind: 'directory'; readonly value: DirectoryAnswer }
  | { readonly ok: true; readonly kind: 'fault'; readonly value: FaultAnswer }
  | { readonly ok: true; readonly kind: 'messages'; readonly value: readonly LegacyMessage[] }
  | { readonly ok: false; readonly fault: WireFault };

/** The answer of an exchange, read by a client. Never throws. */
export function decodeAnswer(format: WireFormat, text: string, settings: WireSettings = defaultWireSettings): DecodedAnswer {
  try {
    if (text.length > settings.maxAnswerLength) throw new Reject('tooLarge', 'the answer is too large', null);
    return readers[format](text, settings);
  } catch (error) {
    const { code, message, at } = error instanceof Reject ? error : new Reject('internal', 'the answer could not be read', null);
    return { ok: false, fault: { code, message, echo: visible(text.slice(0, 200)), at: at === null ? null : visible(at) } };
  }
}

const readers: Readonly<Record<WireFormat, (text: string, settings: WireSettings) => DecodedAnswer>> = {
  legacy: (text) => ({ ok: true, kind: 'messages', value: readLegacyMessages(text) }),
  niem: readNiemAnswer,
  json: readJsonAnswer,
};

function readNiemAnswer(text: string, settings: WireSettings): DecodedAnswer {
  const root = parseXml(text, { maxDepth: settings.maxDepth, maxFields: 1_000_000 });
  if (root.name !== 'n2:NLETS') reject('malformed', 'the root is not that of a message', null);
  const top = new Children(root, '');
  if (top.maybe('n2:NLETSMessageHeader') === null) reject('badHeader', 'the header is missing', 'n2:NLETSMessageHeader');
  const responses = top.many('n2:NLETSResponseData').map((one) => new Children(one, 'n2:NLETSResponseData'));
  const exchange = top.maybe('wx:Exchange');
  top.done();
  if (exchange !== null) {
    const answers = responses.map((one) => ownerShape.read(one.maybe('wx:OwnerAnswer') ?? missing('wx:OwnerAnswer'), 'wx:OwnerAnswer'));
    return { ok: true, kind: 'answer', value: { ...answerShape.read(withoutNotice(exchange), 'wx:Exchange'), answers } };
  }
  const directory = responses[0]?.maybe('wx:Directory') ?? null;
  if (directory !== null) return { ok: true, kind: 'directory', value: directoryShape.read(withoutNotice(directory), 'wx:Directory') };
  return { ok: true, kind: 'fault', value: faultShape.read(responses[0]?.maybe('wx:Fault') ?? missing('wx:Exchange'), 'wx:Fault') };
}

function missing(name: string): never {
  reject('fieldMissing', 'an element is missing', name);
}

function withoutNotice(tree: XmlTree): XmlTree {
  return { ...tree, children: tree.children.filter((child) => child.name !== 'wx:Notice') };
}

function readJsonAnswer(text: string): DecodedAnswer {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return reject('malformed', 'the answer is not JSON', null);
  }
  const { answer, directory, problem } = (checks ??= {
    answer: Compile(answerSchema), directory: Compile(directoryAnswerSchema), problem: Compile(problemSchema),
  });
  if (answer.Check(value)) {
    const { notice: _notice, ...whole } = value;
    const answers = whole.answers.map((one) => ({ ...one, records: one.records.map(recordOf) }));
    return { ok: true, kind: 'answer', value: { ...whole, clocks: clocksOf(whole.clocks), answers } };
  }
  if (directory.Check(value)) {
    const { notice: _notice, ...whole } = value;
    return { ok: true, kind: 'directory', value: { ...whole, clocks: clocksOf(whole.clocks) } };
  }
  if (problem.Check(value)) {
    const { code, detail, echo, at, requester, control, clocks, id } = value;
    return { ok: true, kind: 'fault', value: { fault: { code, message: detail, echo, at }, requester, control, clocks: clocksOf(clocks), format: 'json', id } };
  }
  return reject('malformed', 'the answer is none that this program knows', null);
}

/** Compiled when the first answer is read: an exchange only writes them. */
let checks: {
  readonly answer: ReturnType<typeof Compile<typeof answerSchema>>;
  readonly directory: ReturnType<typeof Compile<typeof directoryAnswerSchema>>;
  readonly problem: ReturnType<typeof Compile<typeof problemSchema>>;
} | undefined;

interface JsonPicture {
  readonly mediaType: Picture['mediaType'];
  readonly base64: string;
}
type JsonRecord = Omit<RecordData, 'photo' | 'signature'> & { readonly photo?: JsonPicture; readonly signature?: JsonPicture };

function recordOf({ photo, signature, ...rest }: JsonRecord): RecordData {
  return {
    ...rest,
    ...(photo === undefined ? {} : { photo: pictureOf(photo) }),
    ...(signature === undefined ? {} : { signature: pictureOf(signature) }),
  };
}

function pictureOf({ mediaType, base64 }: JsonPicture): Picture {
  return { mediaType, bytes: new Uint8Array(Buffer.from(base64, 'base64')) };
}

function clocksOf(clocks: { readonly received: string; readonly sent: string; readonly receiveNumber: number; readonly sendNumber: number }): Answer['clocks'] {
  return { ...clocks, received: Date.parse(clocks.received), sent: Date.parse(clocks.sent) };
}
