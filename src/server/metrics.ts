import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

import type { WireFormat } from '../model/index.ts';
import type { AnswerStatus, InquiryKey } from '../vocabulary/index.ts';

/** What is looked at when the counters are read. */
export interface Watched {
  /** Entries that wait to be written. */
  readonly journalQueue?: () => number;
  readonly journalHealthy?: () => boolean;
  readonly inFlight?: () => number;
  /** How many claims of each owner fail. */
  readonly claims?: () => Iterable<{ readonly owner: string; readonly failing: number }>;
  /** The breaker of each owner's source. */
  readonly breakers?: () => Iterable<{ readonly owner: string; readonly state: 'closed' | 'halfOpen' | 'open' }>;
}

/** The counters of the exchange, in the format of Prometheus. Labels are words of closed lists: none can name a person. */
export interface Metrics {
  readonly registry: Registry;
  /** One message was answered at the door. `outcome` as the exchange names it. */
  inquiry(format: WireFormat, outcome: string, status: number, seconds: number): void;
  /** One owner answered one inquiry: for the exchange to call. */
  ownerAnswer(key: InquiryKey, owner: string, status: AnswerStatus): void;
  /** A request ended in a problem of the server itself. */
  problem(name: string): void;
  tlsRefused(): void;
  watch(watched: Watched): void;
}

/** Counters in a registry of their own; `process` adds those of the process (memory, event loop, collections). */
export function createMetrics(options: { readonly process?: boolean } = {}): Metrics {
  const registry = new Registry();
  const registers = [registry];
  if (options.process ?? true) collectDefaultMetrics({ register: registry });

  const messages = new Counter({ name: 'weir_inquiries_total', help: 'Messages answered, by format, outcome and HTTP status.', labelNames: ['format', 'outcome', 'status'], registers });
  const latency = new Histogram({
    name: 'weir_inquiry_seconds', help: 'Time from the whole message to the answer.', registers,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
  });
  const owners = new Counter({ name: 'weir_owner_answers_total', help: 'Answers of owners, by message key, owner and status.', labelNames: ['key', 'owner', 'status'], registers });
  const problems = new Counter({ name: 'weir_problems_total', help: 'Requests that the server itself refused, by problem.', labelNames: ['problem'], registers });
  const refused = new Counter({ name: 'weir_tls_refused_total', help: 'TLS handshakes that failed.', registers });
  const tally = createTally(messages, owners);
  const watched: Watched[] = [];
  addGauges(registers, watched);

  return {
    registry,
    inquiry(format, outcome, status, seconds) {
      tally.message(format, outcome, status);
      latency.observe(seconds);
    },
    ownerAnswer: (key, owner, status) => tally.owner(key, owner, status),
    problem: (name) => problems.inc({ problem: name }),
    tlsRefused: () => refused.inc(),
    watch: (more) => void watched.push(more),
  };
}

/** At most so many different outcomes get a row of their own: a mistake elsewhere cannot fill the memory. */
const maxOutcomes = 64;

/** Counts in plain maps, and hands the sums over when they are read: a labelled count costs a microsecond, this a tenth. */
function createTally(messages: Counter, owners: Counter) {
  const byMessage = new Map<string, { labels: Record<string, string>; count: number }>();
  const byOwner = new Map<string, { labels: Record<string, string>; count: number }>();
  const outcomes = new Set<string>();
  const flush = (counts: typeof byMessage, counter: Counter): void => {
    for (const row of counts.values()) {
      if (row.count > 0) counter.inc(row.labels, row.count);
      row.count = 0;
    }
  };
  Object.assign(messages, { collect: () => flush(byMessage, messages) });
  Object.assign(owners, { collect: () => flush(byOwner, owners) });

  return {
    message(format: string, outcome: string, status: number): void {
      const key = `${format} ${outcome} ${status}`;
      const row = byMessage.get(key);
      if (row !== undefined) return void (row.count += 1);
      const word = outcomes.has(outcome) || (outcomes.size < maxOutcomes && /^[A-Za-z]{1,40}$/.test(outcome)) ? outcome : 'other';
      outcomes.add(word);
      if (word === outcome) byMessage.set(key, { labels: { format, outcome, status: String(status) }, count: 1 });
      else messages.inc({ format, outcome: 'other', status: String(status) });
    },
    owner(key: string, owner: string, status: string): void {
      const id = `${key} ${owner} ${status}`;
      const row = byOwner.get(id);
      if (row === undefined) byOwner.set(id, { labels: { key, owner, status }, count: 1 });
      else row.count += 1;
    },
  };
}

function addGauges(registers: Registry[], watched: readonly Watched[]): void {
  const sum = (pick: (w: Watched) => number | undefined): number => watched.reduce((total, w) => total + (pick(w) ?? 0), 0);
  new Gauge({
    name: 'weir_journal_queue', help: 'Entries that wait to be made durable.', registers,
    collect() { this.set(sum((w) => w.journalQueue?.())); },
  });
  new Gauge({
    name: 'weir_journal_healthy', help: '1 where the journal can write.', registers,
    collect() { this.set(watched.every((w) => w.journalHealthy?.() ?? true) ? 1 : 0); },
  });
  new Gauge({
    name: 'weir_inquiries_in_flight', help: 'Messages that are being answered.', registers,
    collect() { this.set(sum((w) => w.inFlight?.())); },
  });
  new Gauge({
    name: 'weir_claims_failing', help: 'Claims of each owner that failed when they were last proved.', labelNames: ['owner'], registers,
    collect() {
      this.reset();
      for (const w of watched) for (const { owner, failing } of w.claims?.() ?? []) this.set({ owner }, failing);
    },
  });
  new Gauge({
    name: 'weir_source_breaker', help: '0 closed, 1 half open, 2 open: the state of the breaker before each source.', labelNames: ['owner'], registers,
    collect() {
      this.reset();
      for (const w of watched) {
        for (const { owner, state } of w.breakers?.() ?? []) this.set({ owner }, { closed: 0, halfOpen: 1, open: 2 }[state]);
      }
    },
  });
}
