import type { AddVerb } from '../verb.ts';
import { addAnswer } from './answer.ts';
import { addAsk } from './ask.ts';
import { addDecide } from './decide.ts';
import { addDeliverTo } from './deliverTo.ts';
import { addDeputies } from './deputies.ts';
import { addList } from './list.ts';
import { addShow } from './show.ts';
import { addTake } from './take.ts';

/** `weir held …`: held requests, for a reviewer's script and an agency's. */
export const addHeld: AddVerb = (parent) => {
  const held = parent.command('held').description('requests that a person decides: list, show, decide, answer, take');
  for (const add of [addList, addShow, addDecide, addAsk, addAnswer, addTake, addDeputies, addDeliverTo]) add(held);
};
