import { init, killThreads } from 'z3-solver';

export type Z3Answer = 'sat' | 'unsat' | 'unknown';

/** Z3, ready to answer. Its threads keep a process alive until `stop`. */
export interface Z3 {
  /** Runs one SMT-LIB file from nothing. `unknown` is never an agreement. Throws where the file is refused. */
  check(text: string): Z3Answer;
  stop(): Promise<void>;
}

/** The parts of the compiled module that are called. */
interface Module {
  readonly HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  _free(place: number): void;
  ccall(name: 'Z3_eval_smtlib2_string', returns: 'string', takes: readonly ['number', 'number'], args: readonly [unknown, number]): string;
}

/**
 * Starts Z3. Files are run on this thread, from memory of their own: the package's `eval_smtlib2_string` lays the text on the stack, hands it to
 * another thread and returns, so that a long one is read half overwritten.
 */
export async function startZ3(): Promise<Z3> {
  const ready = await init();
  const { Z3: z3 } = ready;
  const module = ready.em as Module;
  return {
    check(text) {
      const config = z3.mk_config();
      const context = z3.mk_context(config);
      z3.del_config(config);
      const bytes = new TextEncoder().encode(`${text}\0`);
      const place = module._malloc(bytes.length);
      try {
        module.HEAPU8.set(bytes, place);
        const answer = module.ccall('Z3_eval_smtlib2_string', 'string', ['number', 'number'], [context, place]).trim();
        if (answer === 'sat' || answer === 'unsat' || answer === 'unknown') return answer;
        throw new Error(`z3: ${answer}`);
      } finally {
        module._free(place);
        z3.del_context(context);
      }
    },
    stop: () => killThreads(ready.em),
  };
}
