import type { DataClass } from './dataClasses.ts';

/** Having `from` gives `gives` as well, so a claim about `gives` must look at grants of `from`. */
export interface InferenceEdge {
  readonly from: DataClass;
  readonly gives: DataClass;
  readonly because: string;
}

/** What one class of data reveals of another. Applied before a claim is checked (design section 6). */
export const inferenceEdges: readonly InferenceEdge[] = [
  { from: 'driverHistory', gives: 'name', because: 'a history is headed by the name of the driver' },
  { from: 'driverHistory', gives: 'address', because: 'a history lists the address at each conviction' },
  { from: 'driverHistory', gives: 'licenceNumber', because: 'a history is kept under the licence number' },
  { from: 'driverHistory', gives: 'licenceStatus', because: 'withdrawals in a history tell the status' },
  { from: 'registeredOwner', gives: 'name', because: 'the owner of a vehicle is named' },
  { from: 'registeredOwner', gives: 'address', because: 'a registration carries the address of its owner' },
  { from: 'vehicleRegistration', gives: 'registeredOwner', because: 'a plate or vehicle number leads to its owner by a second query' },
  { from: 'immigrationDocuments', gives: 'name', because: 'the papers carry the name' },
  { from: 'immigrationDocuments', gives: 'birthDate', because: 'the papers carry the date of birth' },
  { from: 'photo', gives: 'description', because: 'a portrait shows sex, hair and eyes' },
];

/** These classes and every class that reveals one of them, also by way of another. */
export function withRevealing(classes: Iterable<DataClass>): ReadonlySet<DataClass> {
  const found = new Set(classes);
  // A set that grows while it is walked is walked to its end.
  for (const one of found) for (const { from, gives } of inferenceEdges) if (gives === one) found.add(from);
  return found;
}
