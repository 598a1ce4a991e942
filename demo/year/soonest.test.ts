import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Soonest } from './soonest.ts';

it('gives the soonest first, and of one moment in the order in which they were put', () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 9 })), (moments) => {
    const due = new Soonest<readonly [number, number]>();
    moments.forEach((at, place) => due.put(at, [at, place]));
    const taken: (readonly [number, number])[] = [];
    for (let one = due.take(); one !== undefined; one = due.take()) taken.push(one);
    expect(taken).toEqual(moments.map((at, place) => [at, place] as const).sort((a, b) => a[0] - b[0] || a[1] - b[1]));
    expect(due.at).toBe(Infinity);
  }), { seed: 56 });
});

it('says when the soonest is due while some are taken and others put', () => {
  const due = new Soonest<string>();
  due.put(5, 'five');
  due.put(3, 'three');
  expect([due.at, due.take(), due.at]).toEqual([3, 'three', 5]);
  due.put(4, 'four');
  expect([due.take(), due.take(), due.take()]).toEqual(['four', 'five', undefined]);
});
