import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decisionInput, instant, policyDocument } from '../../test/policyArbitraries.ts';
import { allJurisdictions, attributeWords, jurisdictionName, noEvidence, type RequesterAttributes } from '../vocabulary/index.ts';
import type { DecisionInput } from '../model/index.ts';
import { immigration, police } from './cases.ts';
import { checkPolicy } from './check.ts';
import type { PolicyDocument, Rule } from './document.ts';
import { explainDecision } from './explain.ts';
import { decide, interpret, prepare } from './interpret.ts';
import * as phrases from './phrases.ts';
import { ruleSentence, ruleWords, sentencesOf } from './words.ts';

const sound = (text: string): PolicyDocument => {
  const result = checkPolicy(text);
  if (!result.ok) throw new Error(JSON.stringify(result.findings));
  return result.document;
};

const document = sound(`
policy: ZY
version: 14
effective: 2026-03-01
rules:
  - { id: ZY-7, title: Immigration agencies need a judge's warrant for photos, deny: { data: photo, to: { mission: immigrationEnforcement }, unless: { warrant: courtConfirmed } } }
  - { id: ZY-12, hold: { data: [photo, address], to: { program287g: [taskForce, undeclared] }, review: { by: privacyDesk, within: 4h, onTimeout: deny } } }
  - { id: ZY-20, expires: 2027-01-31, release: { data: [name, photo], treat: { photo: reduced }, to: { level: [municipal, county], homeState: OR }, for: [officerSafety, emergency], when: { caseNumber: numbered }, unless: [{ query: nameSearch }, { court: administrative }] } }
  - { id: ZY-21, release: { data: all, treat: { address: county }, when: { query: nameSearch } } }
onward:
  - { id: ZY-31, data: photo, via: [taskForce, fusionCentre], allow: { when: { warrant: courtConfirmed } } }
limits:
  - { id: ZY-40, data: photo, per: agency, max: 50/day, beyond: hold }
  - { id: ZY-41, data: photo, to: { level: federal }, per: owner, max: 1/hour, beyond: deny }
notify:
  - { id: ZY-50, when: { to: { mission: immigrationEnforcement } }, who: subject, within: 3d }
claims:
  - { id: ZY-C1, never: { to: { department: DHS }, data: photo, without: { warrant: courtConfirmed }, by: anyPath } }
  - { id: ZY-C2, only: { to: { criminalJustice: yes }, data: [name, photo], by: direct } }
`);
const at = new Date('2026-06-01T00:00:00Z');
const explain = (changes: Partial<DecisionInput>) => {
  const input: DecisionInput = { requester: police, purpose: 'notStated', evidence: noEvidence, kind: 'lookup', classes: ['photo'], ...changes };
  return explainDecision(document, input, interpret(document, input, at));
};

describe('words', () => {
  it('say each item as one sentence', () => {
    expect(sentencesOf(document).map(({ item, sentence }) => `${item.id} ${sentence}`)).toEqual([
      'ZY-7 Refuse photos to agencies that have the task of enforcing immigration law, unless a warrant is confirmed by its court.',
      'ZY-12 Hold home addresses and photos for agencies that have a 287(g) task force agreement or an undeclared 287(g) status, until "privacyDesk" decides within 4 hours, else refuse it.',
      'ZY-20 Give names and photos reduced to a small grey picture to agencies that are county or municipal and that come from Oregon, for officer safety or an emergency, if a case number is given, unless the request is a search by name, or unless the warrant is signed by an official who is not a judge, up to 2027-01-31.',
      'ZY-21 Give all data, with home addresses reduced to the county, to anyone who asks, if the request is a search by name.',
      'ZY-31 Passing photos on through task forces or fusion centres is allowed only if a warrant is confirmed by its court.',
      'ZY-40 Give photos at most 50 times a day to each of the agencies, beyond that the request is held.',
      'ZY-41 Give photos at most 1 time an hour to all of the agencies that are federal together, beyond that the request is refused.',
      'ZY-50 Tell the person within 3 days of a request for anything, if the request comes from agencies that have the task of enforcing immigration law.',
      'ZY-C1 No agencies that belong to the Department of Homeland Security can obtain photos directly or by any path, unless a warrant is confirmed by its court.',
      'ZY-C2 Only agencies that are criminal-justice agencies can obtain names and photos directly.',
    ]);
  });

  it('explain a refusal by its rule and by what the request lacked', () => {
    expect(explain({ requester: immigration })).toEqual(["Refused. Rule ZY-7: Immigration agencies need a judge's warrant for photos. This request stated no warrant."]);
    expect(explain({ requester: immigration, evidence: { ...noEvidence, warrant: 'numbered', court: 'stateCourt' } })[0]).toContain('gave the number of a warrant signed by a judge of a state court, which its court has not confirmed.');
  });

  it('explain a refusal by default', () => {
    expect(explain({})).toEqual(['Refused. No rule of ZY releases photos to this requester.']);
  });

  it('explain a hold, a reduction and a mixed answer', () => {
    const held = { ...police, program287g: ['taskForce'] } as RequesterAttributes;
    expect(explain({ requester: held })[0]).toContain('Held until a person decides. "privacyDesk" decides within 4 hours; if nobody does, it is refused. Rule ZY-12: Hold home addresses');
    const mixed = explain({ kind: 'nameSearch', classes: ['name', 'address', 'ssn'] });
    expect(mixed).toHaveLength(2);
    expect(mixed[0]).toMatch(/^Names and Social Security numbers: given in full\./);
    expect(mixed[1]).toContain('Home addresses reduced to the county.');
  });

  it('give the title of a rule, else its sentence without the period, else the owner', () => {
    expect(ruleWords(document, 'ZY-7')).toBe("Immigration agencies need a judge's warrant for photos");
    expect(ruleWords(document, 'ZY-12')).toMatch(/^Hold home addresses.*refuse it$/);
    expect(ruleWords(document, 'ZY-50')).toMatch(/^Tell the person/);
    expect(ruleWords(document, 'none')).toBe('a rule of ZY');
  });

  it('have a phrase of its own for every word of a list, so that a sentence names one rule', () => {
    const { attributePhrases, ...tables } = phrases;
    for (const [table, words] of Object.entries(tables)) expect(new Set(Object.values(words)).size, table).toBe(Object.keys(words).length);
    for (const [name, { words }] of Object.entries(attributePhrases)) {
      const known = name === 'homeState' ? [...allJurisdictions, ...attributeWords.homeState] : attributeWords[name as keyof RequesterAttributes];
      expect(new Set(known.map(words)).size, name).toBe(known.length);
    }
    expect(jurisdictionName('OR')).toBe('Oregon');
  });

  it('say two rules alike only where they are alike', () => {
    const body = ({ id: _i, title: _t, cites: _c, ...rest }: Rule) => JSON.stringify(rest, (_key, value: unknown) => (typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value));
    fc.assert(fc.property(policyDocument, policyDocument, ({ rules }, { rules: others }) => {
      const parts = rules.flatMap((rule) => others.map((other) => ({ ...rule, unless: other.unless, data: other.data, ...(rule.outcome === 'release' ? { treat: {} } : {}) })));
      const all = [...rules, ...others, ...parts];
      const bySentence = new Map<string, Set<string>>();
      for (const rule of all) bySentence.set(ruleSentence(rule), (bySentence.get(ruleSentence(rule)) ?? new Set()).add(body(rule)));
      for (const [sentence, bodies] of bySentence) expect(bodies.size, sentence).toBe(1);
    }), { numRuns: 150 });
  });

  it('are found for every decision', () => {
    fc.assert(fc.property(policyDocument, decisionInput, instant, (one, input, when) => {
      const lines = explainDecision(one, input, decide(prepare(one, 'h'), input, when));
      expect(lines.length).toBeGreaterThan(0);
      for (const line of lines) expect(line).not.toMatch(/undefined|null|\[object/);
    }), { numRuns: 150 });
  });
});
