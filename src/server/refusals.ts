import type { FastifyReply, FastifyRequest } from 'fastify';

import type { MendableError } from '../model/codedError.ts';
import type { ProblemExtras } from './problem.ts';
import type { ProblemName } from './problems.ts';
import { sendProblem } from './send.ts';

/** What a room refused, as the problem that it is to whoever asked: which, and what it says. */
export interface Refusal {
  readonly name: ProblemName;
  readonly extras: ProblemExtras;
}

/** Finds the refusal in an error; null for a fault of ours, which is to be thrown on. */
export type RefusalReader = (error: unknown) => Refusal | null;

/** Reads the errors of one room: which problem each of its codes is. */
export function refusalsOf<Code extends string>(room: abstract new (...given: never[]) => MendableError<Code>, names: Readonly<Record<Code, ProblemName>>): RefusalReader {
  return (error) => (error instanceof room ? { name: names[error.code], extras: { detail: sentenceOf(error), reasonCode: error.code } } : null);
}

export interface Answering<T> {
  /** What is said where the work gives null: the code of what does not exist for whoever asks. */
  readonly unknown?: string;
  /** How what was found is sent; as it is where absent. */
  readonly send?: (found: T) => FastifyReply;
}

/**
 * Does the work of a route and sends what it gives; what the room refuses becomes its problem, with its code. Anything else is thrown on: the server
 * answers what could not be recorded as such, and the rest as a fault of ours.
 */
export async function answerWork<T>(request: FastifyRequest, reply: FastifyReply, read: RefusalReader, work: () => Promise<T | null>, { unknown, send = (found) => reply.send(found) }: Answering<T> = {}): Promise<FastifyReply> {
  try {
    const found = await work();
    if (found === null) return await sendProblem(request, reply, 'unknownObject', unknown === undefined ? {} : { reasonCode: unknown });
    return await send(found);
  } catch (error) {
    const refusal = read(error);
    if (refusal === null) throw error;
    return sendProblem(request, reply, refusal.name, refusal.extras);
  }
}

/** What an error says to a person: what is wrong, and what to do. */
export function sentenceOf({ message, mend }: { readonly message: string; readonly mend: string }): string {
  const end = /[.!?]$/.test(message) ? '' : '.';
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}${end} ${mend}`.trim();
}
