import type { AddVerb } from '../verb.ts';
import { addRedecide } from './redecide.ts';
import { addShow } from './show.ts';
import { addStats } from './stats.ts';
import { addTail } from './tail.ts';
import { addVerify } from './verify.ts';

/** `weir journal …`: what was decided, in the order in which it became durable. Reads only; the exchange may be running. */
export const addJournal: AddVerb = (parent) => {
  const journal = parent.command('journal').description('read and check the journal of decisions');
  addVerify(journal);
  addTail(journal);
  addShow(journal);
  addStats(journal);
  addRedecide(journal);
};
