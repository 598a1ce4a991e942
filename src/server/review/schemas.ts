import { Type, type TSchema } from 'typebox';

import { verdicts } from '../../model/index.ts';
import { deliveryKinds } from '../../review/delivery/index.ts';
import { reasons } from '../../review/types.ts';
import { courtClasses, allDataClasses, evidenceGrades, inquiryKeys, outcomeOrder, purposes, treatments } from '../../vocabulary/index.ts';
import { oriSchema, ticketIdSchema } from '../api/schemas.ts';

/** The schemas of held requests: they check what comes and write what goes, so nothing leaves that is not named here. */

const time = Type.String({ format: 'date-time' });
const text = (description: string) => Type.String({ description });
export const orNull = (schema: TSchema) => Type.Union([schema, Type.Null()]);

export const ownerParams = Type.Object({ owner: Type.String({ pattern: '^[A-Za-z]{2}$', description: 'Whose records they are.' }) });
export const heldParams = Type.Object({ ...ownerParams.properties, ticket: ticketIdSchema });
export const paperParams = Type.Object({ ...heldParams.properties, paper: Type.String({ pattern: '^[A-Za-z0-9-]{1,60}$' }) });
export const ticketParams = Type.Object({ id: ticketIdSchema });
export const agencyParams = Type.Object({ ori: oriSchema });
export const deskSchema = Type.String({ minLength: 1, maxLength: 60, pattern: '^[A-Za-z0-9][A-Za-z0-9 ._-]*$', description: 'A desk, as policies name it.' });
const account = Type.String({ pattern: '^A-[0-9A-Z]{12}$' });

const requester = Type.Object({
  ori: oriSchema, organisation: Type.String(), name: Type.Optional(Type.String()),
  attributes: Type.Object({}, { additionalProperties: true, description: 'As the registry had them when it was asked.' }),
});
const classDecision = Type.Object({
  dataClass: Type.Enum([...allDataClasses]), outcome: Type.Enum([...outcomeOrder]), rules: Type.Array(Type.String()), treatment: orNull(Type.Enum(Object.keys(treatments))),
  review: Type.Optional(Type.Unknown({ description: 'Where it is held: by whom, until when, and what follows.' })),
});
const verdict = orNull(Type.Enum([...verdicts]));
const purpose = Type.Enum(Object.keys(purposes));

const item = {
  ticket: ticketIdSchema, owner: Type.String(), inquiry: Type.String(),
  kind: Type.Enum(['hold', 'exigent'], { description: '`exigent`: it was answered at once because of an emergency, and is looked at afterwards.' }),
  state: Type.Enum(['waiting', 'asked', 'escalated', 'decided']), asked: time, deadline: time, onTimeout: Type.Enum(['deny', 'release']), desk: Type.String(),
  harm: Type.Integer({ minimum: 0, maximum: 2, description: '0: danger to life; 1: persons at risk; 2: all else. By the stated purpose.' }),
  requester, onBehalfOf: orNull(requester), delegated: orNull(Type.Boolean()), verified: Type.Enum(['certificate', 'demonstration']), userNamed: Type.Boolean(),
  key: Type.Enum([...inquiryKeys]), purpose, evidence: Type.Object({ warrant: Type.Enum(Object.keys(evidenceGrades)), court: Type.Enum(Object.keys(courtClasses)), caseNumber: Type.Enum(Object.keys(evidenceGrades)) }),
  held: Type.Array(classDecision), papers: Type.Integer(), questions: Type.Integer(), verdict,
};
export const heldItemSchema = Type.Object(item);
export const heldListSchema = Type.Object({ owner: Type.String(), held: Type.Array(heldItemSchema), next: orNull(ticketIdSchema) }, { description: '`next` goes into `after` for what follows; null where nothing does.' });

export const paperSchema = Type.Object({ id: Type.String(), hash: text('SHA-256 of the paper.'), bytes: Type.Integer(), mediaType: Type.Literal('application/pdf'), at: time });
export const questionSchema = Type.Object({ id: Type.String(), at: time, text: Type.String(), answeredAt: orNull(time), answer: orNull(Type.String()) });

export const heldDetailSchema = Type.Object({
  ...item,
  rules: Type.Array(Type.Object({ id: Type.String(), words: Type.String() })),
  now: Type.Array(Type.Object({ dataClass: Type.Enum([...allDataClasses]), outcome: Type.Enum([...outcomeOrder]), treatments: Type.Array(Type.Enum(Object.keys(treatments))) }), { description: 'What each class would be under the policy in force now.' }),
  atZero: text('What follows when the clock reaches zero.'),
  askerRecord: Type.Object({ days: Type.Integer(), asked: Type.Integer(), released: Type.Integer(), refused: Type.Integer(), lapsed: Type.Integer() }),
  similar: Type.Array(Type.Object({ ticket: ticketIdSchema, at: time, verdict: Type.Enum([...verdicts]), reason: Type.String(), purpose })),
  paperList: Type.Array(paperSchema), questionList: Type.Array(questionSchema),
  conflict: orNull(Type.Enum(['ownAgency', 'ownRecord', 'notOnDesk'])), openedBy: Type.Array(Type.Object({ account: Type.String(), at: time })),
  decided: orNull(Type.Object({ at: time, by: text('An account, or `clock` where nobody decided in time.'), reason: Type.String(), released: Type.Array(Type.Enum([...allDataClasses])) })),
});

export const openedSchema = Type.Object({
  subject: Type.Object({}, { additionalProperties: true, description: 'Whom or what was asked about, as it was asked.' }), user: orNull(Type.String()), caseNumber: orNull(Type.String()),
  warrant: orNull(Type.Object({ number: orNull(Type.String()), documentHash: orNull(Type.String()), court: Type.String() })), attention: orNull(Type.String()),
});

const words = Type.String({ maxLength: 4_000 });
export const decisionBody = Type.Object({
  decision: Type.Enum(['releaseAll', 'releaseLess', 'refuse', 'affirm', 'disapprove']),
  classes: Type.Optional(Type.Array(Type.Object({ dataClass: Type.Enum([...allDataClasses]), treatment: orNull(Type.Enum(Object.keys(treatments))) }, { additionalProperties: false }), { maxItems: 14, description: 'With `releaseLess`: what is released, and in which form.' })),
  reason: Type.Enum(Object.keys(reasons)), note: words,
}, { additionalProperties: false });
export const questionBody = Type.Object({ text: words }, { additionalProperties: false });
export const escalationBody = Type.Object({ note: words }, { additionalProperties: false });
export const replyBody = Type.Object({ question: Type.String({ minLength: 1, maxLength: 60 }), text: words }, { additionalProperties: false });
export const doneSchema = Type.Object({ done: Type.Literal(true) });

export const rotaSchema = Type.Object({
  spans: Type.Array(Type.Object({ desk: deskSchema, account, from: time, to: time }, { additionalProperties: false }), { maxItems: 1_000 }),
  deputies: Type.Array(Type.Object({ desk: deskSchema, account, deputy: account, until: time }, { additionalProperties: false }), { maxItems: 1_000 }),
}, { additionalProperties: false });

const delegation = {
  desk: deskSchema, account: Type.String({ ...account, description: 'Who is stood in for.' }), deputy: Type.String({ ...account, description: 'Who stands in.' }),
};
export const delegationParams = Type.Object({ ...ownerParams.properties, delegation: Type.String({ pattern: '^D-[0-9A-Z]{16}$', description: 'The number of the delegation.' }) });
export const delegationsQuery = Type.Object({ ended: Type.Optional(Type.Enum(['yes', 'no'], { description: '`yes`: the latest that are over too.' })) }, { additionalProperties: false });
export const delegationBody = Type.Object({ ...delegation, from: Type.Optional(orNull(time)), until: time }, { additionalProperties: false });
export const delegationSchema = Type.Object({
  id: Type.String(), ...delegation, accountName: orNull(Type.String()), deputyName: orNull(Type.String()), from: time, until: time, by: text('The account of who gave it.'), at: time,
  endedAt: orNull(time), endedBy: orNull(Type.String()), endedWhy: orNull(Type.Enum(['time', 'ended', 'disabled', 'role'])), state: Type.Enum(['inForce', 'toCome', 'void', 'over']),
});
export const delegationsSchema = Type.Object({ owner: Type.String(), deputies: Type.Array(delegationSchema) });

export const listQuery = Type.Object({
  desk: Type.Optional(deskSchema), state: Type.Optional(Type.Enum(['waiting', 'asked', 'escalated', 'decided'])), all: Type.Optional(Type.Enum(['yes', 'no'])),
  limit: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,2}$', description: '1 to 200; 50 unless told.' })), after: Type.Optional(ticketIdSchema),
}, { additionalProperties: false });

const kind = Type.Enum([...deliveryKinds], { description: '`event`: a signed note that a ticket was decided. `message`: the late answer itself, as on the line.' });
export const deliveryBody = Type.Object({ kind, url: Type.String({ maxLength: 500 }), ca: Type.Optional(orNull(Type.String({ maxLength: 16_384 }))), newSecret: Type.Optional(Type.Boolean()) }, { additionalProperties: false });
export const deliveryQuery = Type.Object({ kind }, { additionalProperties: false });
const address = Type.Object({ kind, url: Type.String(), ca: orNull(Type.String()), setBy: Type.String(), setAt: time });
export const deliverySetSchema = Type.Object({ address, secret: orNull(text('The key of the signature, where it was made now. It is not shown again.')) });
export const deliveriesSchema = Type.Object({
  addresses: Type.Array(address),
  latest: Type.Array(Type.Object({
    id: Type.String(), ticket: ticketIdSchema, kind, state: Type.Enum(['waiting', 'sent', 'failed', 'dropped']), queuedAt: time, nextAt: orNull(time),
    attempts: Type.Array(Type.Object({ at: time, ms: Type.Integer(), status: orNull(Type.Integer()), why: orNull(Type.String()) })),
  })),
});
