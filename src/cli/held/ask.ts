import type { Question } from '../../review/types.ts';
import { verb, type AddVerb } from '../verb.ts';
import { callExchange, exitHelp, jsonOf, ticketOf, withCall, type CallOptions } from './call.ts';

export const addAsk: AddVerb = (parent) => {
  withCall(parent.command('ask'))
    .description('put a question back to the agency that asked; the clock goes on')
    .argument('<ticket>', 'the number of the ticket')
    .requiredOption('--text <text>', 'the question')
    .addHelpText('after', `\nExample:\n  weir held ask WA-3F7K-Q2XD-9HTB-M4VE --text 'Which case is this for?' --token-file reviewer.token\n${exitHelp}`)
    .action(verb(async ({ text, ...options }: CallOptions & { readonly text: string }, given: string) => {
      const { ticket, owner } = ticketOf(given);
      const question = jsonOf<Question>(await callExchange(options, { method: 'POST', path: `/v1/owners/${owner}/held/${ticket}/questions`, body: { text } }));
      return { text: `Asked: question ${question.id}.`, json: question };
    }));
};
