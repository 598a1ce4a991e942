import { spawn } from 'node:child_process';
import type { ResidentGiven } from '../ledger/subjects/index.ts';
import type { ProofingStep } from './types.ts';

/** What a step may look at. Nothing of it is kept by the step. */
export interface StepQuestion {
  readonly owner: string;
  readonly number: string;
  readonly given: ResidentGiven;
  /** What the resident typed; empty for steps that need nothing of them. */
  readonly answer: string;
  /** The code that went by letter to the address on record; null where none was made. */
  readonly code: string | null;
}

/** One way of proofing who a resident is: a plug. `check` is absent where an official confirms. Rejects where it cannot tell now: nothing is decided then. */
export interface ProofingPlug extends ProofingStep {
  readonly check?: (question: StepQuestion) => Promise<boolean>;
}

/** Whether an owner's records have a person of this licence number, name and birth date. */
export type RecordMatch = (owner: string, given: ResidentGiven) => Promise<boolean>;

/** The steps that come with the exchange. */
export function builtInSteps(match: RecordMatch): readonly ProofingPlug[] {
  return [
    { id: 'recordMatch', plain: 'the licence number, name and birth date given are those of one record', by: 'program', check: ({ owner, given }) => match(owner, given) },
    { id: 'letterCode', plain: 'a code that was sent by letter to the address on record', by: 'resident', check: ({ answer, code }) => Promise.resolve(code !== null && plainCode(answer) === plainCode(code)) },
    { id: 'inPerson', plain: 'an official saw the person and a proof of identity', by: 'owner' },
  ];
}

/**
 * A program of the owner's as a step: it reads the question as JSON and says by its end: 0 confirmed, 1 not confirmed, anything else, or no end within ten seconds: it cannot tell.
 * The program is the owner's, set by the operator; the question has what the resident typed.
 */
export function programStep(id: string, plain: string, command: readonly string[], patience = 10_000): ProofingPlug {
  return {
    id, plain, by: 'program',
    check: ({ owner, number, given, answer }) => new Promise((resolve, reject) => {
      const [program = '', ...words] = command;
      const child = spawn(program, words, { stdio: ['pipe', 'ignore', 'ignore'] });
      const timer = setTimeout(() => child.kill('SIGKILL'), patience);
      child.once('error', (error) => { clearTimeout(timer); reject(error); });
      child.once('close', (code) => {
        clearTimeout(timer);
        if (code === 0 || code === 1) resolve(code === 0);
        else reject(new Error(`the program of the step ${id} ended with ${String(code)}`));
      });
      child.stdin.on('error', () => undefined);
      child.stdin.end(JSON.stringify({ owner, number, given, answer }));
    }),
  };
}

/** Codes are read from paper: capitals, and no difference between what looks alike. */
function plainCode(text: string): string {
  return text.toUpperCase().replace(/[^0-9A-Z]/g, '').replaceAll('O', '0').replaceAll('I', '1').replaceAll('L', '1');
}
