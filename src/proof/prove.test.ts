import { describe, expect, it } from 'vitest';
import { inventNetwork } from '../../demo/network.ts';
import { checkPolicy, tableFor, type PolicyDocument } from '../policy/index.ts';
import { affiliation, office, organisation, withRows } from '../registry/cases.ts';
import { createSnapshot, networkOf } from '../registry/index.ts';
import type { Affiliation } from '../registry/model.ts';
import { at } from './cases.ts';
import { defaultCaps } from './caps.ts';
import { claimsInForce, proveAll, proveClaim } from './prove.ts';
import { proveInRegistry } from './registryClaims.ts';
import type { ClaimReport, ProofBasis, Verdict } from './types.ts';

const documentOf = (text: string): PolicyDocument => {
  const checked = checkPolicy(`policy: ZY\nversion: 1\neffective: 2026-01-01\n${text}`);
  if (!checked.ok) throw new Error(JSON.stringify(checked.findings));
  return checked.document;
};

/** A city, a county and its jail in Colorado, ICE and HSI, a company without an office, and a body of which nothing is known. */
const basisOf = (text: string, affiliations: readonly Affiliation[] = []): ProofBasis => {
  const content = withRows({
    organisations: [...withRows({}).organisations, organisation('unknown')],
    offices: [...withRows({}).offices, office('ZZUNK0001', 'unknown')], affiliations,
  });
  const document = documentOf(text);
  return { document, table: tableFor(document, { at }), network: networkOf(createSnapshot(content, 1, 'h'), new Date(at)) };
};
const first = (basis: ProofBasis, caps = defaultCaps): ClaimReport => {
  const [claim] = basis.document.claims;
  if (claim === undefined) throw new Error('no claim');
  return proveClaim(basis, claim, caps);
};
const verdictOf = (report: ClaimReport, world: Verdict['world'], domain: Verdict['domain'] = 'registry'): Verdict => {
  const found = report.verdicts.find((one) => one.world === world && one.domain === domain);
  if (found === undefined) throw new Error('no verdict');
  return found;
};

const local = 'rules:\n  - { id: ZY-1, release: { data: [photo, driverHistory], to: { level: [municipal, county] } } }\n';
const neverIce = (more = '') => `claims:\n  - { id: ZY-C1, never: { to: { component: ICE }, data: photo, by: anyPath${more} } }\n`;
const agreement = affiliation('program287g', 'co/juniper', 'us/dhs/ice', { detail: 'jail', provenance: 'list of 2 July 2025' });

describe('a claim', () => {
  it('has verdicts by world, then domain, in words, and the one that it names decides', () => {
    const report = first(basisOf(local + neverIce(), [agreement]));
    expect(report.verdicts.map(({ world, domain }) => `${world} ${domain}`)).toEqual(['honoured registry', 'honoured schema', 'possible registry', 'possible schema']);
    expect(report.holds).toBe(true);
    expect(report.sentence).toMatch(/^No .*photos.*\.$/);
    expect(first(basisOf(local + neverIce(', world: possible'), [agreement])).holds).toBe(false);
    expect(first(basisOf(local + neverIce(', domain: schema'), [agreement])).holds).toBe(verdictOf(report, 'honoured', 'schema').holds);
  });

  it('shows the agreement by which the data goes on, with where it is known from', () => {
    // A department of which no component is known may be the one that is meant.
    const { counterexample, count, who, mend } = verdictOf(first(basisOf(local + neverIce(), [agreement])), 'possible');
    expect({ count, who: who.map(({ organisation: id }) => id) }).toEqual({ count: 4, who: ['us', 'us/dhs', 'us/dhs/ice', 'us/dhs/ice/hsi'] });
    expect(counterexample).toMatchObject({
      asker: { organisation: 'co/juniper', ori: 'COZZ00200' }, obtainer: { organisation: 'us/dhs/ice' }, dataClass: 'photo', through: 'photo', outcome: 'release', rules: ['ZY-1'], unknown: [],
      path: [{ kind: 'program287g', grade: 'contractOnly', confirmed: true, provenance: 'list of 2 July 2025, in force from 2025-01-01', rules: [] }],
    });
    expect(counterexample?.sentence).toBe('Body co/juniper (COZZ00200) asks for the photo for traffic enforcement, with no warrant; rule ZY-1 releases it; '
      + 'it goes on by a 287(g) agreement (list of 2 July 2025, in force from 2025-01-01, contract only) to Body us/dhs/ice.');
    expect(mend).toEqual({ edgeKinds: ['program287g'], rules: ['ZY-1'], suggestion: null });
  });

  it('passes data on in the honoured world only as an onward rule allows to that receiver, on papers that the claim does not excuse', () => {
    const onward = (allow: string) => `onward:\n  - { id: ZY-O1, data: photo, via: program287g, allow: ${allow} }\n`;
    const honoured = (allow: string, more = '') => verdictOf(first(basisOf(local + onward(allow) + neverIce(more), [agreement])), 'honoured');
    expect(honoured('always').counterexample?.path[0]?.rules).toEqual(['ZY-O1']);
    expect(honoured('always').mend).toMatchObject({ edgeKinds: ['program287g'], rules: ['ZY-1'] });
    expect(honoured('never').holds).toBe(true);
    expect(honoured('{ when: { warrant: courtConfirmed } }').holds).toBe(false);
    expect(honoured('{ when: { warrant: courtConfirmed } }', ', without: { warrant: numbered }').holds).toBe(true);
    expect(honoured('{ when: { for: fraud } }', ', for: theft').holds).toBe(true);
    expect(honoured('{ when: { for: fraud } }', ', for: [fraud, theft]').holds).toBe(false);
    expect(honoured('{ when: { to: { level: federal } } }').holds).toBe(false);
    expect(honoured('{ when: { to: { level: state } } }').holds).toBe(true);
  });

  it('lets each hop have papers of its own: what the first request must not have the second may need', () => {
    const text = 'rules:\n  - { id: ZY-1, release: { data: photo, to: { level: county }, unless: { caseNumber: stated } } }\nonward:\n  - { id: ZY-O1, data: photo, via: program287g, allow: { when: { caseNumber: numbered } } }\n';
    expect(verdictOf(first(basisOf(text + neverIce(), [agreement])), 'honoured').holds).toBe(false);
  });

  it('passes along an edge on which nobody can keep a rule, and not along a suggestion', () => {
    const shared = affiliation('sharedOri', 'co/springfield', 'us/dhs/ice/hsi', { grade: 'inseparable' });
    expect(verdictOf(first(basisOf(local + neverIce(), [shared])), 'honoured')).toMatchObject({ holds: false, count: 1, counterexample: { path: [{ kind: 'sharedOri', grade: 'inseparable', rules: [] }] } });
    const suggested = first(basisOf(local + neverIce(), [{ ...shared, confirmed: false }]));
    expect(verdictOf(suggested, 'honoured').holds).toBe(true);
    expect(verdictOf(suggested, 'possible').counterexample?.path[0]).toMatchObject({ confirmed: false });
    expect(verdictOf(suggested, 'possible').counterexample?.sentence).toContain('not confirmed');
  });

  it('looks at who may be meant, and says what is not known of it; the decision reads the word as it stands', () => {
    const text = 'rules:\n  - { id: ZY-1, release: { data: photo } }\n  - { id: ZY-2, deny: { data: photo, to: { department: DHS } } }\nclaims:\n  - { id: ZY-C1, never: { to: { department: DHS }, data: photo, by: direct } }\n';
    const verdict = verdictOf(first(basisOf(text)), 'honoured');
    expect(verdict).toMatchObject({ holds: false, counterexample: { asker: { organisation: 'unknown' }, unknown: ['department'] } });
    expect(verdict.counterexample?.sentence).toMatch(/The registry does not know its department/);
    // A city is surely not in a department, though nobody wrote it down.
    expect(verdict.who.map(({ organisation: id }) => id)).toEqual(['unknown']);
    expect(verdict.mend?.suggestion).toContain('unknown department');
    const closed = text.replace('department: DHS } } }\nclaims', 'department: [DHS, undeclared] } } }\nclaims');
    expect(verdictOf(first(basisOf(closed)), 'honoured').holds).toBe(true);
  });

  it('prefers one who is surely meant to one who may be', () => {
    const text = 'rules:\n  - { id: ZY-1, release: { data: photo } }\nclaims:\n  - { id: ZY-C1, never: { to: { component: HSI }, data: photo, by: direct } }\n';
    expect(verdictOf(first(basisOf(text)), 'honoured')).toMatchObject({ count: 2, counterexample: { asker: { organisation: 'us/dhs/ice/hsi' }, unknown: [] } });
  });

  it('of the kind "only" speaks of everybody who is not surely meant', () => {
    const claims = 'claims:\n  - { id: ZY-C1, only: { to: { level: [municipal, county] }, data: photo, by: anyPath } }\n';
    expect(verdictOf(first(basisOf(local + claims)), 'honoured').holds).toBe(true);
    const open = local.replace('[municipal, county]', '[municipal, county, undeclared]');
    expect(verdictOf(first(basisOf(open + claims)), 'honoured')).toMatchObject({ holds: false, count: 1, counterexample: { asker: { organisation: 'unknown' } } });
    expect(verdictOf(first(basisOf(open + claims)), 'honoured').mend?.suggestion).toMatch(/^Refuse photos to anyone/);
  });

  it('counts a class that reveals another, also where it is passed on by rules of its own', () => {
    const claims = 'claims:\n  - { id: ZY-C1, never: { to: { component: ICE }, data: address, by: anyPath } }\n';
    const onward = 'onward:\n  - { id: ZY-O1, data: driverHistory, via: program287g, allow: always }\n';
    const { counterexample } = verdictOf(first(basisOf(local + onward + claims, [agreement])), 'honoured');
    expect(counterexample).toMatchObject({ dataClass: 'address', through: 'driverHistory', path: [{ rules: ['ZY-O1'] }] });
    expect(counterexample?.sentence).toContain('it reveals the address');
    // Of the address itself nothing is said, and nothing said is no.
    expect(verdictOf(first(basisOf(local + onward.replace('data: driverHistory', 'data: address') + claims, [agreement])), 'honoured').holds).toBe(false);
    expect(verdictOf(first(basisOf(local.replace('driverHistory', 'name') + onward + claims, [agreement])), 'honoured').holds).toBe(true);
  });

  it('takes a person for an exception only where it says so, and a reduced form for the whole only where it says so', () => {
    const held = 'rules:\n  - { id: ZY-1, hold: { data: photo, to: { component: ICE }, review: { by: desk, within: 1h, onTimeout: deny } } }\n';
    expect(first(basisOf(held + neverIce())).holds).toBe(false);
    expect(first(basisOf(held + neverIce(', review: suffices')))).toMatchObject({ holds: true, witness: { outcome: 'hold' }, carriedBy: [] });
    const reduced = 'rules:\n  - { id: ZY-1, release: { data: photo, treat: { photo: reduced }, to: { component: ICE } } }\n';
    expect(verdictOf(first(basisOf(reduced + neverIce())), 'honoured').counterexample?.outcome).toBe('redact');
    expect(first(basisOf(reduced + neverIce(', form: full'))).holds).toBe(true);
  });

  it('that holds has a witness where its exception is met, and names what carries it and what could go', () => {
    const text = `rules:
  - { id: ZY-1, release: { data: photo } }
  - { id: ZY-2, deny: { data: photo, to: { component: [ICE, undeclared] }, unless: { warrant: courtConfirmed } } }
  - { id: ZY-3, deny: { data: photo, to: { component: HSI }, for: fraud } }
onward:
  - { id: ZY-O1, data: photo, via: [taskForce, component], allow: always }
  - { id: ZY-O2, data: photo, via: taskForce, allow: never }
  - { id: ZY-O3, data: photo, via: component, allow: { when: { to: { level: county } } } }
${neverIce(', without: { warrant: courtConfirmed }')}`;
    const report = first(basisOf(text, [affiliation('taskForce', 'co/springfield', 'us/dhs/ice', { detail: 'drugs' })]));
    expect(report).toMatchObject({ holds: true, carriedBy: ['ZY-2', 'ZY-O2'], redundant: ['ZY-3', 'ZY-O3'], witness: { asker: { organisation: 'us/dhs/ice' }, context: { warrant: 'courtConfirmed' }, path: [] } });
    expect(first(basisOf(local + neverIce(', without: { warrant: courtConfirmed }')))).toMatchObject({ holds: true, witness: null });
    expect(first(basisOf(local + neverIce()))).toMatchObject({ holds: true, witness: { asker: { organisation: 'co/juniper' } } });
  });

  it('without a network is decided for any agency that the schema admits, with a witness and carriers there', () => {
    const text = `rules:
  - { id: ZY-1, release: { data: photo, to: { criminalJustice: yes } } }
  - { id: ZY-2, deny: { data: photo, to: { component: [ICE, undeclared] }, unless: { warrant: courtConfirmed } } }
  - { id: ZY-3, deny: { data: photo, to: { component: HSI } } }
claims:
  - { id: ZY-C1, never: { to: { component: ICE }, data: photo, without: { warrant: courtConfirmed }, by: direct } }
`;
    const report = first({ ...basisOf(text), network: null });
    expect(report.verdicts.map(({ domain }) => domain)).toEqual(['schema', 'schema']);
    expect(report).toMatchObject({ holds: true, carriedBy: ['ZY-2'], redundant: ['ZY-3'], witness: { context: { warrant: 'courtConfirmed' } } });
  });

  it('past a cap says nothing, and does not hold', () => {
    const basis = basisOf(local + neverIce(), [agreement]);
    const [claim] = basis.document.claims;
    if (claim === undefined) throw new Error('no claim');
    for (const caps of [{ nodes: 2 }, { edges: 2 }, { steps: 10 }]) {
      expect(proveInRegistry(basis, claim, 'possible', { ...defaultCaps, ...caps })).toEqual({ world: 'possible', domain: 'registry', holds: 'capped', count: null, who: [], counterexample: null, mend: null });
      expect(first(basis, { ...defaultCaps, ...caps }).holds).toBe(false);
    }
    expect(() => proveInRegistry({ ...basis, network: null }, claim, 'possible')).toThrow(RangeError);
  });

  it('is proved on the days on which it is in force', () => {
    const claims = `claims:
  - { id: ZY-C1, never: { to: { component: ICE }, data: photo, by: direct }, expires: 2026-05-31 }
  - { id: ZY-C2, never: { to: { component: ICE }, data: photo, by: direct }, effective: 2026-06-01 }
`;
    expect(proveAll(basisOf(local + claims)).map(({ claim }) => claim.id)).toEqual(['ZY-C2']);
    const document = documentOf(local + claims);
    expect(claimsInForce({ document, table: tableFor(document, { at: Date.UTC(2026, 4, 31) }) }).map(({ id }) => id)).toEqual(['ZY-C1']);
    expect(claimsInForce({ document, table: tableFor(document, { at: Date.UTC(2025, 4, 31) }) })).toEqual([]);
  });
});

describe('the demonstration network', () => {
  it('leaks by what the registry records, and by less where rules are honoured', () => {
    const network = networkOf(createSnapshot(inventNetwork(), 1, 'h'), new Date(Date.UTC(2026, 9, 1)));
    const document = documentOf(`rules:
  - { id: ZY-1, release: { data: photo, to: { level: [municipal, county, state] } } }
claims:
  - { id: ZY-C1, never: { to: { component: ICE }, data: photo, by: anyPath } }
`);
    const report = first({ document, network, table: tableFor(document, { at: Date.UTC(2026, 9, 1) }) });
    const [honoured, possible] = [verdictOf(report, 'honoured'), verdictOf(report, 'possible')];
    expect(honoured).toMatchObject({ holds: false, count: 1, mend: { edgeKinds: ['program287g'], rules: ['ZY-1'], suggestion: null } });
    expect(possible.count).toBeGreaterThan(100);
    expect(possible.counterexample?.path).toHaveLength(1);
    expect(possible.mend?.edgeKinds?.length).toBeGreaterThan(2);
  });
});
