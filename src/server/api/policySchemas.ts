import { Type, type TSchema } from 'typebox';
import { courtClasses, dataClasses, evidenceGrades, namesOf, purposes, queryKinds, type Words } from '../../vocabulary/index.ts';
import { proofDomains, proofWorlds } from '../../policy/index.ts';
import { oriSchema } from './schemas.ts';

/** The schemas of what is answered about policies and proofs. The large ones name what a reader relies on, and may have more. */

const open = { additionalProperties: true } as const;
const closed = { additionalProperties: false } as const;
const hash = (description: string) => Type.String({ pattern: '^[0-9a-f]{64}$', description });
const nullable = (schema: TSchema) => Type.Union([schema, Type.Null()]);
const wordOf = <Name extends string>(words: Words<Name>, description: string) => Type.Enum([...namesOf(words)] as string[], { description });

export const ownerSchema = Type.String({ pattern: '^[A-Z]{2}$', description: 'The owner: two letters.', examples: ['WA'] });
export const dataClassSchema = wordOf(dataClasses, 'A class of data.');
export const worldSchema = Type.Enum([...proofWorlds] as string[], { description: '`honoured`: data is passed on as onward rules allow. `possible`: along every edge on record.' });

const policyRef = Type.Object({ version: Type.Integer(), hash: hash('SHA-256 of the document.') });
const registryRef = Type.Object({ version: Type.Integer(), hash: Type.String(), day: Type.String({ description: 'YYYY-MM-DD, UTC.' }) });
const sentence = Type.Object({ id: Type.String(), sentence: Type.String() });
const party = Type.Object({ organisation: Type.String(), name: Type.String(), ori: nullable(Type.String()) }, open);

export const findingsSchema = Type.Object({
  ok: Type.Boolean({ description: 'No finding is an error.' }),
  owner: nullable(Type.String()),
  version: nullable(Type.Integer()),
  hash: nullable(Type.String()),
  findings: Type.Array(Type.Object({
    code: Type.String(), severity: Type.Enum(['error', 'warning', 'notice']), line: Type.Integer(), column: Type.Integer(), message: Type.String(), mend: nullable(Type.String()),
  }, open)),
});

export const policySchema = Type.Object({
  owner: Type.String(),
  version: Type.Integer(),
  hash: hash('SHA-256 of the canonical document; it stands in each journal entry that the document decided.'),
  table: hash('SHA-256 of the compiled table that decides now; it stands there too.'),
  document: Type.Object({}, { ...open, description: 'The document in the shape of its text, as `weir policy schema` describes it.' }),
  sentences: Type.Array(sentence, { description: 'Every item in words, in the order of the document.' }),
  override: nullable(Type.Object({
    claims: Type.Array(Type.String()), reason: Type.String(), by: Type.String(), at: Type.String(), recordedAt: nullable(Type.String({ description: 'When the journal was told.' })),
  }, { description: 'By which reason, and whose, the version was activated though claims of it failed; null where none did.' })),
});

export const verdictsSchema = Type.Object({
  owner: Type.String(),
  policy: policyRef,
  checkedAt: nullable(Type.String({ description: 'RFC 3339, UTC. Null before the first check of this version.' })),
  registryVersion: nullable(Type.Integer()),
  claims: Type.Array(Type.Object({
    id: Type.String(),
    sentence: Type.String(),
    holds: nullable(Type.Boolean({ description: 'By the verdict that decides; false where that was past its cap. Null before the first check.' })),
    verdicts: Type.Array(Type.Object({
      world: Type.Enum([...proofWorlds] as string[]), domain: Type.Enum([...proofDomains] as string[]), decides: Type.Boolean(), holds: Type.Union([Type.Boolean(), Type.Literal('capped')]),
      count: nullable(Type.Integer({ description: 'How many organisations obtain the data against the claim.' })),
      names: Type.Array(Type.String()), asker: nullable(Type.String()), sentence: nullable(Type.String({ description: 'The counterexample in words.' })),
    })),
  })),
});

export const proofSchema = Type.Object({
  owner: Type.String(),
  policy: policyRef,
  table: hash('SHA-256 of the table that was read.'),
  registry: registryRef,
  holds: Type.Boolean({ description: 'Every deciding verdict holds.' }),
  claims: Type.Array(Type.Object({
    claim: Type.Object({ id: Type.String() }, open),
    sentence: Type.String(),
    holds: Type.Boolean(),
    verdicts: Type.Array(Type.Object({
      world: Type.String(), domain: Type.String(), holds: Type.Union([Type.Boolean(), Type.Literal('capped')]), count: nullable(Type.Integer()), who: Type.Array(party),
      counterexample: nullable(Type.Object({}, open)), mend: nullable(Type.Object({}, open)),
    }, open)),
    witness: nullable(Type.Object({}, open)),
    carriedBy: Type.Array(Type.String()),
    redundant: Type.Array(Type.String()),
  }, open)),
});

export const pageSchema = Type.Object({
  owner: Type.String(), policyVersion: Type.Integer(), policyHash: Type.String(), tableHash: Type.String(),
  columns: Type.Array(Type.Array(Type.String())), rows: Type.Array(Type.Object({ who: Type.String(), cells: Type.Object({}, open) }, open)), notes: Type.Array(Type.String()),
}, open);

export const openAnswerSchema = (description: string) => Type.Object({ owner: Type.String(), policy: policyRef }, { ...open, description });

export const questionSchema = Type.Object({
  as: Type.Optional(oriSchema),
  attributes: Type.Optional(Type.Object({}, { ...open, description: 'Instead of `as`: what a policy reads of the asker, as `to` of a rule has it. What is absent is `undeclared`.' })),
  classes: Type.Optional(Type.Array(dataClassSchema, { minItems: 1, maxItems: 20, description: 'All where it is absent.' })),
  purpose: Type.Optional(wordOf(purposes, '`notStated` where it is absent.')),
  warrant: Type.Optional(wordOf(evidenceGrades, '`none` where it is absent.')),
  court: Type.Optional(wordOf(courtClasses, '`notStated` where it is absent.')),
  caseNumber: Type.Optional(wordOf(evidenceGrades, '`none` where it is absent.')),
  query: Type.Optional(wordOf(queryKinds, '`lookup` where it is absent.')),
}, { ...closed, examples: [{ as: 'ZZ0000101', classes: ['photo', 'address'], purpose: 'criminalInvestigation', caseNumber: 'numbered' }] });
