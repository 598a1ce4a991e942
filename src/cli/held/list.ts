import type { HeldItem } from '../../review/types.ts';
import { exitCodes, verb, VerbError, type AddVerb } from '../verb.ts';
import { callExchange, exitHelp, jsonOf, withCall, type CallOptions } from './call.ts';

interface Options extends CallOptions {
  readonly owner: string;
  readonly desk?: string;
  readonly state?: string;
  readonly all?: boolean;
  readonly limit?: string;
  readonly after?: string;
}

export const addList: AddVerb = (parent) => {
  withCall(parent.command('list'))
    .description('the held requests of an owner, in order of deadline and harm')
    .requiredOption('--owner <state>', 'whose records they are')
    .option('--desk <desk>', 'only of one desk').option('--state <state>', 'only waiting, asked, escalated or decided').option('--all', 'those that ended too').option('--limit <n>', '1 to 200; 50 unless told').option('--after <ticket>', 'go on after this one')
    .addHelpText('after', `\nExample:\n  weir held list --owner WA --token-file reviewer.token\n${exitHelp}`)
    .action(verb(async ({ owner, desk, state, all, limit, after, ...options }: Options) => {
      if (!/^[A-Za-z]{2}$/.test(owner)) throw new VerbError(exitCodes.usage, 'the owner is two letters', 'Such as --owner WA.');
      const query = new URLSearchParams(Object.entries({ desk, state, all: all === true ? 'yes' : undefined, limit, after }).filter((one): one is [string, string] => one[1] !== undefined));
      const found = jsonOf<{ readonly held: readonly HeldItem[]; readonly next: string | null }>(await callExchange(options, { path: `/v1/owners/${owner.toUpperCase()}/held?${query.toString()}` }));
      const lines = found.held.map(lineOf);
      return { text: [...(lines.length === 0 ? ['Nothing waits.'] : lines), ...(found.next === null ? [] : [`More: --after ${found.next}`])].join('\n'), json: found };
    }));
};

function lineOf({ ticket, deadline, harm, requester, purpose, held, desk, state, verdict }: HeldItem): string {
  const mark = ['DANGER ', 'RISK   ', '       '][harm] ?? '';
  return `${mark}${ticket}  until ${deadline.slice(0, 16)}Z  ${requester.name} (${requester.ori})  ${purpose}  ${held.map(({ dataClass }) => dataClass).join(',')}  ${desk}  ${verdict ?? state}`;
}
