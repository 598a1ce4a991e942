import type { HistoryEvent, Sex } from '../../src/model/index.ts';
import type { Jurisdiction } from '../../src/vocabulary/index.ts';

/** One invented driver, with all that their state holds. Dates are `YYYY-MM-DD`. */
export interface Resident {
  readonly owner: Jurisdiction;
  readonly licenceNumber: string;
  readonly surname: string;
  readonly given: string;
  readonly middle: string;
  readonly birthDate: string;
  readonly sex: Sex;
  /** Inches. */
  readonly height: number;
  /** Pounds. */
  readonly weight: number;
  /** NCIC codes. */
  readonly eyes: string;
  readonly hair: string;
  readonly street: string;
  readonly city: string;
  readonly county: string;
  readonly zip: string;
  /** AAMVA D20: LIC, ELG, NEN, NOT, RPD. */
  readonly status: string;
  readonly licenceClass: string;
  readonly issued: string;
  readonly expires: string;
  readonly restrictions: readonly string[];
  readonly endorsements: readonly string[];
  /** Nine digits in an area that is never issued: 000, 666 or 900 to 999. Null for some. */
  readonly ssn: string | null;
  readonly medical: readonly string[];
  readonly immigration: { readonly type: string; readonly number: string; readonly expires: string } | null;
  /** Keys of pictures. */
  readonly portrait: number;
  readonly signature: number;
  readonly vehicles: readonly Vehicle[];
  readonly history: readonly HistoryEvent[];
}

export interface Vehicle {
  readonly plate: string;
  /** NCIC codes, for type, make, model, style and colour. */
  readonly plateType: string;
  readonly plateYear: string;
  readonly vin: string;
  readonly make: string;
  readonly model: string;
  readonly style: string;
  readonly colour: string;
  readonly year: string;
  readonly expires: string;
}
