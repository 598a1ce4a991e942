import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';

import { readClaims } from './claims.ts';
import { ProviderError } from './errors.ts';
import { federationClaims, grantsOf, providersSchema, readProvider, type ProviderSettings } from './settings.ts';

const good: ProviderSettings = { id: 'wa', name: 'Washington', issuer: 'https://login.wa.example.org/tenant', clientId: 'weir', clientSecret: 'a long secret' };
const validate = new Ajv2020({ strict: false }).compile(providersSchema);

function codeOf(change: Partial<ProviderSettings>): string {
  try {
    readProvider({ ...good, ...change });
    return 'taken';
  } catch (error) {
    if (error instanceof ProviderError) return error.code;
    throw error;
  }
}

describe('settings of a provider', () => {
  it('have the federation\'s names and strict checks as defaults', () => {
    const provider = readProvider(good);
    expect(provider).toMatchObject({ claims: federationClaims, trustFactors: false, trustEmail: false, groups: null, maxAge: 300, scopes: 'openid profile email', subjectClaim: 'sub', plain: false });
    expect(provider.amr).not.toContain('pwd');
    expect(provider.amr).not.toContain('pin');
  });

  it.each([
    [{ issuer: 'http://login.wa.example.org' }, 'PROVIDER_SETTINGS'], [{ issuer: 'http://127.0.0.1.example.org' }, 'PROVIDER_SETTINGS'], [{ issuer: 'http://127.0.0.1:8080' }, 'taken'], [{ issuer: 'http://localhost:8080' }, 'taken'], [{ issuer: 'http://[::1]:8080' }, 'taken'],
    [{ issuer: 'https://user:pass@login.example.org' }, 'PROVIDER_SETTINGS'], [{ clientSecretFile: '/run/secret' }, 'PROVIDER_SETTINGS'],
    [{ groups: { G: [{ role: 'policyApprover', scope: 'agency ZZ0000101' }] } }, 'PROVIDER_SETTINGS'], [{ groups: { G: [{ role: 'agencyUser', scope: 'owner WA' }] } }, 'PROVIDER_SETTINGS'], [{ groups: { G: [{ role: 'resident', scope: 'person' }] } }, 'PROVIDER_SETTINGS'],
    [{ groups: { G: [{ role: 'operator', scope: 'machine' }, { role: 'auditor', scope: 'owner WA' }] } }, 'taken'],
  ] as const)('%j: %s', (change, code) => expect(codeOf(change as Partial<ProviderSettings>)).toBe(code));

  it.each([[{ id: 'WA' }], [{ id: '../x' }], [{ issuer: 'login' }], [{ issuer: 'https://x?y' }], [{ clientSecret: 'short' }], [{ more: 1 }], [{ maxAge: 3_600 }], [{ groups: { G: [] } }], [{ groups: { G: [{ role: 'king', scope: 'owner WA' }] } }], [{ groups: { G: [{ role: 'auditor', scope: 'owner Washington' }] } }], [{ amr: [] }]])('the schema refuses %j', (change) => {
    expect(validate([good])).toBe(true);
    expect(validate([{ ...good, ...change }])).toBe(false);
  });

  it('adds up the desks of one role, and none at all is all', () => {
    const reviewer = (desks: readonly string[]) => ({ role: 'reviewer' as const, scope: { kind: 'owner' as const, owner: 'WA' }, desks });
    const groups = new Map([['a', [reviewer(['one'])]], ['b', [reviewer(['two'])]], ['c', [reviewer([])]]]);
    expect(grantsOf(groups, ['a', 'b', 'a', 'nothing'])).toEqual([reviewer(['one', 'two'])]);
    expect(grantsOf(groups, ['a', 'c'])).toEqual([reviewer([])]);
    expect(grantsOf(groups, [])).toEqual([]);
  });
});

describe('claims', () => {
  const now = 1_790_000_000_000;
  const claims = { sub: 's-1', auth_time: now / 1_000, amr: ['mfa'], email: 'Robin@Example.org', email_verified: true, given_name: 'Robin', family_name: 'Invented', groups: 'G' };
  const provider = readProvider({ ...good, groups: { G: [{ role: 'auditor', scope: 'owner WA' }] }, acr: ['high'] });
  const read = (change: object, of = provider) => {
    const found = readClaims(of, { ...claims, ...change }, now);
    return found.ok ? 'taken' : found.code;
  };

  it('are taken in the forms in which providers send them', () => {
    expect(readClaims(provider, { ...claims, [federationClaims.employerOri]: 'zz0000101', [federationClaims.sworn]: '0', [federationClaims.certifications.ncic]: 'true', employeeNumber: '4711' }, now)).toEqual({
      ok: true, subject: 's-1', email: 'robin@example.org', factors: ['mfa'], grants: [{ role: 'auditor', scope: { kind: 'owner', owner: 'WA' }, desks: [] }],
      person: { name: 'Robin Invented', email: 'robin@example.org', employer: 'ZZ0000101', employeeNumber: '4711', facts: { sworn: false, certifications: ['ncic'] } },
    });
    expect(readClaims(readProvider({ ...good, subjectClaim: 'oid' }), { ...claims, oid: 'o-1' }, now)).toMatchObject({ subject: 'o-1', grants: null });
    expect(readClaims(provider, { ...claims, [federationClaims.employerOri]: 'wrong', groups: [1, null, { a: 1 }, 'H'] }, now)).toMatchObject({ person: { employer: null }, grants: [] });
  });

  it.each([
    [{ sub: undefined }, 'PROVIDER_TOKEN'], [{ sub: { a: 1 } }, 'PROVIDER_TOKEN'], [{ auth_time: undefined }, 'PROVIDER_STALE'], [{ auth_time: String(now) }, 'PROVIDER_STALE'], [{ auth_time: now / 1_000 - 29 }, 'taken'], [{ auth_time: now / 1_000 - 31 }, 'PROVIDER_STALE'],
    [{ amr: 'mfa' }, 'taken'], [{ amr: ['pwd', 'pin'] }, 'PROVIDER_FACTORS'], [{ amr: ['pwd'], acr: 'high' }, 'taken'], [{ amr: { mfa: true } }, 'PROVIDER_FACTORS'], [{ email_verified: 'true' }, 'PROVIDER_EMAIL'], [{ email: 'a@b<script>' }, 'PROVIDER_EMAIL'], [{ email: ['a@b.example'] }, 'PROVIDER_EMAIL'],
    [{ given_name: '', family_name: '\u0000' }, 'PROVIDER_NAME'],
  ])('%j: %s', (change, code) => expect(read(change)).toBe(code));
});
