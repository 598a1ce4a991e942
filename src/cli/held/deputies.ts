import { join } from 'node:path';
import { KeyError, openKeys } from '../../ledger/index.ts';
import { openActs } from '../../people/acts/index.ts';
import { endDelegation, listDelegations } from '../../review/index.ts';
import { HeldError, type Delegation } from '../../review/types.ts';
import { ledgerPlaces, ledgerSettings } from '../../server/compose/ledgerFolder.ts';
import { readSettings } from '../../server/compose/settings.ts';
import { withStore } from '../store.ts';
import { exitCodes, verb, VerbError, type AddVerb } from '../verb.ts';
import { callExchange, exitHelp, jsonOf, tokenOf, withCall, type CallOptions } from './call.ts';

interface Options extends CallOptions {
  readonly owner: string;
  readonly all?: boolean;
  readonly end?: string;
}

export const addDeputies: AddVerb = (parent) => {
  withCall(parent.command('deputies'))
    .description('who stands in for whom at the desks of an owner, since when, until when and who said so; or end one')
    .requiredOption('--owner <state>', 'whose records they are')
    .option('--all', 'the latest that are over too').option('--end <id>', 'end this one now')
    .addHelpText('after', `\nWith a token it is you who asks or ends, over HTTP. Without one it is the operator, on the machine of the exchange.\n
Examples:\n  weir held deputies --owner WA --token-file reviewer.token\n  weir held deputies --owner WA --end D-0123456789ABCDEF\n${exitHelp}`)
    .action(verb(async ({ owner: given, all = false, end, ...options }: Options) => {
      const owner = given.trim().toUpperCase();
      if (!/^[A-Z]{2}$/.test(owner)) throw new VerbError(exitCodes.usage, 'the owner is two letters', 'Such as --owner WA.');
      const id = end?.trim().toUpperCase() ?? null;
      if (id !== null && !/^D-[0-9A-Z]{16}$/.test(id)) throw new VerbError(exitCodes.usage, 'this is no number of a delegation', 'It begins with D-, as weir held deputies shows it.');
      const desk = (await tokenOf(options)) === null ? onMachine(options, owner) : overHttp(options, owner);
      if (id !== null) {
        await desk.end(id);
        return { text: `${id}: ended.`, json: { ended: id } };
      }
      const deputies = await desk.list(all);
      return { text: deputies.length === 0 ? 'Nobody stands in for anybody.' : deputies.map(lineOf).join('\n'), json: { owner, deputies } };
    }));
};

/** Where delegations are read and ended. */
interface Desk {
  list(ended: boolean): Promise<readonly Delegation[]>;
  end(id: string): Promise<void>;
}

function overHttp(options: CallOptions, owner: string): Desk {
  const path = `/v1/owners/${owner}/held/deputies`;
  return {
    list: async (ended) => jsonOf<{ readonly deputies: readonly Delegation[] }>(await callExchange(options, { path: `${path}?ended=${ended ? 'yes' : 'no'}` })).deputies,
    end: async (id) => { await callExchange(options, { method: 'POST', path: `${path}/${id}/ending`, body: {} }); },
  };
}

/** The act goes by the outbox: the exchange that runs records it at once, another at its start. */
function onMachine(options: CallOptions, owner: string): Desk {
  return {
    list: (ended) => withStore(options, ({ sql }) => listDelegations({ sql, now: Date.now }, owner, { ended })),
    end: (id) => withStore(options, async ({ sql, folder }) => {
      const { keyProgram } = ledgerSettings(await readSettings(join(folder, 'settings.yaml')));
      const keys = await openKeys(ledgerPlaces(folder).keys, [owner], keyProgram === null ? {} : { command: keyProgram }).catch(keysGone);
      try {
        await endDelegation({ sql, acts: openActs({ sql, sealer: keys, journal: null }), now: Date.now }, owner, id, { account: 'operator', person: '', role: null });
      } catch (error) {
        if (error instanceof HeldError) throw new VerbError(error.code === 'HELD_STATE' ? exitCodes.finding : exitCodes.usage, error.message, error.mend, { cause: error });
        throw error;
      } finally {
        await keys.close();
      }
    }),
  };
}

function keysGone(cause: unknown): never {
  throw cause instanceof KeyError ? new VerbError(exitCodes.environment, cause.message, null, { cause }) : cause;
}

function lineOf({ id, desk, account, accountName, deputy, deputyName, from, until, by, state, endedWhy, endedBy }: Delegation): string {
  const who = (name: string | null, number: string): string => (name === null ? number : `${name} (${number})`);
  return `${id}  ${desk}  ${who(deputyName, deputy)} for ${who(accountName, account)}  ${minute(from)} to ${minute(until)}  said by ${by}  ${state}${endedWhy === null ? '' : `: ${endedWhy}${endedBy === null ? '' : ` (${endedBy})`}`}`;
}

function minute(at: string): string {
  return `${at.slice(0, 16)}Z`;
}
