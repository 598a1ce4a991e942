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
 * The JSON form of an answer, ready to send. This is the hot path: one shallow copy per record that has a picture,
 * then one `JSON.stringify`.
 */
export function writeJsonAnswer(answer: Answer): string {
  return JSON.stringify({
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
    answers: answer.answers.map(ownerOf),
  });
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

function ownerOf(answer: OwnerAnswer): object {
  const { owner, status, records, more, classes, reasons, policyVersion, ticket, receipt } = answer;
  return { owner, status, records: records.map(recordOf), more, classes, reasons, policyVersion, ticket, receipt };
}

function recordOf(record: RecordData): object {
  const { photo, signature } = record;
  if (photo === undefined && signature === undefined) return record;
  return {
    ...record,
    ...(photo === undefined ? {} : { photo: pictureOf(photo) }),
    ...(signature === undefined ? {} : { signature: pictureOf(signature) }),
  };
}

function pictureOf({ mediaType, bytes }: Picture): object {
  return { mediaType, base64: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64') };
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
