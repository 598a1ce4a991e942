import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { Type, type Static } from 'typebox';

import { allRoles, readScope, roles, type Grant } from '../roles/index.ts';
import { ProviderError } from './errors.ts';

const closed = { additionalProperties: false } as const;
const claim = Type.String({ minLength: 1, maxLength: 200 });
const short = Type.String({ minLength: 1, maxLength: 200 });

/** One role that a group gives: `scope` as `owner WA` or `agency ZZ0000101`; `desks` of a reviewer. */
export const groupRoleSchema = Type.Object({
  role: Type.Enum([...allRoles]), scope: Type.String({ pattern: '^(owner [A-Z]{2}|agency [A-Z0-9]{9}|machine)$' }), desks: Type.Optional(Type.Array(short, { maxItems: 50 })),
}, closed);

/** Which groups give which roles. A group that is not here gives nothing. */
export const groupsSchema = Type.Record(Type.String({ minLength: 1, maxLength: 300 }), Type.Array(groupRoleSchema, { minItems: 1, maxItems: 50 }), { maxProperties: 1_000 });

/** One provider in `settings.yaml`, under `providers`. The operator of the exchange writes it. */
export const providerSchema = Type.Object({
  /** Stands in addresses: `/sign-in/with/<id>`. */
  id: Type.String({ pattern: '^[a-z][a-z0-9-]{0,30}$' }),
  name: Type.String({ minLength: 1, maxLength: 100 }),
  issuer: Type.String({ pattern: '^https?://[^\\s?#]+$', maxLength: 500 }),
  clientId: short,
  clientSecret: Type.Optional(Type.String({ minLength: 8, maxLength: 500 })),
  /** A file with the secret, instead of the secret itself. */
  clientSecretFile: Type.Optional(short),
  scopes: Type.Optional(Type.Array(short, { maxItems: 20 })),
  groupsClaim: Type.Optional(claim),
  groups: Type.Optional(groupsSchema),
  subjectClaim: Type.Optional(claim),
  claims: Type.Optional(Type.Object({
    employerOri: Type.Optional(claim), employeeNumber: Type.Optional(claim), sworn: Type.Optional(claim), lawEnforcementOfficer: Type.Optional(claim),
    certifications: Type.Optional(Type.Record(Type.String({ pattern: '^[A-Za-z0-9]{1,40}$' }), claim)),
  }, closed)),
  amr: Type.Optional(Type.Array(short, { minItems: 1, maxItems: 20 })),
  acr: Type.Optional(Type.Array(short, { minItems: 1, maxItems: 20 })),
  trustFactors: Type.Optional(Type.Boolean()),
  trustEmail: Type.Optional(Type.Boolean()),
  domains: Type.Optional(Type.Array(Type.String({ pattern: '^[a-z0-9.-]{3,253}$' }), { minItems: 1, maxItems: 100 })),
  maxAge: Type.Optional(Type.Integer({ minimum: 0, maximum: 300 })),
  known: Type.Optional(Type.Boolean()),
  userinfo: Type.Optional(Type.Boolean()),
  pushed: Type.Optional(Type.Boolean()),
  /** A file with the authorities, in PEM, by which the provider's TLS is known; else those of the machine. */
  ca: Type.Optional(short),
}, closed);

export const providersSchema = Type.Array(providerSchema, { maxItems: 60 });

export type ProviderSettings = Static<typeof providerSchema>;
export type GroupRoles = Static<typeof groupsSchema>;

/** A provider with every default filled in. */
export interface Provider {
  readonly id: string;
  readonly name: string;
  readonly issuer: URL;
  /** Plain HTTP, which is for a provider on this very machine. */
  readonly plain: boolean;
  readonly clientId: string;
  readonly clientSecret: string | null;
  readonly clientSecretFile: string | null;
  readonly scopes: string;
  readonly groupsClaim: string;
  /** Null where the provider's groups say nothing about roles. */
  readonly groups: ReadonlyMap<string, readonly Grant[]> | null;
  readonly subjectClaim: string;
  readonly claims: { readonly employerOri: string; readonly employeeNumber: string; readonly sworn: string; readonly lawEnforcementOfficer: string; readonly certifications: Readonly<Record<string, string>> };
  readonly amr: readonly string[];
  readonly acr: readonly string[];
  readonly trustFactors: boolean;
  readonly trustEmail: boolean;
  readonly domains: readonly string[] | null;
  /** Seconds: how long ago factors may have been shown at a sign-in. */
  readonly maxAge: number;
  /** Only accounts that a directory (or an earlier sign-in) made. */
  readonly known: boolean;
  readonly userinfo: boolean;
  readonly pushed: boolean;
  readonly ca: string | null;
}

/** The names of the National Identity Exchange Federation and of GFIPM, which trustmarks test. */
export const federationClaims = {
  employerOri: 'gfipm:2.0:user:EmployerORI', employeeNumber: 'employeeNumber', sworn: 'gfipm:2.0:user:SwornLawEnforcementOfficerIndicator',
  lawEnforcementOfficer: 'nief:1.0:user:UnitedStatesLawEnforcementOfficerIndicator',
  certifications: { ncic: 'gfipm:2.0:user:NCICCertificationIndicator', cfr28: 'gfipm:2.0:user:28CFRCertificationIndicator' },
} as const;

/** Values of `amr` (RFC 8176) that show a second factor, or one that needs none beside it. `pwd` and `pin` alone do not. */
export const strongMethods = ['mfa', 'hwk', 'swk', 'sc', 'otp'] as const;

/** Fills in the defaults and checks what a schema cannot. Throws `PROVIDER_SETTINGS`. */
export function readProvider(settings: ProviderSettings): Provider {
  const wrong = (message: string, mend: string): ProviderError => new ProviderError('PROVIDER_SETTINGS', `provider \`${settings.id}\`: ${message}`, mend);
  const issuer = new URL(settings.issuer);
  const plain = issuer.protocol === 'http:';
  if (plain && !isLoopback(issuer.hostname)) throw wrong('its issuer is plain HTTP', 'Use https; plain HTTP is for a provider on 127.0.0.1, [::1] or localhost.');
  if (issuer.username !== '' || issuer.password !== '') throw wrong('its issuer carries a password', 'Write the issuer without one.');
  if (settings.clientSecret !== undefined && settings.clientSecretFile !== undefined) throw wrong('its secret is given twice', 'Give clientSecret or clientSecretFile.');
  return {
    id: settings.id, name: settings.name, issuer, plain, clientId: settings.clientId, clientSecret: settings.clientSecret ?? null, clientSecretFile: settings.clientSecretFile ?? null,
    scopes: [...new Set(['openid', 'profile', 'email', ...(settings.scopes ?? [])])].join(' '),
    groupsClaim: settings.groupsClaim ?? 'groups', groups: settings.groups === undefined ? null : readGroups(settings.groups, wrong), subjectClaim: settings.subjectClaim ?? 'sub',
    claims: { ...federationClaims, ...settings.claims },
    amr: settings.amr ?? strongMethods, acr: settings.acr ?? [], trustFactors: settings.trustFactors ?? false, trustEmail: settings.trustEmail ?? false,
    domains: settings.domains ?? null, maxAge: settings.maxAge ?? 300, known: settings.known ?? false, userinfo: settings.userinfo ?? false, pushed: settings.pushed ?? false, ca: settings.ca ?? null,
  };
}

let compiled: ValidateFunction | null = null;

/** Holds a map of groups from a file against its schema: the map, or what is wrong with it. */
export function checkGroups(value: unknown): GroupRoles | string {
  const validateGroups = compiled ??= new Ajv2020({ strict: false }).compile(groupsSchema);
  if (validateGroups(value)) return value as GroupRoles;
  const [first] = validateGroups.errors ?? [];
  return `${first?.instancePath === undefined || first.instancePath === '' ? 'the whole' : `\`${first.instancePath}\``} ${first?.message ?? 'is not valid'}`;
}

/** Reads which groups give which roles. A role is held for what its kind is: an owner's role for an owner. `resident` is nobody's to give. */
export function readGroups(groups: GroupRoles, wrong: (message: string, mend: string) => Error): ReadonlyMap<string, readonly Grant[]> {
  return new Map(Object.entries(groups).map(([group, given]) => [group, given.map(({ role, scope: text, desks }) => {
    const scope = readScope(text);
    if (scope === null || scope.kind !== roles[role].scope || role === 'resident') throw wrong(`\`${role}\` cannot be held for \`${text}\``, `Give a role of ${text.split(' ')[0] ?? ''}, or another scope; docs/roles.md has the table.`);
    return { role, scope, desks: desks ?? [] };
  })]));
}

/** The roles of somebody who is in these groups; each once. Of one role for one scope, desks are added up, and none at all is all. */
export function grantsOf(groups: ReadonlyMap<string, readonly Grant[]>, held: Iterable<string>): readonly Grant[] {
  const found = new Map<string, Grant>();
  for (const group of held) {
    for (const grant of groups.get(group) ?? []) {
      const key = JSON.stringify([grant.role, grant.scope]);
      const before = found.get(key);
      const desks = before === undefined ? grant.desks : before.desks.length === 0 || grant.desks.length === 0 ? [] : [...new Set([...before.desks, ...grant.desks])];
      found.set(key, { ...grant, desks });
    }
  }
  return [...found.values()];
}

/** The machine itself. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}
