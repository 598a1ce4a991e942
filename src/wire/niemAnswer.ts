import { allDataClasses, inquiryKeys, messageKeys, namesOf, outcomes, answerStatuses, treatments, type AnswerKey } from '../vocabulary/index.ts';
import type { Answer, ClassAnswer, Clocks, DirectoryAnswer, DirectoryEntry, FaultAnswer, Ori, OwnerAnswer, Receipt, Summary, Ticket, WireFault, WireFaultCode } from '../model/index.ts';
import { headerClock } from './headerClock.ts';
import { instant, record } from './niemRecord.ts';
import { demonstrationNotice } from './notice.ts';
import { faultStatus, numberOfFault, numberOfStatus } from './numbers.ts';
import { senderOf } from './sender.ts';
import type { PeerSettings, WireSettings } from './settings.ts';
import { bool, many, nullable, number, object, one, text, word, type Shape } from './shape.ts';
import { envelope, group, leaf } from './xmlText.ts';

/**
 * One document for the whole answer: the header of the network, one `n2:NLETSResponseData` for each owner, and our own
 * `wx:Exchange` with what the header cannot carry. The published pages do not give the elements of answers (U).
 */
export function writeNiemAnswer(answer: Answer, settings: WireSettings, peer: PeerSettings): string {
  const [only, ...others] = answer.answers;
  const alone = !answer.merged && only !== undefined && others.length === 0 ? only : null;
  const refusal = alone === null ? null : numberOfStatus(alone.status, peer);
  const sender = alone === null || refusal !== null ? settings.switchOri : senderOf(alone.owner, answer, settings);
  return envelope(
    settings.niem.version,
    headerOf(answer, refusal?.key ?? answer.key, sender, settings),
    ...answer.answers.map((one) => responseOf(one, peer)),
    group('wx:Exchange', answerShape.write(answer), noticeOf(answer.demonstration)),
  );
}

export function writeNiemDirectory(answer: DirectoryAnswer, settings: WireSettings): string {
  return envelope(
    settings.niem.version,
    headerOf(answer, answer.key, settings.switchOri, settings),
    group('n2:NLETSResponseData', group('wx:Directory', directoryShape.write(answer), noticeOf(answer.demonstration))),
  );
}

export function writeNiemFault(answer: FaultAnswer, settings: WireSettings, peer: PeerSettings): string {
  const said = numberOfFault(answer.fault, 'niem', peer);
  return envelope(
    settings.niem.version,
    headerOf(answer, said.key, settings.switchOri, settings),
    group('n2:NLETSResponseData', leaf('wx:Number', said.number), leaf('wx:StatusText', said.text), group('wx:Fault', faultShape.write(answer))),
  );
}

function headerOf(answer: { readonly requester: Ori | null; readonly control: string | null; readonly clocks: Clocks }, key: string, sender: Ori, settings: WireSettings): string {
  const clock = headerClock(answer.clocks, settings);
  return group(
    'n2:NLETSMessageHeader',
    leaf('nh2:MessageKeyCodeText', key),
    leaf('nh2:OriginatingORIID', sender),
    leaf('nh2:DestinationORIID', answer.requester),
    leaf('nh2:DocumentControlFieldText', answer.control),
    leaf('nh2:MessageReceiveDate', clock.receiveDate),
    leaf('nh2:MessageReceiveTime', clock.receiveTime),
    leaf('nh2:MessageSendDate', clock.sendDate),
    leaf('nh2:MessageSendTime', clock.sendTime),
    leaf('nh2:ReceiveMessageNumeric', clock.receiveNumber),
    leaf('nh2:SendMessageNumeric', clock.sendNumber),
  );
}

/** The number and the words go first: a reader that knows nothing of ours still sees that this is no "not on file". */
function responseOf(answer: OwnerAnswer, peer: PeerSettings): string {
  const said = numberOfStatus(answer.status, peer);
  return group(
    'n2:NLETSResponseData',
    leaf('wx:Number', said?.number ?? null),
    leaf('wx:StatusText', said?.text ?? statusText[answer.status]),
    group('wx:OwnerAnswer', ownerShape.write(answer)),
  );
}

/** The words for an answer that is data, in the words of the network where it has some (C N8). */
export const statusText: Readonly<Record<OwnerAnswer['status'], string>> = {
  answered: 'ANSWERED', answeredInPart: 'ANSWERED IN PART', noRecord: 'NOT ON FILE',
  refused: 'REFUSED BY POLICY', held: 'HELD FOR REVIEW BY A PERSON', unavailable: 'FILE NOT AVAILABLE - SEND AGAIN',
};

function noticeOf(demonstration: boolean): string {
  return leaf('wx:Notice', demonstration ? demonstrationNotice : null);
}

const clocks = object<Clocks>({
  received: one('wx:Received', instant),
  sent: one('wx:Sent', instant),
  receiveNumber: one('wx:ReceiveNumber', number),
  sendNumber: one('wx:SendNumber', number),
});

const classAnswer = object<ClassAnswer>({
  dataClass: one('wx:DataClass', word(allDataClasses)),
  outcome: one('wx:Outcome', word(namesOf(outcomes))),
  treatment: nullable('wx:Treatment', word(namesOf(treatments))),
  rules: many('wx:Rule', text),
});

const ticket = object<Ticket>({
  id: one('wx:TicketID', text),
  deadline: one('wx:Deadline', text),
  onTimeout: one('wx:OnTimeout', word(['deny', 'release'])),
});

const receipt = object<Receipt>({
  log: one('wx:Log', text),
  index: one('wx:Index', number),
  entry: one('wx:Entry', text),
  hash: one('wx:Hash', text),
  token: one('wx:Token', text),
});

export const ownerShape: Shape<OwnerAnswer> = object<OwnerAnswer>({
  owner: one('wx:Owner', text),
  status: one('wx:Status', word(namesOf(answerStatuses))),
  records: many('wx:Record', record),
  more: one('wx:More', bool),
  classes: many('wx:Class', classAnswer),
  reasons: many('wx:Reason', text),
  policyVersion: nullable('wx:PolicyVersion', number),
  ticket: nullable('wx:Ticket', ticket),
  receipt: nullable('wx:Receipt', receipt),
});

const summary = object<Summary>({
  asked: one('wx:Asked', number),
  hit: one('wx:Hit', number),
  noHit: one('wx:NoHit', number),
  refused: one('wx:Refused', number),
  held: one('wx:Held', number),
  silent: one('wx:Silent', number),
  owners: one('wx:Owners', object<Summary['owners']>({
    hit: many('wx:HitOwner', text),
    noHit: many('wx:NoHitOwner', text),
    refused: many('wx:RefusedOwner', text),
    held: many('wx:HeldOwner', text),
    silent: many('wx:SilentOwner', text),
  })),
});

const answerKeys: readonly AnswerKey[] = [...new Set(inquiryKeys.map((key) => messageKeys[key].answer))];

export const answerShape: Shape<Omit<Answer, 'answers'>> = object<Omit<Answer, 'answers'>>({
  id: one('wx:ID', text),
  key: one('wx:Key', word(answerKeys)),
  inquiryKey: one('wx:InquiryKey', word(inquiryKeys)),
  requester: one('wx:Requester', text),
  destinations: many('wx:Destination', text),
  control: nullable('wx:Control', text),
  clocks: one('wx:Clocks', clocks),
  summary: one('wx:Summary', summary),
  merged: one('wx:Merged', bool),
  demonstration: one('wx:Demonstration', bool),
});

export const directoryShape: Shape<DirectoryAnswer> = object<DirectoryAnswer>({
  id: one('wx:ID', text),
  key: one('wx:Key', word(['TR'])),
  requester: one('wx:Requester', text),
  destination: one('wx:Destination', text),
  control: nullable('wx:Control', text),
  clocks: one('wx:Clocks', clocks),
  entries: many('wx:Entry', object<DirectoryEntry>({
    ori: one('wx:ORI', text),
    name: one('wx:Name', text),
    type: one('wx:Type', text),
    state: one('wx:State', text),
    active: one('wx:Active', bool),
  })),
  more: one('wx:More', bool),
  demonstration: one('wx:Demonstration', bool),
});

const fault = object<WireFault>({
  code: one('wx:Code', word(Object.keys(faultStatus) as WireFaultCode[])),
  message: one('wx:Message', text),
  echo: one('wx:Echo', text),
  at: nullable('wx:At', text),
});

export const faultShape: Shape<FaultAnswer> = object<FaultAnswer>({
  fault: one('wx:Said', fault),
  requester: nullable('wx:Requester', text),
  control: nullable('wx:Control', text),
  clocks: one('wx:Clocks', clocks),
  format: one('wx:Format', word(['legacy', 'niem', 'json'])),
  id: one('wx:ID', text),
});
