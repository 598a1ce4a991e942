import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { condition, data, matcher, policyDocument } from '../../test/policyArbitraries.ts';
import { admittedAttributes, admittedContext } from '../../test/schemaArbitraries.ts';
import {
  affiliationKinds, allDataClasses, evidenceGoesTogether, hasAny, namesOf, type AffiliationKind, type DataClass, type RequesterAttributes,
} from '../vocabulary/index.ts';
import { checkPolicy, classesOf, decide, prepare, proofWorlds, tableFor, type Claim, type Context, type OnwardRule, type PolicyDocument, type ProofWorld } from '../policy/index.ts';
import { meets } from './contexts.ts';
import { mayMatch, surelyMatches } from './mayMatch.ts';
import { revealersOf } from './openGrants.ts';
import { holdsInSchemaWithout, proveInSchema } from './openWorld.ts';

const at = Date.UTC(2026, 5, 1);
const basisOf = (document: PolicyDocument) => ({ document, table: tableFor(document, { at }), network: null });

const parse = (text: string): PolicyDocument => {
  const checked = checkPolicy(`policy: ZY\nversion: 1\neffective: 2026-01-01\n${text}`);
  if (!checked.ok) throw new Error(JSON.stringify(checked.findings));
  return checked.document;
};
const prove = (text: string, world: ProofWorld = 'honoured', caps = {}) => {
  const document = parse(text);
  const [claim] = document.claims;
  if (claim === undefined) throw new Error('no claim');
  return proveInSchema(basisOf(document), claim, world, caps);
};

const ready = new WeakMap<PolicyDocument, ReturnType<typeof prepare>>();
const outcomeAt = (document: PolicyDocument, requester: RequesterAttributes, { purpose, kind, ...evidence }: Context, dataClass: DataClass) => {
  let prepared = ready.get(document);
  if (prepared === undefined) ready.set(document, prepared = prepare(document, ''));
  return decide(prepared, { requester, purpose, kind, evidence, classes: [dataClass] }, at).classes[0]!.outcome;
};

/** The meaning of a claim, point by point: written without diagrams. */
const excused = (claim: Claim, obtainer: RequesterAttributes, context: Context) =>
  !evidenceGoesTogether(context.warrant, context.court) || (claim.for !== undefined && !claim.for.includes(context.purpose))
  || claim.without.some((one) => meets(context, one) && (one.to === undefined || surelyMatches(obtainer, one.to)));
const speaksOf = (claim: Claim, attributes: RequesterAttributes) => (claim.kind === 'never' ? mayMatch(attributes, claim.to) : !surelyMatches(attributes, claim.to));
const counts = (claim: Claim, form: 'any' | 'full', outcome: string) => outcome === 'release' || (outcome === 'redact' && form === 'any') || (outcome === 'hold' && claim.review === 'counts');
const givenAs = (document: PolicyDocument, claim: Claim, attributes: RequesterAttributes, context: Context): readonly DataClass[] =>
  [...new Set(classesOf(claim.data).flatMap((dataClass) => [dataClass, ...revealersOf(dataClass)]))].filter((one) =>
    counts(claim, classesOf(claim.data).includes(one) ? claim.form : 'full', outcomeAt(document, attributes, context, one)));
const joinable = (kind: AffiliationKind, giver: RequesterAttributes, receiver: RequesterAttributes) => {
  if (kind === 'component') return giver.level === receiver.level || giver.level === 'undeclared' || receiver.level === 'undeclared';
  return kind !== 'program287g' || (giver.level !== 'federal' && hasAny(receiver, 'level', ['federal', 'undeclared']));
};
const hopAllowed = (onward: readonly OnwardRule[], dataClass: DataClass, kind: AffiliationKind, receiver: RequesterAttributes, contexts: readonly Context[]) => {
  const rules = onward.filter((rule) => rule.via.includes(kind) && classesOf(rule.data).includes(dataClass));
  return rules.length > 0 && rules.every(({ allow }) => allow !== 'never') && rules.every(({ allow }) => typeof allow === 'string' || allow.to === undefined || surelyMatches(receiver, allow.to))
    && contexts.some((context) => rules.every(({ allow }) => typeof allow === 'string' || meets(context, allow)));
};

const claim: fc.Arbitrary<Claim> = fc.record({
  kind: fc.constantFrom('never' as const, 'only' as const), to: matcher, data, without: fc.array(condition, { maxLength: 2 }), by: fc.constantFrom('direct' as const, 'anyPath' as const),
  form: fc.constantFrom('any' as const, 'full' as const), review: fc.constantFrom('counts' as const, 'suffices' as const),
}).map((slots) => ({ id: 'C', title: null, cites: [], effective: null, expires: null, world: 'honoured', domain: 'schema', ...slots }));

/** Documents that refuse, rather than release, so that some claims hold. */
const strict = fc.tuple(policyDocument, fc.array(claim, { minLength: 1, maxLength: 1 }), fc.boolean()).map(([document, claims, closed]): PolicyDocument => ({
  ...document, claims,
  rules: closed ? [...document.rules, ...claims.map((one) => ({ id: 'CLOSE', title: null, cites: [], effective: null, expires: null, data: 'all' as const, outcome: 'deny' as const, unless: one.without, ...(one.kind === 'never' ? { to: one.to } : {}) }))] : document.rules,
}));

describe('a claim over any agency that the schema admits', () => {
  it('fails wherever a sampled request breaks it, and shows a request that does', () => {
    const seen = { holds: 0, direct: 0, path: 0 };
    fc.assert(fc.property(strict, fc.constantFrom(...proofWorlds), fc.array(fc.tuple(admittedAttributes, admittedContext), { minLength: 30, maxLength: 30 }), (document, world, points) => {
      const one = document.claims[0]!;
      const verdict = proveInSchema(basisOf(document), one, world);
      const broken = points.filter(([attributes, context]) => speaksOf(one, attributes) && !excused(one, attributes, context) && givenAs(document, one, attributes, context).length > 0);
      if (broken.length > 0) expect({ broken: broken[0], holds: verdict.holds }).toEqual({ broken: broken[0], holds: false });
      if (verdict.holds === true) seen.holds += 1;
      const trace = verdict.counterexample;
      if (trace === null) return;
      if (trace.path.length === 0) seen.direct += 1; else seen.path += 1;
      expect(classesOf(one.data)).toContain(trace.dataClass);
      expect(trace.through === trace.dataClass || revealersOf(trace.dataClass).includes(trace.through)).toBe(true);
      expect(one.by === 'anyPath' || trace.path.length === 0).toBe(true);
    }), { numRuns: 400 });
    expect(Math.min(seen.holds, seen.direct)).toBeGreaterThan(10);
    expect(seen.path).toBeGreaterThan(0);
  });

  it('fails wherever a sampled chain of two hops breaks it', () => {
    let chains = 0;
    const wide: fc.Arbitrary<readonly OnwardRule[]> = fc.array(fc.tuple(data, fc.subarray([...namesOf(affiliationKinds)], { minLength: 1, maxLength: 3 }), fc.oneof(fc.constant('always' as const), condition)), { minLength: 1, maxLength: 3 })
      .map((rules) => rules.map(([scope, via, allow], n) => ({ id: `O${n}`, title: null, cites: [], effective: null, expires: null, data: scope, via, allow })));
    fc.assert(fc.property(strict, wide, fc.array(admittedAttributes, { minLength: 9, maxLength: 9 }), fc.array(admittedContext, { minLength: 12, maxLength: 12 }), (base, onward, agencies, contexts) => {
      const one: Claim = { ...base.claims[0]!, by: 'anyPath' };
      const document = { ...base, onward, claims: [one] };
      const obtainer = agencies.find((attributes) => speaksOf(one, attributes));
      if (obtainer === undefined) return;
      const left = contexts.filter((context) => !excused(one, obtainer, context));
      const has = new Map(agencies.map((agency) => [agency, new Set(left.flatMap((context) => [...new Set(classesOf(one.data).flatMap((dataClass) => [dataClass, ...revealersOf(dataClass)]))].filter((each) =>
        counts(one, 'full', outcomeAt(document, agency, context, each))))) as ReadonlySet<DataClass>]));
      for (let hop = 0; hop < 3; hop += 1) {
        for (const [receiver, own] of [...has]) {
          const got = [...has].flatMap(([giver, classes]) => [...classes].flatMap((each) => [each, ...allDataClasses.filter((other) => revealersOf(other).includes(each))]).filter((each) =>
            namesOf(affiliationKinds).some((kind) => joinable(kind, giver, receiver) && hopAllowed(onward, each, kind, receiver, left))));
          has.set(receiver, new Set([...own, ...got]));
        }
      }
      const wanted = classesOf(one.data).flatMap((dataClass) => [dataClass, ...revealersOf(dataClass)]);
      if (![...(has.get(obtainer) ?? [])].some((each) => wanted.includes(each))) return;
      chains += 1;
      expect(proveInSchema(basisOf(document), one, 'honoured').holds).toBe(false);
      expect(proveInSchema(basisOf(document), one, 'possible').holds).toBe(false);
    }), { numRuns: 150 });
    expect(chains).toBeGreaterThan(10);
  });

  it('holds in the world of everything possible only where it holds in the other, and both are one for direct claims', () => {
    fc.assert(fc.property(strict, (document) => {
      const [honoured, possible] = proofWorlds.map((world) => proveInSchema(basisOf(document), document.claims[0]!, world).holds);
      if (possible === true) expect(honoured).toBe(true);
      if (document.claims[0]!.by === 'direct') expect(honoured).toBe(possible);
    }), { numRuns: 150 });
  });

  it('says what would hold without a rule, as the document without it does', () => {
    const seen = new Set<unknown>();
    fc.assert(fc.property(strict, fc.constantFrom(...proofWorlds), (document, world) => {
      const basis = basisOf(document);
      for (const { id } of [...document.rules.slice(0, 3), ...document.onward]) {
        const left = { ...document, rules: document.rules.filter((one) => one.id !== id), onward: document.onward.filter((one) => one.id !== id) };
        const holds = proveInSchema(basisOf(left), document.claims[0]!, world).holds;
        expect(holdsInSchemaWithout(basis, document.claims[0]!, world, new Set([id]))).toBe(holds);
        seen.add(holds);
      }
    }), { numRuns: 60 });
    expect(seen).toEqual(new Set([true, false]));
    const [claim] = parse(ssn('{ component: ICE }')).claims;
    expect(holdsInSchemaWithout(basisOf(parse(ssn('{ component: ICE }'))), claim!, 'honoured', new Set(['R']), { nodes: 500 })).toBe('capped');
  });

  const ssn = (deny: string, claims = '{ id: C, never: { to: { component: ICE }, data: ssn, by: direct } }') => `rules:\n  - { id: R, release: { data: ssn } }\n  - { id: D, deny: { data: ssn, to: ${deny} } }\nclaims: [${claims}]`;

  it('knows by the constraints that no part of ICE is outside DHS, and asks about those of which nothing is known', () => {
    const known = prove(ssn('{ department: DHS }'));
    // ICE is in DHS. An agency whose component is unknown may be ICE, and its department may be unknown as well.
    expect(known).toMatchObject({ holds: false, counterexample: { rules: ['R'], path: [], unknown: ['component'] } });
    expect(prove(ssn('{ department: [DHS, undeclared] }')).holds).toBe(true);
    expect(prove(ssn('{ component: ICE }'))).toMatchObject({ holds: false });
    expect(prove(ssn('{ component: [ICE, undeclared] }')).holds).toBe(true);
    expect(prove(ssn('{ component: [HSI, ERO] }')).counterexample?.asker.name).toBe('an agency that the registry could have (federal, Department of Homeland Security, part of ICE)');
  });

  it('looks through data that reveals other data', () => {
    const text = (more = '') => `rules:\n  - { id: R, release: { data: all${more} } }\n  - { id: D, deny: { data: [address, registeredOwner, driverHistory] } }\nclaims: [{ id: C, never: { to: { level: federal }, data: address, by: direct } }]`;
    expect(prove(text()).counterexample).toMatchObject({ dataClass: 'address', through: 'vehicleRegistration', rules: ['R'] });
    expect(prove(text().replace('driverHistory]', 'driverHistory, vehicleRegistration]')).holds).toBe(true);
  });

  it('excuses a request by its papers, and an asker that is surely one of those named', () => {
    const text = (without: string, to = 'undeclared') => `rules:\n  - { id: R, release: { data: photo } }\nclaims: [{ id: C, never: { to: { mission: [borderSecurity, ${to}] }, data: photo, without: ${without}, by: direct } }]`;
    expect(prove(text('{ warrant: none }')).holds).toBe(true);
    expect(prove(text('{ warrant: stated }')).counterexample?.context.warrant).toBe('none');
    expect(prove(text('[{ warrant: stated }, { to: { mission: borderSecurity } }]', 'borderSecurity').replace('[borderSecurity, borderSecurity]', 'borderSecurity')).counterexample?.unknown).toEqual(['mission']);
    expect(prove(text('{ to: { mission: [borderSecurity, undeclared] } }')).holds).toBe(true);
    expect(prove(text('{ court: stateCourt }')).holds).toBe(false);
  });

  const path = (allow: string, more = '') => `rules:
  - { id: R, release: { data: photo, to: { level: municipal } } }
onward:
  - { id: O, data: photo, via: [taskForce], allow: ${allow} }
${more}claims: [{ id: C, never: { to: { department: DHS }, data: photo, without: { warrant: courtConfirmed }, by: anyPath } }]`;

  it('follows a hop where an onward rule lets it, and says by which', () => {
    const verdict = prove(path('always'));
    expect(verdict).toMatchObject({ holds: false, count: null, counterexample: { rules: ['R'], outcome: 'release', path: [{ kind: 'taskForce', rules: ['O'] }] } });
    expect(verdict.counterexample?.obtainer.name).toContain('Department of Homeland Security');
    expect(verdict.counterexample?.asker.name).toContain('city');
    expect(verdict.counterexample?.sentence).toContain('through a task force');
    expect(prove(path('never')).holds).toBe(true);
    expect(prove(path('never'), 'possible')).toMatchObject({ holds: false, counterexample: { path: [{ rules: [] }] } });
    expect(prove(path('{ when: { warrant: courtConfirmed } }')).holds).toBe(true);
    expect(prove(path('{ when: { warrant: documentHash } }')).holds).toBe(false);
    expect(prove(path('{ when: { to: { level: federal } } }')).holds).toBe(false);
    // A receiver must surely be one whom the rule names: it may be of an unknown department, and is then not of DHS for sure.
    expect(prove(path('{ when: { to: { department: DOJ } } }')).holds).toBe(true);
    expect(prove(path('{ when: { to: { level: federal } } }', '  - { id: N, data: photo, via: [taskForce], allow: never }\n')).holds).toBe(true);
  });

  it('follows chains in which two kinds of edge read the level of the giver', () => {
    const chain = (via: string, to: string) => path('always').replace('via: [taskForce], allow: always', `via: [${via}], allow: { when: { to: ${to} } }`);
    // Parts of one organisation have one level: from a city police it does not go to a department.
    expect(prove(chain('component', '{ level: [municipal, federal] }')).holds).toBe(true);
    expect(prove(chain('program287g', '{ level: federal }')).counterexample?.path).toMatchObject([{ kind: 'program287g' }]);
    const two = path('always', '  - { id: P, data: photo, via: [component], allow: { when: { to: { department: DHS } } } }\n').replace('allow: always', 'allow: { when: { to: { component: FBI } } }');
    expect(prove(two).counterexample?.path).toMatchObject([{ kind: 'taskForce', rules: ['O'] }, { kind: 'component', rules: ['P'] }]);
  });

  it('passes on what reveals the data by the rules of what is passed on', () => {
    const text = (onward: string) => `rules: [{ id: R, release: { data: driverHistory, to: { level: municipal } } }]\nonward: [{ id: O, data: ${onward}, via: taskForce, allow: always }]\nclaims: [{ id: C, never: { to: { component: ICE }, data: address, by: anyPath } }]`;
    expect(prove(text('driverHistory')).counterexample).toMatchObject({ through: 'driverHistory', dataClass: 'address', path: [{ kind: 'taskForce' }] });
    expect(prove(text('address')).holds).toBe(false);
    expect(prove(text('name')).holds).toBe(true);
  });

  it('takes no hop from data that nobody has, and no kind of hop that the two cannot be joined by', () => {
    // Address is revealed by each of these; only one is given, and nothing is passed on but what reveals it. Of the receiver not even the level is known.
    for (const given of revealersOf('address')) {
      const text = `rules: [{ id: R, release: { data: ${given}, to: { level: municipal } } }]\nonward: [{ id: O, data: [${revealersOf('address').join(', ')}], via: [component, program287g], allow: always }]\nclaims: [{ id: C, never: { to: { level: tribal }, data: address, by: anyPath } }]`;
      expect(prove(text).counterexample).toMatchObject({ through: given, path: [{ kind: 'component' }], unknown: ['level'] });
    }
    // To a department that is surely a state's there is no 287(g) agreement: the hop is of the other kind.
    const state = `rules: [{ id: R, release: { data: photo, to: { level: municipal } } }]\nonward: [{ id: O, data: photo, via: [program287g, taskForce], allow: { when: { to: { level: state } } } }]\nclaims: [{ id: C, never: { to: { level: state }, data: photo, by: anyPath } }]`;
    expect(prove(state).counterexample?.path).toMatchObject([{ kind: 'taskForce' }]);
  });

  it('says that it was capped rather than anything else', () => {
    for (const caps of [{ nodes: 500 }, { steps: 1_000 }]) expect(prove(ssn('{ department: [DHS, undeclared] }'), 'honoured', caps)).toMatchObject({ holds: 'capped', counterexample: null });
    expect(prove(ssn('{ department: [DHS, undeclared] }'), 'honoured', { nodes: 100_000 }).holds).toBe(true);
  });

  it('answers for a claim that is not in the document', () => {
    const document = parse(ssn('{ department: DHS }'));
    const basis = basisOf(document);
    expect(proveInSchema(basis, document.claims[0]!, 'honoured').holds).toBe(false);
    const other: Claim = { ...document.claims[0]!, to: { department: ['DHS'] }, for: ['fraud'] };
    expect(proveInSchema(basis, { ...other, without: [{ for: ['fraud'] }] }, 'honoured').holds).toBe(true);
    const verdict = proveInSchema(basis, { ...other, to: { department: ['DOJ'] } }, 'honoured');
    expect(verdict.counterexample?.context.purpose).toBe('fraud');
  });
});
