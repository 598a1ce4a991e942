import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { DecisionEntry, Entry } from '../model/index.ts';
import { entryText } from './entryText.ts';
import { sampleEntry } from './samples.ts';

const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('"', '\\', '\u2028', '\ud800', 'ZÖ'));
const full = sampleEntry(1, 'full');

it('is what JSON.stringify gives, for every member and any text in it', () => {
  fc.assert(fc.property(fc.record({
    id: text, at: text, inquiry: text, owner: text, organisation: text, ori: text, credential: fc.option(text), releasedHash: fc.option(text), policyHash: fc.option(text), tableHash: fc.option(text),
    subjectTag: fc.option(text), sealed: text, engine: text, registryHash: text, destinations: fc.array(text, { maxLength: 5 }), policyVersion: fc.option(fc.integer()), records: fc.nat(),
    delegated: fc.option(fc.boolean()), ticket: fc.option(fc.record({ id: text, deadline: text, by: text, onTimeout: fc.constantFrom('deny' as const, 'release' as const) })), behalf: fc.boolean(), frozen: fc.boolean(),
  }), ({ organisation, ori, behalf, frozen, ...over }) => {
    const requester = { ...full.requester, organisation, ori };
    const entry: DecisionEntry = { ...full, ...over, requester, onBehalfOf: behalf ? requester : null, decisions: frozen ? Object.freeze([...full.decisions]) : full.decisions };
    expect(entryText(entry)).toBe(JSON.stringify(entry));
    expect(entryText(entry)).toBe(JSON.stringify(entry));
  }), { numRuns: 500 });
});

it('is what JSON.stringify gives for the other kinds of entry', () => {
  const system: Entry = { type: 'system', v: 1, id: 'i', at: 'a', event: 'started', subject: 's"', hash: null };
  expect(entryText(system)).toBe(JSON.stringify(system));
});

it('does not keep the text of what can still change', () => {
  const decisions = [...full.decisions];
  const entry: DecisionEntry = { ...full, decisions };
  entryText(entry);
  decisions.pop();
  expect(entryText(entry)).toBe(JSON.stringify(entry));
});
