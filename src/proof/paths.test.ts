import { describe, expect, it } from 'vitest';
import { police } from '../policy/cases.ts';
import { basisOf, documentWith, networkWith, onwardWith, type TestEdge, type TestNode } from './cases.ts';
import { defaultCaps } from './caps.ts';
import { pathsTo, type PathQuestion } from './paths.ts';
import type { Trace } from './types.ts';

const nodes: readonly TestNode[] = [
  ...['a', 'b'].map((id) => ({ id, attributes: police })), { id: 'far', attributes: { ...police, level: 'county' as const } },
  { id: 'goal', attributes: { ...police, level: 'federal', homeState: 'none' } }, { id: 'unknown', attributes: { ...police, level: 'undeclared' }, asks: false },
];
const edges: readonly TestEdge[] = [
  { kind: 'taskForce', from: 'a', to: 'far' }, { kind: 'taskForce', from: 'far', to: 'goal' }, { kind: 'sharedOri', from: 'b', to: 'goal', grade: 'inseparable' },
  { kind: 'delegation', from: 'goal', to: 'a' }, { kind: 'delegation', from: 'goal', to: 'unknown', confirmed: false },
];
const rules = [{ id: 'ZY-1', title: null, cites: [], effective: null, expires: null, outcome: 'release' as const, data: ['photo'] as const, to: { level: ['municipal'] as const }, unless: [], treat: {} }];
const basis = basisOf(documentWith({ rules, onward: [onwardWith({ id: 'ZY-2', data: ['photo'], via: ['taskForce'] })] }), networkWith(nodes, edges));
const ways = (question: Partial<PathQuestion>): string[] => {
  const found = pathsTo(basis, { to: 'goal', dataClass: 'photo', world: 'honoured', limit: 10, ...question });
  if (found === 'capped') throw new Error('capped');
  return found.map(({ asker, path }: Trace) => [asker.organisation, ...path.map(({ to }) => to.organisation)].join(' > '));
};

describe('the ways to an organisation', () => {
  it('are one for each edge by which the class comes, the shortest first, up to the limit', () => {
    expect(ways({})).toEqual(['b > goal', 'a > far > goal']);
    expect(ways({ limit: 1 })).toEqual(['b > goal']);
    expect(ways({ limit: 0 })).toEqual([]);
  });

  it('begin with its own request, and never pass through it', () => {
    expect(ways({ to: 'a', world: 'possible' })).toEqual(['a', 'b > goal > a']);
    expect(ways({ to: 'b' })).toEqual(['b']);
  });

  it('are none where nobody brings the class, and to a body that does not exist', () => {
    expect(ways({ dataClass: 'name' })).toEqual([]);
    expect(ways({ to: 'nobody' })).toEqual([]);
    expect(ways({ to: 'unknown' })).toEqual([]);
  });

  it('lead to all whom a matcher may mean, those surely meant first', () => {
    expect(ways({ to: { level: ['federal', 'municipal'] }, world: 'possible' })).toEqual(['a', 'b', 'b > goal', 'b > goal > a', 'a > far > goal', 'b > goal > unknown']);
  });

  it('count what reveals the class', () => {
    const found = pathsTo(basis, { to: 'goal', dataClass: 'description', world: 'honoured', limit: 1 });
    expect(found).toMatchObject([{ through: 'photo', dataClass: 'description', path: [{ kind: 'sharedOri', rules: [] }] }]);
  });

  it('are not told past a cap', () => {
    expect(pathsTo(basis, { to: 'goal', dataClass: 'photo', world: 'honoured', limit: 1 }, { ...defaultCaps, steps: 3 })).toBe('capped');
    expect(pathsTo(basis, { to: 'goal', dataClass: 'photo', world: 'honoured', limit: 1 }, { ...defaultCaps, nodes: 3 })).toBe('capped');
  });
});
