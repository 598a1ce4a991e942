import type { AddVerb } from '../verb.ts';
import { addApply } from './apply.ts';
import { addCertificate } from './certificate.ts';
import { addCheck } from './check.ts';
import { addDecide, addWithdraw } from './decide.ts';
import { addList, addShow } from './read.ts';
import { addVerify } from './verify.ts';

/** `weir change …`: changes of policies, as files, over an exchange: checked, proposed, decided. */
export const addChange: AddVerb = (parent) => {
  const change = parent.command('change').description('changes of policies: checked, proposed, approved by others');
  for (const add of [addList, addShow, addCheck, addApply, addDecide, addWithdraw, addCertificate, addVerify]) add(change);
};
