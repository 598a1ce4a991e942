import type { Checks } from '../../approvals/types.ts';
import type { SettingsFile } from '../compose/settings.ts';
import type { AgencyEvidence } from './evidence.ts';
import type { LedgerPlaces } from '../compose/ledgerFolder.ts';

/** What the process that reads much works on. Comes with the first message. */
export interface InsightPlaces {
  /** Address of the database, with its password. */
  readonly url: string;
  /** The folder of data sets. */
  readonly archive: string;
  readonly ledger: LedgerPlaces;
  readonly settings: SettingsFile;
  /** Whether all that this exchange is asked and gives is invented. */
  readonly invented: boolean;
}

/** What is asked of it. */
export type InsightJob =
  /** Brings the archive up to the ledger, up to and without a sequence that is durable. */
  | { readonly kind: 'follow'; readonly until: number }
  /** Sees to it that the invented year is there. */
  | { readonly kind: 'year'; readonly scale: number; readonly seed: number; readonly agencies: number }
  /** One owner's briefing as a page. Empty: the default. */
  | { readonly kind: 'briefing'; readonly owner: string; readonly period: string; readonly log: string }
  /** What past requests would have come to under a draft of an owner's policy. */
  | { readonly kind: 'backtest'; readonly owner: string; readonly draft: string }
  /** What each organisation got of an owner in a year. */
  | { readonly kind: 'evidence'; readonly owner: string; readonly year: number };

export type InsightAnswer =
  | { readonly kind: 'follow'; readonly archived: number }
  | { readonly kind: 'year'; readonly made: boolean }
  | { readonly kind: 'briefing'; readonly html: string }
  /** Null where there is no archive of the owner, or the draft is not sound. */
  | { readonly kind: 'backtest'; readonly result: Checks['backtest'] }
  | { readonly kind: 'evidence'; readonly rows: readonly AgencyEvidence[] }
  /** `unknown`: there is no such data set, owner or period, said in `why`. `busy`: too much is waiting. `failed`: anything else. */
  | { readonly kind: 'none'; readonly problem: 'unknown' | 'busy' | 'failed'; readonly why: string };

export type ToInsight = { readonly type: 'places'; readonly places: InsightPlaces } | { readonly type: 'job'; readonly id: number; readonly job: InsightJob };
export interface FromInsight {
  readonly id: number;
  readonly answer: InsightAnswer;
}
