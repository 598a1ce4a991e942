import type { Logger } from 'pino';

import type { Exchange } from '../exchange/exchange.ts';
import type { Policies, Registry } from '../exchange/ports.ts';
import type { Ori, WireFormat } from '../model/index.ts';
import type { PeopleDeps } from './gate/deps.ts';
import type { Limits } from './limits.ts';
import type { InsightAnswer, InsightJob } from './insight/messages.ts';
import type { LogDesk } from './log/desk.ts';
import type { Metrics } from './metrics.ts';
import type { PolicyDocument } from '../policy/index.ts';
import type { JobAnswer, ProofJob } from './proof/job.ts';
import type { StoredOverride, StoredVerdict } from '../store/policies.ts';

/** Demonstration: invented people, plain HTTP on loopback allowed. Production: mutual TLS only. */
export type Mode = 'demonstration' | 'production';

/** One way in. `ca` are the authorities whose client certificates are taken; all three in PEM. */
export type Listener =
  | { readonly kind: 'http' }
  /** For people with a browser: TLS without certificates of clients. */
  | { readonly kind: 'people'; readonly key: string | Buffer; readonly cert: string | Buffer }
  /** Only what is public of the ledger, over plain HTTP, for everybody. */
  | { readonly kind: 'public' }
  | { readonly kind: 'mtls'; readonly key: string | Buffer; readonly cert: string | Buffer; readonly ca: readonly (string | Buffer)[] };

/** What an enrolled certificate may do. */
export interface Enrolment {
  readonly oris: ReadonlySet<Ori>;
  /** May read the counters, which tell of all agencies together. */
  readonly operator?: boolean;
}

/** The enrolled certificates. Answers from memory, and for every request, so that a revocation holds at once. */
export interface Credentials {
  /** By SHA-256 fingerprint, lower-case hexadecimal without colons. Null where it is unknown, revoked or expired. */
  of(fingerprint: string): Enrolment | null;
}

/** A held request as its asker may see it: nothing here names the subject. */
export interface TicketView {
  readonly id: string;
  readonly inquiry: string;
  readonly owner: string;
  readonly requester: Ori;
  /** `held`: nobody has decided. The others are final. */
  readonly status: 'held' | 'released' | 'releasedInPart' | 'refused' | 'expired';
  /** RFC 3339, UTC. */
  readonly asked: string;
  readonly deadline: string;
  readonly onTimeout: 'deny' | 'release';
}

export interface Tickets {
  find(id: string): Promise<TicketView | null>;
}

/** One part that must work before queries are answered, or that an operator must know of. `reason` is a sentence for the operator, without secrets. */
export interface HealthPart {
  readonly name: 'journal' | 'ledger' | 'witnesses' | 'database' | 'registry' | 'policies';
  readonly ok: boolean;
  readonly reason: string | null;
  /** Queries are answered all the same; somebody must look at it. */
  readonly warning?: boolean;
}

export type HealthReport = readonly HealthPart[];

/** A message that a newcomer can send: offered on the first page and on the form. Invented people only. */
export interface Example {
  readonly title: string;
  readonly format: WireFormat;
  readonly body: string;
}

/** The policy of an owner in force, to be read. */
export interface PolicyInForce {
  readonly version: number;
  readonly hash: string;
  readonly document: PolicyDocument;
  /** The compiled table that decides now. */
  table(): { readonly hash: string };
}

/** The policies for readers, and what is proved of them. */
export interface PolicyDesk {
  /** Null where no policy of the owner is in force. */
  of(owner: string): PolicyInForce | null;
  /** The verdicts of the latest check of this version; empty before the first. */
  verdicts(owner: string, version: number): Promise<readonly StoredVerdict[]>;
  override(owner: string, version: number): Promise<StoredOverride | null>;
  /** Does what takes long apart from the queries. Never rejects. */
  run(job: ProofJob): Promise<JobAnswer>;
}

/** All that a listener needs. */
export interface ServerDeps {
  readonly exchange: Exchange;
  readonly registry: Registry;
  readonly policies: Policies;
  readonly policyDesk: PolicyDesk;
  readonly credentials: Credentials;
  readonly tickets: Tickets;
  readonly health: () => HealthReport | Promise<HealthReport>;
  /** The public files of the ledger, and its openings. */
  readonly logDesk: LogDesk;
  /** Reads the archive, apart from the queries. Never rejects. */
  readonly insight: { run(job: InsightJob): Promise<InsightAnswer> };
  /** Sign-in, and all that people do. Without it none of its routes exist. */
  readonly people?: PeopleDeps;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly mode: Mode;
  readonly listener: Listener;
  readonly version: string;
  readonly examples: readonly Example[];
  readonly limits?: Partial<Limits>;
}
