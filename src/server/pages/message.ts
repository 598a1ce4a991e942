import type { Inquiry, Sex, Subject } from '../../model/index.ts';
import { isNameOf, courtClasses, purposes } from '../../vocabulary/index.ts';
import { decode, encodeInquiry } from '../../wire/index.ts';
import type { Example } from '../deps.ts';
import type { About, Filled } from './form.ts';

/** What was filled in, as a JSON message. Nothing is judged here: the wire room judges it as it judges every message. */
export function messageOf(about: About, filled: Filled): string {
  const of = (value: string | undefined): string | null => (value === undefined || value.trim() === '' ? null : value.trim());
  const capital = (value: string | undefined): string => (of(value) ?? '').toUpperCase();
  const warrant = of(filled.warrant);
  const court = filled.court ?? '';
  const purpose = filled.purpose ?? '';
  const inquiry: Inquiry = {
    key: about === 'plate' ? 'RQ' : 'DQ',
    requester: capital(filled.requester),
    destinations: [capital(filled.destination)],
    control: null,
    subject: subjectOf(about, filled, capital),
    image: filled.image === 'yes' ? true : null,
    reason: null,
    legacyPurpose: null,
    attention: null,
    extension: {
      purpose: isNameOf(purposes, purpose) ? purpose : null,
      warrant: warrant === null && court === '' ? null : { number: warrant, documentHash: null, court: isNameOf(courtClasses, court) ? court : 'notStated' },
      caseNumber: of(filled.caseNumber),
      user: of(filled.user),
      onBehalfOf: null,
      wants: null,
    },
  };
  return encodeInquiry('json', inquiry);
}

function subjectOf(about: About, filled: Filled, capital: (value: string | undefined) => string): Subject {
  switch (about) {
    case 'licence':
      return { kind: 'licence', number: capital(filled.number) };
    case 'person': {
      const [given = '', ...middle] = capital(filled.given).split(/\s+/);
      const sex = capital(filled.sex);
      return {
        kind: 'person', name: { surname: capital(filled.surname), given, middle: middle.join(' ') },
        birthDate: (filled.birthDate ?? '').trim(), sex: sex === '' ? null : (sex as Sex),
      };
    }
    case 'plate':
      return { kind: 'plate', plate: capital(filled.plate), plateYear: null, plateType: null };
  }
}

/** The form filled in from the first example of the demonstration that is of its kind, so that it can be sent as it stands. */
export function filledFrom(about: About, examples: readonly Example[]): Filled {
  const inquiries = examples.map(inquiryOf).filter((inquiry) => inquiry !== null);
  const like = inquiries.find(({ subject }) => subject.kind === about);
  const requester = (like ?? inquiries[0])?.requester ?? '';
  if (like === undefined) return { requester, destination: 'NL' };
  const common = { requester, destination: like.destinations[0] ?? 'NL', ...(like.image === true ? { image: 'yes' } : {}), purpose: like.extension.purpose ?? '' };
  const { subject } = like;
  switch (subject.kind) {
    case 'licence':
      return { ...common, number: subject.number };
    case 'person':
      return { ...common, surname: subject.name.surname, given: `${subject.name.given} ${subject.name.middle}`.trim(), birthDate: subject.birthDate, sex: subject.sex ?? '' };
    case 'plate':
      return { ...common, plate: subject.plate };
    default:
      return common;
  }
}

function inquiryOf({ format, body }: Example): Inquiry | null {
  const decoded = decode(format, Buffer.from(body));
  return decoded.ok && decoded.value.key !== 'TQ' ? decoded.value : null;
}
