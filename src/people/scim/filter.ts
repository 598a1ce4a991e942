import { parse, type Filter } from 'scim2-parse-filter';

import { ScimError } from './errors.ts';
import { isObject } from './resource.ts';
import { common, findAttribute, type Attribute, type ResourceKind } from './schema.ts';

/** Whether a resource is one that a filter asks for. */
export type Test = (resource: Readonly<Record<string, unknown>>) => boolean;

const longest = 1_000;

/** Reads a filter (RFC 7644 section 3.4.2.2). The directory controls the text. Throws `invalidFilter`. */
export function readFilter(text: string): Filter {
  // The tokenizer takes exponential time for line breaks in an open quotation; no filter needs a control character.
  if (text.length > longest || /\p{Cc}/u.test(text)) throw new ScimError(400, 'invalidFilter', `A filter has at most ${longest} characters, in one line.`);
  try {
    return parse(text);
  } catch (error) {
    throw new ScimError(400, 'invalidFilter', 'The filter could not be read. Such as: userName eq "jdoe" and active eq true', { cause: error });
  }
}

/** The filter as a test of resources of a kind. Throws `invalidFilter` for an attribute that resources of the kind do not have. */
export function testOf(kind: ResourceKind, filter: Filter): Test {
  return build(filter, (path) => resolve(kind, path));
}

/** The filter in a value path, as in `emails[type eq "work"]`, as a test of one value. */
export function testOfValue(attribute: Attribute, filter: Filter): Test {
  return build(filter, (path) => {
    const found = findAttribute(attribute.subAttributes ?? [], path);
    if (found === null) throw new ScimError(400, 'invalidFilter', 'The filter names an attribute that there is not.');
    return { attribute: found, of: (value) => spread(value[found.name]) };
  });
}

/** Where the whole filter is one `eq` of a text, its attribute and value: what directories ask before everything else, and an index answers. */
export function soleEquality(filter: Filter): { readonly path: string; readonly value: string } | null {
  return filter.op === 'eq' && 'compValue' in filter && typeof filter.compValue === 'string' ? { path: filter.attrPath.toLowerCase(), value: filter.compValue } : null;
}

interface Place {
  readonly attribute: Attribute;
  readonly of: (resource: Readonly<Record<string, unknown>>) => readonly unknown[];
}

function build(filter: Filter, placeOf: (path: string) => Place): Test {
  switch (filter.op) {
    case 'and':
    case 'or': {
      const tests = filter.filters.map((one) => build(one, placeOf));
      return filter.op === 'and' ? (resource) => tests.every((test) => test(resource)) : (resource) => tests.some((test) => test(resource));
    }
    case 'not': {
      const test = build(filter.filter, placeOf);
      return (resource) => !test(resource);
    }
    case '[]': {
      const { attribute, of } = placeOf(filter.attrPath);
      const test = testOfValue(attribute, filter.valFilter);
      return (resource) => of(resource).some((value) => isObject(value) && test(value));
    }
    case 'pr': {
      const { of } = placeOf(filter.attrPath);
      return (resource) => of(resource).some((value) => value !== '' && value !== undefined && value !== null);
    }
    default: {
      const { op, attrPath, compValue } = filter;
      const place = simple(placeOf(attrPath));
      if (op === 'ne') return (resource) => !place.of(resource).some((value) => holds('eq', value, compValue, place.attribute.caseExact));
      return (resource) => place.of(resource).some((value) => holds(op, value, compValue, place.attribute.caseExact));
    }
  }
}

/** A list of complex values, compared without a part of theirs, is compared by `value`. */
function simple({ attribute, of }: Place): Place {
  const value = attribute.type === 'complex' ? findAttribute(attribute.subAttributes ?? [], 'value') : null;
  return value === null ? { attribute, of } : { attribute: value, of: (resource) => of(resource).map((one) => (isObject(one) ? one['value'] : one)) };
}

function holds(op: 'eq' | 'co' | 'sw' | 'ew' | 'gt' | 'ge' | 'lt' | 'le', value: unknown, wanted: boolean | null | number | string, caseExact: boolean): boolean {
  if (typeof value === 'boolean' || typeof wanted === 'boolean') return op === 'eq' && value === (typeof wanted === 'string' ? wanted.toLowerCase() === 'true' : wanted);
  if (typeof value !== 'string' || wanted === null) return op === 'eq' && wanted === null && (value === undefined || value === null);
  const one = caseExact ? value : value.toLowerCase();
  const other = caseExact ? String(wanted) : String(wanted).toLowerCase();
  switch (op) {
    case 'eq': return one === other;
    case 'co': return one.includes(other);
    case 'sw': return one.startsWith(other);
    case 'ew': return one.endsWith(other);
    case 'gt': return one > other;
    case 'ge': return one >= other;
    case 'lt': return one < other;
    case 'le': return one <= other;
  }
}

/** The attribute that a path names, and its values in a resource: `userName`, `name.familyName`, `urn:…:User:employeeNumber`. */
function resolve(kind: ResourceKind, path: string): Place {
  const unknown = (): ScimError => new ScimError(400, 'invalidFilter', 'The filter names an attribute that there is not.');
  const lower = path.toLowerCase();
  const schema = [kind.core, ...kind.extensions].find(({ id }) => lower.startsWith(`${id.toLowerCase()}:`));
  const [name = '', sub, ...rest] = (schema === undefined ? path : path.slice(schema.id.length + 1)).split('.');
  const attributes = schema === undefined ? [...common, ...kind.core.attributes] : schema.attributes;
  const attribute = findAttribute(attributes, name);
  if (attribute === null || rest.length > 0) throw unknown();
  const extension = schema !== undefined && schema !== kind.core ? schema.id : null;
  const at = (resource: Readonly<Record<string, unknown>>): readonly unknown[] => {
    const holder = extension === null ? resource : resource[extension];
    return isObject(holder) ? spread(holder[attribute.name]) : [];
  };
  if (sub === undefined) return { attribute, of: at };
  const part = findAttribute(attribute.subAttributes ?? [], sub);
  if (part === null) throw unknown();
  return { attribute: part, of: (resource) => at(resource).flatMap((value) => (isObject(value) ? spread(value[part.name]) : [])) };
}

function spread(value: unknown): readonly unknown[] {
  return value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
}
