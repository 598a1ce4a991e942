import type { Filter } from 'scim2-parse-filter';

import { ScimError } from './errors.ts';
import { readFilter, testOfValue } from './filter.ts';
import { complete, isObject, readValue, type Resource, type Value } from './resource.ts';
import { common, findAttribute, type Attribute, type ResourceKind } from './schema.ts';

const mostOperations = 1_000;
type Op = 'add' | 'replace' | 'remove';

/**
 * The resource after a PATCH (RFC 7644 section 3.5.2), all operations or none. Takes the dialects of large directories too: names of operations with a capital, booleans as texts,
 * values without a path whose names are paths, and members to be removed that stand in the value. Throws `invalidSyntax`, `invalidPath`, `invalidValue`, `noTarget`, `mutability`.
 */
export function patched(kind: ResourceKind, resource: Resource, body: unknown): Resource {
  const operations = isObject(body) ? body['Operations'] ?? body['operations'] : undefined;
  if (!Array.isArray(operations) || operations.length === 0) throw new ScimError(400, 'invalidSyntax', 'The body has no list `Operations`.');
  if (operations.length > mostOperations) throw new ScimError(400, 'tooMany', `A request has at most ${mostOperations} operations.`);
  const result = structuredClone(resource);
  for (const operation of operations) applyOne(kind, result, operation);
  return complete(kind, result);
}

function applyOne(kind: ResourceKind, resource: Resource, operation: unknown): void {
  if (!isObject(operation)) throw new ScimError(400, 'invalidSyntax', 'An operation is an object.');
  const op = String(operation['op']).toLowerCase();
  if (op !== 'add' && op !== 'replace' && op !== 'remove') throw new ScimError(400, 'invalidSyntax', 'The operation is none of add, replace, remove.');
  const { path, value } = operation;
  if (path === undefined || path === null || path === '') {
    if (op === 'remove') throw new ScimError(400, 'noTarget', 'What is to be removed is not named.');
    if (!isObject(value)) throw new ScimError(400, 'invalidValue', 'Without a path, the value is an object.');
    for (const [name, one] of Object.entries(value)) {
      // A whole resource may be sent: what the exchange sets itself is left as it is.
      if (findAttribute(common, name) === null) applyAt(kind, resource, op, name, one, true);
    }
    return;
  }
  if (typeof path !== 'string') throw new ScimError(400, 'invalidPath', 'The path is not a text.');
  applyAt(kind, resource, op, path, value, false);
}

/** What a path leads to. `attribute` is null for a whole extension. */
interface Target {
  readonly extension: string | null;
  readonly attribute: Attribute | null;
  readonly filter: Filter | null;
  readonly sub: Attribute | null;
}

function applyAt(kind: ResourceKind, resource: Resource, op: Op, path: string, value: unknown, lenient: boolean): void {
  const target = readPath(kind, path);
  if (target === null) {
    // An attribute that is not kept here: ignored in a whole resource, refused where it was named.
    if (lenient) return;
    throw new ScimError(400, 'invalidPath', 'The path names no attribute that is kept here.');
  }
  const { extension, attribute, filter, sub } = target;
  if (attribute?.mutability === 'readOnly' || sub?.mutability === 'readOnly') {
    if (lenient) return;
    throw new ScimError(400, 'mutability', 'This attribute is set by the exchange.');
  }
  if (attribute === null) {
    applyExtension(kind, resource, op, extension ?? '', value);
    return;
  }
  const holder = holderOf(resource, extension);
  if (attribute.multiValued) applyToList(holder, op, attribute, filter, sub, value);
  else applyToOne(holder, op, attribute, sub, value);
  if (extension !== null && Object.keys(holder).length === 0) Reflect.deleteProperty(resource, extension);
}

function applyExtension(kind: ResourceKind, resource: Resource, op: Op, urn: string, value: unknown): void {
  if (op === 'remove' || value === null) {
    Reflect.deleteProperty(resource, urn);
    return;
  }
  if (!isObject(value)) throw new ScimError(400, 'invalidValue', 'An extension is an object.');
  for (const [name, one] of Object.entries(value)) applyAt(kind, resource, op, `${urn}:${name}`, one, true);
}

function applyToOne(holder: Resource, op: Op, attribute: Attribute, sub: Attribute | null, value: unknown): void {
  const there = holder[attribute.name];
  if (sub !== null) {
    const parts: Resource = isObject(there) ? { ...there } : {};
    setOrDrop(parts, sub, op === 'remove' ? null : readValue(sub, value));
    setOrDrop(holder, attribute, Object.keys(parts).length === 0 ? null : parts);
    return;
  }
  const read = op === 'remove' ? null : readValue(attribute, value);
  // Parts of a name that are not sent stay as they are.
  setOrDrop(holder, attribute, isObject(read) && isObject(there) ? { ...there, ...read } : read);
}

function applyToList(holder: Resource, op: Op, attribute: Attribute, filter: Filter | null, sub: Attribute | null, value: unknown): void {
  const held = holder[attribute.name];
  const there: readonly Value[] = Array.isArray(held) ? held as readonly Value[] : [];
  const values = filter === null && sub === null ? listAfter(there, op, (readValue(attribute, value) ?? []) as readonly Value[]) : chosenAfter(there, op, attribute, filter, sub, value);
  setOrDrop(holder, attribute, values.length === 0 ? null : values);
}

/** The whole list is meant. */
function listAfter(there: readonly Value[], op: Op, read: readonly Value[]): readonly Value[] {
  if (op === 'replace') return unique(read);
  if (op === 'add') return unique([...there, ...read]);
  return read.length === 0 ? [] : there.filter((one) => !read.some((other) => keyOf(one) === keyOf(other)));
}

/** Some values of the list are meant, or a part of each. */
function chosenAfter(there: readonly Value[], op: Op, attribute: Attribute, filter: Filter | null, sub: Attribute | null, value: unknown): readonly Value[] {
  const test = filter === null ? (): boolean => true : testOfValue(attribute, filter);
  const isChosen = (one: Value): one is Resource => isObject(one) && test(one);
  if (!there.some(isChosen)) {
    if (op === 'remove') return there;
    const made = op === 'add' && filter !== null ? madeBy(attribute, filter) : null;
    if (made === null) throw new ScimError(400, 'noTarget', 'No value is one that the path names.');
    return [...there, changed(made, attribute, sub, value, op)];
  }
  if (op === 'remove' && sub === null) return there.filter((one) => !isChosen(one));
  return there.map((one) => (isChosen(one) ? changed(one, attribute, sub, value, op) : one));
}

function changed(one: Resource, attribute: Attribute, sub: Attribute | null, value: unknown, op: Op): Resource {
  const result: Resource = { ...one };
  if (sub !== null) setOrDrop(result, sub, op === 'remove' ? null : readValue(sub, value));
  else {
    const [read] = (readValue(attribute, value) ?? []) as readonly Value[];
    if (isObject(read)) Object.assign(result, read);
  }
  return result;
}

/** The value that `emails[type eq "work"]` speaks of where there is none yet. */
function madeBy(attribute: Attribute, filter: Filter): Resource | null {
  if (filter.op !== 'eq' || !('compValue' in filter) || typeof filter.compValue !== 'string') return null;
  const part = findAttribute(attribute.subAttributes ?? [], filter.attrPath);
  return part === null ? null : { [part.name]: filter.compValue };
}

function setOrDrop(holder: Resource, { name }: Attribute, value: Value | null): void {
  if (value === null) Reflect.deleteProperty(holder, name);
  else holder[name] = value;
}

function holderOf(resource: Resource, extension: string | null): Resource {
  if (extension === null) return resource;
  const held = resource[extension];
  const holder: Resource = isObject(held) ? { ...held } : {};
  resource[extension] = holder;
  return holder;
}

/** Values of a list are the same where their `value` is; texts where they are equal. */
function keyOf(value: Value): string {
  return isObject(value) ? JSON.stringify([value['value'], value['type']]) : JSON.stringify(value);
}

function unique(values: readonly Value[]): readonly Value[] {
  return [...new Map(values.map((one) => [keyOf(one), one])).values()];
}

/** Reads a path; null where it names no attribute of the kind. Throws `invalidPath` for what is no path. */
function readPath(kind: ResourceKind, path: string): Target | null {
  const lower = path.toLowerCase();
  const schema = [kind.core, ...kind.extensions].find(({ id }) => lower === id.toLowerCase() || lower.startsWith(`${id.toLowerCase()}:`));
  const extension = schema !== undefined && schema !== kind.core ? schema.id : null;
  if (schema !== undefined && lower === schema.id.toLowerCase()) return extension === null ? null : { extension, attribute: null, filter: null, sub: null };
  const rest = schema === undefined ? path : path.slice(schema.id.length + 1);
  const parts = /^(\$?[A-Za-z][\w-]*)(?:\[(.{1,500})\])?(?:\.(\$?[A-Za-z][\w-]*))?$/.exec(rest);
  if (parts === null) {
    // The URN of an extension that is not known here, as a directory with its own sends it.
    if (lower.startsWith('urn:')) return null;
    throw new ScimError(400, 'invalidPath', 'The path could not be read.');
  }
  const [, name = '', condition, part] = parts;
  const attribute = findAttribute(schema === undefined ? [...common, ...kind.core.attributes] : schema.attributes, name);
  if (attribute === null) return null;
  const sub = part === undefined ? null : findAttribute(attribute.subAttributes ?? [], part);
  if (part !== undefined && sub === null) return null;
  if (condition !== undefined && !(attribute.multiValued && attribute.type === 'complex')) throw new ScimError(400, 'invalidPath', 'Only a list of values can be filtered.');
  return { extension, attribute, filter: condition === undefined ? null : readFilter(condition), sub };
}
