import { allDataClasses, classesWanted, messageKeys, type DataClass, type InquiryKey } from '../vocabulary/index.ts';
import type { Inquiry } from '../model/index.ts';

const vehicleClasses: ReadonlySet<DataClass> = new Set<DataClass>(['vehicleRegistration', 'registeredOwner']);

/** The classes that a record of this key can carry at all. */
export function carriedBy(key: InquiryKey): ReadonlySet<DataClass> {
  return carried[key];
}

const carried = Object.fromEntries(
  Object.keys(messageKeys).map((key) => [key, new Set(allDataClasses.filter((dataClass) => fits(key as InquiryKey, dataClass)))]),
) as unknown as Readonly<Record<InquiryKey, ReadonlySet<DataClass>>>;

function fits(key: InquiryKey, dataClass: DataClass): boolean {
  if (key.startsWith('R')) return vehicleClasses.has(dataClass);
  if (dataClass === 'driverHistory') return key === 'KQ';
  if (dataClass === 'photo') return messageKeys[key].imageAllowed;
  return !vehicleClasses.has(dataClass);
}

/** The classes that an inquiry asks for, or the first one that its key cannot carry. */
export function classesOf(inquiry: Inquiry): { readonly classes: readonly DataClass[] } | { readonly impossible: DataClass } {
  const { wants } = inquiry.extension;
  const image = inquiry.image === true;
  if (wants === null) return { classes: image ? withImage[inquiry.key] : plain[inquiry.key] };
  const impossible = wants.find((dataClass) => !carriedBy(inquiry.key).has(dataClass));
  if (impossible !== undefined) return { impossible };
  const photoToo = image && messageKeys[inquiry.key].imageAllowed && !wants.includes('photo');
  return { classes: photoToo ? [...wants, 'photo'] : wants };
}

const byKey = (image: boolean): Readonly<Record<InquiryKey, readonly DataClass[]>> =>
  Object.fromEntries(Object.keys(messageKeys).map((key) => [key, classesWanted(key as InquiryKey, image)])) as Record<InquiryKey, readonly DataClass[]>;
const plain = byKey(false);
const withImage = byKey(true);
