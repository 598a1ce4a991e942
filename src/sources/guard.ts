import type { SourceQuery, SourceResult } from '../exchange/ports.ts';
import type { Call } from './connector.ts';
import { breaker, type BreakerOptions, type BreakerState } from './breaker.ts';
import { SourceFault, type SourceFaultCode } from './fault.ts';

export interface GuardOptions {
  /** Milliseconds from the moment the look-up is sent until it is given up. */
  readonly timeoutMs: number;
  /** Look-ups that may be with the source at once. */
  readonly concurrent: number;
  /** Look-ups that may wait for their turn; one more is `overloaded` at once. */
  readonly queue: number;
  readonly breaker: BreakerOptions;
}

/** For the counters: no secret, no person. */
export interface GuardState {
  readonly breaker: BreakerState;
  readonly inFlight: number;
  readonly queued: number;
  /** Failures one after the other, now. */
  readonly failures: number;
  /** Failed look-ups since the start, by reason. */
  readonly failed: Readonly<Record<SourceFaultCode, number>>;
  /** What the last failure was, for the operator. */
  readonly lastFault: string | null;
}

export interface Guard {
  /** Never rejects: every failure is `unavailable`, and none is ever `none`. */
  lookup(owner: string, query: SourceQuery): Promise<SourceResult>;
  readonly state: GuardState;
}

type Fetch = (owner: string, query: SourceQuery, call: Call) => Promise<SourceResult>;

/** Time-out, cap, bounded queue and breaker around a way to fetch. */
export function guard(fetch: Fetch, options: GuardOptions): Guard {
  const gate = breaker(options.breaker);
  const turns: (() => void)[] = [];
  const failed: Record<SourceFaultCode, number> = { timeout: 0, down: 0, open: 0, overloaded: 0, misconfigured: 0 };
  let inFlight = 0;
  let handingOut = false;
  let lastFault: string | null = null;
  let counted: SourceFault | null = null;

  function lookup(owner: string, query: SourceQuery): Promise<SourceResult> {
    if (inFlight < options.concurrent) return send(owner, query);
    if (turns.length >= options.queue) return Promise.resolve(refuse('overloaded'));
    return new Promise(resolve => {
      let gone = false;
      const timer = setTimeout(() => {
        gone = true;
        turns.splice(turns.indexOf(turn), 1);
        resolve(refuse('overloaded')); // it was never asked, so this says nothing about the source
      }, options.timeoutMs);
      function turn(): void {
        if (gone) return;
        clearTimeout(timer);
        resolve(send(owner, query));
      }
      turns.push(turn);
    });
  }

  function send(owner: string, query: SourceQuery): Promise<SourceResult> {
    const pass = gate.pass();
    if (pass === 'no') {
      next();
      return Promise.resolve(refuse('open'));
    }
    inFlight += 1;
    const probe = pass === 'probe';
    const call: Call = { gone: false, onGone: null };
    return new Promise(resolve => {
      let settled = false;
      const settle = (result: SourceResult): void => {
        settled = true;
        clearTimeout(timer);
        inFlight -= 1;
        resolve(result);
        next();
      };
      const timer = setTimeout(() => {
        settle(failure(new SourceFault('timeout', 'the source did not answer in time', { counts: true }), probe));
        call.gone = true;
        call.onGone?.();
      }, options.timeoutMs);
      start(fetch, owner, query, call).then(
        result => {
          if (settled) return;
          gate.succeeded(probe);
          settle(result);
        },
        (error: unknown) => {
          if (!settled) settle(failure(asFault(error), probe));
        },
      );
    });
  }

  /** Whoever waits longest has the turn that came free. A turn that is refused frees the next one: a loop, because thousands may wait. */
  function next(): void {
    if (handingOut) return;
    handingOut = true;
    while (inFlight < options.concurrent && turns.length > 0) turns.shift()?.();
    handingOut = false;
  }

  function refuse(code: 'open' | 'overloaded'): SourceResult {
    failed[code] += 1;
    return { status: 'unavailable', why: code };
  }

  /** One fault that many look-ups share (they went in one statement) counts once. */
  function failure(fault: SourceFault, probe: boolean): SourceResult {
    failed[fault.code] += 1;
    lastFault = fault.message;
    if (!fault.counts) gate.undecided(probe);
    else if (probe || fault !== counted) gate.failed(probe);
    counted = fault;
    return { status: 'unavailable', why: fault.code };
  }

  return {
    lookup,
    get state() {
      return { breaker: gate.state, inFlight, queued: turns.length, failures: gate.failures, failed: { ...failed }, lastFault };
    },
  };
}

/** A connector that throws instead of rejecting must not take the look-up with it. */
async function start(fetch: Fetch, owner: string, query: SourceQuery, call: Call): Promise<SourceResult> {
  return fetch(owner, query, call);
}

function asFault(error: unknown): SourceFault {
  return error instanceof SourceFault ? error : new SourceFault('down', 'the source failed in an unexpected way', { counts: true });
}
