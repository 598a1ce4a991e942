import type { DataClass } from './dataClasses.ts';
import type { Treatment } from './outcomes.ts';

/**
 * Which treatments each class knows, from the finest to the coarsest.
 * Two redactions of one class compose by taking the coarser; a class that is not here cannot be redacted.
 */
export const treatmentsOf: Readonly<Partial<Record<DataClass, readonly Treatment[]>>> = {
  photo: ['reduced'],
  signature: ['reduced'],
  address: ['county', 'state'],
  birthDate: ['year'],
  licenceNumber: ['lastFour'],
  ssn: ['lastFour'],
  name: ['initials'],
  registeredOwner: ['county', 'state'],
};

/** The coarser of two treatments of one class. */
export function coarser(dataClass: DataClass, a: Treatment, b: Treatment): Treatment {
  const order = treatmentsOf[dataClass] ?? [];
  return order.indexOf(a) >= order.indexOf(b) ? a : b;
}
