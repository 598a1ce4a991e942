import { describe, expect, it } from 'vitest';
import type { ClassDecision, Review } from '../../model/index.ts';
import type { DataClass } from '../../vocabulary/index.ts';
import { compareDecisions } from './compare.ts';
import type { ChangeKind } from './kinds.ts';

const desk: Review = { by: 'desk', withinSeconds: 3_600, onTimeout: 'deny' };
const given = (dataClass: DataClass): ClassDecision => ({ dataClass, outcome: 'release', rules: ['ZY-1'], treatment: null, review: null });
const county: ClassDecision = { ...given('address'), outcome: 'redact', treatment: 'county' };
const state: ClassDecision = { ...county, treatment: 'state' };
const held = (dataClass: DataClass, review: Review = desk): ClassDecision => ({ dataClass, outcome: 'hold', rules: ['ZY-2'], treatment: null, review });
const denied = (dataClass: DataClass): ClassDecision => ({ dataClass, outcome: 'deny', rules: [], treatment: null, review: null });

describe('a change', () => {
  it.each<readonly [string, readonly ClassDecision[], readonly ClassDecision[], ChangeKind]>([
    ['given, then given by another rule', [given('photo')], [{ ...given('photo'), rules: ['ZY-9'] }], 'unchanged'],
    ['refused, then given', [denied('photo')], [given('photo')], 'released'],
    ['held, then given', [held('photo')], [given('photo')], 'released'],
    ['one gained and one lost', [denied('photo'), given('address')], [given('photo'), denied('address')], 'released'],
    ['reduced, then whole', [county], [given('address')], 'widened'],
    ['reduced, then less reduced', [state], [county], 'widened'],
    ['whole, then reduced', [given('address')], [county], 'narrowed'],
    ['reduced, then more reduced', [county], [state], 'narrowed'],
    ['one of two refused', [given('photo'), given('address')], [denied('photo'), given('address')], 'narrowed'],
    ['all refused', [given('photo'), given('address')], [denied('photo'), denied('address')], 'refused'],
    ['held, then refused', [held('photo')], [denied('photo')], 'refused'],
    ['one of two held', [given('photo'), given('address')], [held('photo'), given('address')], 'held'],
    ['one held, one refused', [given('photo'), given('address')], [held('photo'), denied('address')], 'held'],
    ['refused, then held', [denied('photo')], [held('photo')], 'reviewable'],
    ['held for less time', [held('photo')], [held('photo', { ...desk, withinSeconds: 60 })], 'altered'],
    ['held, and given where nobody decides', [held('photo')], [held('photo', { ...desk, onTimeout: 'release' })], 'altered'],
    ['a class that the record does not have', [], [denied('photo')], 'unchanged'],
    ['nothing asked', [], [], 'unchanged'],
  ])('%s', (_what, before, after, kind) => {
    expect(compareDecisions(before, after).kind).toBe(kind);
  });

  it('opens one ticket, as the exchange does: the earliest end, and a refusal if any says so', () => {
    const { review } = compareDecisions([], [held('photo', { by: 'slow', withinSeconds: 7_200, onTimeout: 'deny' }), held('address', { by: 'quick', withinSeconds: 60, onTimeout: 'release' })]);
    expect(review).toEqual({ by: 'quick', withinSeconds: 60, onTimeout: 'deny' });
  });
});
