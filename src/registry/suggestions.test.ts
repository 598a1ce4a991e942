import { describe, expect, it } from 'vitest';
import { affiliation, certification, smallContent, withRows } from './cases.ts';
import { certify } from './certify.ts';
import { checkContent } from './check.ts';
import { createSnapshot } from './snapshot.ts';
import { confirmSuggestions, rejectSuggestions, suggestionsOf } from './suggestions.ts';

const said = { by: 'the records desk', on: '2025-08-01' };
const jail = affiliation('program287g', 'co/juniper', 'us/dhs/ice', { detail: 'jail', confirmed: false });
const force = affiliation('taskForce', 'co/springfield', 'us/dhs/ice', { detail: 'drugs', confirmed: false });
const content = withRows({ affiliations: [jail, force, affiliation('sharedOri', 'co/springfield', 'co/juniper')] });
const idOf = (from: string): string => suggestionsOf(content).find(({ affiliation: row }) => row.from === from)?.id ?? '';

describe('suggestions', () => {
  it('are the edges that nobody confirmed', () => {
    expect(suggestionsOf(content).map((one) => one.affiliation)).toEqual([jail, force]);
  });

  it('confirmed, become facts that say who confirmed and when, and change the attribute', () => {
    const next = confirmSuggestions(content, [idOf('co/juniper')], said);
    expect(next.affiliations[0]).toEqual({ ...jail, confirmed: true, provenance: `${jail.provenance}; confirmed by the records desk on 2025-08-01` });
    expect(next.affiliations.slice(1)).toEqual(content.affiliations.slice(1));
    expect(createSnapshot(next, 1, 'h').requester('COZZ00200')?.attributes('CO', new Date('2025-08-01')).program287g).toEqual(['jail']);
    expect(checkContent(next)).toEqual([]);
  });

  it('rejected, are gone; facts cannot be rejected', () => {
    expect(rejectSuggestions(content, [idOf('co/juniper')], said).affiliations).toEqual(content.affiliations.slice(1));
    expect(() => rejectSuggestions(confirmSuggestions(content, [idOf('co/juniper')], said), [idOf('co/juniper')], said)).toThrow(expect.objectContaining({ code: 'unknownSuggestion' }));
  });

  it('an unknown id or a day that is none changes nothing', () => {
    expect(() => confirmSuggestions(content, ['000000000000'], said)).toThrow(expect.objectContaining({ code: 'unknownSuggestion' }));
    expect(() => confirmSuggestions(content, [idOf('co/juniper')], { ...said, on: '2025-02-30' })).toThrow(expect.objectContaining({ code: 'badDate' }));
  });
});

describe('certifying', () => {
  it('adds a row, and changes the end of one of the same day', () => {
    const row = certification('us/dhs/ice');
    const once = certify(smallContent, row);
    const longer = certify(once, { ...row, until: '2026-03-31' });
    expect(once.certifications).toEqual([row]);
    expect(longer.certifications).toEqual([{ ...row, until: '2026-03-31' }]);
    expect(checkContent(longer)).toEqual([]);
  });

  it.each([
    ['unknownOrganisation', certification('nobody')], ['badDate', certification('co', { until: '2025-02-28' })], ['badContent', certification('co', { owner: 'ZZ' as 'CO' })],
  ])('refuses: %s', (code, row) => expect(() => certify(smallContent, row)).toThrow(expect.objectContaining({ code })));
});
