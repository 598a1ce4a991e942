import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inferenceEdges, type DataClass } from '../vocabulary/index.ts';
import { classesOf, interpret, type Claim, type PolicyDocument, type ProofWorld } from '../policy/index.ts';
import type { Network } from '../model/index.ts';
import { at, basisOf, edgePasses, fewContexts, isLookedAt, naiveBreaches, smallCase, violates } from './cases.ts';
import { proveInRegistry } from './registryClaims.ts';
import type { Trace } from './types.ts';

const runs = Number(process.env['WEIR_PROOF_RUNS'] ?? 60);

describe('claims over a network', () => {
  it('has the verdict, the count and the length of the shortest way that a naive walk finds, and a way that is really open', () => {
    const seen = { holds: 0, direct: 0, hops: 0, inferred: 0 };
    fc.assert(fc.property(smallCase, ({ document, network, claim, world }) => {
      const verdict = proveInRegistry(basisOf(document, network), claim, world);
      const breaches = naiveBreaches(document, network, claim, world);
      expect(verdict).toMatchObject({ world, domain: 'registry', holds: breaches.size === 0, count: breaches.size });
      expect(new Set(verdict.who.map(({ organisation }) => organisation)).size).toBe(Math.min(5, breaches.size));
      for (const { organisation } of verdict.who) expect(breaches.has(organisation)).toBe(true);
      expect(verdict.counterexample === null).toBe(breaches.size === 0);
      if (verdict.counterexample === null) seen.holds += 1;
      else {
        const { path, through, dataClass } = verdict.counterexample;
        expect(path).toHaveLength(Math.min(...breaches.values()));
        expect(breaches.get(verdict.counterexample.obtainer.organisation)).toBe(path.length);
        expectOpen(document, network, claim, world, verdict.counterexample);
        if (path.length > 0) seen.hops += 1;
        else seen.direct += 1;
        if (through !== dataClass) seen.inferred += 1;
      }
    }), { numRuns: runs, seed: 11 });
    // The samples are such that each kind of answer comes up.
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(runs / 40);
  });
});

/** That the request is decided as the trace says, breaks the claim, and that each hop follows on and passes. */
function expectOpen(document: PolicyDocument, network: Network, claim: Claim, world: ProofWorld, trace: Trace): void {
  const node = (id: string) => network.nodes.find((one) => one.id === id);
  const attributes = (id: string) => node(id)?.attributes('ZY') ?? (() => { throw new Error(id); })();
  const obtainer = attributes(trace.obtainer.organisation);
  const { purpose, warrant, court, caseNumber, kind } = trace.context;
  expect(isLookedAt(claim, obtainer)).toBe(true);
  expect(violates(claim, trace.context, obtainer)).toBe(true);
  expect(node(trace.asker.organisation)?.oris[0]).toBe(trace.asker.ori);
  const [decision] = interpret(document, { requester: attributes(trace.asker.organisation), purpose, evidence: { warrant, court, caseNumber }, kind, classes: [trace.through] }, new Date(at)).classes;
  expect({ outcome: decision?.outcome, rules: decision?.rules }).toEqual({ outcome: trace.outcome, rules: trace.rules });
  expect(trace.outcome === 'hold' ? claim.review : 'counts').toBe('counts');
  if (trace.outcome === 'redact') expect({ form: claim.form, through: trace.through }).toEqual({ form: 'any', through: trace.dataClass });
  expect(classesOf(claim.data)).toContain(trace.dataClass);
  const contexts = fewContexts.filter((context) => violates(claim, context, obtainer));
  let holder = trace.asker.organisation;
  let having = revealedBy(trace.through, trace.outcome !== 'redact');
  for (const hop of trace.path) {
    expect(hop.from.organisation).toBe(holder);
    const edges = network.edges.filter((edge) => edge.kind === hop.kind && edge.grade === hop.grade && edge.confirmed === hop.confirmed
      && network.nodes[edge.from]?.id === hop.from.organisation && network.nodes[edge.to]?.id === hop.to.organisation);
    const passing = [...having].filter((dataClass) => edges.some((edge) => edgePasses(document, edge, attributes(hop.to.organisation), dataClass, world, contexts)));
    having = new Set(passing.flatMap((dataClass) => [...revealedBy(dataClass, trace.outcome !== 'redact')]));
    expect(hop.rules.length > 0).toBe(world === 'honoured' && hop.confirmed && hop.grade !== 'inseparable');
    holder = hop.to.organisation;
  }
  expect(holder).toBe(trace.obtainer.organisation);
  expect(having).toContain(trace.dataClass);
}

function revealedBy(dataClass: DataClass, whole: boolean): Set<DataClass> {
  const all = new Set([dataClass]);
  if (whole) for (const one of all) for (const { from, gives } of inferenceEdges) if (from === one) all.add(gives);
  return all;
}
