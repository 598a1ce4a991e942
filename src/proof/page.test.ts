import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant, policyDocument, requester } from '../../test/policyArbitraries.ts';
import { demoPolicies } from '../../demo/policies/index.ts';
import { allDataClasses, brokenConstraints, hasAny, type RequesterAttributes } from '../vocabulary/index.ts';
import { allContexts, checkPolicy, tableFor, type Atom } from '../policy/index.ts';
import { immigration, police } from '../policy/cases.ts';
import { kindsOf, signatureOf } from './kinds.ts';
import { conditionHolds } from './minimal.ts';
import { policyPage, type PolicyPage } from './page.ts';
import { pageHtml } from './pageHtml.ts';
import { pageMarkdown, pageText } from './pageText.ts';
import { networkFor } from './samples.ts';
import { usualKinds } from './usualKinds.ts';
import { describeWho, whoWords, type WhoCondition } from './whoWords.ts';

const documentOf = (text: string) => {
  const checked = checkPolicy(text);
  if (!checked.ok) throw new Error(JSON.stringify(checked.findings));
  return checked.document;
};
const washington = documentOf(demoPolicies().find(({ owner }) => owner === 'WA')?.text ?? '');
const noon = Date.parse('2026-06-01T12:00:00Z');
const answers = ({ any, except }: WhoCondition, one: RequesterAttributes) => {
  const inside = (cube: WhoCondition['any'][number]) => cube.every(({ attribute, words, not }) => hasAny(one, attribute, words) !== not);
  return any.some(inside) && !except.some(inside);
};

describe('who', () => {
  const atom: fc.Arbitrary<Atom> = policyDocument.map((document) => tableFor(document, { at: noon }).atoms[0] ?? { attribute: 'level', words: ['federal'] });

  it('answers to all that are inside and to none that is outside', () => {
    fc.assert(fc.property(fc.array(atom, { minLength: 1, maxLength: 6 }), fc.array(requester, { maxLength: 12 }), fc.array(requester, { maxLength: 12 }), (atoms, inside, outside) => {
      const signs = new Set(inside.map((one) => signatureOf(atoms, one)));
      const others = outside.filter((one) => !signs.has(signatureOf(atoms, one)));
      const who = describeWho(atoms, inside, others);
      expect(who).not.toBeNull();
      if (who === null) return;
      for (const one of inside) expect(answers(who, one)).toBe(true);
      for (const one of others) expect(answers(who, one)).toBe(false);
    }), { numRuns: 200 });
  });

  it('is not known where the atoms cannot tell', () => {
    expect(describeWho([{ attribute: 'level', words: ['county'] }], [police], [immigration])).toBeNull();
  });

  it.each([
    ['agencies that are part of ICE', [[{ attribute: 'component', words: ['ICE'], not: false }]]],
    ['state, tribal and local criminal-justice agencies with no 287(g) agreement', [[
      { attribute: 'level', words: ['state', 'county', 'municipal', 'tribal', 'territorial', 'campus', 'special'], not: false },
      { attribute: 'program287g', words: ['taskForce', 'jail', 'warrantService', 'undeclared'], not: true }, { attribute: 'criminalJustice', words: ['yes'], not: false }]]],
    ['agencies not from Washington that are not federal', [[{ attribute: 'level', words: ['federal'], not: true }, { attribute: 'homeState', words: ['WA'], not: true }]]],
  ] as [string, WhoCondition['any']][])('reads "%s"', (words, any) => {
    expect(whoWords({ any, except: [] })).toBe(words);
  });
});

describe('kinds of agency', () => {
  it('has one of each kind that the vocabulary admits', () => {
    fc.assert(fc.property(policyDocument, requester.filter((one) => brokenConstraints(one).length === 0), (document, one) => {
      const { atoms } = tableFor(document, { at: noon });
      const { kinds, complete } = kindsOf(atoms);
      expect(kinds.every((kind) => brokenConstraints(kind).length === 0)).toBe(true);
      if (complete) expect(kinds.map((kind) => signatureOf(atoms, kind))).toContain(signatureOf(atoms, one));
    }), { numRuns: 100 });
  });

  it('says where there are more than the cap', () => {
    expect(kindsOf(tableFor(washington, { at: noon }).atoms, 3)).toMatchObject({ complete: false });
  });
});

describe('usual kinds of agency', () => {
  it('are such as the vocabulary admits, one of each kind, and ICE is among them where rules name it', () => {
    const { atoms } = tableFor(washington, { at: noon });
    const kinds = usualKinds(atoms);
    expect(kinds.flatMap(brokenConstraints)).toEqual([]);
    expect(new Set(kinds.map((one) => signatureOf(atoms, one))).size).toBe(kinds.length);
    const all = new Set(kindsOf(atoms).kinds.map((one) => signatureOf(atoms, one)));
    expect(kinds.every((one) => all.has(signatureOf(atoms, one)))).toBe(true);
    expect(kinds.some(({ component }) => component.includes('ICE'))).toBe(true);
  });
});

describe('the policy as one page', () => {
  it('says of each agency, class and context what the table decides', () => {
    fc.assert(fc.property(policyDocument, requester, instant, fc.array(fc.constantFrom(...allContexts), { minLength: 20, maxLength: 20 }), (document, asker, at, contexts) => {
      const table = tableFor(document, { at });
      const [row] = policyPage(table, document, networkFor([asker])).rows;
      for (const { purpose, kind, ...evidence } of contexts) {
        for (const { dataClass, outcome, treatment, review } of table.decide({ requester: asker, purpose, kind, evidence, classes: allDataClasses }).classes) {
          const parts = row?.cells[dataClass].parts.filter(({ when }) => conditionHolds(when, { purpose, kind, ...evidence }));
          expect(parts).toMatchObject([{ outcome, treatment, review }]);
        }
      }
    }), { numRuns: 60 });
  });

  it('puts agencies that meet the same together and counts each once', () => {
    fc.assert(fc.property(policyDocument, fc.array(requester, { minLength: 1, maxLength: 12 }), (document, askers) => {
      const page = policyPage(tableFor(document, { at: noon }), document, networkFor(askers), { rows: 2 });
      expect(page.rows.reduce((sum, { agencies }) => sum + (agencies ?? 0), page.rest?.agencies ?? 0)).toBe(askers.length);
      expect(new Set(page.rows.map(({ who }) => who)).size).toBe(page.rows.length);
      expect(page.rows.length).toBeLessThanOrEqual(2);
    }), { numRuns: 60 });
  });

  const ice = Object.freeze({ ...immigration, department: 'DHS' as const });
  const page = (): PolicyPage => policyPage(tableFor(washington, { at: noon }), washington, networkFor([police, { ...police, homeState: 'OR' }, ice]));

  it('reads as text, with what is refused altogether said once', () => {
    const text = pageText(page());
    expect(text).toContain('2 state, tribal and local agencies');
    expect(text.replaceAll(/\s+/g, ' ')).toContain('Everything is refused unless with a warrant of a federal or state judge that its court confirmed');
    expect(text.split('\n').every((line) => line.length <= 100)).toBe(true);
  });

  it('is a table in HTML with scopes, without a script, and shows nothing of a policy as markup', () => {
    const html = pageHtml({ ...page(), title: '<script>alert(1)</script>' });
    expect(html).not.toMatch(/<script|javascript:|https?:/);
    expect(html.match(/scope="row"/g)).toHaveLength(2);
    expect(html.match(/scope="col"/g)?.length).toBe(page().columns.length + 1);
    for (const tag of ['table', 'tr', 'th', 'td', 'ol', 'li', 'p', 'ul']) expect(html.match(new RegExp(`<${tag}[ >]`, 'g'))?.length).toBe(html.match(new RegExp(`</${tag}>`, 'g'))?.length);
  });

  it('is one table in Markdown', () => {
    const rows = pageMarkdown(page()).split('\n').filter((line) => line.startsWith('|'));
    expect(new Set(rows.map((row) => row.replaceAll('\\|', '').split('|').length)).size).toBe(1);
    expect(rows).toHaveLength(4);
  });

  it('speaks of kinds of agency where there is no registry', () => {
    const open = policyPage(tableFor(washington, { at: noon }), washington, null);
    expect(open.registry).toBeNull();
    expect(open.rows.every(({ agencies }) => agencies === null)).toBe(true);
    expect(open.rows.some(({ who }) => who.includes('part of ICE'))).toBe(true);
  });

  it('says so where nothing is in force', () => {
    const document = documentOf('policy: ZY\nversion: 1\neffective: 2027-01-01\nrules:\n  - { id: R, release: { data: all } }\n');
    const empty = policyPage(tableFor(document, { at: noon }), document, null);
    expect(empty.notes.join(' ')).toContain('No rule is in force on this day');
    expect(empty.rows.every(({ refused, cells }) => refused === null && Object.values(cells).every(({ outcome }) => outcome === 'deny'))).toBe(true);
  });
});
