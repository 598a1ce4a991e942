import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Bdd, BddCapped, no, orCapped, yes, type Node } from './bdd.ts';

const variables = 6;

type Formula =
  | { readonly op: 'variable'; readonly level: number }
  | { readonly op: 'not'; readonly a: Formula }
  | { readonly op: 'and' | 'or' | 'without'; readonly a: Formula; readonly b: Formula }
  | { readonly op: 'ite'; readonly a: Formula; readonly b: Formula; readonly c: Formula };

const { formula } = fc.letrec<{ formula: Formula }>((tie) => ({
  formula: fc.oneof(
    { maxDepth: 6, depthSize: 'large' },
    fc.record({ op: fc.constant('variable' as const), level: fc.nat(variables - 1) }),
    fc.record({ op: fc.constant('not' as const), a: tie('formula') }),
    fc.record({ op: fc.constantFrom('and' as const, 'or' as const, 'without' as const), a: tie('formula'), b: tie('formula') }),
    fc.record({ op: fc.constant('ite' as const), a: tie('formula'), b: tie('formula'), c: tie('formula') }),
  ),
}));

function build(bdd: Bdd, one: Formula): Node {
  switch (one.op) {
    case 'variable': return bdd.variable(one.level);
    case 'not': return bdd.not(build(bdd, one.a));
    case 'ite': return bdd.ite(build(bdd, one.a), build(bdd, one.b), build(bdd, one.c));
    default: return bdd[one.op](build(bdd, one.a), build(bdd, one.b));
  }
}

function truth(one: Formula, row: number): boolean {
  switch (one.op) {
    case 'variable': return bit(row, one.level);
    case 'not': return !truth(one.a, row);
    case 'and': return truth(one.a, row) && truth(one.b, row);
    case 'or': return truth(one.a, row) || truth(one.b, row);
    case 'without': return truth(one.a, row) && !truth(one.b, row);
    case 'ite': return truth(one.a, row) ? truth(one.b, row) : truth(one.c, row);
  }
}

const bit = (row: number, level: number) => ((row >> level) & 1) === 1;
const rows = Array.from({ length: 1 << variables }, (_, row) => row);
const tableOf = (one: Formula) => rows.map((row) => truth(one, row));
const read = (bdd: Bdd, node: Node) => rows.map((row) => bdd.evaluate(node, (level) => bit(row, level)));

describe('decision diagrams', () => {
  it('say what the truth table says, and one node is one function', () => {
    fc.assert(fc.property(formula, formula, (a, b) => {
      const bdd = new Bdd();
      const [f, g] = [build(bdd, a), build(bdd, b)];
      expect(read(bdd, f)).toEqual(tableOf(a));
      expect(f === g).toBe(tableOf(a).join() === tableOf(b).join());
      expect(bdd.count(f, variables)).toBe(BigInt(tableOf(a).filter(Boolean).length));
      expect(bdd.count(f, variables + 70)).toBe(BigInt(tableOf(a).filter(Boolean).length) << 70n);
    }), { numRuns: 500 });
  });

  it('fix a variable, and ask for some choice of several', () => {
    fc.assert(fc.property(formula, fc.nat(variables - 1), fc.nat(variables), fc.boolean(), (a, from, span, value) => {
      const bdd = new Bdd();
      const f = build(bdd, a);
      const before = Math.min(variables, from + span);
      expect(read(bdd, bdd.restrict(f, from, value))).toEqual(rows.map((row) => truth(a, value ? row | (1 << from) : row & ~(1 << from))));
      const mask = ((1 << before) - 1) & ~((1 << from) - 1);
      expect(read(bdd, bdd.exists(f, from, before))).toEqual(rows.map((row) => rows.some((other) => (other & ~mask) === (row & ~mask) && truth(a, other))));
      expect(bdd.support(f)).toEqual(Array.from({ length: variables }, (_, level) => level).filter((level) => bdd.restrict(f, level, true) !== bdd.restrict(f, level, false)));
    }), { numRuns: 300 });
  });

  it('find a choice where there is one, with as little true as will do', () => {
    fc.assert(fc.property(formula, (a) => {
      const bdd = new Bdd();
      const f = build(bdd, a);
      const found = bdd.one(f);
      if (found === null) expect(f).toBe(no);
      else for (const rest of [false, true]) expect(bdd.evaluate(f, (level) => found.get(level) ?? rest)).toBe(true);
    }), { numRuns: 300 });
  });

  it('join many', () => {
    fc.assert(fc.property(fc.array(formula, { maxLength: 5 }), (list) => {
      const bdd = new Bdd();
      const nodes = list.map((one) => build(bdd, one));
      expect(read(bdd, bdd.all(nodes))).toEqual(rows.map((row) => list.every((one) => truth(one, row))));
      expect(read(bdd, bdd.any(nodes))).toEqual(rows.map((row) => list.some((one) => truth(one, row))));
    }), { numRuns: 100 });
  });

  /** The worst order for a comparison of two numbers: its size doubles with each bit. */
  const compare = (bdd: Bdd, bits: number) =>
    bdd.all(Array.from({ length: bits }, (_, i) => bdd.not(bdd.ite(bdd.variable(i), bdd.not(bdd.variable(bits + i)), bdd.variable(bits + i)))));

  it('outgrow their first tables and stay right', () => {
    const bdd = new Bdd();
    const f = compare(bdd, 14);
    expect(bdd.size).toBeGreaterThan(40_000);
    expect(bdd.count(f, 28)).toBe(1n << 14n);
    expect(compare(bdd, 14)).toBe(f);
  });

  it('say so past a cap on nodes or on steps, and nothing else', () => {
    expect(() => compare(new Bdd({ nodes: 5_000 }), 14)).toThrow(BddCapped);
    expect(orCapped(() => compare(new Bdd({ nodes: 5_000 }), 14))).toBe('capped');
    expect(orCapped(() => compare(new Bdd({ steps: 5_000 }), 14))).toBe('capped');
    expect(orCapped(() => compare(new Bdd({ nodes: 5_000 }), 6))).not.toBe('capped');
    expect(() => orCapped(() => { throw new Error('a fault'); })).toThrow('a fault');
  });

  it('know what is always and never true', () => {
    const bdd = new Bdd();
    expect([bdd.one(no), bdd.one(yes)?.size, bdd.count(yes, 3), bdd.all([]), bdd.any([])]).toEqual([null, 0, 8n, yes, no]);
  });
});
