import type { Paper } from '../../review/types.ts';
import { exitCodes, verb, VerbError, type AddVerb } from '../verb.ts';
import { callExchange, exitHelp, jsonOf, readBytes, ticketOf, withCall, type CallOptions } from './call.ts';

interface Options extends CallOptions {
  readonly question?: string;
  readonly text?: string;
  readonly paper?: string;
}

export const addAnswer: AddVerb = (parent) => {
  withCall(parent.command('answer'))
    .description('for the agency that asked: answer a question that was put back, or hand in a paper')
    .argument('<ticket>', 'the number of the ticket')
    .option('--question <id>', 'the question, as weir held show names it').option('--text <text>', 'the answer to it').option('--paper <file>', 'a PDF, such as a warrant, of at most 10 MiB')
    .addHelpText('after', `\nExamples:\n  weir held answer WA-3F7K-Q2XD-9HTB-M4VE --question Q-… --text 'Case 26-1234.' --cert agency.crt --key-file agency.key --ca authority.crt\n  weir held answer WA-3F7K-Q2XD-9HTB-M4VE --paper warrant.pdf --cert agency.crt --key-file agency.key --ca authority.crt\n${exitHelp}`)
    .action(verb(async ({ question, text, paper, ...options }: Options, given: string) => {
      const { ticket } = ticketOf(given);
      if ((question === undefined) !== (text === undefined) || (question === undefined) === (paper === undefined)) throw new VerbError(exitCodes.usage, 'say what is answered', 'Either --question with --text, or --paper.');
      if (paper !== undefined) {
        const taken = jsonOf<Paper>(await callExchange(options, { method: 'POST', path: `/v1/tickets/${ticket}/papers`, file: { type: 'application/pdf', bytes: await readBytes(paper) } }));
        return { text: `Handed in: paper ${taken.id}, SHA-256 ${taken.hash}.`, json: taken };
      }
      await callExchange(options, { method: 'POST', path: `/v1/tickets/${ticket}/replies`, body: { question, text } });
      return { text: 'Answered.', json: { done: true } };
    }));
};
