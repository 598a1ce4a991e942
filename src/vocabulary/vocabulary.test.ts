import { describe, expect, it } from 'vitest';
import * as vocabulary from './index.ts';
import { allDataClasses, attributeWords, brokenConstraints, coarser, componentTree, gradeAtLeast, gradeOrder, inferenceEdges, messageKeys, stricter, treatmentsOf, undeclaredAttributes, type RequesterAttributes } from './index.ts';

const lists = Object.entries(vocabulary).filter((entry): entry is [string, vocabulary.Words<string>] => {
  const value = entry[1] as unknown;
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0 && !Array.isArray(value) && Object.values(value).every((w) => typeof (w as vocabulary.Word).plain === 'string');
});

describe('words', () => {
  it('covers every list', () => {
    expect(lists.map(([name]) => name).sort()).toEqual([
      'affiliationKinds', 'answerStatuses', 'auditStatuses', 'certifications', 'components', 'courtClasses', 'criminalJustice', 'dataClasses', 'departments',
      'edgeGrades', 'evidenceGrades', 'levels', 'messageKeys', 'missions', 'outcomes', 'programs287g', 'purposes', 'queryKinds', 'sharedOri', 'taskForceKinds',
      'treatments', 'vendorHosted',
    ]);
  });

  it.each(lists)('%s: each word has one plain line and a source', (_name, words) => {
    for (const { plain, source } of Object.values(words)) {
      expect(plain).toMatch(/^[^\n]{4,}[^.\n]$/);
      expect(source).toMatch(/\S/);
    }
  });
});

describe('orders', () => {
  it('takes the stricter outcome', () => {
    expect(stricter('release', 'hold')).toBe('hold');
    expect(stricter('deny', 'redact')).toBe('deny');
  });

  it('takes a stronger grade for a weaker one, and not the other way', () => {
    expect(gradeAtLeast('courtConfirmed', 'numbered')).toBe(true);
    expect(gradeAtLeast('stated', 'numbered')).toBe(false);
    expect(gradeOrder.every((g) => gradeAtLeast(g, 'none'))).toBe(true);
  });

  it('takes the coarser treatment', () => {
    expect(coarser('address', 'county', 'state')).toBe('state');
    expect(coarser('address', 'state', 'county')).toBe('state');
  });

  it('knows treatments only of classes that exist', () => {
    expect(Object.keys(treatmentsOf).every((c) => (allDataClasses as readonly string[]).includes(c))).toBe(true);
  });
});

describe('integrity constraints', () => {
  const police: RequesterAttributes = {
    level: 'municipal', department: 'none', component: ['none'], homeState: 'WA', mission: ['generalPolice'], program287g: ['none'], taskForce: ['none'],
    certified: ['none'], audit: 'passed', criminalJustice: 'yes', sharedOri: 'no', vendorHosted: 'no',
  };
  const hsi: RequesterAttributes = { ...police, level: 'federal', department: 'DHS', component: ['HSI', 'ICE'], homeState: 'none', mission: ['criminalInvestigation', 'immigrationEnforcement'] };

  it.each([['police', police], ['HSI', hsi], ['nobody', undeclaredAttributes]])('hold for %s', (_name, a) => {
    expect(brokenConstraints(a)).toEqual([]);
  });

  it.each([
    ['component-in-department', { ...hsi, department: 'DOJ' }],
    ['component-with-parent', { ...hsi, component: ['HSI'] }],
    ['department-is-federal', { ...police, department: 'DHS' }],
    ['federal-has-no-home-state', { ...hsi, homeState: 'WA' }],
    ['agreement-is-not-federal', { ...hsi, program287g: ['taskForce'] }],
    ['mission-is-total', { ...police, mission: [] }],
    ['taskForce-is-total', { ...police, taskForce: ['none', 'drugs'] }],
  ] as const)('%s is found broken', (id, a) => {
    expect(brokenConstraints(a as RequesterAttributes)).toContain(id);
  });

  it('places every component in a department that exists', () => {
    expect(Object.values(componentTree).every((c) => attributeWords.department.includes(c.department))).toBe(true);
  });
});

it('infers only between classes that exist, and never a class from itself', () => {
  for (const edge of inferenceEdges) {
    expect(allDataClasses).toContain(edge.from);
    expect(allDataClasses).toContain(edge.gives);
    expect(edge.from).not.toBe(edge.gives);
  }
});

it('lets only a lookup be broadcast', () => {
  for (const facts of Object.values(messageKeys)) if (facts.broadcast) expect(facts.kind).toBe('lookup');
});
