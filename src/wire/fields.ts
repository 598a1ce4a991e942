import { messageKeys, type InquiryKey, type SubjectKind } from '../vocabulary/index.ts';

/** The fields that the three formats have in common, under names of our own. */
export type Field =
  | 'licence' | 'name' | 'birthDate' | 'sex' | 'image' | 'reason' | 'purpose' | 'attention'
  | 'plate' | 'plateYear' | 'plateType' | 'vin' | 'make' | 'vehicleYear' | 'ori' | 'place' | 'type';

/** The prefix of each field in legacy text (C N5, N6, N9; those of TQ are those of the directory record, I). */
export const prefixes: Readonly<Record<Field, string>> = {
  licence: 'OLN', name: 'NAM', birthDate: 'DOB', sex: 'SEX', image: 'IMQ', reason: 'RSN', purpose: 'PUR', attention: 'ATN',
  plate: 'LIC', plateYear: 'LIY', plateType: 'LIT', vin: 'VIN', make: 'VMA', vehicleYear: 'VYR', ori: 'ORI', place: 'LOC', type: 'TYP',
};

export const fieldOf: ReadonlyMap<string, Field> = new Map((Object.keys(prefixes) as Field[]).map((field) => [prefixes[field], field]));

const fieldsOfKind: Readonly<Record<SubjectKind, readonly Field[]>> = {
  licence: ['licence'],
  person: ['name', 'birthDate', 'sex'],
  name: ['name'],
  plate: ['plate', 'plateYear', 'plateType'],
  vin: ['vin', 'make', 'vehicleYear'],
  owner: ['name'],
  partialPlate: ['plate', 'plateType'],
};

/** The fields that each key takes (C 4.3, section 5); those of TQ are inferred. */
export const fieldsOfKey: ReadonlyMap<string, ReadonlySet<Field>> = new Map<string, ReadonlySet<Field>>([
  ...(Object.keys(messageKeys) as InquiryKey[]).map((key): [string, ReadonlySet<Field>] => {
    const facts = messageKeys[key];
    return [key, new Set([
      ...facts.subjects.flatMap((kind) => fieldsOfKind[kind]),
      ...(facts.imageAllowed ? ['image' as const] : []),
      ...(facts.reasonAllowed ? ['reason' as const] : []),
      ...(facts.purposeAllowed ? ['purpose' as const, 'attention' as const] : []),
    ])];
  }),
  ['TQ', new Set<Field>(['ori', 'place', 'type'])],
]);

/** The combinations of a key in the words of the network's own edit: `1. OLN 2. NAM, DOB, SEX`. */
export function optionsOf(key: string): string {
  if (key === 'TQ') return '1. ORI 2. LOC, TYP';
  const facts = messageKeys[key as InquiryKey];
  return facts.subjects.map((kind, i) => `${i + 1}. ${fieldsOfKind[kind].map((field) => prefixes[field]).join(', ')}`).join(' ');
}
