import type { WireFormat } from '../model/index.ts';

/**
 * Every fact of the published formats that is not confirmed, as a setting.
 * Grades, as in docs/wire.md: C confirmed, S secondary, I inferred, U unverified, W Weir's own.
 */
export interface WireSettings {
  /** Largest body in bytes. The domestic maximum of the network was not found (U). */
  readonly maxBytes: Readonly<Record<WireFormat, number>>;
  /** Largest answer that `decodeAnswer` reads, in characters (W). */
  readonly maxAnswerLength: number;
  /** Nesting of XML elements and of JSON values (W). */
  readonly maxDepth: number;
  /** XML elements and attributes, JSON members and items, legacy fields (W). */
  readonly maxFields: number;

  /** A two-digit year up to this one is 20yy, else 19yy (U: dates of six digits are C, the reading of the year is not). */
  readonly yearPivot: number;
  /** Minutes from UTC of the clocks in headers (U; the network's own log runs at -420, C). */
  readonly clockOffsetMinutes: number;
  /** Where the control field stands in the output header of legacy text (I: before TXT). */
  readonly controlPlacement: 'beforeText' | 'afterFirstLine' | 'none';
  /** The ORI that sends `ER` and `SM`, and answers merged from many owners (C for ER; I for the others). */
  readonly switchOri: string;
  /** What follows the two letters of an owner in the ORI that sends its answers (generic ORIs C; as sender I). */
  readonly senderSuffix: { readonly driver: string; readonly vehicle: string };

  /** The codes of regions. Eight regions are C; their codes were not found (U), so these are placeholders that no state uses. */
  readonly regionCodes: readonly string[];
  /** Destination of a directory search by role (C). */
  readonly directoryDestination: string;
  /** Formats in which LIC needs LIY and LIT, and NAM with DOB needs SEX (C N5, N9 for the network's own formats; W for JSON). */
  readonly completeSubjects: readonly WireFormat[];
  /** What may stand in a licence number besides letters and digits (C N8 and C N9 disagree: so a setting per destination). */
  readonly oln: { readonly specials: string; readonly byDestination: Readonly<Record<string, string>> };
  /** What a name may hold besides letters and spaces (C N5 says no hyphens, but printed names have them: U). */
  readonly nameSpecials: string;
  /** The characters of RPQ that stand for any run and for one character (U). */
  readonly wildcards: { readonly any: string; readonly one: string };
  /** The letters and digits that a partial plate must at least have (W). */
  readonly partialPlateLeast: number;

  readonly niem: NiemSettings;
  readonly legacyAnswer: {
    /** Pictures in legacy text: base64 lines under `IMG/`, or left out with a line that says so (U: the encoding was not found). */
    readonly images: 'base64' | 'omit';
    /** Characters in a base64 line (W). */
    readonly imageLine: number;
  };
}

/** Element names of the NIEM form whose published pages did not give them. */
export interface NiemSettings {
  /** The element of the inquiry that asks for a picture, with Y or N (U: it exists, C; its name was not found). */
  readonly imageElement: string;
  /** The two elements, outer and inner, that carry a licence number under the subject (I). */
  readonly olnPath: readonly [string, string];
  /** The sex of the subject (I). */
  readonly sexElement: string;
  /** The make under `nc:Vehicle` (I). */
  readonly makeElement: string;
  /** The year of manufacture under `nc:Vehicle` (I). */
  readonly modelYearElement: string;
  /** The child of `nc:IdentificationExpirationDate` (I). */
  readonly plateYearElement: string;
  /** `n2:version` of the root (S). */
  readonly version: string;
}

/** How a peer is to be answered: `published` for one that knows neither of our codes for a refusal and a hold. */
export interface PeerSettings {
  readonly codes: 'weir' | 'published';
}

export const defaultPeer: PeerSettings = { codes: 'weir' };

export const defaultWireSettings: WireSettings = {
  maxBytes: { legacy: 16_384, niem: 65_536, json: 65_536 },
  maxAnswerLength: 64 * 1024 * 1024,
  maxDepth: 16,
  maxFields: 256,
  yearPivot: 20,
  clockOffsetMinutes: 0,
  controlPlacement: 'beforeText',
  switchOri: 'NL0000000',
  senderSuffix: { driver: 'OLN0000', vehicle: 'LIC0000' },
  regionCodes: ['R1', 'R2', 'R3', 'R4', 'R5', 'R6', 'R7', 'R8'],
  directoryDestination: 'OD',
  completeSubjects: ['legacy', 'niem'],
  oln: { specials: '*-', byDestination: {} },
  nameSpecials: "-'",
  wildcards: { any: '*', one: '?' },
  partialPlateLeast: 2,
  niem: {
    imageElement: 'n2:ImageIndicator',
    olnPath: ['nc:DriverLicenseIdentification', 'nc:IdentificationID'],
    sexElement: 'nc:PersonSexCode',
    makeElement: 'nc:VehicleMakeCode',
    modelYearElement: 'nc:ItemModelYearDate',
    plateYearElement: 'nc:YearDate',
    version: '4.00',
  },
  legacyAnswer: { images: 'base64', imageLine: 76 },
};
