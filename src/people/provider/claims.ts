import type { NewPerson } from '../accounts/types.ts';
import type { Grant } from '../roles/index.ts';
import type { ProviderErrorCode } from './errors.ts';
import { grantsOf, type Provider } from './settings.ts';

/** What a provider says of who signed in, checked. */
export interface Claimed {
  readonly ok: true;
  readonly subject: string;
  /** The address, in lower case: the login that screens show. */
  readonly email: string;
  readonly person: NewPerson;
  /** Null where the provider's groups say nothing about roles. */
  readonly grants: readonly Grant[] | null;
  /** What was shown, as the provider names it: `pwd`, `otp`. For the session's record. */
  readonly factors: readonly string[];
}

/** Something that was claimed is not enough. */
export interface NotClaimed {
  readonly ok: false;
  readonly code: Extract<ProviderErrorCode, 'PROVIDER_EMAIL' | 'PROVIDER_NAME' | 'PROVIDER_FACTORS' | 'PROVIDER_STALE' | 'PROVIDER_TOKEN'>;
}

/** How old a sign-in at the provider may be: `since`, milliseconds since 1970, with the grace of clocks that differ. */
const grace = 30_000;

/**
 * Reads the claims of an ID token whose signature, issuer, audience and nonce were checked. The provider controls every value. `since`: the factors must have been shown after it.
 */
export function readClaims(provider: Provider, claims: Readonly<Record<string, unknown>>, since: number): Claimed | NotClaimed {
  const subject = text(claims[provider.subjectClaim], 255);
  if (subject === null) return { ok: false, code: 'PROVIDER_TOKEN' };
  const shownAt = claims['auth_time'];
  if (typeof shownAt !== 'number' || shownAt * 1_000 < since - grace) return { ok: false, code: 'PROVIDER_STALE' };
  const methods = texts(claims['amr']);
  const level = text(claims['acr'], 200);
  const strong = methods.some((method) => provider.amr.includes(method)) || (level !== null && provider.acr.includes(level));
  if (!strong && !provider.trustFactors) return { ok: false, code: 'PROVIDER_FACTORS' };
  const email = text(claims['email'], 254)?.toLowerCase() ?? null;
  if (email === null || !/^[^\s@<>"]+@[a-z0-9.-]+$/.test(email) || (claims['email_verified'] !== true && !provider.trustEmail)) return { ok: false, code: 'PROVIDER_EMAIL' };
  if (provider.domains !== null && !provider.domains.includes(email.slice(email.lastIndexOf('@') + 1))) return { ok: false, code: 'PROVIDER_EMAIL' };
  const name = text(claims['name'], 200) ?? joined(text(claims['given_name'], 100), text(claims['family_name'], 100));
  if (name === null) return { ok: false, code: 'PROVIDER_NAME' };
  const employer = text(claims[provider.claims.employerOri], 9)?.toUpperCase() ?? null;
  return {
    ok: true, subject, email,
    person: {
      name, email, employer: employer !== null && /^[A-Z0-9]{9}$/.test(employer) ? employer : null, employeeNumber: text(claims[provider.claims.employeeNumber], 100), facts: factsOf(provider, claims),
    },
    grants: provider.groups === null ? null : grantsOf(provider.groups, texts(claims[provider.groupsClaim])),
    factors: methods.length > 0 ? methods.slice(0, 10) : [level ?? 'provider'],
  };
}

function factsOf({ claims: names }: Provider, claims: Readonly<Record<string, unknown>>): NonNullable<NewPerson['facts']> {
  const sworn = truth(claims[names.sworn]);
  const officer = truth(claims[names.lawEnforcementOfficer]);
  const certifications = Object.entries(names.certifications).filter(([, claim]) => truth(claims[claim]) === true).map(([word]) => word);
  return { ...(sworn === null ? {} : { sworn }), ...(officer === null ? {} : { lawEnforcementOfficer: officer }), ...(certifications.length === 0 ? {} : { certifications }) };
}

/** A text that is not empty, without control characters, cut to a length; null for anything else. */
function text(value: unknown, longest: number): string | null {
  if (typeof value !== 'string') return null;
  const plain = value.replace(/\p{Cc}/gu, ' ').trim();
  return plain === '' || plain.length > longest ? null : plain;
}

/** Texts in a list, or one alone. At most 2,000: somebody may be in many groups. */
function texts(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value.slice(0, 2_000) : [value]).filter((one): one is string => typeof one === 'string' && one !== '' && one.length <= 300);
}

/** True and false as the federation writes them. */
function truth(value: unknown): boolean | null {
  if (value === true || value === 'true' || value === '1' || value === 1) return true;
  return value === false || value === 'false' || value === '0' || value === 0 ? false : null;
}

function joined(first: string | null, last: string | null): string | null {
  return first === null && last === null ? null : [first, last].filter((part) => part !== null).join(' ');
}
