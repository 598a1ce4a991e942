import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyLimits, checkPolicy, compileTable, interpret, limitsFor, loadTable, prepare, tableFor, TableError, type Claim, type PolicyDocument, type PolicyTable } from '../../src/policy/index.ts';
import type { TableSource } from '../../src/policy/table/source.ts';
import type { DecisionInput } from '../../src/model/index.ts';
import { cedarPolicies } from '../../src/policy/export/cedar.ts';
import { smtlibClaim } from '../../src/policy/export/smtlib.ts';
import { proveInSchema } from '../../src/proof/openWorld.ts';
import { cedarOracle, differences, validateCedar } from './cedar.ts';
import { askBoth, proved, type ClaimAnswer } from './claims.ts';
import { cornerQuestions } from './corners.ts';
import { misreadings, plants } from './plant.ts';
import { claimQuestion, fewClasses, question, writtenDocuments } from './samples.ts';
import { startZ3, type Z3 } from './z3.ts';

/** The short form. The long one is `npm run oracles`, which says how many it asked. */
const written = writtenDocuments();

describe('Cedar', () => {
  it('decides as the table does, rule by rule: 100 random documents, 20 requests each', () => {
    fc.assert(fc.property(question, fc.array(fewClasses, { minLength: 20, maxLength: 20 }), ([document, at], requests) => {
      const [table, oracle] = [tableFor(document, { at: at.getTime() }), cedarOracle(document, at)];
      for (const request of requests) expect(differences(table.decide(request), oracle.decide(request))).toEqual([]);
    }), { numRuns: 100 });
  });

  it('decides as the table does on the templates and the demonstration', () => {
    const requests = fc.sample(fewClasses, { numRuns: 20 * written.length });
    written.forEach(({ name, document }, n) => {
      const at = noonOf(document);
      const [table, oracle] = [tableFor(document, { at: at.getTime() }), cedarOracle(document, at)];
      for (const request of requests.slice(20 * n, 20 * n + 20)) expect({ name, found: differences(table.decide(request), oracle.decide(request)) }).toEqual({ name, found: [] });
    });
  });

  it('holds or refuses as the limits say once they are used up', () => {
    fc.assert(fc.property(question, fc.array(fewClasses, { minLength: 8, maxLength: 8 }), ([document, at], requests) => {
      if (document.limits.length === 0) return;
      const [policy, oracle] = [prepare(document), cedarOracle(document, at)];
      for (const request of requests) {
        const limits = limitsFor(policy, request, at.getTime());
        expect(differences(applyLimits(interpret(document, request, at), limits), oracle.decide(request, limits.map(({ id }) => id)))).toEqual([]);
      }
    }), { numRuns: 60 });
  });

  it('accepts every export under its strict validation, and every request under the schema', () => {
    for (const { name, document } of written.slice(0, 20)) expect({ name, found: validateCedar(cedarPolicies(document, noonOf(document))) }).toEqual({ name, found: [] });
    fc.assert(fc.property(question, fewClasses, ([document, at], request) => {
      expect(validateCedar(cedarPolicies(document, at))).toEqual([]);
      expect(() => cedarOracle(document, at, { validate: true }).decide(request)).not.toThrow();
    }), { numRuns: 25 });
  });

  it('tells on a bug planted in the table, at each request that it changes and at no other', () => {
    const told = new Map(Object.keys(plants).map((name) => [name, 0]));
    const samples = fc.sample(fc.tuple(question, fc.array(fewClasses, { minLength: 12, maxLength: 12 }), fc.infiniteStream(fc.nat())), { seed: 7, numRuns: 160 });
    for (const [[document, at], requests, numbers] of samples) {
      const oracle = cedarOracle(document, at);
      const theirs = requests.map((request) => oracle.decide(request));
      const text = compileTable(document, { at: at.getTime() });
      const withClasses = compileTable(document, { at: at.getTime(), known: requests.slice(0, 6).map(({ requester }) => requester) });
      const sound = loadTable(text);
      for (const [name, plant] of Object.entries(plants)) {
        const planted = plant(JSON.parse(rowPlants.has(name) ? withClasses : text) as TableSource, (below) => (numbers.next().value ?? 0) % below);
        if (planted === null || JSON.stringify(planted) === withClasses) continue;
        const broken = loaded(JSON.stringify(planted));
        // What is written down for a class follows from the rules: the loader itself tells on a row that does not.
        if (rowPlants.has(name)) {
          expect({ name, broken }).toEqual({ name, broken: null });
          told.set(name, (told.get(name) ?? 0) + 1);
        }
        if (broken === null) continue;
        // Bytes that name what is not there end in a fault, which nobody takes for a decision.
        if (requests.some((request) => isFault(() => decided(broken, request)))) continue;
        const changes = requests.map((request) => decided(broken, request) !== decided(sound, request));
        expect({ name, told: requests.map((request, n) => differences(broken.decide(request), theirs[n] ?? { classes: [], duties: [] }).length > 0) }).toEqual({ name, told: changes });
        if (changes.includes(true)) told.set(name, (told.get(name) ?? 0) + 1);
      }
    }
    expect([...told].filter(([, times]) => times === 0)).toEqual([]);
  });
});

describe('Z3', () => {
  let z3: Z3;
  beforeAll(async () => { z3 = await startZ3(); });
  afterAll(async () => { await z3.stop(); });

  it('proves and refutes what the proofs over the schema do: the claims of every template, in both worlds', () => {
    for (const { name, document } of written.filter((one) => one.name.endsWith('.yaml'))) {
      for (const claim of document.claims) expect({ name, claim: claim.id, answers: disagreements(z3, { document, claim, at: noonOf(document) }) }).toEqual({ name, claim: claim.id, answers: [] });
    }
  });

  it.each(cornerQuestions())('$what: both find what was worked out by hand', ({ document, claim, at, holds }) => {
    const [honoured, possible] = askBoth(z3, document, claim, at).map(({ ours, theirs }) => ({ ours, theirs: theirs === 'unsat' }));
    expect({ honoured, possible }).toEqual({ honoured: { ours: holds[0], theirs: holds[0] }, possible: { ours: holds[1], theirs: holds[1] } });
  });

  it('proves and refutes what the proofs over the schema do: 60 random claims, half of them kept but for what is passed on', () => {
    fc.assert(fc.property(claimQuestion, (asked) => {
      expect(disagreements(z3, asked)).toEqual([]);
    }), { numRuns: 60 });
  });

  it('tells on a bug planted in the table that the proofs over the schema read, wherever that changes a verdict', () => {
    let told = 0;
    const random = fc.sample(fc.tuple(claimQuestion, fc.infiniteStream(fc.nat())), { seed: 11, numRuns: 60 });
    for (const [{ document, claim, at }, numbers] of random) {
      const text = compileTable(document, { at: at.getTime() });
      const right = proveInSchema({ document, table: loadTable(text), network: null }, claim, 'honoured').holds;
      for (const [name, plant] of Object.entries(plants)) {
        const planted = plant(JSON.parse(text) as TableSource, (below) => (numbers.next().value ?? 0) % below);
        const broken = planted === null ? null : loaded(JSON.stringify(planted));
        // A space of words is made for the document: bytes that tell other words apart have no place in it.
        const verdict = broken === null ? right : verdictOf(document, broken, claim);
        if (verdict === right || verdict === 'fault') continue;
        const truth = z3.check(smtlibClaim(document, claim, 'honoured', at));
        expect({ name, truth, agrees: verdict === (truth === 'unsat') }).toEqual({ name, truth: right === true ? 'unsat' : 'sat', agrees: false });
        told += 1;
      }
    }
    expect(told).toBeGreaterThan(5);
  });

  it('tells on a document misread by a proof, wherever that changes its verdict', () => {
    const told = new Map(Object.keys(misreadings).map((name) => [name, 0]));
    const random = fc.sample(fc.tuple(claimQuestion, fc.infiniteStream(fc.nat())), { seed: 3, numRuns: 150 });
    const pointed = pointedQuestions().map((asked) => [asked, [0, 0, 0, 0, 0, 0, 0, 0].values()] as const);
    for (const [{ document, claim, at }, numbers] of [...pointed, ...random]) {
      for (const [name, misread] of Object.entries(misreadings)) {
        const planted = misread(document, (below) => (numbers.next().value ?? 0) % below);
        if (planted === null || (told.get(name) ?? 0) >= 3) continue;
        const [right, misled] = [document, planted].map((one) => proved(one, claim, 'honoured', at));
        if (misled === right) continue;
        const truth = z3.check(smtlibClaim(document, claim, 'honoured', at));
        expect({ name, truth, agrees: misled === (truth === 'unsat') }).toEqual({ name, truth: right === true ? 'unsat' : 'sat', agrees: false });
        told.set(name, (told.get(name) ?? 0) + 1);
      }
    }
    expect([...told].filter(([, times]) => times === 0)).toEqual([]);
  });
});

/** Claims that stand or fall with an exception, and with who receives: random ones seldom do. */
function pointedQuestions(): readonly { document: PolicyDocument; claim: Claim; at: Date }[] {
  const checked = checkPolicy(`
policy: ZY
version: 1
effective: 2026-01-01
rules:
  - { id: ZY-1, release: { data: photo } }
  - { id: ZY-2, deny: { data: photo, to: { level: [federal, undeclared] }, unless: { warrant: courtConfirmed } } }
onward:
  - { id: ZY-3, data: photo, via: taskForce, allow: { when: { to: { level: [county, municipal] } } } }
claims:
  - { id: ZY-C1, never: { to: { level: federal }, data: photo, by: direct } }
  - { id: ZY-C2, never: { to: { level: federal }, data: photo, without: { warrant: courtConfirmed }, by: anyPath } }
`);
  if (!checked.ok) throw new Error('the policy does not pass its check');
  return checked.document.claims.map((claim) => ({ document: checked.document, claim, at: noonOf(checked.document) }));
}

/** Bugs in what is written down for classes of agencies. */
const rowPlants: ReadonlySet<string> = new Set(['a rule is lost from a row', 'two rows of a class are those of another']);

function verdictOf(document: PolicyDocument, table: PolicyTable, claim: Claim): boolean | 'capped' | 'fault' {
  try {
    return proveInSchema({ document, table, network: null }, claim, 'honoured').holds;
  } catch {
    return 'fault';
  }
}

function disagreements(z3: Z3, { document, claim, at }: { document: PolicyDocument; claim: Claim; at: Date }): readonly ClaimAnswer[] {
  return askBoth(z3, document, claim, at).filter(({ agree }) => !agree);
}

function noonOf(document: PolicyDocument): Date {
  return new Date(`${document.effective}T12:00:00Z`);
}

/** The table of planted bytes; null where the loader sees for itself that they are no table. */
function loaded(text: string): PolicyTable | null {
  try {
    return loadTable(text);
  } catch (error) {
    if (error instanceof TableError) return null;
    throw error;
  }
}

function decided(table: PolicyTable, request: DecisionInput): string {
  const { classes, duties } = table.decide(request);
  return JSON.stringify([classes.map(({ dataClass, outcome, rules, treatment, review }) => [dataClass, outcome, rules, treatment, review]), duties]);
}

function isFault(work: () => unknown): boolean {
  try {
    work();
    return false;
  } catch (error) {
    if (error instanceof RangeError) return true;
    throw error;
  }
}
