import { defaultLegacyPurposes, type DataClass, type LegacyPurposeMap } from '../vocabulary/index.ts';

/** What an operator may set about the pipeline. */
export interface ExchangeSettings {
  /** Owner decisions that may be in hand at once; past it the exchange says busy. An `NL` query counts once per owner. */
  readonly capacity: number;
  /** The most records of one owner in one answer. */
  readonly matchLimit: number;
  /** Regions by their two-letter code: the published list is not public, so an operator names its own. */
  readonly regions: Readonly<Record<string, readonly string[]>>;
  readonly legacyPurposes: LegacyPurposeMap;
  /** Answers say that they come from invented data. */
  readonly demonstration: boolean;
  /** By owner, the classes that leave only once a quorum of witnesses has cosigned a checkpoint that covers the entry. */
  readonly witnessed: Readonly<Record<string, readonly DataClass[]>>;
  /** Names the program and its version in every entry. */
  readonly engine: string;
}

export const defaultExchangeSettings: ExchangeSettings = {
  capacity: 4096,
  matchLimit: 5,
  regions: {},
  legacyPurposes: defaultLegacyPurposes,
  demonstration: false,
  witnessed: {},
  engine: 'weir',
};
