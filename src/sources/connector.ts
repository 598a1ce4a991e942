import type { SourceQuery, SourceResult } from '../exchange/ports.ts';

/** What a connector can find out about its mapping by asking. */
export interface Finding {
  readonly at: string;
  readonly message: string;
}

/** One look-up as its asker sees it. Lighter than an AbortController, which cost a quarter of the time in collecting garbage. */
export interface Call {
  /** True once nobody waits for the answer. */
  gone: boolean;
  /** Called when it goes, by whoever set it. */
  onGone: (() => void) | null;
}

/** A way to the records of some owners, without any resilience of its own: the guard adds it. */
export interface Connector {
  /** Answers `found` or `none`, or rejects with a `SourceFault`. */
  fetch(owner: string, query: SourceQuery, call: Call): Promise<SourceResult>;
  /** What the mapping names and the source does not have. Rejects with a `SourceFault` where it cannot be asked. */
  inspect(): Promise<readonly Finding[]>;
  close(): Promise<void>;
}
