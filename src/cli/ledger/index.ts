import type { AddVerb } from '../verb.ts';
import { addEpochs } from './epochs.ts';
import { addErase } from './erase.ts';
import { addFsck } from './fsck.ts';
import { addHold } from './hold.ts';
import { addKeys } from './keys.ts';
import { addLogs } from './logs.ts';
import { addOpen } from './open.ts';
import { addProof } from './proof.ts';
import { addPrune } from './prune.ts';
import { addRelease } from './release.ts';
import { addResident } from './resident.ts';
import { addRetain } from './retain.ts';
import { addWithhold } from './withhold.ts';

/** `weir ledger …`: the logs of owners, who may see what of them, and how long they are kept. */
export const addLedger: AddVerb = (parent) => {
  const ledger = parent.command('ledger').description('the logs of all owners: what is published, opened, kept and erased');
  for (const add of [addLogs, addProof, addOpen, addRelease, addResident, addWithhold, addEpochs, addHold, addRetain, addErase, addPrune, addKeys, addFsck]) add(ledger);
};
