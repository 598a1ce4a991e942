import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { DecisionEntry } from '../../model/index.ts';
import { codeOf } from '../cases.ts';
import { sampleEntry } from '../samples.ts';
import { decisions, ownerEntries } from './cases.ts';
import { entryOf, fieldsOf } from './fields.ts';

const full: DecisionEntry = { ...sampleEntry(1, 'full'), recordTags: [] };
/** The table of docs/ledger-formats.md, "Commitment". */
const table: readonly (readonly [string, readonly string[]])[] = [
  ['entry', ['type', 'v', 'id', 'inquiry', 'engine', 'owner']], ['day', ['day']], ['time', ['at']], ['message', ['key', 'kind', 'format', 'destinations']],
  ['requester', ['requester']], ['behalf', ['onBehalfOf', 'delegated', 'credential']], ['reason', ['purpose', 'evidence']], ['outcome', ['status', 'decisions']],
  ['duties', ['duties', 'limits', 'ticket']], ['given', ['released', 'records']], ['rules', ['policyVersion', 'policyHash', 'registryVersion', 'registryHash', 'tableHash']],
  ['subject', ['subjectTag', 'recordTags', 'releasedHash', 'sealed', 'marks']],
];

it('the fields of a decision are those of the format document, member by member as JSON.stringify writes them, whatever is in them', () => {
  fc.assert(fc.property(decisions, (entry) => {
    const expected = table.map(([name, members]) => ({ name, text: JSON.stringify(Object.fromEntries(members.map((member) => [member, member === 'day' ? entry.at.slice(0, 10) : entry[member as keyof DecisionEntry]]))) }));
    expect(fieldsOf(entry)).toEqual(expected);
    expect(fieldsOf(entry)).toEqual(expected);
  }), { numRuns: 500 });
});

it('an entry comes back from its fields as it was, and no text has a line feed', () => {
  fc.assert(fc.property(ownerEntries, (entry) => {
    const fields = fieldsOf(entry);
    expect(entryOf(fields)).toEqual(entry);
    expect(fields.some(({ name, text }) => text.includes('\n') || /[^a-z]/.test(name))).toBe(false);
  }), { numRuns: 500 });
});

it('an entry that is no decision has four fields, the last with all the rest in the order of the model', () => {
  const fields = fieldsOf({ owner: 'ZY', order: 'O-1', index: 7, until: '2027-01-01T00:00:00.000Z', at: '2026-03-01T12:00:00.000Z', id: 'w1', v: 1, type: 'withheld' });
  expect(fields.map(({ name, text }) => `${name} ${text}`)).toEqual([
    'entry {"type":"withheld","v":1,"id":"w1","owner":"ZY"}', 'day {"day":"2026-03-01"}', 'time {"at":"2026-03-01T12:00:00.000Z"}',
    'body {"index":7,"until":"2027-01-01T00:00:00.000Z","order":"O-1"}',
  ]);
});

it('keeps no text of what can still change', () => {
  const list = [...full.decisions];
  const entry: DecisionEntry = { ...full, decisions: list };
  fieldsOf(entry);
  list.pop();
  expect(entryOf(fieldsOf(entry))).toEqual(entry);
});

it('what are not the fields of an entry is refused', async () => {
  const good = fieldsOf(full);
  for (const bad of [[], good.slice(1), [{ name: 'entry', text: '[]' }], [{ name: 'entry', text: '{"type":"system"}' }], [{ name: 'entry', text: 'null' }], [...good, { name: 'x', text: '{' }]]) {
    expect(await codeOf((async () => { await Promise.resolve(); entryOf(bad); })())).toBe('ENTRY_FORMAT');
  }
});
