import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decisionInput, policyDocument } from '../../../test/policyArbitraries.ts';
import { admittedAttributes, admittedContext } from '../../../test/schemaArbitraries.ts';
import { allDataClasses, brokenConstraints, evidenceGoesTogether, outcomeOrder } from '../../vocabulary/index.ts';
import type { ClassDecision, DecisionInput } from '../../model/index.ts';
import { checkPolicy, decide, findingCodes, prepare, printPolicy, tableFor, type Finding, type FindingCode, type PolicyDocument } from '../../policy/index.ts';
import { immigration, police } from '../../policy/cases.ts';
import { samples } from '../../policy/samples.ts';
import { networkFor } from '../samples.ts';
import { proveInSchema } from '../openWorld.ts';
import { adviseDeeply, type DeepAdvice } from './adviseDeeply.ts';

const head = 'policy: ZY\nversion: 1\neffective: 2026-01-01\nexpires: 2027-12-31\n';
const network = networkFor([police, immigration]);
const at = Date.UTC(2026, 5, 1);

function sound(text: string) {
  const checked = checkPolicy(text);
  if (!checked.ok) throw new Error(JSON.stringify(checked.findings));
  return checked;
}

const advise = (body: string, options: DeepAdvice = {}): readonly Finding[] => adviseDeeply(sound(`${head}${body}`), options);
const only = (code: FindingCode, findings: readonly Finding[]) => findings.filter((one) => one.code === code);
const shown = (code: FindingCode, findings: readonly Finding[]) => only(code, findings).map(({ line, message }) => `${line - 5}: ${message}`);

const wellMannered = ({ message, mend }: Finding) => /^[a-z`\d]/.test(message) && !message.endsWith('.') && !/[\p{Cc}\p{Cs}]/u.test(`${message}${mend ?? ''}`);

describe('checks that look at everybody', () => {
  it.each(samples.flatMap((sample) => (sample.deep === undefined ? [] : [{ ...sample, base: sample.deep.base }])))('find $code in their sample', ({ code, text, base, line, column, mend }) => {
    const findings = adviseDeeply(sound(text), { network, base: base === undefined ? null : sound(base).document });
    const found = findings.find((one) => one.code === code);
    expect({ code: found?.code, severity: found?.severity, line: found?.line, column: found?.column }).toEqual({ code, severity: findingCodes[code].severity, line, column });
    expect(found?.mend).toContain(mend ?? '');
    expect(findings.filter((one) => !wellMannered(one))).toEqual([]);
    expect(findings).toEqual([...findings].sort((a, b) => a.line - b.line || a.column - b.column));
  });

  it('name one rule that shadows, two that do together, and the classes of which only they are lost', () => {
    expect(shown('shadowed', advise(`rules:
  - { id: A, release: { data: photo, to: { level: federal } } }
  - { id: B, deny: { data: [photo, name], to: { level: [federal, state] } } }`))).toEqual(['1: rule `A` never decides: wherever it matches, rule `B`, which is stricter, matches too']);
    expect(shown('shadowed', advise(`rules:
  - { id: A, release: { data: photo, to: { level: [federal, state] } } }
  - { id: B, deny: { data: all, to: { level: federal } } }
  - { id: X, deny: { data: photo, to: { mission: court } } }
  - { id: C, hold: { data: photo, to: { level: [state, county] }, review: { by: desk, within: 1d, onTimeout: deny } } }`))).toEqual(['1: rule `A` never decides: wherever it matches, rules `B` and `C`, which are stricter, match too']);
    expect(shown('shadowed', advise('rules:\n  - { id: A, release: { data: [name, photo], to: { level: state } } }\n  - { id: B, deny: { data: photo } }')))
      .toEqual(['1: rule `A` never decides about photos: wherever it matches, rule `B`, which is stricter, matches too']);
    // Of everything, some is usually refused elsewhere.
    expect(shown('shadowed', advise('rules:\n  - { id: A, release: { data: all, to: { level: state } } }\n  - { id: B, deny: { data: photo } }'))).toEqual([]);
  });

  it('know what the constraints make of attributes, and on which days a rule stands', () => {
    const deny = (more = '') => `rules:\n  - { id: A, release: { data: ssn, to: { component: ICE } } }\n  - { id: B, ${more}deny: { data: ssn, to: { department: DHS } } }`;
    expect(shown('shadowed', advise(deny()))).toHaveLength(1);
    expect(shown('shadowed', advise(deny('expires: 2026-12-31, ')))).toEqual([]);
    expect(shown('shadowed', advise(deny().replace('id: A,', 'id: A, expires: 2026-03-31,').replace('id: B,', 'id: B, expires: 2026-12-31,')))).toHaveLength(1);
  });

  it('find a rule that never matches where the check of the text does not', () => {
    expect(shown('neverMatches', advise('rules:\n  - { id: A, release: { data: name, to: { level: [state, county] }, unless: [{ to: { level: [state, tribal] } }, { to: { level: county } }] } }')))
      .toEqual(['1: no agency can make a request that meets all that rule `A` names']);
    expect(shown('neverMatches', advise('rules:\n  - { id: A, release: { data: name, to: { department: DHS, level: county } } }'))).toEqual([]);
  });

  it('tell what makes no difference, and why', () => {
    expect(shown('changesNothing', advise('rules:\n  - { id: A, release: { data: name, to: { level: state } } }\n  - { id: B, release: { data: name, to: { level: [state, county] } } }\n  - { id: D, deny: { data: [ssn, name], to: { level: tribal } } }')))
      .toEqual(['1: every decision would be the same without rule `A`: rule `B` gives the same to the same', '3: every decision would be the same without rule `D`: no rule gives what it refuses']);
    expect(shown('changesNothing', advise(`rules:
  - { id: A, hold: { data: name, to: { level: state }, review: { by: desk, within: 1d, onTimeout: release } } }
  - { id: B, hold: { data: name, review: { by: desk, within: 1d, onTimeout: deny } } }
  - { id: C, release: { data: address, treat: { address: county }, to: { level: state } } }
  - { id: D, release: { data: address, treat: { address: state } } }`))).toEqual(['1: every decision would be the same without rule `A`: rule `B` holds the same to the same', '3: every decision would be the same without rule `C`: rule `D` gives the same to the same']);
    // What is held or reduced is given too, and a rule that refuses it is needed.
    expect(shown('changesNothing', advise('rules:\n  - { id: H, hold: { data: name, review: { by: desk, within: 1d, onTimeout: deny } } }\n  - { id: T, release: { data: photo, treat: { photo: reduced } } }\n  - { id: D, deny: { data: [name, photo], to: { level: tribal } } }'))).toEqual([]);
    expect(shown('changesNothing', advise('rules:\n  - { id: T, release: { data: photo, treat: { photo: reduced } } }\n  - { id: D, deny: { data: photo, to: { level: tribal } } }'))).toEqual([]);
    expect(shown('changesNothing', advise('rules:\n  - { id: H, hold: { data: name, review: { by: desk, within: 1d, onTimeout: deny } } }\n  - { id: D, deny: { data: name, to: { level: tribal } } }'))).toEqual([]);
    // A hold gives what nothing else does; a rule that may be needed later in the year is needed.
    expect(shown('changesNothing', advise('rules:\n  - { id: A, hold: { data: name, review: { by: desk, within: 1d, onTimeout: deny } } }'))).toEqual([]);
    expect(shown('changesNothing', advise('rules:\n  - { id: A, release: { data: name } }\n  - { id: B, expires: 2026-12-31, release: { data: name } }'))).toEqual(['2: every decision would be the same without rule `B`: rule `A` gives the same to the same']);
  });

  it('tell what is given to anyone, and what nobody is asked for now', () => {
    const all = shown('matchesEverybody', advise(`rules:
  - { id: A, release: { data: [licenceStatus, name], for: fraud } }
  - { id: B, release: { data: licenceStatus } }
  - { id: C, release: { data: photo, when: { warrant: courtConfirmed } } }
  - { id: D, release: { data: address, to: { criminalJustice: [yes, no, undeclared] } } }
  - { id: E, release: { data: address, unless: { to: { component: ICE } } } }
  - { id: F, deny: { data: ssn } }`));
    expect(all).toEqual(['1: rule `A` gives names to anyone who asks for a fraud', '4: rule `D` gives home addresses to anyone who asks'].map((text) => text.replace('a fraud', all[0]?.split(' for ')[1] ?? '')));
    const text = 'rules:\n  - { id: A, release: { data: name, to: { component: [ERO, CBP] } } }\n  - { id: B, release: { data: name, to: { level: tribal } } }\nlimits:\n  - { id: L, data: name, to: { level: county }, per: agency, max: 5/day, beyond: deny }\n';
    expect(only('matchesNobodyNow', advise(text, { network })).map(({ line }) => line - 5)).toEqual([2, 4]);
    expect(only('matchesNobodyNow', advise(text))).toEqual([]);
  });

  it('tell which rule breaks which claim, at both, for whoever the claim is about', () => {
    const text = (domain: string, release = '{ data: photo, to: { criminalJustice: yes } }') => `rules:
  - { id: A, release: ${release} }
  - { id: B, release: { data: photo, to: { level: state } } }
claims:
  - { id: C, never: { to: { department: DHS }, data: photo, by: direct, domain: ${domain} } }`;
    for (const domain of ['registry', 'schema']) for (const options of [{}, { network }]) {
      const lines = only('contradictsClaim', advise(text(domain), options)).map(({ line }) => line - 5);
      // An agency of which nothing is known may be of DHS: the schema admits it, and rule `B` names a level, so it is not one.
      expect({ domain, lines }).toEqual({ domain, lines: [1, 4] });
    }
    expect(shown('contradictsClaim', advise(text('registry'), { network }))[0]).toContain('rule `A` breaks claim `C`: it gives photos to Agency 1 without saying why, with no warrant');
    expect(shown('contradictsClaim', advise(text('registry')))[0]).toContain('rule `A` breaks claim `C` if there is such an agency: it gives photos to an agency that the registry could have (federal, Department of Homeland Security');
    expect(shown('contradictsClaim', advise(text('registry')))[1]).toContain('does not hold for every agency that the registry could have, because of rule `A`');
    expect(shown('contradictsClaim', advise(text('schema')))[1]).toContain('claim `C` does not hold: rule `A` breaks it');
    expect(shown('contradictsClaim', advise(text('registry', '{ data: photo, to: { level: tribal } }'), { network }))).toEqual([]);
    expect(shown('contradictsClaim', advise(text('registry', '{ data: photo, to: { level: undeclared } }')))).toEqual([]);
    expect(only('contradictsClaim', advise(text('schema', '{ data: photo, to: { level: undeclared } }'))).map(({ line }) => line - 5)).toEqual([1, 4]);
  });

  it('tell which rule begins and which onward rule opens a way around a claim', () => {
    const text = `rules:
  - { id: A, release: { data: photo, to: { level: municipal } } }
onward:
  - { id: O, data: photo, via: taskForce, allow: always }
claims:
  - { id: C, never: { to: { component: ICE }, data: photo, by: anyPath, domain: schema } }`;
    const found = advise(text);
    expect(only('contradictsClaim', found).map(({ line }) => line - 5)).toEqual([1, 3, 5]);
    expect(shown('contradictsClaim', found)[1]).toContain('rule `O` breaks claim `C`: it opens a way around it: an agency that the registry could have (city');
    expect(only('contradictsClaim', advise(text.replace('allow: always', 'allow: never')))).toEqual([]);
    const joined = { ...network, edges: [{ kind: 'taskForce' as const, from: 0, to: 1, grade: 'contractOnly' as const, confirmed: true, provenance: 'a list', since: null, until: null }] };
    expect(only('contradictsClaim', advise(text.replace('schema', 'registry'), { network: joined })).map(({ line }) => line - 5)).toEqual([1, 3, 5]);
    expect(only('contradictsClaim', advise(text.replace('schema', 'registry'), { network }))).toEqual([]);
  });

  it('tell what each rule newly gives, to whom, and what stood before', () => {
    const base = sound(`${head}rules:\n  - { id: A, release: { data: [name, address], treat: { address: state }, to: { level: [federal, municipal] } } }\n  - { id: D, deny: { data: name, to: { component: ICE } } }`).document;
    const wider = (body: string) => shown('widensAccess', advise(`rules:\n${body}`, { base, network }));
    expect(wider('  - { id: A, release: { data: [name, address], treat: { address: state }, to: { level: [federal, municipal] } } }\n  - { id: D, deny: { data: name, to: { component: ICE } } }')).toEqual([]);
    expect(wider('  - { id: A, release: { data: [name, address], treat: { address: state }, to: { level: [federal, municipal] } } }'))
      .toEqual(['1: rule `A` newly gives names, for example to Agency 1 without saying why, with no warrant, and so to 1 agency of the registry; before, `D` decided']);
    expect(wider('  - { id: A, release: { data: address, treat: { address: county }, to: { level: municipal } } }')[0]).toContain('newly gives home addresses, for example to Agency 0');
    expect(wider('  - { id: A, release: { data: name, to: { level: tribal } } }')).toEqual(['1: rule `A` newly gives names, for example to an agency that the registry could have (tribal) without saying why, with no warrant, though nobody in the registry gains by it; no rule gave it before']);
    expect(wider('  - { id: H, hold: { data: photo, to: { level: state }, review: { by: desk, within: 1d, onTimeout: deny } } }')[0]).toContain('newly lets a person give photos');
  });

  it('show the first two hundred at most, and say so', () => {
    const found = advise(`rules:\n${Array.from({ length: 250 }, (_, n) => `  - { id: R${n}, release: { data: name } }\n`).join('')}`);
    expect(found.length).toBe(200);
    expect(found.at(-1)?.code).toBe('findingsCut');
  });

  it('say that they were cut rather than something wrong', () => {
    const text = 'rules:\n  - { id: A, release: { data: photo, to: { level: municipal } } }\n  - { id: D, deny: { data: photo } }\n';
    const whole = advise(text);
    const results = [100, 500, 1_000, 1_500, 1_800, 2_000, 2_500, 4_000, 10_000, 100_000].flatMap((cap) => [{ nodes: cap }, { steps: cap }]).map((caps) => advise(text, { caps }));
    const cut = results.filter((found) => found.some(({ code }) => code === 'notLookedThrough'));
    expect(cut.length).toBeGreaterThan(3);
    for (const found of results) {
      if (!cut.includes(found)) expect(found).toEqual(whole);
      expect(whole).toEqual(expect.arrayContaining(found.filter(({ code }) => code !== 'notLookedThrough')));
    }
    expect(whole.map(({ code }) => code)).toEqual(['shadowed']);
  });
});

describe('what they say is so', () => {
  const point = fc.oneof(decisionInput, fc.tuple(admittedAttributes, admittedContext).map(([requester, { purpose, kind, ...evidence }]): DecisionInput => ({ requester, purpose, kind, evidence, classes: allDataClasses })));
  const many = fc.array(point, { minLength: 25, maxLength: 25 });
  const answers = (document: PolicyDocument, input: DecisionInput, when: number): readonly ClassDecision[] => decide(prepare(document, ''), input, when).classes;
  const bare = ({ dataClass, outcome, treatment, review }: ClassDecision) => ({ dataClass, outcome, treatment, review });
  const admitted = ({ requester, evidence }: DecisionInput) => evidenceGoesTogether(evidence.warrant, evidence.court) && brokenConstraints(requester).length === 0;
  const found = (code: FindingCode, document: PolicyDocument, options: DeepAdvice = {}) => {
    const checked = sound(printPolicy(document));
    const places = adviseDeeply(checked, options).filter((one) => one.code === code);
    return document.rules.filter((_, i) => places.some(({ line, column }) => { const place = checked.locate(`rules/${i}`); return place.line === line && place.column === column; }));
  };

  it('a rule that is shadowed or changes nothing can go, and no decision is another', () => {
    let gone = 0;
    fc.assert(fc.property(policyDocument, many, fc.integer({ min: Date.UTC(2026, 4, 27), max: Date.UTC(2026, 5, 7) }), (document, inputs, when) => {
      for (const rule of [...found('shadowed', document), ...found('changesNothing', document)]) {
        gone += 1;
        const without = { ...document, rules: document.rules.filter((one) => one !== rule) };
        for (const input of inputs.filter(admitted)) expect(answers(without, input, when).map(bare)).toEqual(answers(document, input, when).map(bare));
      }
      for (const rule of found('shadowed', document)) {
        for (const input of inputs.filter(admitted)) expect(answers(document, input, when).flatMap(({ rules }) => rules)).not.toContain(rule.id);
      }
    }), { numRuns: 80 });
    expect(gone).toBeGreaterThan(5);
  });

  it('more is given than before only where a rule is said to widen', () => {
    fc.assert(fc.property(policyDocument, policyDocument, many, (document, base, inputs) => {
      const widening = new Set(found('widensAccess', document, { base, at }).map(({ id }) => id));
      for (const input of inputs.filter(admitted)) {
        const before = answers(base, input, at);
        answers(document, input, at).forEach((now, i) => {
          const less = outcomeOrder.indexOf(now.outcome) < outcomeOrder.indexOf(before[i]!.outcome);
          if (less) expect(now.rules.every((id) => widening.has(id))).toBe(true);
        });
      }
      expect(found('widensAccess', document, { base: document, at })).toEqual([]);
    }), { numRuns: 60 });
  });

  it('a claim over the schema is contradicted exactly where its proof fails', () => {
    fc.assert(fc.property(policyDocument.filter(({ claims }) => claims.length > 0), (document) => {
      const claim = { ...document.claims[0]!, domain: 'schema' as const, effective: null, expires: null };
      const one = { ...document, claims: [claim] };
      const said = adviseDeeply(sound(printPolicy(one)), { at }).some(({ code }) => code === 'contradictsClaim');
      expect(said).toBe(proveInSchema({ document: one, table: tableFor(one, { at }), network: null }, claim, claim.world).holds === false);
    }), { numRuns: 80 });
  });
});
