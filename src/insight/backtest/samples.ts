import { messageKeys, type DataClass, type InquiryKey, type Purpose, type RequesterAttributes } from '../../vocabulary/index.ts';
import { checkPolicy, decide, prepare, tableFor, type PolicyDocument, type PolicyTable } from '../../policy/index.ts';
import { sampleAttributes, type SampleRow } from '../archive/sample.ts';
import type { InsightWorld } from '../world.ts';
import type { BacktestQuestion, NamedPolicy } from './question.ts';

/** A world without a store, for tests: no names, an empty registry, the policies that are given. */
export function sampleWorld(inForce: readonly NamedPolicy[] = [], tables: readonly PolicyTable[] = []): InsightWorld {
  const compile = (document: PolicyDocument, at: number): PolicyTable => tableFor(document, { at });
  return {
    names: { organisation: () => null, agency: (ori) => `office ${ori}`, rule: () => null },
    registry: { version: 7, hash: 'e'.repeat(64) } as unknown as InsightWorld['registry'],
    network: () => { throw new Error('a sample world has no network'); },
    policy: (owner) => {
      const found = inForce.find(({ document }) => document.policy === owner);
      if (found === undefined) return Promise.resolve(null);
      const { document, hash } = found;
      return Promise.resolve({ owner, version: document.version, hash, since: `${document.effective}T00:00:00.000Z`, document, table: compile(document, Date.parse(document.effective)) });
    },
    versions: () => Promise.resolve([]),
    compile,
    tableOf: (hash) => Promise.resolve(tables.find((table) => table.hash === hash) ?? null),
  };
}

export function samplePolicy(text: string): NamedPolicy {
  const result = checkPolicy(text);
  if (result.ok) return { document: result.document, hash: result.hash };
  throw new Error(`a policy of a test is not sound: ${JSON.stringify(result.findings)}`);
}

export function sampleQuestion(drafts: BacktestQuestion['drafts'], more: Partial<BacktestQuestion> = {}): BacktestQuestion {
  return {
    drafts, baseline: null, asOf: null, minutes: { low: 3, middle: 6, high: 12 }, rows: true, claims: false, engine: 'weir test', open: (owner, index) => `open ${owner} ${index}`, ...more,
  };
}

/** A request as a policy would have decided it: its decisions, status and what was given are made from the document. */
export function decidedRow(policy: NamedPolicy, row: Omit<SampleRow, 'decisions' | 'released' | 'status' | 'held'> & { readonly key?: InquiryKey; readonly purpose?: Purpose; readonly found?: boolean }): SampleRow {
  const { found = true, ...rest } = row;
  const key = row.key ?? 'DQ';
  const classes: readonly DataClass[] = row.wanted ?? messageKeys[key].wants;
  const requester: RequesterAttributes = sampleAttributes(row.attributes);
  const { classes: decisions, duties } = decide(prepare(policy.document, policy.hash), {
    requester, purpose: row.purpose ?? 'notStated', kind: messageKeys[key].kind, classes,
    evidence: { warrant: row.warrant ?? 'none', court: row.court ?? 'notStated', caseNumber: row.caseNumber ?? 'none' },
  }, Date.parse(row.at));
  const given = decisions.filter(({ outcome }) => outcome === 'release' || outcome === 'redact').map(({ dataClass }) => dataClass);
  const held = decisions.some(({ outcome }) => outcome === 'hold');
  const status = given.length > 0 ? (!found ? 'noRecord' : given.length === decisions.length ? 'answered' : 'answeredInPart') : held ? 'held' : 'refused';
  return {
    ...rest, decisions, duties: duties.map(({ rule }) => rule), status, held, released: found ? given : [], records: found && given.length > 0 ? 1 : 0,
    policyVersion: policy.document.version, policyHash: policy.hash,
  };
}
