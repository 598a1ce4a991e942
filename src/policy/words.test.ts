import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decisionInput, instant, policyDocument } from '../../test/policyArbitraries.ts';
import { allJurisdictions, attributeWords, jurisdictionName, noEvidence, type RequesterAttributes } from '../vocabulary/index.ts';
import type { DecisionInput } from '../model/index.ts';
import { immigration, police } from './cases.ts';
import { checkPolicy } from './check.ts';
import type { PolicyDocument } from './document.ts';
import { explainDecision } from './explain.ts';
import { decide, interpret, prepare } from './interpret.ts';
import * as phrases from './phrases.ts';
import { ruleWords, sayWho, sentencesOf } from './words.ts';

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
  - { id: ZY-22, deny: { data: photo, to: { level: campus, criminalJustice: yes }, unless: { warrant: courtConfirmed } } }
onward:
  - { id: ZY-31, data: photo, via: taskForce, allow: { when: { warrant: courtConfirmed } } }
  - { id: ZY-32, data: all, via: vendorHosting, allow: never }
limits:
  - { id: ZY-40, data: photo, per: agency, max: 50/day, beyond: hold }
  - { id: ZY-41, data: photo, to: { level: federal }, per: owner, max: 1/hour, beyond: deny }
notify:
  - { id: ZY-50, when: { to: { mission: immigrationEnforcement } }, who: subject, within: 3d }
claims:
  - { id: ZY-C1, never: { to: { department: DHS }, data: photo, without: { warrant: courtConfirmed }, by: anyPath } }
  - id: ZY-C3
    never:
      to: { component: [ICE, CBP], audit: failed }
      data: address
      for: civilImmigration
      without: { to: { program287g: [taskForce, jail, warrantService] }, warrant: courtConfirmed, court: [articleThree, federalMagistrate, stateCourt] }
      by: anyPath
      form: full
      review: suffices
      world: possible
      domain: schema
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
      'ZY-7 Refuse photos to agencies whose job is to enforce immigration law. This does not apply if a court confirms a warrant.',
      'ZY-12 Hold home addresses and photos for agencies with a 287(g) task force agreement or an unknown 287(g) status. "privacyDesk" decides within 4 hours, else refuse.',
      'ZY-20 Give names and photos (small and grey) to county or city agencies from Oregon, up to 2027-01-31. This applies only if the request is for officer safety or an emergency and the asker gives a case number. This does not apply if the request is a search by name. Nor does it apply if a warrant is signed by an official who is not a judge.',
      'ZY-21 Give all data, with home addresses (county only), to anyone who asks. This applies only if the request is a search by name.',
      'ZY-22 Refuse photos to campus criminal-justice agencies, unless a court confirms a warrant.',
      'ZY-31 Let agencies pass on photos through task forces, but only if a court confirms a warrant.',
      'ZY-32 Never let agencies pass on any data through shared company systems.',
      'ZY-40 At most 50 times a day, give photos to each agency, then hold.',
      'ZY-41 At most 1 time an hour in all, give photos to federal agencies, then refuse.',
      'ZY-50 Tell the person within 3 days of any request. This applies only if the request comes from agencies whose job is to enforce immigration law.',
      'ZY-C1 No agencies of the Department of Homeland Security can get photos directly or through others. This does not apply if a court confirms a warrant.',
      'ZY-C3 No agencies that are part of ICE or CBP and whose audit is failed can get home addresses in full directly or through others. This holds even if others break the rules, whoever joins later. This applies only if the request is for civil immigration work. This does not apply if they are agencies with any 287(g) agreement and a court confirms a warrant signed by a judge of a federal or state court. Nor does it apply if a person allows it.',
      'ZY-C2 Only criminal-justice agencies can get names or photos directly.',
    ]);
  });

  it('explain a refusal by its rule and by what the request lacked', () => {
    expect(explain({ requester: immigration })).toEqual(["Refused. Rule ZY-7: Immigration agencies need a judge's warrant for photos. This request stated no warrant."]);
    expect(explain({ requester: immigration, evidence: { ...noEvidence, warrant: 'numbered', court: 'stateCourt' } })[0]).toContain('gave the number of a warrant signed by a judge of a state court, which its court has not confirmed.');
  });

  it('explain a refusal by default: by who asks, or by what the request lacks', () => {
    expect(explain({ classes: ['photo'] })).toEqual(['Refused. No rule of ZY gives photos for this request. This request was a look-up of one record.']);
    const other = { ...document, rules: document.rules.filter(({ id }) => id === 'ZY-20') };
    const refused = (requester: RequesterAttributes) => {
      const input: DecisionInput = { requester, purpose: 'notStated', evidence: noEvidence, kind: 'lookup', classes: ['name', 'photo'] };
      return explainDecision(other, input, interpret(other, input, at));
    };
    expect(refused(police)).toEqual(['Refused. No rule of ZY gives names and photos to this asker.']);
    expect(refused({ ...police, level: 'county', homeState: 'OR' })[0]).toBe('Refused. No rule of ZY gives names and photos for this request. This request stated no warrant. This request stated no case. This request did not say why it was made. This request was a look-up of one record.');
  });

  it('explain what the registry does not say of the asker, where the rest of an exception holds', () => {
    const certified = sound(`
policy: ZY
version: 1
effective: 2026-03-01
rules:
  - { id: ZY-1, title: Certified agencies may see photos, release: { data: photo, to: { criminalJustice: yes, certified: noCivilImmigrationUse } } }
  - { id: ZY-2, title: Names go to certified agencies and in emergencies to some, deny: { data: name, unless: [{ to: { certified: noCivilImmigrationUse } }, { to: { level: federal }, for: emergency }] } }
`);
    const input: DecisionInput = { requester: police, purpose: 'fraud', evidence: noEvidence, kind: 'lookup', classes: ['photo', 'name'] };
    expect(explainDecision(certified, input, interpret(certified, input, at))).toEqual([
      'Photos: refused. No rule of ZY gives photos for this request. The registry does not list this asker among agencies that have certified no civil immigration use.',
      'Names: refused. Rule ZY-2: Names go to certified agencies and in emergencies to some. This request was for work on fraud. The registry does not list this asker among agencies that have certified no civil immigration use.',
    ]);
  });

  it('explain a limit that is used up', () => {
    const input: DecisionInput = { requester: police, purpose: 'notStated', evidence: noEvidence, kind: 'lookup', classes: ['photo'] };
    const beyond = (rule: string, outcome: 'hold' | 'deny') => explainDecision(document, input, {
      ...interpret(document, input, at), classes: [{ dataClass: 'photo', outcome, rules: [rule], treatment: null, review: outcome === 'hold' ? { by: 'owner', withinSeconds: 86_400, onTimeout: 'deny' } : null }],
    });
    expect(beyond('ZY-40', 'hold')).toEqual(['Held until a person decides. "owner" decides within 1 day; if nobody does, it is refused. Rule ZY-40: the limit of 50 a day is used up.']);
    expect(beyond('ZY-41', 'deny')).toEqual(['Refused. Rule ZY-41: the limit of 1 an hour, which all who ask share, is used up.']);
  });

  it('explain a hold, a reduction and a mixed answer', () => {
    const held = { ...police, program287g: ['taskForce'] } as RequesterAttributes;
    expect(explain({ requester: held })).toEqual(['Held until a person decides. "privacyDesk" decides within 4 hours; if nobody does, it is refused. Rule ZY-12: Hold home addresses and photos for agencies with a 287(g) task force agreement or an unknown 287(g) status.']);
    expect(explain({ kind: 'nameSearch', classes: ['address'] })[0]).toMatch(/^Given in a reduced form: home addresses \(county only\)\. Rule ZY-21: Give all data/);
    const mixed = explain({ kind: 'nameSearch', classes: ['name', 'address', 'ssn'] });
    expect(mixed).toHaveLength(2);
    expect(mixed[0]).toMatch(/^Names and Social Security numbers: given in full\./);
    expect(mixed[1]).toMatch(/^Home addresses \(county only\): given in a reduced form\. Rule ZY-21/);
  });

  it('give the title of a rule, else its sentence without the period, else the owner', () => {
    expect(ruleWords(document, 'ZY-7')).toBe("Immigration agencies need a judge's warrant for photos");
    expect(ruleWords(document, 'ZY-12')).toMatch(/^Hold home addresses.*refuse$/);
    expect(ruleWords(document, 'ZY-50')).toMatch(/^Tell the person/);
    expect(ruleWords(document, 'none')).toBe('a rule of ZY');
  });

  it('have a phrase of its own for every word of a list, so that a sentence names one rule', () => {
    const { attributePhrases, courtSets, justicePhrase, anyKindPhrase, courtPhrases, ...tables } = phrases;
    const unique = (said: readonly string[], table: string) => expect(new Set(said).size, table).toBe(said.length);
    for (const [table, words] of Object.entries(tables)) unique(Object.values(words), table);
    unique([...Object.values(courtPhrases), ...courtSets.map(({ phrase }) => phrase)], 'courtPhrases');
    for (const [name, { words, sets }] of Object.entries(attributePhrases)) {
      const known = name === 'homeState' ? [...allJurisdictions, ...attributeWords.homeState] : attributeWords[name as keyof RequesterAttributes];
      unique([...known.map(words), ...sets.map(({ phrase }) => phrase)], name);
    }
    unique(Object.values(attributePhrases).map(({ lead }) => lead), 'leads');
    expect(new Set([justicePhrase, anyKindPhrase]).size).toBe(2);
    expect(jurisdictionName('OR')).toBe('Oregon');
  });

  it('say the same matcher alike, whatever the order of its attributes', () => {
    expect(sayWho({ component: ['ICE'], level: ['federal'] })).toBe(sayWho({ level: ['federal'], component: ['ICE'] }));
  });

  it('are found for every decision', () => {
    fc.assert(fc.property(policyDocument, decisionInput, instant, (one, input, when) => {
      const lines = explainDecision(one, input, decide(prepare(one, 'h'), input, when));
      expect(lines.length).toBeGreaterThan(0);
      for (const line of lines) expect(line).not.toMatch(/undefined|null|\[object/);
    }), { numRuns: 150 });
  });
});
