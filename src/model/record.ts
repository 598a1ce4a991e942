import type { DataClass } from '../vocabulary/index.ts';
import type { PersonName, Sex } from './inquiry.ts';

/** A home address. After a treatment only `county` and `state`, or `state` alone, are left. */
export interface Address {
  readonly street?: string;
  readonly city?: string;
  readonly county?: string;
  readonly state: string;
  readonly zip?: string;
}

/** A picture as bytes. `mediaType` is image/png or image/jpeg. */
export interface Picture {
  readonly mediaType: 'image/png' | 'image/jpeg';
  readonly bytes: Uint8Array;
}

export interface HistoryEvent {
  readonly date: string;
  readonly kind: 'conviction' | 'accident' | 'withdrawal' | 'reinstatement';
  /** An AAMVA D20 offence code or a short plain text. */
  readonly code: string;
  readonly text: string;
  readonly jurisdiction: string;
}

/**
 * What an owner's source returned about one driver or vehicle, laid out by data class, so that release
 * is a choice among the members of this object and of nothing else. A class that the source does not hold is absent.
 */
export interface RecordData {
  readonly licenceStatus?: {
    /** AAMVA D20: LIC, ELG, NEN, NOT, RPD. */
    readonly status: string;
    readonly licenceClass?: string;
    readonly issued?: string;
    readonly expires?: string;
    readonly restrictions?: readonly string[];
    readonly endorsements?: readonly string[];
  };
  readonly licenceNumber?: { readonly number: string; readonly jurisdiction: string };
  /** After `initials`: one letter each. */
  readonly name?: PersonName;
  /** `YYYY-MM-DD`, or `YYYY` after `year`. */
  readonly birthDate?: string;
  readonly description?: {
    readonly sex?: Sex;
    /** Inches. */
    readonly height?: number;
    /** Pounds. */
    readonly weight?: number;
    /** NCIC codes. */
    readonly eyes?: string;
    readonly hair?: string;
  };
  readonly address?: Address;
  readonly photo?: Picture;
  readonly signature?: Picture;
  readonly ssn?: string;
  readonly medical?: readonly string[];
  readonly immigrationDocuments?: readonly { readonly type: string; readonly number?: string; readonly expires?: string }[];
  readonly driverHistory?: readonly HistoryEvent[];
  readonly vehicleRegistration?: {
    readonly plate: string;
    readonly plateType?: string;
    readonly plateYear?: string;
    readonly vin?: string;
    readonly make?: string;
    readonly model?: string;
    readonly style?: string;
    readonly colour?: string;
    readonly year?: string;
    readonly expires?: string;
  };
  readonly registeredOwner?: { readonly name: PersonName; readonly address?: Address };
}

/** The member of `RecordData` that carries each class: they have the same names, and the compiler holds it so. */
export const recordClasses: { readonly [C in DataClass]: keyof RecordData } = {
  licenceStatus: 'licenceStatus', licenceNumber: 'licenceNumber', name: 'name', birthDate: 'birthDate',
  description: 'description', address: 'address', photo: 'photo', signature: 'signature', ssn: 'ssn', medical: 'medical',
  immigrationDocuments: 'immigrationDocuments', driverHistory: 'driverHistory', vehicleRegistration: 'vehicleRegistration',
  registeredOwner: 'registeredOwner',
};
