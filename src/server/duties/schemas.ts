import { Type } from 'typebox';

import { delayGrounds } from '../../duties/index.ts';
import { oriSchema } from '../api/schemas.ts';

/** The schemas of duties with a clock. */
const ownerPart = Type.String({ pattern: '^[A-Za-z]{2}$', description: 'Two letters, such as NY.' });
const number = Type.String({ minLength: 1, maxLength: 64, description: 'A number as it was given.' });
const time = (description: string) => Type.String({ format: 'date-time', description });
const orNull = <T extends ReturnType<typeof Type.String>>(schema: T) => Type.Union([schema, Type.Null()]);
const account = Type.String({ description: 'An account.' });

export const ownerParams = Type.Object({ owner: ownerPart });
export const noticeParams = Type.Object({ owner: ownerPart, id: number });
export const agencyParams = Type.Object({ ori: oriSchema });
export const ownerItemParams = Type.Object({ owner: ownerPart, review: number, item: number });
export const agencyItemParams = Type.Object({ ori: oriSchema, review: number, item: number });
export const recertificationParams = Type.Object({ owner: ownerPart, id: number });
export const recertificationItemParams = Type.Object({ owner: ownerPart, id: number, item: number });

export const dueSchema = Type.Object({ due: Type.Array(Type.Object({ kind: Type.String(), id: Type.String(), words: Type.String(), dueAt: time('By when.') })) });

export const noticeSchema = Type.Object({
  id: number, owner: Type.String(), inquiry: Type.String({ description: 'The inquiry that somebody must be told of.' }), rule: Type.String(), who: Type.Enum(['subject', 'owner']), requester: oriSchema,
  askedAt: time('When it was asked.'), dueAt: time('By when the notice goes out; after a delay, counted from its end.'), state: Type.Enum(['due', 'sent', 'delayed', 'overdue']), sentAt: orNull(time('When it went out.')),
  proof: Type.Union([Type.Object({ channel: Type.Enum(['letter', 'email', 'spool']), reference: Type.String(), hash: Type.String({ description: 'SHA-256 of the letter.' }) }), Type.Null()]),
  delay: Type.Union([Type.Object({ until: time('It ends by itself.'), ground: Type.String(), order: Type.String(), by: account }), Type.Null()]),
});
export const noticesSchema = Type.Object({ notices: Type.Array(noticeSchema) });
export const noticesQuery = Type.Object({ state: Type.Optional(Type.Enum(['due', 'sent', 'delayed', 'overdue'])) });
export const openedSchema = Type.Object({ name: orNull(Type.String()), address: Type.Union([Type.Array(Type.String()), Type.Null()]), letter: Type.String({ description: 'In English and Spanish; lines of at most 78 characters.' }) });
export const sentBody = Type.Object({ channel: Type.Enum(['letter', 'email', 'spool']), reference: Type.String({ minLength: 1, maxLength: 200, description: 'What proves it, such as the number of a letter.' }) }, { additionalProperties: false });
export const delayBody = Type.Object({ until: Type.String({ maxLength: 40 }), ground: Type.Enum(Object.keys(delayGrounds)), order: Type.String({ minLength: 1, maxLength: 64, description: 'The number of the order.' }) }, { additionalProperties: false });

export const textSchema = Type.Object({
  owner: Type.String(), certification: Type.String(), version: Type.Integer(), text: Type.String(), hash: Type.String({ description: 'SHA-256 of the text: what is signed.' }), validDays: Type.Integer(), remindDays: Type.Array(Type.Integer()), perjury: Type.Boolean(),
});
export const textsSchema = Type.Object({ texts: Type.Array(textSchema) });
export const textBody = Type.Object({
  certification: Type.String({ maxLength: 64 }), text: Type.String({ maxLength: 20_000 }), validDays: Type.Integer({ minimum: 1, maximum: 366 }), remindDays: Type.Array(Type.Integer(), { maxItems: 10 }), perjury: Type.Boolean(),
}, { additionalProperties: false });

export const certificationSchema = Type.Object({
  id: Type.String({ description: 'Empty where nothing is signed.' }), owner: Type.String(), certification: Type.String(), ori: oriSchema, organisation: Type.String(), textVersion: Type.Integer(), textHash: Type.String(),
  state: Type.Enum(['inForce', 'lapsing', 'lapsed', 'revoked', 'unsigned']), signedAt: orNull(time('When.')), signedBy: orNull(Type.String({ description: 'A name.' })), until: orNull(Type.String({ description: 'The last day in force, UTC.' })),
  revokedAt: orNull(time('When.')), revokedWhy: orNull(Type.String()),
});
export const certificationsSchema = Type.Object({ certifications: Type.Array(certificationSchema) });
export const agencyCertificationsSchema = Type.Object({ certifications: Type.Array(certificationSchema), texts: Type.Array(textSchema) });
export const signBody = Type.Object({
  owner: Type.String({ pattern: '^[A-Z]{2}$' }), certification: Type.String({ maxLength: 64 }), textHash: Type.String({ pattern: '^[0-9a-f]{64}$' }), typedName: Type.String({ maxLength: 200 }), underPenaltyOfPerjury: Type.Literal(true),
}, { additionalProperties: false });
export const reasonBody = Type.Object({ reason: Type.String({ maxLength: 2_000 }) }, { additionalProperties: false });

export const userReviewSchema = Type.Object({
  id: number, scope: Type.String(), quarter: Type.String({ examples: ['2026-Q4'] }), dueAt: time('By when.'), state: Type.Enum(['open', 'done', 'overdue']),
  items: Type.Array(Type.Object({
    id: number, account, name: Type.String(), role: Type.String(), lastAt: orNull(time('The last sign-in.')), decision: Type.Union([Type.Enum(['keep', 'remove']), Type.Null()]), by: orNull(account), reason: orNull(Type.String()),
  })),
});
export const userReviewsSchema = Type.Object({ reviews: Type.Array(userReviewSchema) });
export const userDecisionBody = Type.Object({ decision: Type.Enum(['keep', 'remove']), reason: Type.String({ maxLength: 2_000 }) }, { additionalProperties: false });

const evidence = Type.Object({
  asked: Type.Integer(), answered: Type.Integer(), refused: Type.Integer(), held: Type.Integer(), lastAsked: orNull(Type.String({ description: 'When it asked last: an instant, or the first day of the month.' })), certifications: Type.Array(Type.String()), agreements: Type.Array(Type.String()),
});
const item = Type.Object({ id: number, organisation: Type.String(), name: Type.String(), evidence, decision: Type.Union([Type.Enum(['keep', 'reduce', 'remove']), Type.Null()]), by: orNull(account), reason: orNull(Type.String()) });
export const recertificationSchema = Type.Object({
  id: number, owner: Type.String(), year: Type.Integer(), dueAt: time('By when.'), state: Type.Enum(['open', 'done', 'overdue']), decided: Type.Integer(), total: Type.Integer(), items: Type.Array(item, { description: 'The first hundred; the others by page.' }),
});
export const recertificationsSchema = Type.Object({ recertifications: Type.Array(recertificationSchema) });
export const pageQuery = Type.Object({ after: Type.Optional(Type.String({ maxLength: 200 })), open: Type.Optional(Type.Enum(['true', 'false'])) });
export const pageSchema = Type.Object({
  items: Type.Array(Type.Intersect([item, Type.Object({ sentence: orNull(Type.String({ description: 'What to add to the policy.' })), others: Type.Union([Type.Integer(), Type.Null()]), writtenVersion: Type.Union([Type.Integer(), Type.Null()]) })])),
  next: orNull(Type.String({ description: 'What to give as `after`.' })),
});
export const beginBody = Type.Object({ year: Type.Integer(), dueAt: Type.String({ maxLength: 40 }) }, { additionalProperties: false });
export const agencyDecisionBody = Type.Object({ decision: Type.Enum(['keep', 'reduce', 'remove']), reason: Type.String({ maxLength: 2_000 }) }, { additionalProperties: false });
export const writtenBody = Type.Object({ version: Type.Integer({ minimum: 1 }) }, { additionalProperties: false });
export const doneSchema = Type.Object({ done: Type.Literal(true) });
