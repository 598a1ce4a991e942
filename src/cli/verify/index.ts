import type { AddVerb } from '../verb.ts';
import { addAnswer } from './answer.ts';
import { addCheckpoints } from './checkpoints.ts';
import { addLog } from './log.ts';
import { addOpening } from './opening.ts';
import { addProof } from './proof.ts';
import { addReceipt } from './receipt.ts';
import { addRelease } from './release.ts';
import { addReport } from './report.ts';
import { exitHelp } from './verdict.ts';

/** `weir verify …`: what the ledger says, without trust in whoever runs it. Needs no data folder, no database and no network. */
export const addVerify: AddVerb = (parent) => {
  const verify = parent.command('verify').description('verify receipts, proofs, openings, reports and whole logs, offline').addHelpText('after', exitHelp);
  for (const add of [addReceipt, addAnswer, addLog, addCheckpoints, addProof, addOpening, addRelease, addReport]) add(verify);
};
