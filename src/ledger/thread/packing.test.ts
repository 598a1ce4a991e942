import fc from 'fast-check';
import { expect, it } from 'vitest';
import { packCall, packCalls, packEntry, packRecorded, unpackCalls, unpackRecorded } from './packing.ts';

const word = fc.stringMatching(/^[a-z0-9/-]{1,20}$/);
// As JSON writes them: control characters are escaped.
const json = fc.record({ a: fc.string({ unit: 'binary' }), b: fc.nat() }).map((value) => JSON.stringify(value));
const entry = fc.record({
  log: fc.constantFrom('wa', 'anchor'), id: word, kind: fc.constantFrom('disclosure' as const, 'other' as const, 'plain' as const), projected: fc.boolean(),
  fields: fc.array(fc.record({ name: fc.constantFrom('entry', 'day', 'body'), text: json }), { minLength: 1, maxLength: 4 }),
});
const recorded = fc.record({ sequence: fc.nat(), receipt: fc.record({ log: fc.constant('wa'), index: fc.nat(), entry: word, hash: fc.stringMatching(/^[0-9a-f]{64}$/), token: fc.stringMatching(/^[A-Za-z0-9_-]{1,60}$/) }) });

it('brings calls and answers over as they were', () => {
  fc.assert(fc.property(fc.array(fc.record({ n: fc.nat(), entries: fc.array(entry, { minLength: 1, maxLength: 4 }) }), { minLength: 1, maxLength: 4 }), (calls) => {
    expect(unpackCalls(packCalls(calls.map(({ n, entries }) => packCall(n, entries.map(packEntry)))))).toEqual(calls);
  }));
  fc.assert(fc.property(fc.array(fc.record({ n: fc.nat(), recorded: fc.array(recorded, { minLength: 1, maxLength: 4 }) }), { maxLength: 4 }), (answers) => {
    expect(unpackRecorded(packCalls(answers.map((one) => packRecorded(one.n, one.recorded))))).toEqual(answers);
  }));
});

it('refuses an id that would end where it should not', () => {
  for (const bad of ['\u001c', '\u001e', '\u001f']) expect(() => packEntry({ log: 'wa', id: `a${bad}b`, kind: 'other', projected: false, fields: [] })).toThrow(RangeError);
});
