import type { Answer, DirectoryAnswer, DirectoryInquiry, FaultAnswer, Inquiry, OwnerAnswer, PersonName, Picture, RecordData, Subject } from '../model/index.ts';
import { demonstrationNotice } from './notice.ts';
import { faultStatus, numberOfFault } from './numbers.ts';
import type { PeerSettings } from './settings.ts';

/** The JSON form of an inquiry: what is null is left out. */
export function writeJsonInquiry(inquiry: Inquiry | DirectoryInquiry): string {
  if (inquiry.key === 'TQ') {
    const { key, requester, destination, control, by } = inquiry;
    return JSON.stringify(stated({ key, requester, destination, control, by: stated({ ...by }) }));
  }
  const { extension, subject, ...header } = inquiry;
  return JSON.stringify(stated({
    ...header,
    subject: subjectOf(subject),
    ...extension,
    warrant: extension.warrant === null ? null : stated({ ...extension.warrant }),
  }));
}

/**
 * The JSON form of an answer, ready to send. This is the hot path: pictures are base64, which needs no escapes, so they are
 * joined to the text instead of going through `JSON.stringify`.
 */
export function writeJsonAnswer(answer: Answer): string {
  const head = JSON.stringify({
    id: answer.id,
    key: answer.key,
    inquiryKey: answer.inquiryKey,
    requester: answer.requester,
    destinations: answer.destinations,
    control: answer.control,
    clocks: clocksOf(answer),
    merged: answer.merged,
    demonstration: answer.demonstration,
    notice: answer.demonstration ? demonstrationNotice : undefined,
    summary: answer.summary,
  });
  return `${head.slice(0, -1)},"answers":[${answer.answers.map(ownerText).join(',')}]}`;
}

export function writeJsonDirectory(answer: DirectoryAnswer): string {
  return JSON.stringify({
    id: answer.id,
    key: answer.key,
    requester: answer.requester,
    destination: answer.destination,
    control: answer.control,
    clocks: clocksOf(answer),
    demonstration: answer.demonstration,
    notice: answer.demonstration ? demonstrationNotice : undefined,
    entries: answer.entries,
    more: answer.more,
  });
}

/** Problem details (RFC 9457), with the published number and what is known of the message besides. */
export function writeJsonFault(answer: FaultAnswer, peer: PeerSettings): string {
  const { fault, requester, control, id } = answer;
  const { key, number, text } = numberOfFault(fault, 'json', peer);
  return JSON.stringify({
    type: `urn:weir:problem:${fault.code}`,
    title: sentence(text),
    status: faultStatus[fault.code],
    detail: fault.message,
    code: fault.code,
    number: `${key} ${number}`,
    at: fault.at,
    echo: fault.echo,
    id,
    requester,
    control,
    clocks: clocksOf(answer),
  });
}

function ownerText(answer: OwnerAnswer): string {
  const { owner, status, records, more, classes, reasons, policyVersion, ticket, receipt } = answer;
  const rest = JSON.stringify({ owner, status, more, reasons, policyVersion, ticket, receipt });
  return `${rest.slice(0, -1)},"classes":${classesText(classes)},"records":[${records.map(recordText).join(',')}]}`;
}

/** The exchange gives equal decisions as one frozen list, so its text is kept with it. */
function classesText(classes: OwnerAnswer['classes']): string {
  if (!Object.isFrozen(classes)) return JSON.stringify(classes);
  let text = classTexts.get(classes);
  if (text === undefined) classTexts.set(classes, (text = JSON.stringify(classes)));
  return text;
}

const classTexts = new WeakMap<OwnerAnswer['classes'], string>();

function recordText(record: RecordData): string {
  if (record.photo === undefined && record.signature === undefined) return JSON.stringify(record);
  const { photo, signature, ...rest } = record;
  const members = JSON.stringify(rest).slice(1, -1);
  return `{${[members, pictureText('photo', photo), pictureText('signature', signature)].filter((text) => text !== '').join(',')}}`;
}

function pictureText(name: string, picture: Picture | undefined): string {
  if (picture === undefined) return '';
  const { mediaType, bytes } = picture;
  return `"${name}":{"mediaType":"${mediaType}","base64":"${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')}"}`;
}

function clocksOf({ clocks }: Pick<Answer, 'clocks'>): object {
  return {
    received: new Date(clocks.received).toISOString(),
    sent: new Date(clocks.sent).toISOString(),
    receiveNumber: clocks.receiveNumber,
    sendNumber: clocks.sendNumber,
  };
}

function subjectOf(subject: Subject): object {
  return stated('name' in subject ? { ...subject, name: nameOf(subject.name) } : { ...subject });
}

function nameOf({ surname, given, middle }: PersonName): object {
  return { surname, given: given === '' ? undefined : given, middle: middle === '' ? undefined : middle };
}

/** Without the members that are null: missing and null mean the same. */
function stated(value: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null));
}

function sentence(capitals: string): string {
  return capitals.charAt(0) + capitals.slice(1).toLowerCase();
}
