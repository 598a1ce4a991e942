import type { AddVerb } from '../verb.ts';
import { addCertifications } from './certifications.ts';
import { addList } from './list.ts';
import { addNotices } from './notices.ts';
import { addReviews } from './reviews.ts';

/** `weir duty …`: notices, certifications and reviews, with their clocks. */
export const addDuty: AddVerb = (parent) => {
  const duty = parent.command('duty').description('duties with a clock: notices, certifications, reviews');
  for (const add of [addList, addNotices, addCertifications, addReviews]) add(duty);
};
