import type { FastifySchemaValidationError } from 'fastify';

/** Words of a schema behind which is one element of what was sent, whatever its name. */
const elements = new Set(['items', 'prefixItems', 'additionalItems', 'additionalProperties', 'patternProperties']);

/**
 * Which field of a body does not fit its schema: a JSON pointer and the keyword that refused it, such as `/decision: required`. Every name in it is one of the
 * schema. What the sender named themselves is `*`, and no value that was sent is in it. Null where the checker told no fault.
 */
export function badFieldOf(faults: readonly FastifySchemaValidationError[] | undefined): string | null {
  // The last is the outermost: those before it are of the branches of an `anyOf` of which none did fit.
  const fault = faults?.at(-1);
  if (fault === undefined) return null;
  const missing = fault.keyword === 'required' ? fault.params['missingProperty'] : undefined;
  const path = [...wayTo(fault), ...(typeof missing === 'string' ? [missing] : [])];
  return `${path.length === 0 ? 'the whole body' : `/${path.join('/')}`}: ${fault.keyword}`;
}

/** The way to a field, read from the schema and not from what was sent; only the number of an element of a list is taken from there. */
function wayTo({ schemaPath, instancePath }: FastifySchemaValidationError): readonly string[] {
  const words = schemaPath.split('/').slice(1, -1);
  const sent = instancePath.split('/').slice(1);
  const way: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word === 'properties') way.push(words[at += 1] ?? '');
    else if (elements.has(word)) way.push(word === 'items' && /^\d{1,5}$/.test(sent[way.length] ?? '') ? sent[way.length] ?? '' : '*');
  }
  return way;
}
