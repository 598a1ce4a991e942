import { expect, it } from 'vitest';
import { steadyClock } from '../store/steadyClock.ts';
import { hour, narrower, useDesk, wider } from './cases.ts';

const desk = useDesk();

it.each([['set back by two days', -48 * hour], ['set forward by two days, and soon right again', 48 * hour]])('an emergency change and an open proposal end when their time has passed, not sooner or later, where the wall clock is %s', async (_name, by) => {
  const { office, author } = desk.now();
  const official = await office.person('ownerOfficial');
  const wall = { at: office.now, passed: 0 };
  const clock = steadyClock({ wall: () => wall.at, monotonic: () => wall.passed });
  /** Hours pass, and are noticed each minute. */
  const go = async (hours: number): Promise<void> => {
    for (let minute = 0; minute < hours * 60; minute += 1) {
      wall.at += 60_000;
      wall.passed += 60_000;
      office.now = clock.now();
    }
    await office.changes.tick(office.now);
  };
  const { id } = await office.changes.emergency('CO', { text: narrower(), reason: 'A leak was found.', hours: 72 }, official);
  const open = await office.proposed(author, wider(3));
  wall.at += by;
  await go(0.1);
  if (by > 0) wall.at -= by;
  await go(71);
  expect((await office.changes.proposal('CO', id))?.state).toBe('inForce');
  await go(1);
  expect((await office.changes.proposal('CO', id))?.state).toBe('ended');
  const { lapsesAfterDays } = await office.changes.rule('CO');
  await go(lapsesAfterDays * 24 - 73);
  expect((await office.changes.proposal('CO', open.id))?.state).toBe('open');
  await go(1);
  expect((await office.changes.proposal('CO', open.id))?.state).toBe('lapsed');
});
