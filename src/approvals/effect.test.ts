import { readFile, readdir } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decisionInput, instant, policyDocument } from '../../test/policyArbitraries.ts';
import { checkPolicy, decide, prepare, type PolicyDocument, type Rule } from '../policy/index.ts';
import { compareForms } from '../proof/forms.ts';
import { effectOf } from './effect.ts';

const now = Date.parse('2026-06-01T12:00:00Z');
const head = 'policy: ZY\nversion: 1\neffective: 2026-01-01\n';
const documentOf = (text: string): PolicyDocument => {
  const checked = checkPolicy(text);
  if (!checked.ok) throw new Error(JSON.stringify(checked.findings));
  return checked.document;
};
const release = '{ id: R, release: { data: [name, photo], to: { level: municipal } } }';
const base = (rules: readonly string[], rest = '') => documentOf(`${head}rules: [${rules.join(', ')}]\n${rest}`);
const effect = (a: PolicyDocument, b: PolicyDocument, at = now) => effectOf([a], b, { now: at }).effect;

/** Small ones: a few rules make few kinds of agency, so that many can be tried. */
const few = policyDocument.map((document) => ({ ...document, expires: null, rules: document.rules.slice(0, 2), notify: document.notify.slice(0, 1), onward: [], limits: [] }));

/** Each: what was, what is, and what that does one way and the other. */
const pairs: readonly (readonly [string, PolicyDocument, PolicyDocument, string, string])[] = [
  ['the same with another version, title and id', base([release]), { ...documentOf(`${head}rules: [${release.replace('id: R', 'id: R2')}]\n`), version: 2, title: 'x' }, 'neutral', 'neutral'],
  ['an agency more', base([release]), base([release.replace('municipal', '[municipal, county]')]), 'widening', 'narrowing'],
  ['a class more', base([release]), base([release.replace('photo', 'photo, address')]), 'widening', 'narrowing'],
  ['a refusal less', base([release, '{ id: D, deny: { data: name, for: trafficEnforcement } }']), base([release]), 'widening', 'narrowing'],
  ['a new exception of a refusal', base([release, '{ id: D, deny: { data: name } }']), base([release, '{ id: D, deny: { data: name, unless: { warrant: courtConfirmed } } }']), 'widening', 'narrowing'],
  ['in full rather than reduced', base(['{ id: R, release: { data: photo, treat: { photo: reduced } } }']), base(['{ id: R, release: { data: photo } }']), 'widening', 'narrowing'],
  ['given rather than reviewed', base(['{ id: H, hold: { data: name, review: { by: desk, within: 4h, onTimeout: deny } } }']), base(['{ id: H, release: { data: name } }']), 'widening', 'narrowing'],
  ['a review with longer to release', base(['{ id: H, hold: { data: name, review: { by: desk, within: 4h, onTimeout: deny } } }']), base(['{ id: H, hold: { data: name, review: { by: desk, within: 8h, onTimeout: deny } } }']), 'widening', 'narrowing'],
  ['a review that ends in release', base(['{ id: H, hold: { data: name, review: { by: desk, within: 4h, onTimeout: deny } } }']), base(['{ id: H, hold: { data: name, review: { by: desk, within: 4h, onTimeout: release } } }']), 'widening', 'narrowing'],
  ['a review that releases sooner', base(['{ id: H, hold: { data: name, review: { by: desk, within: 8h, onTimeout: release } } }']), base(['{ id: H, hold: { data: name, review: { by: desk, within: 4h, onTimeout: release } } }']), 'widening', 'narrowing'],
  ['another desk', base(['{ id: H, hold: { data: name, review: { by: desk, within: 4h, onTimeout: deny } } }']), base(['{ id: H, hold: { data: name, review: { by: other, within: 2h, onTimeout: deny } } }']), 'widening', 'widening'],
  ['more in one place, less in another', base([release]), base(['{ id: R, release: { data: name, to: { level: county } } }']), 'widening', 'widening'],
  ['a limit raised', base([release], 'limits: [{ id: L, data: name, per: agency, max: 5/day, beyond: deny }]\n'), base([release], 'limits: [{ id: L, data: name, per: agency, max: 6/day, beyond: deny }]\n'), 'widening', 'narrowing'],
  ['a limit removed', base([release], 'limits: [{ id: L, data: name, per: agency, max: 5/day, beyond: deny }]\n'), base([release]), 'widening', 'narrowing'],
  ['a limit that holds and not refuses', base([release], 'limits: [{ id: L, data: name, per: agency, max: 5/day, beyond: deny }]\n'), base([release], 'limits: [{ id: L, data: name, per: agency, max: 5/day, beyond: hold }]\n'), 'widening', 'narrowing'],
  ['a limit for fewer agencies', base([release], 'limits: [{ id: L, data: name, per: agency, max: 5/day, beyond: deny }]\n'), base([release], 'limits: [{ id: L, data: name, to: { level: county }, per: agency, max: 5/day, beyond: deny }]\n'), 'widening', 'narrowing'],
  ['a limit over another time', base([release], 'limits: [{ id: L, data: name, per: agency, max: 5/day, beyond: deny }]\n'), base([release], 'limits: [{ id: L, data: name, per: agency, max: 5/hour, beyond: deny }]\n'), 'widening', 'widening'],
  ['passing on allowed', base([release]), base([release], 'onward: [{ id: O, data: name, via: taskForce, allow: always }]\n'), 'widening', 'narrowing'],
  ['passing on never, which it was not anyway', base([release]), base([release], 'onward: [{ id: O, data: name, via: taskForce, allow: never }]\n'), 'neutral', 'neutral'],
  ['passing on under a condition less', base([release], 'onward: [{ id: O, data: name, via: taskForce, allow: { when: { warrant: courtConfirmed } } }]\n'), base([release], 'onward: [{ id: O, data: name, via: taskForce, allow: always }]\n'), 'widening', 'narrowing'],
  ['a notice less', base([release], 'notify: [{ id: N, who: subject, within: 3d }]\n'), base([release]), 'widening', 'narrowing'],
  ['a notice later', base([release], 'notify: [{ id: N, who: subject, within: 3d }]\n'), base([release], 'notify: [{ id: N, who: subject, within: 4d }]\n'), 'widening', 'narrowing'],
  ['a notice of fewer classes', base([release], 'notify: [{ id: N, data: [name, photo], who: subject, within: 3d }]\n'), base([release], 'notify: [{ id: N, data: name, who: subject, within: 3d }]\n'), 'widening', 'narrowing'],
  ['a claim less', base([release], 'claims: [{ id: C, never: { to: { component: ICE }, data: photo, by: anyPath } }]\n'), base([release]), 'widening', 'narrowing'],
  ['a claim of fewer classes', base([release], 'claims: [{ id: C, never: { to: { component: ICE }, data: [photo, name], by: anyPath } }]\n'), base([release], 'claims: [{ id: C, never: { to: { component: ICE }, data: photo, by: anyPath } }]\n'), 'widening', 'narrowing'],
  ['a claim of direct access only', base([release], 'claims: [{ id: C, never: { to: { component: ICE }, data: photo, by: anyPath } }]\n'), base([release], 'claims: [{ id: C, never: { to: { component: ICE }, data: photo, by: direct } }]\n'), 'widening', 'narrowing'],
  ['a claim about others', base([release], 'claims: [{ id: C, never: { to: { component: ICE }, data: photo, by: anyPath } }]\n'), base([release], 'claims: [{ id: C, never: { to: { component: CBP }, data: photo, by: anyPath } }]\n'), 'widening', 'widening'],
  ['a refusal that ends next year', base([release, '{ id: D, deny: { data: name } }']), base([release, '{ id: D, expires: 2027-01-01, deny: { data: name } }']), 'widening', 'narrowing'],
  ['a release that begins next year', base([]), base(['{ id: R, effective: 2027-01-01, release: { data: name } }']), 'widening', 'narrowing'],
  ['a policy that ends next year', base([release]), documentOf(`${head}expires: 2027-01-01\nrules: [${release}]\n`), 'narrowing', 'widening'],
  ['what ended yesterday', base([release]), base([release, '{ id: R2, expires: 2026-05-31, release: { data: address } }']), 'neutral', 'neutral'],
];

describe('what a change does', () => {
  it.each(pairs)('%s', (_name, before, after, there, back) => {
    expect([effect(before, after), effect(after, before)]).toEqual([there, back]);
  });

  it('compares a first policy with nothing', () => {
    expect(effectOf([], base([release]), { now }).effect).toBe('widening');
    expect(effectOf([], base(['{ id: D, deny: { data: name } }']), { now }).effect).toBe('neutral');
  });

  it('compares with the version that would come into force, where one waits for its day', () => {
    const [v1, stricter] = [base([release]), { ...base([]), version: 2, effective: '2026-07-01' }];
    expect(effectOf([v1], { ...v1, version: 3 }, { now }).effect).toBe('neutral');
    expect(effectOf([v1, stricter], { ...v1, version: 3 }, { now }).effect).toBe('widening');
  });

  it('says widening where rules begin and end on more days than are looked at', () => {
    const many = Array.from({ length: 30 }, (_, day) => `{ id: D${day}, expires: ${new Date(now + day * 86_400_000).toISOString().slice(0, 10)}, deny: { data: name } }`);
    expect(effect(base([]), base(many))).toBe('widening');
  });

  it('never says narrowing both ways, of any two policies', () => {
    fc.assert(fc.property(few, few, (a, b) => !(effect(a, b) === 'narrowing' && effect(b, a) === 'narrowing')), { numRuns: 12 });
  });

  it('says of a policy and itself that nothing changes, whatever its items are called', () => {
    fc.assert(fc.property(few, (a) => effect(a, { ...a, version: a.version + 1, rules: a.rules.map((rule) => ({ ...rule, id: `X${rule.id}`, title: null })) }) === 'neutral'), { numRuns: 8 });
  });

  it('is not widening only where no request gets more, now or on any day to come', () => {
    let narrower = 0;
    fc.assert(fc.property(few, fc.nat(), decisionInput, fc.array(instant, { minLength: 20, maxLength: 20 }), (a, place, input, instants) => {
      const gone = a.rules[place % Math.max(1, a.rules.length)];
      const b = { ...a, version: a.version + 1, rules: a.rules.filter((rule) => rule !== gone) };
      if (effect(a, b, Date.parse('2026-05-27')) === 'widening') return;
      narrower += 1;
      for (const at of instants) {
        const [was, is] = [decide(prepare(a), input, at), decide(prepare(b), input, at)];
        for (const [i, one] of is.classes.entries()) {
          const old = was.classes[i];
          if (old !== undefined) expect(compareForms(one.dataClass, one, old)).toBeGreaterThanOrEqual(0);
        }
      }
    }), { numRuns: 15 });
    expect(narrower).toBeGreaterThan(0);
  });
});

describe('the policies that come with Weir', () => {
  it('can be compared whole: changes of them that only refuse more are narrowing', async () => {
    for (const name of (await readdir('templates')).filter((one) => one.endsWith('.yaml'))) {
      const document = documentOf(await readFile(`templates/${name}`, 'utf8'));
      const refusal: Rule = { id: 'X-1', title: null, cites: [], effective: null, expires: null, outcome: 'deny', data: 'all', to: { component: ['ICE'] }, unless: [] };
      const stricter = { ...document, version: document.version + 1, rules: [...document.rules, refusal] };
      expect([name, effect(document, stricter)]).not.toEqual([name, 'widening']);
      expect([name, effect(stricter, document)]).not.toEqual([name, 'narrowing']);
    }
  });
});
