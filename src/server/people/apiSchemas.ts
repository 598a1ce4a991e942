import { Type } from 'typebox';

import { actQualifiers } from '../../people/acts/index.ts';
import { allActions, allRoles } from '../../people/roles/index.ts';
import { oriSchema } from '../api/schemas.ts';

/** The schemas of what is answered about people, for programs. */

const time = (description: string) => Type.String({ format: 'date-time', description });
const timeOrNull = (description: string) => Type.Union([Type.String({ format: 'date-time' }), Type.Null()], { description });
const textOrNull = (description: string) => Type.Union([Type.String(), Type.Null()], { description });

export const ownerParam = Type.String({ pattern: '^[A-Za-z]{2}$', description: 'The two letters of an owner.' });
export const oriParam = oriSchema;
export const accountParam = Type.String({ pattern: '^A-[0-9A-Z]{12}$', description: 'An account.' });
export const idParam = (description: string) => Type.String({ minLength: 1, maxLength: 80, description });

export const roleSchema = Type.Enum([...allRoles], { description: 'A role: docs/roles.md.' });
const scopeSchema = Type.String({ description: '`owner WA`, `agency ZZ0000101` or `machine`.' });
const actionSchema = Type.Enum([...allActions], { description: 'A thing that can be done: docs/roles.md.' });

export const doneSchema = Type.Object({ done: Type.Literal(true) });

export const firstStepSchema = Type.Object({
  flow: Type.String({ description: 'A secret for the next step, for five minutes, once.' }),
  factors: Type.Array(Type.Enum(['totp', 'passkey']), { description: 'What can be shown next.' }),
});

export const signedInSchema = Type.Object({
  account: Type.String(),
  next: Type.String({ description: 'The notice is to be accepted before anything else.', examples: ['/notice'] }),
}, { description: 'The session is in the cookie.' });

export const passkeyOptionsSchema = Type.Object({
  flow: Type.String(),
  options: Type.Object({}, { additionalProperties: true, description: 'For navigator.credentials, bytes as base64url (WebAuthn Level 3).' }),
});

/** What a browser gives back: read and checked by the part that knows passkeys. */
export const passkeySchema = Type.Object({
  id: Type.String({ maxLength: 2_000 }), rawId: Type.String({ maxLength: 2_000 }), type: Type.Literal('public-key'),
  response: Type.Object({}, { additionalProperties: true }), clientExtensionResults: Type.Object({}, { additionalProperties: true }),
}, { additionalProperties: true, description: 'The answer of navigator.credentials, bytes as base64url.' });

const grantSchema = Type.Object({ role: Type.String(), scope: scopeSchema, desks: Type.Array(Type.String()) });

export const meSchema = Type.Object({
  account: Type.String(),
  name: Type.String(),
  employer: textOrNull('The ORI of the employer.'),
  via: Type.Enum(['session', 'token']),
  shownAt: timeOrNull('When all factors were last shown: what is weighty needs the last five minutes. Null for a token.'),
  grants: Type.Array(grantSchema),
  actions: Type.Union([Type.Array(Type.String()), Type.Null()], { description: 'What a token is limited to; null for a session.' }),
});

export const sessionsSchema = Type.Object({
  sessions: Type.Array(Type.Object({ id: Type.String(), begunAt: time('When it began.'), seenAt: time('When it was last used, within seconds.'), factors: Type.Array(Type.String()), device: Type.String(), current: Type.Boolean() })),
});

export const tokenSchema = Type.Object({
  id: Type.String(), name: Type.String(), actions: Type.Array(Type.String()), createdAt: time('When it was made.'), expiresAt: time('Until when it is good.'),
  usedAt: timeOrNull('When it was last used.'), revokedAt: timeOrNull('When it was revoked.'),
});
export const tokensSchema = Type.Object({ tokens: Type.Array(tokenSchema) });
export const newTokenSchema = Type.Object({ secret: Type.String({ description: 'Shown this once.' }), token: tokenSchema });
export const tokenBody = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 60 }), actions: Type.Array(actionSchema, { minItems: 1, maxItems: 100 }), days: Type.Integer({ minimum: 1, maximum: 366 }),
}, { additionalProperties: false });

export const peopleSchema = Type.Object({
  people: Type.Array(Type.Object({
    account: Type.String(), name: Type.String(), kind: Type.Enum(['local', 'oidc', 'persona']), employer: textOrNull('The ORI of the employer.'),
    roles: Type.Array(Type.Object({ id: Type.String(), role: Type.String(), desks: Type.Array(Type.String()), source: Type.String(), givenAt: time('When it was given.'), reviewedAt: timeOrNull('When it was last reviewed.') })),
    lastAt: timeOrNull('When somebody last signed in.'), disabledAt: timeOrNull('Since when it is disabled.'), lockedAt: timeOrNull('Since when it is locked after failures.'),
  })),
});

export const invitedSchema = Type.Object({
  account: Type.String(), invitation: Type.String({ description: 'The path of the invitation: shown this once, for the person only.', examples: ['/invitation/…'] }), expiresAt: time('Until when it can be taken up.'),
});

export const inviteBody = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 200 }), login: Type.String({ minLength: 1, maxLength: 200 }), role: roleSchema,
  email: Type.Optional(Type.String({ maxLength: 200 })), employer: Type.Optional(oriSchema), employeeNumber: Type.Optional(Type.String({ maxLength: 60 })),
  desks: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 60 }), { maxItems: 50 })),
}, { additionalProperties: false });

export const roleBody = Type.Object({ role: roleSchema, desks: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 60 }), { maxItems: 50 })) }, { additionalProperties: false });
export const whyBody = Type.Object({ why: Type.String({ minLength: 1, maxLength: 200 }) }, { additionalProperties: false });

/** By numbers only: no name stands here. */
export const machinePeopleSchema = Type.Object({
  accounts: Type.Array(Type.Object({
    account: Type.String(), kind: Type.Enum(['local', 'oidc', 'persona']), roles: Type.Array(Type.Object({ role: Type.String(), scope: scopeSchema })),
    lastAt: timeOrNull('When somebody last signed in.'), disabledAt: timeOrNull('Since when it is disabled.'), lockedAt: timeOrNull('Since when it is locked after failures.'),
  })),
});

const actSchema = Type.Object({
  id: Type.String(), at: time('When.'), owner: textOrNull('Null where it concerns none.'), act: Type.String(), who: Type.String(), role: textOrNull('The role by which it was done.'), on: textOrNull('A number of what it is about.'),
  result: Type.Enum(['done', 'refused', 'failed']), hash: textOrNull('SHA-256 of what it is about.'), detail: Type.Union([Type.Object({}, { additionalProperties: true }), Type.Null()]), words: Type.Boolean({ description: 'Whether words of people are sealed with it.' }),
});
const facetSchema = Type.Array(Type.Object({ value: Type.String(), count: Type.Integer() }));
export const actsSchema = Type.Object({
  acts: Type.Array(actSchema), next: textOrNull('The cursor of the older acts, for `after`; null at the end.'), total: Type.Integer({ description: 'From here on.' }), atLeast: Type.Boolean({ description: 'Counting was given up there.' }),
  facets: Type.Object({ act: facetSchema, outcome: facetSchema, role: facetSchema, who: facetSchema }, { description: 'How those divide that were counted: each value with its number, the most first, twelve at most.' }),
});
export const openedActSchema = Type.Object({ act: actSchema, words: Type.Union([Type.Object({}, { additionalProperties: true }), Type.Null()], { description: 'What was sealed.' }) });

export const actsQuery = Type.Object({
  q: Type.Optional(Type.String({ maxLength: 1_000, description: `Parts such as who:A-0123456789AB; keys are ${actQualifiers.join(', ')}, the last with a period such as 2026-03-01..2026-03-31; a minus before a part excludes it.` })),
  after: Type.Optional(Type.String({ maxLength: 200, description: 'The cursor that the page before gave.' })),
});

export const savedSearchSchema = Type.Object({
  id: Type.String(), place: Type.String({ description: 'Whose acts it searches: `owner WA`, `agency ZZ0000101` or `own`.' }), name: Type.String(), query: Type.String({ description: 'For `q`.' }), at: time('When it was kept.'),
});
export const savedSearchesSchema = Type.Object({ searches: Type.Array(savedSearchSchema) });
export const savedSearchBody = Type.Object({ place: Type.String({ maxLength: 20 }), name: Type.String({ minLength: 1, maxLength: 60 }), query: Type.String({ maxLength: 1_000 }) }, { additionalProperties: false });
