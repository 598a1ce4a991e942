import { ScimError } from './errors.ts';
import { common, findAttribute, type Attribute, type ResourceKind } from './schema.ts';

/** A value of a resource: JSON, as far as the tables of attributes allow. */
export type Value = string | boolean | readonly Value[] | { readonly [name: string]: Value };
/** A resource as it is kept: the names as the tables write them, extensions under their URN, nothing unknown. */
export type Resource = Record<string, Value>;

const longest = 1_000;
const mostValues = 5_000;

/**
 * Reads the body of a POST or PUT. Names are taken in any case, what the tables do not know is left out, and what only the exchange sets is left out too. The directory controls every value.
 * Throws `invalidSyntax`, `invalidValue`.
 */
export function readResource(kind: ResourceKind, body: unknown): Resource {
  if (!isObject(body)) throw new ScimError(400, 'invalidSyntax', 'The body is not a JSON object.');
  const named = body['schemas'] ?? body['Schemas'];
  if (!Array.isArray(named) || !named.some((one) => typeof one === 'string' && one.toLowerCase() === kind.core.id.toLowerCase())) {
    throw new ScimError(400, 'invalidSyntax', `The list \`schemas\` must have ${kind.core.id}.`);
  }
  const resource: Resource = {};
  for (const [name, value] of Object.entries(body)) {
    const extension = kind.extensions.find(({ id }) => id.toLowerCase() === name.toLowerCase());
    const attribute = extension === undefined ? findAttribute(kind.core.attributes, name) : null;
    const read = extension !== undefined ? readComplex(extension.attributes, value, extension.id) : attribute === null || attribute.mutability === 'readOnly' ? null : readValue(attribute, value);
    if (read !== null) resource[extension?.id ?? attribute?.name ?? ''] = read;
  }
  return complete(kind, resource);
}

/** Holds a resource against what is required of it. */
export function complete(kind: ResourceKind, resource: Resource): Resource {
  for (const { name, required } of kind.core.attributes) {
    if (required && (typeof resource[name] !== 'string' || resource[name].trim() === '')) throw new ScimError(400, 'invalidValue', `\`${name}\` is required.`);
  }
  return resource;
}

/** One value by its attribute; null where there is none. */
export function readValue(attribute: Attribute, value: unknown): Value | null {
  if (value === null || value === undefined) return null;
  if (!attribute.multiValued) return readOne(attribute, value);
  const values = (Array.isArray(value) ? value : [value]).flatMap((one) => {
    const read = readOne(attribute, one);
    return read === null ? [] : [read];
  });
  if (values.length > mostValues) throw new ScimError(400, 'tooMany', `\`${attribute.name}\` has more than ${mostValues} values.`);
  return values.length === 0 ? null : values;
}

function readOne(attribute: Attribute, value: unknown): Value | null {
  if (value === null || value === undefined || value === '') return null;
  switch (attribute.type) {
    case 'complex':
      // A bare text in a list of complex values is their `value`: some directories send members so.
      return readComplex(attribute.subAttributes ?? [], typeof value === 'string' && attribute.multiValued ? { value } : value, attribute.name);
    case 'boolean': {
      // Some directories write booleans as texts, with a capital.
      const word = typeof value === 'string' ? value.toLowerCase() : value;
      if (word === true || word === 'true') return true;
      if (word === false || word === 'false') return false;
      throw new ScimError(400, 'invalidValue', `\`${attribute.name}\` is true or false.`);
    }
    case 'string':
    case 'reference':
      if (typeof value === 'number' && Number.isFinite(value)) return String(value);
      if (typeof value !== 'string' || value.length > longest || /\p{Cc}/u.test(value)) throw new ScimError(400, 'invalidValue', `\`${attribute.name}\` is a text of at most ${longest} characters, in one line.`);
      return value;
  }
}

function readComplex(attributes: readonly Attribute[], value: unknown, name: string): Resource | null {
  if (value === null || value === undefined) return null;
  if (!isObject(value)) throw new ScimError(400, 'invalidValue', `\`${name}\` is an object.`);
  const read: Resource = {};
  for (const [key, one] of Object.entries(value)) {
    const attribute = findAttribute(attributes, key);
    const part = attribute === null || attribute.mutability === 'readOnly' ? null : readValue(attribute, one);
    if (attribute !== null && part !== null) read[attribute.name] = part;
  }
  return Object.keys(read).length === 0 ? null : read;
}

/** A part of a resource for an answer: `attributes` and `excludedAttributes` of RFC 7644 section 3.4.2.5, by whole attributes. */
export function project(resource: Readonly<Record<string, unknown>>, attributes: string | null, excluded: string | null): Readonly<Record<string, unknown>> {
  if (attributes === null && excluded === null) return resource;
  const always = new Set(common.filter(({ returned }) => returned === 'always').map(({ name }) => name));
  const names = (attributes ?? excluded ?? '').split(',').map((name) => topOf(name.trim(), Object.keys(resource)));
  return Object.fromEntries(Object.entries(resource).filter(([name]) => always.has(name) || names.includes(name.toLowerCase()) === (attributes !== null)));
}

function topOf(name: string, keys: readonly string[]): string {
  const lower = name.toLowerCase();
  const urn = keys.map((key) => key.toLowerCase()).find((key) => key.startsWith('urn:') && (lower === key || lower.startsWith(`${key}:`)));
  return urn ?? lower.replace(/^urn:ietf:params:scim:schemas:core:2\.0:(user|group):/, '').split('.')[0] ?? lower;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
