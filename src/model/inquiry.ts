import type { CourtClass, DataClass, InquiryKey, LegacyPurposeCode, Purpose, ReasonCode } from '../vocabulary/index.ts';

/** An ORI: nine letters or digits, upper case. Its first two letters say where an office stands, not whose it is. */
export type Ori = string;

/** Two letters that name an owner of records, `NL` for all owners, or a region code. */
export type Destination = string;

/**
 * A name in upper case. `given` has no spaces; all that follows it (middle names, a suffix) is `middle`, which may be empty.
 * Given may be empty where only a surname is known.
 */
export interface PersonName {
  readonly surname: string;
  readonly given: string;
  readonly middle: string;
}

export type Sex = 'M' | 'F' | 'U' | 'X';

/** Whom or what an inquiry is about. Dates are `YYYY-MM-DD`; plates and numbers carry no spaces and are upper case. */
export type Subject =
  | { readonly kind: 'licence'; readonly number: string }
  | { readonly kind: 'person'; readonly name: PersonName; readonly birthDate: string; readonly sex: Sex | null }
  | { readonly kind: 'name'; readonly name: PersonName }
  | { readonly kind: 'plate'; readonly plate: string; readonly plateYear: string | null; readonly plateType: string | null }
  | { readonly kind: 'vin'; readonly vin: string; readonly make: string | null; readonly year: string | null }
  | { readonly kind: 'owner'; readonly name: PersonName }
  /** `*` stands for any run of characters and `?` for one. */
  | { readonly kind: 'partialPlate'; readonly pattern: string; readonly plateType: string | null };

/** A paper that the asker refers to. What is not given is null; nothing is guessed. */
export interface StatedWarrant {
  readonly number: string | null;
  /** SHA-256 of the document, 64 hexadecimal digits. */
  readonly documentHash: string | null;
  readonly court: CourtClass;
}

/**
 * What the published formats cannot carry. JSON carries it as fields, XML in Weir's own namespace;
 * legacy text carries none of it, so everything here is then null.
 */
export interface Extension {
  readonly purpose: Purpose | null;
  readonly warrant: StatedWarrant | null;
  readonly caseNumber: string | null;
  /** The person who asks, as the agency knows them. */
  readonly user: string | null;
  /** The ORI of the organisation for which the request is made, where it is not the requester itself. */
  readonly onBehalfOf: Ori | null;
  /** The data classes wanted, in vocabulary order; null for those that the message key implies. */
  readonly wants: readonly DataClass[] | null;
}

export const emptyExtension: Extension = {
  purpose: null, warrant: null, caseNumber: null, user: null, onBehalfOf: null, wants: null,
};

/** One query, whatever format it came in. The three formats of one inquiry decode to equal values. */
export interface Inquiry {
  readonly key: InquiryKey;
  /** As the message states it. Admission checks it against the credential. */
  readonly requester: Ori;
  /** In the order given, without repeats. */
  readonly destinations: readonly Destination[];
  readonly control: string | null;
  readonly subject: Subject;
  /** `IMQ/`: true for Y, false for N, null where it is absent. */
  readonly image: boolean | null;
  readonly reason: ReasonCode | null;
  readonly legacyPurpose: LegacyPurposeCode | null;
  readonly attention: string | null;
  readonly extension: Extension;
}

/** A question to the directory of agencies: `TQ`. */
export interface DirectoryInquiry {
  readonly key: 'TQ';
  readonly requester: Ori;
  /** A two-letter place, or `OD` for a search by role. */
  readonly destination: Destination;
  readonly control: string | null;
  readonly by:
    | { readonly kind: 'ori'; readonly ori: Ori }
    | { readonly kind: 'place'; readonly place: string; readonly type: string | null };
}

/** The three encodings. The answer comes in the format of the question. */
export type WireFormat = 'legacy' | 'niem' | 'json';
