import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { Compile } from 'typebox/compile';
import { describe, expect, it } from 'vitest';
import { anyInquiry, anyTexts, answersWith, directoryAnswersWith, directoryInquiries, faultsWith } from './cases.ts';
import {
  answerSchema, decode, directoryAnswerSchema, directoryInquirySchema, encodeAnswer, encodeDirectory, encodeFault, encodeInquiry, inquirySchema, problemSchema,
} from './index.ts';

const inquiry = Compile(inquirySchema);
const directory = Compile(directoryInquirySchema);
const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

/** What a schema cannot say: which fields go together, days of the calendar, settings. */
const beyondSchema = new Set(['badCombination', 'badBirthDate', 'badDestination', 'badValue', 'badYear', 'tooLarge']);

const odd = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, 0, -1.5, '', 'x', 'Q1', 'DQ', 'KQ', 'TQ', 'f', 'F', 'zz', 'ZY', 'NL', 'R1', '2026', 'NX', '1984-02-30', 'a\u0000', 'ſ', ' a', 'a ', '*', 'photo', 'x'.repeat(70), [], {}, ['ZY'], ['photo', 'photo'], [['ZY']], { kind: 'name' }),
  fc.string({ maxLength: 12 }),
);

/** One change somewhere in a JSON value: a member replaced, taken away or added. */
function changed(value: unknown, path: number, how: 'replace' | 'remove' | 'add', by: unknown): unknown {
  const copy: unknown = structuredClone(value);
  const places: { readonly holder: Record<string, unknown>; readonly name: string }[] = [];
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const holder = node as Record<string, unknown>;
    for (const name of Object.keys(holder)) {
      places.push({ holder, name });
      walk(holder[name]);
    }
  };
  walk(copy);
  const place = places[path % places.length];
  if (place === undefined) return copy;
  if (how === 'replace') place.holder[place.name] = by;
  else if (how === 'add') place.holder.extra = by;
  else if (Array.isArray(place.holder)) place.holder.splice(Number(place.name), 1);
  else Reflect.deleteProperty(place.holder, place.name);
  return copy;
}

const change = fc.tuple(fc.nat(), fc.constantFrom('replace' as const, 'remove' as const, 'add' as const), odd);

describe('the schema of an inquiry', () => {
  it('takes what the reader takes, and refuses what the reader refuses but for what no schema can say', () => {
    let disagreed = 0;
    let refused = 0;
    fc.assert(fc.property(fc.oneof(anyInquiry({ complete: false, extended: true }), directoryInquiries), fc.array(change, { maxLength: 2 }), (valid, changes) => {
      let value: unknown = JSON.parse(encodeInquiry('json', valid));
      for (const [path, how, by] of changes) value = changed(value, path, how, by);
      const read = decode('json', bytes(value));
      const fits = inquiry.Check(value) || directory.Check(value);
      if (read.ok) expect(fits, JSON.stringify(value)).toBe(true);
      else if (fits) {
        disagreed += 1;
        expect(beyondSchema, `${read.fault.code} ${read.fault.at ?? ''} ${JSON.stringify(value)}`).toContain(read.fault.code);
      } else refused += 1;
    }), { numRuns: 5000 });
    // Otherwise the changes would be too tame to show anything.
    expect(refused).toBeGreaterThan(500);
    expect(disagreed).toBeGreaterThan(0);
  });
});

describe('the schemas of answers', () => {
  it('fit what is written', () => {
    const [answer, entries, problem] = [Compile(answerSchema), Compile(directoryAnswerSchema), Compile(problemSchema)];
    fc.assert(fc.property(answersWith(anyTexts), directoryAnswersWith(anyTexts), faultsWith(anyTexts, 'json'), (a, d, f) => {
      expect(answer.Errors(JSON.parse(encodeAnswer('json', a)))).toEqual([]);
      expect(entries.Errors(JSON.parse(encodeDirectory('json', d)))).toEqual([]);
      expect(problem.Errors(JSON.parse(encodeFault('json', f)))).toEqual([]);
    }), { numRuns: 50 });
  });
});

describe('every schema', () => {
  it('is JSON Schema 2020-12, as OpenAPI 3.1 has it', () => {
    const ajv = new Ajv2020({ strict: false });
    for (const schema of [inquirySchema, directoryInquirySchema, answerSchema, directoryAnswerSchema, problemSchema]) {
      expect(() => ajv.compile(JSON.parse(JSON.stringify(schema)) as object)).not.toThrow();
    }
  });
});
