import { inspectWitness } from '../../ledger/witness/inspect.ts';
import type { WatchedLog } from '../../ledger/witness/inspect.ts';
import type { AddVerb } from '../verb.ts';
import { exitCodes, verb } from '../verb.ts';
import { onState, stateFolder, stateOption } from './folder.ts';
import type { StateOptions } from './folder.ts';

export const addStatus: AddVerb = (parent) => {
  parent.command('status')
    .description('what a witness watches, and what it cosigned last of each log')
    .requiredOption(...stateOption)
    .addHelpText('after', `
Reads the folder and checks each checkpoint in it against the keys; the witness may be running.
Exit code 1 where a log showed two histories, or where what was kept is missing or altered.

Examples:
  weir witness status --state ./witness
  weir witness status --state ./witness --json | jq '.logs[] | [.origin, .size]'`)
    .action(verb((options: StateOptions) => onState(async () => {
      const { name, vkey, logs } = await inspectWitness(stateFolder(options));
      return {
        text: [name, `  key  ${vkey}`, '', ...(logs.length === 0 ? ['It watches no log yet: weir witness add-log --state DIR policy.txt'] : logs.flatMap(linesOf))].join('\n'),
        json: { name, vkey, logs: logs.map(({ origin, hash, kept, contradictions }) => ({ origin, hash, size: kept?.size ?? null, root: kept === null ? null : Buffer.from(kept.root).toString('base64'), time: kept?.time ?? null, contradictions })) },
        exit: logs.some(({ contradictions }) => contradictions > 0) ? exitCodes.finding : exitCodes.ok,
      };
    })));
};

function linesOf({ origin, kept, contradictions }: WatchedLog): string[] {
  const seen = kept === null ? 'nothing cosigned yet' : `${kept.size} ${kept.size === 1 ? 'entry' : 'entries'}, cosigned ${new Date(kept.time * 1000).toISOString().slice(0, 19)}Z`;
  const two = contradictions === 0 ? [] : [`  TWO HISTORIES: ${contradictions} checkpoint(s) signed by this log contradict what was cosigned; they lie in \`contradictions\``];
  return [origin, `  ${seen}`, ...two];
}
