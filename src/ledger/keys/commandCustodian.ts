import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { checkName, checkOwner, type KeyCustodian } from './custodian.ts';
import { KeyError } from './errors.ts';

export interface CommandOptions {
  /** The program and its arguments. No shell is between. */
  readonly command: readonly string[];
  /** How long an answer may take, in milliseconds. */
  readonly timeoutMs?: number;
  /** The pause before a program that ended is started again, in milliseconds. */
  readonly restartMs?: number;
}

const defaults = { timeoutMs: 10_000, restartMs: 500 };
const longestLine = 65_536;
const closeMs = 2_000;

/**
 * Keys behind a program of the operator, for example a bridge to PKCS#11 or a KMS. It is spoken to in JSON lines over its standard input and output:
 * `{"id":1,"op":"wrap","owner","context","key"}`, answered by `{"id":1,"wrapped"}` or `{"id":1,"error":{"code","message"}}`, in any order.
 * The operations, with what is asked and answered (bytes in base64), are in `ops` below. It may end at any time: it is started again,
 * and what was under way is asked once more, where asking twice does no harm. Everything else is `KEY_CUSTODIAN`.
 */
export function commandCustodian(options: CommandOptions): KeyCustodian {
  const line = new Line(options);
  const ask = async (op: Op, given: Record<string, string>, bytes: number | null): Promise<Buffer> => {
    const answer = await line.ask(op, given);
    const text = answer[ops[op].answers];
    const found = typeof text === 'string' && /^[A-Za-z0-9+/]*={0,2}$/.test(text) ? Buffer.from(text, 'base64') : null;
    if (found === null || (bytes === null ? found.length === 0 : found.length !== bytes)) throw new KeyError('KEY_CUSTODIAN', `the program that keeps the keys answered ${op} with what is no answer to it`);
    return found;
  };
  return {
    wrap: async (owner, context, key) => {
      checkOwner(owner);
      return ask('wrap', { owner, context, key: key.toString('base64') }, null);
    },
    unwrap: async (owner, context, wrapped) => {
      checkOwner(owner);
      return ask('unwrap', { owner, context, wrapped: wrapped.toString('base64') }, null);
    },
    publicKey: async (name) => {
      checkName(name);
      return ask('publicKey', { name }, 32);
    },
    sign: async (name, message) => {
      checkName(name);
      return ask('sign', { name, message: message.toString('base64') }, 64);
    },
    nextSigner: async (name) => {
      checkName(name);
      return ask('nextSigner', { name }, 32);
    },
    takeSigner: async (name) => {
      checkName(name);
      await line.ask('takeSigner', { name });
    },
    nextMaster: async (owner) => {
      checkOwner(owner);
      await line.ask('nextMaster', { owner });
    },
    takeMaster: async (owner) => {
      checkOwner(owner);
      await line.ask('takeMaster', { owner });
    },
    close: () => line.close(),
  };
}

type Op = keyof typeof ops;
/** What each operation is answered with, and whether it may be asked twice. All that make a key give the same one again until it is taken. */
const ops = {
  wrap: { answers: 'wrapped', again: true },
  unwrap: { answers: 'key', again: true },
  publicKey: { answers: 'publicKey', again: true },
  sign: { answers: 'signature', again: true },
  nextSigner: { answers: 'publicKey', again: true },
  takeSigner: { answers: 'done', again: false },
  nextMaster: { answers: 'done', again: false },
  takeMaster: { answers: 'done', again: false },
} as const;

interface Asked {
  readonly op: Op;
  readonly text: string;
  readonly resolve: (answer: Record<string, unknown>) => void;
  readonly reject: (error: KeyError) => void;
  readonly timer: NodeJS.Timeout;
  again: boolean;
}

type Child = ChildProcessByStdio<Writable, Readable, null>;

/** The program, and what it was asked. */
class Line {
  readonly #options: CommandOptions;
  readonly #asked = new Map<number, Asked>();
  #child: Child | null = null;
  #rest = '';
  #count = 0;
  #startedAt = -Infinity;
  #starting: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(options: CommandOptions) {
    this.#options = options;
  }

  ask(op: Op, given: Record<string, string>): Promise<Record<string, unknown>> {
    return new Promise((resolve, reject) => {
      if (this.#closed) throw new KeyError('KEY_CUSTODIAN', 'the program that keeps the keys was closed');
      this.#count += 1;
      const id = this.#count;
      const timeoutMs = this.#options.timeoutMs ?? defaults.timeoutMs;
      const timer = setTimeout(() => {
        this.#asked.delete(id);
        reject(new KeyError('KEY_CUSTODIAN', `the program that keeps the keys did not answer ${op} within ${timeoutMs} milliseconds`));
      }, timeoutMs);
      this.#asked.set(id, { op, text: `${JSON.stringify({ id, op, ...given })}\n`, resolve, reject, timer, again: ops[op].again });
      if (this.#child === null) this.#start();
      else this.#child.stdin.write(this.#asked.get(id)?.text ?? '');
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#starting !== null) clearTimeout(this.#starting);
    for (const id of this.#asked.keys()) this.#fail(id, 'the program that keeps the keys was closed');
    const child = this.#child;
    if (child === null) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => child.kill('SIGKILL'), closeMs);
      child.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
      child.stdin.end();
    });
  }

  /** Starts the program, not more often than every so many milliseconds, and asks it all that waits. */
  #start(): void {
    if (this.#starting !== null) return;
    const pause = this.#startedAt + (this.#options.restartMs ?? defaults.restartMs) - Date.now();
    if (pause > 0) {
      this.#starting = setTimeout(() => {
        this.#starting = null;
        this.#start();
      }, pause);
      return;
    }
    this.#startedAt = Date.now();
    const [program = '', ...rest] = this.#options.command;
    const child: Child = spawn(program, rest, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child = child;
    this.#rest = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => this.#take(child, text));
    // It ended while it was written to: `close` tells.
    child.stdin.on('error', () => undefined);
    child.on('error', (error) => this.#ended(child, `cannot be started: ${error.message}`, false));
    child.on('close', (code, signal) => this.#ended(child, `ended with ${signal ?? `code ${String(code)}`}`, true));
    // What waits for an answer keeps the process alive by its timer; an idle program does not.
    child.unref();
    for (const stream of [child.stdin, child.stdout]) (stream as unknown as { unref?: () => void }).unref?.();
    for (const { text } of this.#asked.values()) child.stdin.write(text);
  }

  #take(child: Child, text: string): void {
    const lines = `${this.#rest}${text}`.split('\n');
    this.#rest = lines.pop() ?? '';
    for (const one of lines) if (!this.#answer(one)) return void child.kill('SIGKILL');
    if (this.#rest.length > longestLine) child.kill('SIGKILL');
  }

  /** False where the line is no answer: nothing that follows it can be trusted to be one. */
  #answer(line: string): boolean {
    const answer = parse(line);
    if (answer === null) {
      for (const [id, { op }] of this.#asked) this.#fail(id, `the program that keeps the keys answered ${op} with a line that is no JSON object with an id`);
      return false;
    }
    const id = answer['id'] as number;
    const asked = this.#asked.get(id);
    // Answered too late.
    if (asked === undefined) return true;
    const { error } = answer;
    if (error === undefined) {
      clearTimeout(asked.timer);
      this.#asked.delete(id);
      asked.resolve(answer);
    } else {
      const { code, message }: { code?: unknown; message?: unknown } = typeof error === 'object' && error !== null ? error : {};
      // What a program says may be long or hold control characters; its words go to the operator's terminal.
      const words = typeof message === 'string' ? message.replace(/\p{Cc}/gu, '?').slice(0, 200) : 'no reason given';
      this.#fail(id, code === 'wrongKey' ? `the wrapped key is not of this owner and use: ${words}` : `the program that keeps the keys refused ${asked.op}: ${words}`, code === 'wrongKey' ? 'KEY_WRAP' : 'KEY_CUSTODIAN');
    }
    return true;
  }

  #ended(child: Child, how: string, started: boolean): void {
    if (this.#child !== child) return;
    this.#child = null;
    for (const [id, asked] of this.#asked) {
      if (asked.again && started) asked.again = false;
      else this.#fail(id, `the program that keeps the keys ${how}`);
    }
    if (this.#asked.size > 0 && !this.#closed) this.#start();
  }

  #fail(id: number, message: string, code: 'KEY_CUSTODIAN' | 'KEY_WRAP' = 'KEY_CUSTODIAN'): void {
    const asked = this.#asked.get(id);
    if (asked === undefined) return;
    clearTimeout(asked.timer);
    this.#asked.delete(id);
    asked.reject(new KeyError(code, message));
  }
}

function parse(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'id' in value && Number.isSafeInteger(value.id) ? { ...value } : null;
  } catch {
    return null;
  }
}
