import type { DirectoryInquiry, Inquiry, Subject } from '../model/index.ts';
import type { Field } from './fields.ts';
import type { WireSettings } from './settings.ts';
import { printName } from './values.ts';
import { toWire } from './wildcards.ts';

/**
 * The fields of an inquiry in the order in which they are published: in KQ the subject goes first (C N6), else the reason
 * does (C N5, N9). Dates are `YYYY-MM-DD`; wildcards are those of the wire.
 */
export function inquiryFields(inquiry: Inquiry | DirectoryInquiry, settings: WireSettings): readonly (readonly [Field, string])[] {
  if (inquiry.key === 'TQ') {
    const { by } = inquiry;
    return given(by.kind === 'ori' ? [['ori', by.ori]] : [['place', by.place], ['type', by.type]]);
  }
  const reason: Pair = ['reason', inquiry.reason];
  const subject = subjectFields(inquiry.subject, settings);
  const image: Pair = ['image', inquiry.image === null ? null : inquiry.image ? 'Y' : 'N'];
  return given(inquiry.key === 'KQ'
    ? [...subject, reason, ['purpose', inquiry.legacyPurpose], ['attention', inquiry.attention], image]
    : [reason, ...subject, ['purpose', inquiry.legacyPurpose], ['attention', inquiry.attention], image]);
}

type Pair = readonly [Field, string | null];

function given(pairs: readonly Pair[]): readonly (readonly [Field, string])[] {
  return pairs.flatMap(([field, value]) => (value === null ? [] : [[field, value] as const]));
}

function subjectFields(subject: Subject, settings: WireSettings): readonly Pair[] {
  switch (subject.kind) {
    case 'licence':
      return [['licence', subject.number]];
    case 'person':
      return [['name', printName(subject.name)], ['birthDate', subject.birthDate], ['sex', subject.sex]];
    case 'name':
    case 'owner':
      return [['name', printName(subject.name)]];
    case 'plate':
      return [['plate', subject.plate], ['plateYear', subject.plateYear], ['plateType', subject.plateType]];
    case 'vin':
      return [['vin', subject.vin], ['make', subject.make], ['vehicleYear', subject.year]];
    case 'partialPlate':
      return [['plate', toWire(subject.pattern, settings)], ['plateType', subject.plateType]];
  }
}
