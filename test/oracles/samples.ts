import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { demoPolicies } from '../../demo/policies/index.ts';
import { allDataClasses } from '../../src/vocabulary/index.ts';
import { checkPolicy, type Claim, type Matcher, type PolicyDocument, type Rule } from '../../src/policy/index.ts';
import { claimBody, decisionInput, instant, onwardBody, policyDocument } from '../policyArbitraries.ts';

/** What the oracles are asked about: random documents that give enough to be worth asking, the templates, and the demonstration. */
type Gen<T> = fc.Arbitrary<T>;

/** A document in three of four cases with a rule that gives everything, so that the other rules decide more often than the default. */
export const openDocument: Gen<PolicyDocument> = fc.tuple(policyDocument, fc.array(onwardBody, { maxLength: 3 }), fc.nat(3)).map(([document, onward, open]) => ({
  ...document,
  rules: open === 0 ? document.rules : [gives(`ZY-A${open}`), ...document.rules],
  onward: [...document.onward, ...onward.map((body, n) => ({ ...body, id: `ZY-P${n}` }))],
}));

/** A request for a few classes: each class costs Cedar a question or more. */
export const fewClasses = decisionInput.chain((input) => fc.subarray([...allDataClasses], { minLength: 1, maxLength: 3 }).map((classes) => ({ ...input, classes })));

export const question = fc.tuple(openDocument, instant.map((at) => new Date(at)));

/**
 * A claim with a document that keeps it as long as nothing is passed on, but for what its other rules and onward rules let through: where random
 * documents leave a claim open at the first request, the chains of a proof are never asked for.
 */
const guarded: Gen<readonly [PolicyDocument, Claim]> = fc.tuple(openDocument, claimBody, fc.array(onwardBody, { minLength: 1, maxLength: 3 })).map(([document, body, onward]) => {
  const { kind, to, without } = body;
  const others = document.rules.filter(({ outcome }) => outcome !== 'release');
  const deny: Rule = { id: 'ZY-G', title: null, cites: [], effective: null, expires: null, outcome: 'deny', data: 'all', to: withUnknown(to), unless: without };
  const rules = kind === 'never' ? [gives('ZY-A'), deny, ...others] : [{ ...gives('ZY-A'), to }, ...others];
  return [{ ...document, rules, onward: onward.map((one, n) => ({ ...one, id: `ZY-P${n}` })) }, { ...body, by: 'anyPath', id: 'ZY-C' }];
});

/** A claim about a document at an instant: as often of documents that keep it at the first request as of any. */
export const claimQuestion: Gen<{ readonly document: PolicyDocument; readonly claim: Claim; readonly at: Date }> = fc.tuple(
  fc.oneof(fc.tuple(openDocument, claimBody).map(([document, body]) => [document, { ...body, id: 'ZY-C' }] as const), guarded), instant,
).map(([[document, claim], at]) => ({ document, claim, at: new Date(at) }));

/** The policies of the demonstration and the templates, as documents. */
export function writtenDocuments(): readonly { readonly name: string; readonly document: PolicyDocument }[] {
  const folder = fileURLToPath(new URL('../../templates', rootedHere()));
  const templates = readdirSync(folder).filter((name) => name.endsWith('.yaml')).sort().map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
  const demo = demoPolicies().map(({ owner, text }) => ({ name: `demonstration ${owner}`, text }));
  return [...templates, ...demo].map(({ name, text }) => {
    const checked = checkPolicy(text);
    if (!checked.ok) throw new Error(`${name} does not pass its check`);
    return { name, document: checked.document };
  });
}

/** Those that the matcher means or may mean. */
function withUnknown(to: Matcher): Matcher {
  return Object.fromEntries(Object.entries(to).map(([name, words]) => [name, [...words.filter((word) => word !== 'undeclared'), 'undeclared']]));
}

function gives(id: string): Rule {
  return { id, title: null, cites: [], effective: null, expires: null, outcome: 'release', data: 'all', unless: [], treat: {} };
}

/** This file, or where it would be if it were not compiled: templates are not copied into the build. */
function rootedHere(): URL {
  return new URL(import.meta.url.replace('/dist/test/', '/test/'));
}
