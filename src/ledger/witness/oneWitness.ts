import type { Dispatcher } from 'undici';
import { formatKey } from '../../verify/note.ts';
import type { Vkey } from '../../verify/note.ts';
import type { LogName } from '../record.ts';
import { askWitness, WitnessFault } from './asking.ts';
import type { Cosigned, WitnessFaultCode } from './asking.ts';
import { BackOff } from './backOff.ts';
import type { Remembered } from './remembered.ts';

/** How a witness does, for health and metrics. Times are milliseconds since 1970. */
export interface WitnessStatus {
  /** Its name in the policy. */
  readonly name: string;
  /** Without user, password and query. */
  readonly url: string;
  readonly state: 'untried' | 'ok' | 'failing';
  /** When it last gave a good cosignature. */
  readonly lastAnswer: number | null;
  readonly lastError: { readonly code: WitnessFaultCode; readonly at: number; readonly log: LogName; readonly words: string } | null;
  /** The logs for which it gave none when it was last asked. */
  readonly failing: readonly { readonly log: LogName; readonly code: WitnessFaultCode }[];
  /** Before this it is left alone. */
  readonly nextTry: number | null;
  /** Entries of the log that is furthest ahead of what this witness cosigned of it. */
  readonly lag: number;
  /** Its clock less ours, in seconds, at its last cosignature. */
  readonly skewSeconds: number | null;
  /** How long its last good answer took, in milliseconds. */
  readonly ms: number | null;
  /** Counted since the start. */
  readonly cosignatures: number;
  readonly faults: number;
}

/** A checkpoint to be shown, and the proofs that go with it. */
export interface Shown {
  readonly log: LogName;
  readonly note: string;
  readonly size: number;
  readonly consistency: (oldSize: number) => Promise<readonly Buffer[]>;
  /** Aborted when the time is over. */
  readonly signal: AbortSignal;
}

export interface OneWitnessParts {
  readonly name: string;
  readonly key: Vkey;
  readonly prefix: URL;
  readonly dispatcher: Dispatcher;
  readonly remembered: Remembered;
  readonly clock: () => number;
}

/** Faults that are of one log; the witness itself may be well. */
const ofTheLog: ReadonlySet<WitnessFaultCode> = new Set(['unknownLog', 'notTrusted', 'ahead', 'otherHistory', 'inconsistent', 'noProof', 'tooOften']);

/** A witness as a log sees it. */
export class OneWitness {
  readonly name: string;
  readonly #parts: OneWitnessParts;
  readonly #vkey: string;
  readonly #url: URL;
  readonly #whole = new BackOff();
  readonly #logs = new Map<LogName, { readonly backOff: BackOff; fault: WitnessFaultCode | null; shown: number; last: Promise<unknown> }>();
  #lastAnswer: number | null = null;
  #lastError: WitnessStatus['lastError'] = null;
  #skewSeconds: number | null = null;
  #ms: number | null = null;
  #cosignatures = 0;
  #faults = 0;

  constructor(parts: OneWitnessParts) {
    this.#parts = parts;
    this.name = parts.name;
    this.#vkey = formatKey(parts.key);
    this.#url = new URL(parts.prefix);
    this.#url.pathname = `${this.#url.pathname.replace(/\/$/, '')}/add-checkpoint`;
  }

  /** The cosignature line; null where none came, which `status` explains. Never rejects. One checkpoint of a log at a time is under way. */
  async cosign(shown: Shown): Promise<string | null> {
    const log = this.#logs.get(shown.log) ?? { backOff: new BackOff(), fault: null, shown: 0, last: Promise.resolve() };
    this.#logs.set(shown.log, log);
    log.shown = Math.max(log.shown, shown.size);
    const turn = log.last.then(() => this.#inTurn(shown, log));
    log.last = turn;
    return turn;
  }

  status(): WitnessStatus {
    const lags = [...this.#logs].map(([log, { shown }]) => shown - this.#parts.remembered.get(this.#vkey, log));
    const failing = [...this.#logs].flatMap(([log, { fault }]) => (fault === null ? [] : [{ log, code: fault }]));
    return {
      name: this.name, url: `${this.#parts.prefix.origin}${this.#parts.prefix.pathname}`, state: this.#state(),
      lastAnswer: this.#lastAnswer, lastError: this.#lastError, failing, nextTry: this.#whole.until, lag: Math.max(0, ...lags),
      skewSeconds: this.#skewSeconds, ms: this.#ms, cosignatures: this.#cosignatures, faults: this.#faults,
    };
  }

  #state(): WitnessStatus['state'] {
    if (this.#cosignatures + this.#faults === 0) return 'untried';
    return [...this.#logs.values()].some(({ fault }) => fault !== null) ? 'failing' : 'ok';
  }

  async #inTurn(shown: Shown, log: { readonly backOff: BackOff; fault: WitnessFaultCode | null }): Promise<string | null> {
    const began = this.#parts.clock();
    if (shown.signal.aborted || this.#whole.waits(began) || log.backOff.waits(began)) return null;
    try {
      const { line, time } = await this.#asked(shown);
      const now = this.#parts.clock();
      this.#whole.succeeded();
      log.backOff.succeeded();
      log.fault = null;
      this.#lastAnswer = now;
      this.#skewSeconds = Math.round(time - now / 1000);
      this.#ms = Math.max(0, now - began);
      this.#cosignatures += 1;
      return line;
    } catch (error) {
      const now = this.#parts.clock();
      const { code, message } = error instanceof WitnessFault ? error : new WitnessFault('garbled', 'its answer cannot be read');
      log.fault = code;
      if (ofTheLog.has(code)) log.backOff.failed(now, began);
      else this.#whole.failed(now, began);
      this.#lastError = { code, at: now, log: shown.log, words: message };
      this.#faults += 1;
      return null;
    }
  }

  /** Asks with the size that is remembered, and once more with the one that the witness names. */
  async #asked(shown: Shown): Promise<Cosigned> {
    const { remembered } = this.#parts;
    const known = remembered.get(this.#vkey, shown.log);
    // A larger one than is shown cannot be proved from. From nothing, the witness says what it has.
    let oldSize = known <= shown.size ? known : 0;
    for (let tries = 0; ; tries += 1) {
      const answer = await this.#askedFrom(shown, oldSize);
      if ('line' in answer) {
        remembered.set(this.#vkey, shown.log, shown.size);
        return answer;
      }
      if (answer.size === oldSize) {
        throw oldSize === shown.size ? new WitnessFault('otherHistory', 'it cosigned another history of this log at this size') : new WitnessFault('garbled', 'it refuses the size that it names itself');
      }
      remembered.set(this.#vkey, shown.log, answer.size);
      if (answer.size > shown.size) throw new WitnessFault('ahead', 'it cosigned a larger tree of this log than is shown to it');
      if (tries > 0) throw new WitnessFault('garbled', 'it names another size each time it is asked');
      oldSize = answer.size;
    }
  }

  async #askedFrom({ note, size, consistency, signal }: Shown, oldSize: number): Promise<Cosigned | { readonly size: number }> {
    const { key, dispatcher } = this.#parts;
    const proof = oldSize === 0 || oldSize === size ? [] : await inTime(consistency(oldSize), signal);
    return askWitness(this.#url, key, { oldSize, proof, note }, { dispatcher, signal });
  }
}

/** A proof; it is the log that is at fault where none comes. */
function inTime(proof: Promise<readonly Buffer[]>, signal: AbortSignal): Promise<readonly Buffer[]> {
  return new Promise((resolve, reject) => {
    const none = (): void => reject(new WitnessFault('noProof', 'the log could not make a consistency proof for it'));
    signal.addEventListener('abort', none, { once: true });
    proof.then(resolve, none);
  });
}
