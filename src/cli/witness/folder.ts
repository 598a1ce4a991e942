import { resolve } from 'node:path';
import { WitnessError } from '../../ledger/witness/errors.ts';
import type { CommonOptions } from '../verb.ts';
import { exitCodes, VerbError } from '../verb.ts';

/** The option that all verbs of a witness have: its folder, apart from any data folder of an exchange. */
export interface StateOptions extends CommonOptions {
  readonly state: string;
}

export const stateOption = ['--state <dir>', 'the folder of the witness: its key, its logs, what it cosigned last'] as const;

export function stateFolder({ state }: StateOptions): string {
  return resolve(state);
}

/** Runs a piece of work on a witness's folder; what is wrong with that ends it with a sentence and what to do. */
export async function onState<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof WitnessError) throw new VerbError(exitOf(error), error.message, error.mend, { cause: error });
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EACCES' || code === 'EROFS' || code === 'ENOTDIR' || code === 'ENOSPC') {
      throw new VerbError(exitCodes.environment, `the folder of the witness cannot be used (${code})`, 'Give another with --state, or look at its owner and its disk.', { cause: error });
    }
    throw error;
  }
}

function exitOf({ code }: WitnessError): VerbError['exit'] {
  if (code === 'WITNESS_STATE') return exitCodes.finding;
  return code === 'WITNESS_NAME' || code === 'WITNESS_LOGS' || code === 'WITNESS_HAS_KEY' || code === 'WITNESS_POLICY' ? exitCodes.usage : exitCodes.environment;
}
