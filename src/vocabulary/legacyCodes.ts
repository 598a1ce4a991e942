import type { Purpose } from './purposes.ts';

/** `RSN/`: a category of crime, optional. The list is confirmed; the meaning of `I` is not published. */
export const reasonCodes = ['N', 'F', 'V', 'T', 'S', 'H', 'I'] as const;
export type ReasonCode = (typeof reasonCodes)[number];

/** `PUR/`: the code set is confirmed; the meanings are common criminal-history usage, unverified. */
export const legacyPurposeCodes = ['C', 'F', 'E', 'D', 'J', 'S'] as const;
export type LegacyPurposeCode = (typeof legacyPurposeCodes)[number];

/** How the two legacy codes are read as a purpose: a setting, because only some meanings are confirmed. */
export interface LegacyPurposeMap {
  readonly reason: Readonly<Record<ReasonCode, Purpose>>;
  readonly purpose: Readonly<Record<LegacyPurposeCode, Purpose>>;
}

/** The default reading. What has no confirmed meaning is `notStated`: never guessed. */
export const defaultLegacyPurposes: LegacyPurposeMap = {
  reason: {
    N: 'narcotics',
    F: 'fraud',
    V: 'violentCrime',
    T: 'trafficEnforcement',
    S: 'theft',
    H: 'missingPerson',
    I: 'notStated',
  },
  purpose: {
    C: 'notStated',
    F: 'notStated',
    E: 'notStated',
    D: 'notStated',
    J: 'notStated',
    S: 'notStated',
  },
};
