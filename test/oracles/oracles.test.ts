import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyLimits, compileTable, interpret, limitsFor, loadTable, prepare, tableFor, TableError, type PolicyTable } from '../../src/policy/index.ts';
import type { TableSource } from '../../src/policy/table/source.ts';
import type { DecisionInput } from '../../src/model/index.ts';
import { cedarPolicies } from '../../src/policy/export/cedar.ts';
import { cedarOracle, differences, validateCedar } from './cedar.ts';
import { plants } from './plant.ts';
import { fewClasses, question, writtenDocuments } from './samples.ts';

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
      const at = new Date(`${document.effective}T12:00:00Z`);
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
    for (const { name, document } of written.slice(0, 20)) expect({ name, found: validateCedar(cedarPolicies(document, new Date(`${document.effective}T12:00:00Z`))) }).toEqual({ name, found: [] });
    fc.assert(fc.property(question, fewClasses, ([document, at], request) => {
      expect(validateCedar(cedarPolicies(document, at))).toEqual([]);
      expect(() => cedarOracle(document, at, { validate: true }).decide(request)).not.toThrow();
    }), { numRuns: 25 });
  });

  it('tells on a bug planted in the table, at each request that it changes and at no other', () => {
    const told = new Map(Object.keys(plants).map((name) => [name, 0]));
    const samples = fc.sample(fc.tuple(question, fc.array(fewClasses, { minLength: 12, maxLength: 12 }), fc.infiniteStream(fc.nat())), { seed: 7, numRuns: 100 });
    for (const [[document, at], requests, numbers] of samples) {
      const oracle = cedarOracle(document, at);
      const theirs = requests.map((request) => oracle.decide(request));
      const text = compileTable(document, { at: at.getTime(), known: requests.slice(0, 6).map(({ requester }) => requester) });
      const sound = loadTable(text);
      for (const [name, plant] of Object.entries(plants)) {
        const planted = plant(JSON.parse(text) as TableSource, (below) => (numbers.next().value ?? 0) % below);
        const broken = planted === null ? null : loaded(JSON.stringify(planted));
        if (broken === null) continue;
        const changes = requests.map((request) => decided(broken, request) !== decided(sound, request));
        expect({ name, told: requests.map((request, n) => differences(broken.decide(request), theirs[n] ?? { classes: [], duties: [] }).length > 0) }).toEqual({ name, told: changes });
        if (changes.includes(true)) told.set(name, (told.get(name) ?? 0) + 1);
      }
    }
    expect([...told].filter(([, times]) => times === 0)).toEqual([]);
  });
});

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
