import {
  affiliationKinds, allJurisdictions, attributeWords, courtClasses, dataClasses, evidenceGrades, jurisdictions, purposes, queryKinds, treatments, treatmentsOf,
  type Words,
} from '../vocabulary/index.ts';
import { caps, proofDomains, proofWorlds } from './document.ts';

type Schema = Readonly<Record<string, unknown>>;

/** The JSON Schema (draft 2020-12) of a policy document, made from the vocabulary: for editors, and for other systems that write policies. */
export function policySchema(): Schema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:weir:policy:1',
    title: 'Weir policy',
    description: 'The rules by which one owner releases, reduces, holds or denies the classes of its data.',
    ...object(['policy', 'version', 'effective', 'rules'], {
      policy: { type: 'string', pattern: '^(?!NL$)[A-Z]{2}$', description: 'the owner' },
      version: { type: 'integer', minimum: 1, maximum: caps.version },
      effective: ref('day'),
      expires: ref('day'),
      title: ref('text'),
      note: { type: 'string', minLength: 1, maxLength: caps.noteLength },
      cites: ref('texts'),
      rules: items('rule'),
      onward: items('onward'),
      limits: items('limit'),
      notify: items('notify'),
      claims: items('claim'),
    }),
    $defs: { ...values(), ...parts(), ...kinds() },
  };
}

function values(): Schema {
  return {
    id: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9.-]*$', maxLength: caps.idLength },
    text: { type: 'string', minLength: 1, maxLength: caps.titleLength },
    texts: { anyOf: [ref('text'), { type: 'array', items: ref('text'), maxItems: caps.cites }] },
    day: { type: 'string', pattern: '^(19|20|21)\\d\\d-\\d\\d-\\d\\d$', description: 'a day, UTC, such as 2026-03-01' },
    duration: { type: 'string', pattern: '^[1-9]\\d{0,8}[dhm]$', description: 'such as 30m, 4h or 3d' },
    rate: { type: 'string', pattern: '^[1-9]\\d{0,9}/(hour|day|week|month)$', description: 'such as 50/day' },
    dataClass: oneOf(dataClasses),
    data: { anyOf: [{ const: 'all', description: 'every class' }, ref('dataClass'), listOf(ref('dataClass'))] },
    purpose: oneOf(purposes),
    grade: oneOf(evidenceGrades),
    court: oneOf(courtClasses),
    query: oneOf(queryKinds),
    affiliation: oneOf(affiliationKinds),
  };
}

function parts(): Schema {
  const evidence = { warrant: ref('grade'), court: oneOrMore('court'), caseNumber: ref('grade'), query: oneOrMore('query') };
  return {
    requester: { ...object([], Object.fromEntries(Object.entries(attributeWords).map(([name, words]) => [name, attribute(name, words)]))), minProperties: 1 },
    evidence: { ...object([], evidence), minProperties: 1 },
    condition: { ...object([], { to: ref('requester'), for: oneOrMore('purpose'), ...evidence }), minProperties: 1 },
    conditions: { anyOf: [ref('condition'), listOf(ref('condition'), caps.conditions)], description: 'a list means any of these' },
    review: object(['by', 'within', 'onTimeout'], { by: { type: 'string', minLength: 1, maxLength: caps.deskLength }, within: ref('duration'), onTimeout: { enum: ['deny', 'release'] } }),
    afterwards: { ...object(['by', 'within'], { by: { type: 'string', minLength: 1, maxLength: caps.deskLength }, within: ref('duration') }), description: 'given at once in an emergency, to a named officer, and looked at afterwards' },
    treat: object([], Object.fromEntries(Object.entries(treatmentsOf).map(([name, fitting]) => [name, { oneOf: fitting.map((one) => ({ const: one, description: treatments[one].plain })) }]))),
  };
}

function kinds(): Schema {
  const item = { id: ref('id'), title: ref('text'), cites: ref('texts'), effective: ref('day'), expires: ref('day') };
  const body = { data: ref('data'), to: ref('requester'), for: oneOrMore('purpose'), when: ref('evidence'), unless: ref('conditions') };
  const claim = object(['to', 'data', 'by'], { to: ref('requester'), data: ref('data'), for: oneOrMore('purpose'), without: ref('conditions'), by: { enum: ['direct', 'anyPath'] },
    form: { enum: ['any', 'full'], description: 'what counts as obtaining: any form, or only the whole' },
    review: { enum: ['counts', 'suffices'], description: 'whether what a person may release counts as obtainable, or a decision of a person is condition enough' },
    world: { enum: proofWorlds }, domain: { enum: proofDomains } });
  return {
    rule: {
      ...object(['id'], {
        ...item,
        release: object(['data'], { ...body, treat: ref('treat'), afterwards: ref('afterwards') }),
        hold: object(['data', 'review'], { ...body, review: ref('review') }),
        deny: object(['data'], body),
      }),
      oneOf: [{ required: ['release'] }, { required: ['hold'] }, { required: ['deny'] }],
    },
    onward: object(['id', 'data', 'via', 'allow'], {
      ...item, data: ref('data'), via: oneOrMore('affiliation'), allow: { anyOf: [{ enum: ['never', 'always'] }, object(['when'], { when: ref('condition') })] },
    }),
    limit: object(['id', 'data', 'per', 'max', 'beyond'], {
      ...item, data: ref('data'), to: ref('requester'), per: { enum: ['agency', 'owner'] }, max: ref('rate'), beyond: { enum: ['hold', 'deny'] }, review: ref('review'),
    }),
    notify: object(['id', 'who', 'within'], {
      ...item, data: ref('data'), when: ref('condition'), unless: ref('conditions'), who: { enum: ['subject', 'owner'] }, within: ref('duration'),
    }),
    claim: { ...object(['id'], { ...item, never: claim, only: claim }), oneOf: [{ required: ['never'] }, { required: ['only'] }] },
  };
}

function attribute(name: string, words: readonly string[]): Schema {
  const known = name === 'homeState' ? [...allJurisdictions, ...words] : words;
  const word = { enum: known, ...(name === 'homeState' ? { description: `one of the ${Object.keys(jurisdictions).length} jurisdictions` } : {}) };
  return { anyOf: [word, listOf(word)] };
}

function oneOf(words: Words<string>): Schema {
  return { oneOf: Object.entries(words).map(([name, { plain }]) => ({ const: name, description: plain })) };
}

function oneOrMore(name: string): Schema {
  return { anyOf: [ref(name), listOf(ref(name))] };
}

function listOf(item: Schema, maxItems?: number): Schema {
  return { type: 'array', items: item, minItems: 1, ...(maxItems === undefined ? {} : { maxItems }) };
}

function items(name: string): Schema {
  return { type: 'array', items: ref(name), maxItems: caps.items };
}

function object(required: readonly string[], properties: Schema): Schema {
  return { type: 'object', additionalProperties: false, ...(required.length > 0 ? { required } : {}), properties };
}

function ref(name: string): Schema {
  return { $ref: `#/$defs/${name}` };
}
