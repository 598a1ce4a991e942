import { Type, type TSchema } from 'typebox';

import type { ProposalState } from '../../approvals/types.ts';
import { allRoles } from '../../people/roles/index.ts';
import { ownerSchema } from '../api/policySchemas.ts';

/** What is asked and answered about changes of a policy. They make the bodies, the checks of what comes in and the OpenAPI document. */

export const allStates = ['open', 'approved', 'scheduled', 'inForce', 'returned', 'rejected', 'withdrawn', 'lapsed', 'superseded', 'ended'] as const satisfies readonly ProposalState[];

const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const instant = (description: string) => Type.String({ format: 'date-time', description });
const hash = (description: string) => Type.String({ pattern: '^[0-9a-f]{64}$', description });
/** Words of people. The database takes no NUL. */
const words = (longest: number, description: string) => Type.String({ maxLength: longest, pattern: '^[^\\u0000]*$', description });

const idSchema = Type.String({ pattern: '^[A-Za-z0-9-]{1,64}$', description: 'A number as it was given.' });
export const ownerParams = Type.Object({ owner: ownerSchema });
export const oneParams = Type.Object({ owner: ownerSchema, id: idSchema });

const effectSchema = Type.Enum(['widening', 'narrowing', 'neutral'], { description: '`widening` where any request gets more anywhere, in any way.' });
const policyTextSchema = words(1_048_576, 'A policy as YAML or JSON.');
const reasonSchema = words(4_000, 'Why: a sentence for whoever decides on it, and for the record.');
const roleSchema = Type.Enum([...allRoles]);

export const ruleSchema = Type.Object({
  widening: Type.Integer({ description: 'Approvals that a widening change needs, 2 to 5; one of them at least by the privacy or legal office.' }),
  narrowing: Type.Integer({ description: 'Approvals that another change needs, 1 to 5.' }),
  lapsesAfterDays: Type.Integer({ description: 'Days after which a proposal lapses, 1 to 90.' }),
  emergencyHours: Type.Integer({ description: 'Hours that an emergency change holds at most, 1 to 72.' }),
}, { additionalProperties: false });

const versionSchema = Type.Object({ version: Type.Integer(), hash: Type.String() });

export const checksSchema = Type.Object({
  hash: Type.String({ description: 'SHA-256 of the text that was checked.' }),
  at: instant('When.'),
  base: orNull(versionSchema),
  registry: versionSchema,
  ok: Type.Boolean({ description: 'Whether it may be proposed: no error, and no claim that fails.' }),
  findings: Type.Array(Type.Object({ code: Type.String(), severity: Type.String(), line: Type.Integer(), message: Type.String() })),
  claims: Type.Array(Type.Object({ claim: Type.String(), holds: Type.Boolean(), sentence: orNull(Type.String()) })),
  effect: effectSchema,
  difference: Type.Array(Type.String({ description: 'In words, the most open first.' })),
  backtest: orNull(Type.Object({
    period: Type.String(), text: Type.Array(Type.String()), newlyReleased: Type.Integer(), newlyHeld: Type.Integer(), newlyRefused: Type.Integer(), hash: Type.String(),
  }, { description: 'Null where there is no archive.' })),
});

export const commentSchema = Type.Object({ id: Type.String(), rule: orNull(Type.String()), by: Type.String(), byName: Type.String(), at: instant('When.'), text: Type.String() });

const draftFacts = {
  id: idSchema, owner: ownerSchema, title: Type.String(), etag: Type.Integer({ minimum: 1, description: 'Version of the draft: the ETag without its quotes.' }),
  author: Type.String(), authorName: Type.String(), savedAt: instant('When it was last saved.'), checks: orNull(checksSchema),
};
export const draftsSchema = Type.Object({ drafts: Type.Array(Type.Object(draftFacts)) });
export const draftSchema = Type.Object({ ...draftFacts, text: Type.String(), comments: Type.Array(commentSchema) });

const proposalFacts = {
  id: idSchema, owner: ownerSchema, kind: Type.Enum(['policy', 'rule', 'stepBack', 'emergency']), state: Type.Enum([...allStates]), round: Type.Integer({ description: 'From 1; one more each time that what it would do changed, so that approvals begin anew.' }),
  hash: Type.String({ description: 'SHA-256 of the canonical policy, or of the canonical JSON of the rule: what is approved.' }), version: orNull(Type.Integer()), effect: effectSchema,
  needs: Type.Object({ approvals: Type.Integer(), privacy: Type.Integer() }),
  author: Type.String(), authorName: Type.String(), reason: Type.String(), proposedAt: instant('When.'), lapsesAt: instant('When it lapses if it is not decided.'),
  startsAt: orNull(instant('When it is to come into force; null: with the last approval.')), endsAt: orNull(instant('When it ends by itself.')),
  approvals: Type.Array(Type.Object({ account: Type.String(), name: Type.String(), role: roleSchema, decision: Type.Enum(['approve', 'return', 'reject']), reason: Type.String(), at: instant('When.') })),
};
export const proposalsSchema = Type.Object({ proposals: Type.Array(Type.Object(proposalFacts)) });
export const proposalSchema = Type.Object({ ...proposalFacts, text: Type.String(), checks: orNull(checksSchema), comments: Type.Array(commentSchema) });
export const proposalsQuery = Type.Object({ state: Type.Optional(Type.String({ maxLength: 200, description: 'Only those in these states, with commas between.', examples: ['open,scheduled'] })) }, { additionalProperties: false });

export const certificateSchema = Type.Object({
  weir: Type.Literal('approval/v1'), owner: ownerSchema, proposal: Type.String(), kind: proposalFacts.kind, version: orNull(Type.Integer()), hash: Type.String(), effect: effectSchema, rule: ruleSchema,
  reason: Type.String(), author: Type.Object({ account: Type.String(), name: Type.String() }), proposedAt: instant('When.'), inForceAt: orNull(instant('Since when.')),
  approvals: Type.Array(Type.Object({
    account: Type.String(), name: Type.String(), role: roleSchema, reason: Type.String(), at: instant('When.'), deputyOf: orNull(Type.String({ description: 'The account in whose place it was given.' })),
    salt: Type.String(), statement: Type.String({ description: 'SHA-256 of the canonical statement: it stands in the anchor log.' }), anchor: orNull(Type.Integer()),
  }, { additionalProperties: true })),
}, { additionalProperties: true, description: 'docs/changes.md says how it is checked; `weir change verify` checks it.' });

/** What is sent. */
const closed = { additionalProperties: false };
export const beginBody = Type.Object({ title: words(200, 'What the change is about.'), text: Type.Optional(orNull(policyTextSchema)) }, { ...closed, description: 'Without a text it begins with the policy in force.' });
export const saveBody = Type.Object({ title: words(200, 'What the change is about.'), text: policyTextSchema }, closed);
export const commentBody = Type.Object({ rule: Type.Optional(orNull(words(64, 'The rule it is about.'))), text: words(4_000, 'The comment.') }, closed);
export const proposeBody = Type.Union([
  Type.Object({
    kind: Type.Literal('policy'), draft: idSchema, etag: Type.Integer({ minimum: 1 }), reason: reasonSchema,
    startsAt: Type.Optional(orNull(instant('When it is to come into force.'))), endsAt: Type.Optional(orNull(instant('When it ends by itself.'))),
  }, closed),
  Type.Object({ kind: Type.Literal('rule'), rule: ruleSchema, reason: reasonSchema }, closed),
  Type.Object({ kind: Type.Literal('stepBack'), reason: reasonSchema }, closed),
]);
export const ruleBody = Type.Object({ rule: ruleSchema, reason: reasonSchema }, closed);
export const emergencyBody = Type.Object({ text: policyTextSchema, reason: reasonSchema, hours: Type.Number({ description: 'How long it holds: up to the hours of the rule of approval.' }) }, closed);
export const decisionBody = Type.Object({ hash: hash('The hash that was shown: the approval is bound to it.'), decision: Type.Enum(['approve', 'return', 'reject']), reason: reasonSchema, round: Type.Optional(Type.Integer({ minimum: 1, description: 'The round that was shown: in another one what it would do is another.' })) }, closed);
export const withdrawalBody = Type.Object({ reason: reasonSchema }, closed);
export const deputyBody = Type.Object({
  to: Type.String({ pattern: '^A-[0-9A-Z]{12}$', description: 'The account of the deputy.' }), role: Type.Enum(['policyApprover', 'privacyApprover']), until: instant('Until when.'), reason: reasonSchema,
}, closed);
export const doneSchema = Type.Object({ done: Type.Literal(true) });
