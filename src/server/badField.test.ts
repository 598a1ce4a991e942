import { Ajv } from 'ajv';
import type { FastifySchemaValidationError } from 'fastify';
import { Type, type TSchema } from 'typebox';
import { describe, expect, it } from 'vitest';

import { badFieldOf } from './badField.ts';

const closed = { additionalProperties: false };
const schema = Type.Object({
  decision: Type.Enum(['release', 'refuse']),
  note: Type.Optional(Type.Union([Type.String({ maxLength: 5 }), Type.Null()])),
  classes: Type.Optional(Type.Array(Type.Object({ items: Type.Optional(Type.Object({ properties: Type.Integer() }, closed)), dataClass: Type.String() }, closed), { maxItems: 3 })),
  papers: Type.Optional(Type.Record(Type.String({ pattern: '^[0-9a-z]{1,20}$' }), Type.Object({ pages: Type.Integer() }), closed)),
  more: Type.Optional(Type.Object({}, { additionalProperties: Type.Array(Type.Integer()) })),
}, closed);

function fieldOf(body: unknown, form: TSchema = schema): string | null {
  const check = new Ajv().compile(form);
  check(body);
  return badFieldOf((check.errors ?? undefined) as FastifySchemaValidationError[] | undefined);
}

describe('the field of a body that does not fit', () => {
  it.each<[unknown, string | null]>([
    [{ decision: 'refuse' }, null],
    [{ verdict: 'refuse' }, '/decision: required'],
    [{ decision: 'refuse', planted: 1 }, 'the whole body: additionalProperties'],
    ['planted', 'the whole body: type'],
    [null, 'the whole body: type'],
    [{ decision: 'planted' }, '/decision: enum'],
    [{ decision: 'refuse', note: 'planted' }, '/note: anyOf'],
    [{ decision: 'refuse', classes: [{ dataClass: 'photo' }, { planted: 'x' }] }, '/classes/1/dataClass: required'],
    [{ decision: 'refuse', classes: [{ dataClass: 'photo' }, { dataClass: 'photo' }, { dataClass: 7 }] }, '/classes/2/dataClass: type'],
    [{ decision: 'refuse', classes: [{ dataClass: 'photo', items: { properties: 'planted' } }] }, '/classes/0/items/properties: type'],
    [{ decision: 'refuse', classes: [1, 2, 3, 4] }, '/classes: maxItems'],
    [{ decision: 'refuse', papers: { planted: { pages: 'x' } } }, '/papers/*/pages: type'],
    [{ decision: 'refuse', papers: { 5550199: {} } }, '/papers/*/pages: required'],
    [{ decision: 'refuse', papers: { 'PLANTED/~1': {} } }, '/papers: additionalProperties'],
    [{ decision: 'refuse', more: { planted: ['x'] } }, '/more/*/0: type'],
  ])('of %j is %s', (body, field) => {
    expect(fieldOf(body)).toBe(field);
  });

  it('is none where the checker says nothing', () => {
    expect([badFieldOf(undefined), badFieldOf([])]).toEqual([null, null]);
  });
});
