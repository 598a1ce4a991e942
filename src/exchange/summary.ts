import type { OwnerAnswer, Summary } from '../model/index.ts';

/** Counts what became of a fan-out. A refusal or a hold is never counted as "no hit": nobody looked. */
export function summarise(answers: readonly OwnerAnswer[]): Summary {
  const hit: string[] = [];
  const noHit: string[] = [];
  const refused: string[] = [];
  const held: string[] = [];
  const silent: string[] = [];
  const lists = { answered: hit, answeredInPart: hit, held, refused, noRecord: noHit, unavailable: silent };
  for (const answer of answers) lists[answer.status].push(answer.owner);
  for (const list of [hit, noHit, refused, held, silent]) list.sort();
  return {
    asked: answers.length, hit: hit.length, noHit: noHit.length, refused: refused.length, held: held.length, silent: silent.length,
    owners: { hit, noHit, refused, held, silent },
  };
}
