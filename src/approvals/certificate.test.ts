import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestPostgres, type TestPostgres } from '../../test/postgres.ts';
import { activatePolicy } from '../store/policies.ts';
import { canonicalJson, sha256 } from './canonical.ts';
import { Office, policy, refusal } from './cases.ts';
import { certificatePdf, defaultApprovalRule, verifyCertificate, type AnchorEntry, type Certificate, type ChangeActor, type ProposalView } from './index.ts';

let postgres: TestPostgres;
let office: Office;
let people: readonly [author: ChangeActor, approver: ChangeActor, privacy: ChangeActor];
let proposal: ProposalView;
let certificate: Certificate;
let entries: readonly AnchorEntry[];

beforeAll(async () => {
  postgres = await startTestPostgres({ migrate: true });
  office = new Office(postgres);
  await activatePolicy(postgres.sql, policy(1), { author: 'a test', at: new Date(office.now) });
  people = [await office.person('policyAuthor'), await office.person('policyApprover'), await office.person('privacyApprover')];
  proposal = await office.proposed(people[0], policy(2, { to: '[municipal, county]' }));
  await office.approve(people[1], proposal);
  await office.approve(people[2], proposal);
  entries = await office.events();
  certificate = (await office.changes.certificate('CO', proposal.id, people[0])) ?? (() => { throw new Error('no certificate'); })();
});
afterAll(async () => { await postgres.stop(); });

const codes = (changed: unknown, log = entries) => [...new Set(verifyCertificate(changed as Certificate, log).faults.map(({ code }) => code))].sort();
const withApproval = (place: number, over: Record<string, unknown>) => ({ ...certificate, approvals: certificate.approvals.map((one, n) => (n === place ? { ...one, ...over } : one)) });

describe('a certificate', () => {
  it('says what was approved, by whom, and where the anchor log says so', async () => {
    expect(certificate).toMatchObject({
      weir: 'approval/v1', owner: 'CO', proposal: proposal.id, kind: 'policy', version: 2, hash: proposal.hash, effect: 'widening', rule: defaultApprovalRule, author: { account: people[0].account },
      approvals: [{ account: people[1].account, role: 'policyApprover', deputyOf: null }, { account: people[2].account, role: 'privacyApprover' }],
    });
    for (const { anchor, statement } of certificate.approvals) expect(entries.find(({ index }) => index === anchor)?.entry).toMatchObject({ event: 'policyApproved', detail: { statement } });
    expect(await office.told('certificateMade')).toHaveLength(1);
  });

  it('has statements that anybody can hash again', () => {
    const [one = null] = certificate.approvals;
    if (one === null) throw new Error('no approval');
    const { account, name, role, deputyOf, reason, at, salt } = one;
    expect(sha256(canonicalJson({ salt, owner: 'CO', proposal: proposal.id, hash: proposal.hash, account, name, role, deputyOf, decision: 'approve', reason, at }))).toBe(one.statement);
  });

  it('is not there before the last approval, nor at another owner', async () => {
    const open = await office.proposed(people[0], policy(3, { extra: refusal }));
    expect(await office.changes.certificate('CO', open.id, people[0])).toBeNull();
    expect(await office.changes.certificate('WA', proposal.id, people[0])).toBeNull();
  });

  it('is a page of tagged PDF, whatever people wrote', async () => {
    const long = { ...certificate, reason: 'words '.repeat(330), approvals: Array.from({ length: 5 }, (_, n) => ({ ...certificate.approvals[n % 2], name: 'Ω ✓ Łukasz'.repeat(4), reason: 'why '.repeat(500), anchor: null })) } as Certificate;
    for (const one of [certificate, long, { ...certificate, kind: 'rule', version: null } as Certificate]) {
      const text = Buffer.from(await certificatePdf(one)).toString('latin1');
      expect(text.startsWith('%PDF-1.7')).toBe(true);
      expect(text.match(/\/Type \/Page\b(?!s)/g)).toHaveLength(1);
      expect(text).toContain('/StructTreeRoot');
    }
  });
});

describe('the verification of a certificate', () => {
  it('finds a good one good, by its JSON alone', () => {
    expect(verifyCertificate(JSON.parse(JSON.stringify(certificate)) as Certificate, entries)).toEqual({ good: true, faults: [] });
  });

  it.each<readonly [string, () => unknown, readonly string[]]>([
    ['another reason', () => withApproval(0, { reason: 'Something else.' }), ['statement']],
    ['another name', () => withApproval(1, { name: 'Somebody' }), ['statement']],
    ['another salt', () => withApproval(1, { salt: '00' }), ['statement']],
    ['an approval less', () => ({ ...certificate, approvals: certificate.approvals.slice(0, 1) }), ['needs']],
    ['one approval twice', () => ({ ...certificate, approvals: [certificate.approvals[1], certificate.approvals[1]] }), ['twice']],
    ['another effect, which needs less', () => ({ ...certificate, effect: 'narrowing' }), ['absent']],
    ['another rule, which needs less', () => ({ ...certificate, rule: { ...defaultApprovalRule, widening: 1 } }), ['absent']],
    ['another hash', () => ({ ...certificate, hash: '0'.repeat(64) }), ['absent', 'statement']],
    ['another version', () => ({ ...certificate, version: 3 }), ['absent']],
    ['another place', () => withApproval(0, { anchor: 0 }), ['absent']],
    ['the author as another', () => ({ ...certificate, author: { account: 'A-000000000000', name: 'x' } }), ['absent']],
    ['an approval by the author', () => ({ ...certificate, author: { account: people[1].account, name: 'x' } }), ['absent', 'author']],
    ['nothing', () => null, ['form']],
    ['something else', () => ({ weir: 'approval/v2' }), ['form']],
    ['approvals that are none', () => ({ ...certificate, approvals: [null] }), ['form']],
  ])('finds %s', (_name, changed, expected) => {
    expect(codes(changed())).toEqual(expected);
  });

  it('finds what the log does not have, or has of its end', () => {
    expect(codes(certificate, entries.filter(({ entry }) => entry.event !== 'policyApproved'))).toEqual(['absent']);
    const after = entries.flatMap(({ entry }) => (entry.event === 'policyApproved' ? [{ index: 99, entry: { ...entry, event: 'policyRejected' as const } }] : []));
    expect(codes(certificate, [...entries, ...after])).toEqual(['closed']);
  });
});
