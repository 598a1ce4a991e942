import { writeFile } from 'node:fs/promises';
import { exitCodes, verb, VerbError, type AddVerb } from '../verb.ts';
import { callExchange, exitHelp, problemOf, ticketOf, withCall, type CallOptions } from './call.ts';

export const addTake: AddVerb = (parent) => {
  withCall(parent.command('take'))
    .description('for the agency that asked: take the late answer of a ticket, or without one the oldest that waits; on the record each time')
    .argument('[ticket]', 'the number of the ticket')
    .option('--out <file>', 'write it there, as it came; the file must not exist').option('--taken', 'without a ticket: say that it was taken, so that the next one is given')
    .addHelpText('after', `\nExamples:\n  weir held take WA-3F7K-Q2XD-9HTB-M4VE --cert agency.crt --key-file agency.key --ca authority.crt\n  weir held take --taken --out message.txt --cert agency.crt --key-file agency.key --ca authority.crt\n${exitHelp}`)
    .action(verb(async ({ out, taken, ...options }: CallOptions & { readonly out?: string; readonly taken?: boolean }, given?: string) => {
      const path = given === undefined ? '/v1/messages' : `/v1/tickets/${ticketOf(given).ticket}/answer`;
      const answer = await callExchange(options, { path }, [409]);
      if (answer.status === 409) {
        const { message, mend } = problemOf(answer);
        return { text: `Not yet: ${message}. ${mend ?? ''}`, json: { taken: false }, exit: exitCodes.finding };
      }
      if (answer.status === 204) return { text: 'No late message waits.', json: { taken: false } };
      const ticket = String(answer.headers['weir-ticket'] ?? given ?? '');
      const body = answer.bytes.toString('utf8');
      if (out !== undefined) await writeNew(out, answer.bytes);
      // Only once it is safe here: else it would be given to nobody.
      if (given === undefined && taken === true) await callExchange(options, { method: 'POST', path: `/v1/messages/${ticketOf(ticket).ticket}/taken` });
      return { text: out === undefined ? body.replaceAll('\u0003', '').trimEnd() : `${ticket} written to ${out}.`, json: { taken: true, ticket, contentType: answer.type, ...(out === undefined ? { body } : { file: out }) } };
    }));
};

async function writeNew(file: string, bytes: Buffer): Promise<void> {
  await writeFile(file, bytes, { flag: 'wx', mode: 0o600, flush: true }).catch((cause: unknown) => {
    throw new VerbError(exitCodes.environment, `the file ${file} cannot be written`, 'It must not exist yet, and its folder must.', { cause });
  });
}
