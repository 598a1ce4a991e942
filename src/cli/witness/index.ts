import type { AddVerb } from '../verb.ts';
import { addAddLog } from './addLog.ts';
import { addInit } from './init.ts';
import { addStart } from './start.ts';
import { addStatus } from './status.ts';

/** `weir witness …`: cosigns the checkpoints of logs, on a machine of somebody else than who runs the exchange. */
export const addWitness: AddVerb = (parent) => {
  const witness = parent.command('witness').description('cosign the checkpoints of logs, so that nobody is shown a history of their own')
    .addHelpText('after', `
A witness is run by somebody who does not run the exchange: an owner, a court, a university, a newspaper. It needs a folder, a key and a port.

  weir witness init --state ./witness --name witness.example.edu/w1
  weir witness add-log --state ./witness policy.txt
  weir witness start --state ./witness --port 7380`);
  addInit(witness);
  addAddLog(witness);
  addStart(witness);
  addStatus(witness);
};
