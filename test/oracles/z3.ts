import { init, killThreads } from 'z3-solver';

/** Z3, ready to answer. Its threads keep a process alive until `stop`. */
export interface Z3 {
  /** Runs one SMT-LIB file from nothing. `unknown` is never an agreement. Throws where the file is refused. */
  check(text: string): Promise<'sat' | 'unsat' | 'unknown'>;
  stop(): Promise<void>;
}

export async function startZ3(): Promise<Z3> {
  const ready = await init();
  const { Z3: z3 } = ready;
  return {
    async check(text) {
      const config = z3.mk_config();
      const context = z3.mk_context(config);
      z3.del_config(config);
      try {
        const answer = (await z3.eval_smtlib2_string(context, text)).trim();
        if (answer === 'sat' || answer === 'unsat' || answer === 'unknown') return answer;
        throw new Error(`z3: ${answer}`);
      } finally {
        z3.del_context(context);
      }
    },
    stop: () => killThreads(ready.em),
  };
}
