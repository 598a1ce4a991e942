import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inventNetwork } from '../../demo/network.ts';
import type { DataClass } from '../vocabulary/index.ts';
import type { Network } from '../model/index.ts';
import { bitsOf, proofWorlds, tableFor, type PolicyDocument, type PolicyTable, type ProofWorld } from '../policy/index.ts';
import { police } from '../policy/cases.ts';
import { createSnapshot, networkOf } from '../registry/index.ts';
import { effectiveAccess } from './access.ts';
import { answers, at, basisOf, closure, documentWith, fewContexts, networkWith, onwardWith, smallDocument, smallNetwork } from './cases.ts';
import { defaultCaps } from './caps.ts';
import { accessMatrix } from './matrix.ts';

const runs = Number(process.env['WEIR_PROOF_RUNS'] ?? 40);

describe('effective access', () => {
  it('has the cells that a naive walk finds, directly and by any chain, and its numbers are those of the matrix', () => {
    let indirect = 0;
    fc.assert(fc.property(smallDocument, smallNetwork, fc.constantFrom(...proofWorlds), fc.constantFrom('any' as const, 'full' as const), fc.boolean(), (document, network, world, form, held) => {
      const basis = basisOf(document, network);
      const found = effectiveAccess(basis, { world, form, held });
      if (found === 'capped') throw new Error('capped');
      for (const through of [null, world] as const) {
        const naive = naiveAccess(document, network, basis.table, through, form, held);
        for (const one of found) {
          network.nodes.forEach(({ id }, node) => {
            const cells = through === null ? one.direct(node) : one.byAnyChain(node);
            expect({ id, dataClass: one.dataClass, cells: bitsOf(cells) }).toEqual({ id, dataClass: one.dataClass, cells: [...(naive.get(`${id} ${one.dataClass}`) ?? [])].sort((a, b) => a - b) });
          });
        }
      }
      const matrix = accessMatrix([basis], { world, form, held });
      expect(matrix).toEqual([{ owner: 'ZY', counts: Object.fromEntries(found.map(({ dataClass, counts }) => [dataClass, counts])) }]);
      indirect += found.reduce((sum, { counts }) => sum + counts.indirect, 0);
      const [photo] = effectiveAccess(basis, { world, form, held, dataClass: 'photo' }) as typeof found;
      expect(photo?.counts).toEqual(found.find(({ dataClass }) => dataClass === 'photo')?.counts);
    }), { numRuns: runs, seed: 2 });
    expect(indirect).toBeGreaterThan(runs);
  });

  it('says nothing past a cap', () => {
    const network = networkWith([{ id: 'a', attributes: police }], []);
    const basis = basisOf(documentWith({}), network);
    expect(effectiveAccess(basis, { world: 'possible' }, { ...defaultCaps, nodes: 0 })).toBe('capped');
    expect(effectiveAccess(basis, { world: 'possible' }, { ...defaultCaps, sets: 0 })).toBe('capped');
    expect(accessMatrix([basis], { world: 'possible' }, { ...defaultCaps, nodes: 0 })).toBe('capped');
  });

  it('goes to the end of a chain as long as the network, and round in circles', () => {
    const ids = Array.from({ length: 30_000 }, (_, n) => `n${n}`);
    const network: Network = { ...networkWith(ids.slice(0, 1).map((id) => ({ id, attributes: police })), []), nodes: ids.map((id, n) => ({ id, name: id, oris: n === 0 ? ['ZZ0000001'] : [], attributes: () => police })) };
    const edges = (next: (n: number) => number): Network['edges'] => ids.slice(0, -1).map((_, n) => ({ kind: 'taskForce', from: n, to: next(n), grade: 'contractOnly', confirmed: true, provenance: '', since: null, until: null }));
    const document = documentWith({ rules: [{ id: 'ZY-1', title: null, cites: [], effective: null, expires: null, outcome: 'release', data: ['name'], unless: [], treat: {} }], onward: [onwardWith({ id: 'ZY-2', data: 'all', via: ['taskForce'] })] });
    const counts = (one: Network) => (effectiveAccess(basisOf(document, one), { world: 'honoured', dataClass: 'name' }) as Exclude<ReturnType<typeof effectiveAccess>, 'capped'>)[0]?.counts;
    expect(counts({ ...network, edges: edges((n) => n + 1) })).toEqual({ direct: 1, indirect: 29_999 });
    expect(counts({ ...network, edges: edges((n) => (n + 1) % 20_000) })).toEqual({ direct: 1, indirect: 19_999 });
  });

  it('is worked out for the demonstration network', () => {
    const network = networkOf(createSnapshot(inventNetwork({ agencies: 3_500 }), 1, 'h'), new Date(at));
    const document = documentWith({ rules: [{ id: 'ZY-1', title: null, cites: [], effective: null, expires: null, outcome: 'release', data: ['photo'], to: { level: ['municipal'] }, unless: [], treat: {} }] });
    const basis = { document, network, table: tableFor(document, { at }) };
    const [honoured] = accessMatrix([basis], { world: 'honoured' }) as Exclude<ReturnType<typeof accessMatrix>, 'capped'>;
    const [possible] = accessMatrix([basis], { world: 'possible' }) as Exclude<ReturnType<typeof accessMatrix>, 'capped'>;
    const municipal = network.nodes.filter((node) => node.oris.length > 0 && node.attributes('ZY').level === 'municipal').length;
    expect(honoured?.counts.photo.direct).toBe(municipal);
    // Shared ORIs pass whatever the rules say.
    expect(honoured?.counts.photo.indirect).toBeGreaterThan(0);
    expect(possible?.counts.photo.indirect).toBeGreaterThan(honoured?.counts.photo.indirect ?? 40);
    expect(possible?.counts.name).toEqual({ direct: 0, indirect: 0 });
    expect(possible?.counts.description).toEqual(possible?.counts.photo);
  });
});

/** For `id class` the cells of requests by which it is obtained. */
function naiveAccess(document: PolicyDocument, network: Network, table: PolicyTable, world: ProofWorld | null, form: 'any' | 'full', held: boolean): ReadonlyMap<string, ReadonlySet<number>> {
  const found = new Map<string, Set<number>>();
  for (const asker of network.nodes.filter(({ oris }) => oris.length > 0)) {
    const cells = new Map<string, Set<number>>();
    for (const context of fewContexts) {
      for (const [dataClass, how] of answers(document, asker.attributes('ZY'), context, held)) {
        const key = `${asker.id} ${dataClass} ${how}`;
        cells.set(key, (cells.get(key) ?? new Set()).add(table.space.cellOf(context.purpose, context, context.kind)));
      }
    }
    for (const [start, from] of cells) {
      for (const key of closure(document, network, world, fewContexts, new Map([[start, 0]])).keys()) {
        const [id, dataClass, how] = key.split(' ') as [string, DataClass, 'whole' | 'part'];
        if (how === 'part' && form === 'full') continue;
        const all = found.get(`${id} ${dataClass}`) ?? new Set<number>();
        for (const cell of from) all.add(cell);
        found.set(`${id} ${dataClass}`, all);
      }
    }
  }
  return found;
}
