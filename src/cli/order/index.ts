import type { AddVerb } from '../verb.ts';
import { addConfirm } from './confirm.ts';
import { addList } from './list.ts';
import { addWithdraw } from './withdraw.ts';

/** `weir order …`: court papers that an owner confirmed with the court. */
export const addOrder: AddVerb = (parent) => {
  const order = parent.command('order').description('court papers that an owner confirmed');
  for (const add of [addConfirm, addList, addWithdraw]) add(order);
};
