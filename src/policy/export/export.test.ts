import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { demoPolicies } from '../../../demo/policies/index.ts';
import { instant, policyDocument } from '../../../test/policyArbitraries.ts';
import { checkPolicy } from '../check.ts';
import { proofWorlds, type PolicyDocument } from '../document.ts';
import { cedarPolicies } from './cedar.ts';
import { cedarSchema, formsOf } from './cedarSchema.ts';
import { inForce } from './inForce.ts';
import { smtlibClaim } from './smtlib.ts';

const washington = documentOf(demoPolicies().find(({ owner }) => owner === 'WA')?.text ?? '');
const at = new Date('2026-06-01T12:00:00Z');
const moments = instant.map((ms) => new Date(ms));

/** What the engines make of these texts is tested in `test/oracles`; here, that they can be read and that nothing in a document can break out. */
describe('Cedar', () => {
  it('has one policy a rule, two where the rule opens and closes, with its sentence and its id', () => {
    const text = cedarPolicies(washington, at);
    expect(text).toMatch(/\/\/ WA-10 {2}\S[^\n]*\n@id\("WA-10"\)\n@rule\("WA-10"\)\n@outcome\("deny"\)\n@title\("[^\n]+"\)\nforbid \(\n {2}principal,\n {2}action in Action::"all",\n {2}resource == Records::"WA"\n\)\nwhen \{\n {2}principal\.component\.contains\("ICE"\)\n\}\nunless \{/);
    expect(text).toContain('@id("WA-12/opens")');
    expect(text).toContain('@id("WA-12/closes")');
    expect(text).toMatch(/@id\("WA-3\/opens"\)[^;]*action in \[Action::"photo\/reduced", Action::"photo\/held"\][^;]*;[^;]*@id\("WA-3\/closes"\)[^;]*action in Action::"photo\/full"/);
  });

  it('gives each policy an id of its own, and names only actions of the schema', () => {
    const known = new Set(Array.from(cedarSchema().matchAll(/^action (.*?)(?: in|;)/gm)).flatMap(([, names = '']) => names.split(', ').map((name) => name.slice(1, -1))));
    fc.assert(fc.property(policyDocument, moments, (document, moment) => {
      const text = cedarPolicies(document, moment);
      const ids = Array.from(text.matchAll(/^@id\((".*")\)$/gm), ([, id]) => id);
      expect(new Set(ids).size).toBe(ids.length);
      for (const [, action = ''] of text.matchAll(/Action::"([^"]*)"/g)) expect(known).toContain(action);
    }));
  });

  it('lets no title and no desk end a string or a comment', () => {
    const hold = washington.rules.find((rule) => rule.outcome === 'hold');
    if (hold === undefined) throw new Error('there is no hold');
    const evil = '"); permit (principal, action, resource); //\n\rpermit (principal, action, resource);\u2028\u202e';
    const text = cedarPolicies({ ...washington, title: evil, rules: [{ ...hold, title: evil, review: { ...hold.review, by: evil } }], limits: [], notify: [] }, at);
    const lines = text.split(/[\n\r\u2028]/).filter((line) => !line.startsWith('//'));
    expect(lines.filter((line) => /^\s*permit/.test(line))).toEqual(['permit (']);
    expect(text).not.toMatch(/[\r\u2028\u202e]/);
  });

  it('lists the forms of a class from the finest to the coarsest', () => {
    expect([formsOf('address'), formsOf('medical')]).toEqual([['full', 'county', 'state', 'held'], ['full', 'held']]);
  });
});

describe('SMT-LIB', () => {
  it('is one file without quantifiers, in ASCII, with its brackets in pairs, whatever the claim', () => {
    fc.assert(fc.property(policyDocument, moments, (document, moment) => {
      for (const claim of document.claims) for (const world of proofWorlds) {
        const text = smtlibClaim(document, claim, world, moment);
        expect(text).not.toMatch(/forall|exists|undefined|[^\n -~]/);
        const code = text.split('\n').filter((line) => !line.startsWith(';')).join('\n');
        expect(code.split('(').length).toBe(code.split(')').length);
        expect(code.match(/\(check-sat\)/g)).toHaveLength(1);
      }
    }));
  });

  it('says in words what each part is, with the sentence of the claim and of each rule that bears on it', () => {
    const [claim] = washington.claims;
    if (claim === undefined) throw new Error('there is no claim');
    const text = smtlibClaim(washington, claim, 'honoured', at);
    expect(text).toMatch(/^; Claim WA-C1 of WA, version 1, as it stands on 2026-06-01 \(UTC\):\n; \S/);
    expect(text).toMatch(/\n; \S[^\n]*\n\(define-fun rule\.WA-10 /);
  });
});

it('leaves out what is not in force on the day, the first and the last day included', () => {
  const [rule] = washington.rules;
  if (rule === undefined) throw new Error('there are no rules');
  const document = { ...washington, effective: '2026-01-01', expires: '2026-12-31', rules: [{ ...rule, effective: '2026-03-01', expires: '2026-03-31' }] };
  const rules = (moment: string) => inForce(document, new Date(moment)).rules.length;
  expect(['2026-02-28T23:59:59.999Z', '2026-03-01T00:00:00Z', '2026-03-31T23:59:59.999Z', '2026-04-01T00:00:00Z', '2027-03-15T00:00:00Z'].map(rules)).toEqual([0, 1, 1, 0, 0]);
});

function documentOf(text: string): PolicyDocument {
  const checked = checkPolicy(text);
  if (!checked.ok) throw new Error('the policy does not pass its check');
  return checked.document;
}
