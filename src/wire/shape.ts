import { reject } from './reject.ts';
import { escape } from './xmlText.ts';
import { Children, type XmlTree } from './xmlTree.ts';

/**
 * A value and its XML content, both ways from one description: what is written here is read back the same.
 * Text is not trimmed: an answer is read as it was written.
 */
export interface Shape<T> {
  write(value: T): string;
  read(tree: XmlTree, at: string): T;
}

/** A member of an object: how it stands among the children of the element. */
export interface Part<T> {
  write(value: T): string;
  read(children: Children): T;
}

export const text: Shape<string> = {
  write: escape,
  read(tree, at) {
    if (tree.children.length > 0) reject('malformed', 'elements stand where text belongs', at);
    return tree.text;
  },
};

/** A text with a form of its own. `parse` gives null for what is not of that form. */
export function textOf<T>(print: (value: T) => string, parse: (text: string) => T | null): Shape<T> {
  return {
    write: (value) => escape(print(value)),
    read: (tree, at) => parse(text.read(tree, at)) ?? reject('badValue', 'this value is not of the right form', at),
  };
}

export const number: Shape<number> = textOf(String, (digits) => (/^-?\d{1,16}(?:\.\d{1,16})?$/.test(digits) ? Number(digits) : null));

export const bool: Shape<boolean> = {
  write: String,
  read(tree, at) {
    const word = text.read(tree, at);
    if (word !== 'true' && word !== 'false') reject('badValue', 'this is neither true nor false', at);
    return word === 'true';
  },
};

export function word<T extends string>(words: readonly T[]): Shape<T> {
  return textOf<T>((value) => value, (given) => words.find((one) => one === given) ?? null);
}

type Parts<T> = { readonly [K in keyof T]-?: Part<T[K]> };

/** An element with one part for each member, in the order in which they are written down. */
export function object<T extends object>(parts: Parts<T>): Shape<T> {
  const names = Object.keys(parts) as (keyof T)[];
  return {
    write: (value) => names.map((name) => parts[name].write(value[name])).join(''),
    read(tree, at) {
      const children = new Children(tree, at);
      const value: Partial<T> = {};
      for (const name of names) {
        const member = parts[name].read(children);
        if (member !== undefined) value[name] = member;
      }
      children.done();
      return value as T; // every part that must be there has rejected if it is not
    },
  };
}

/** A child that has to be there. */
export function one<T>(name: string, shape: Shape<T>): Part<T> {
  return {
    write: (value) => `<${name}>${shape.write(value)}</${name}>`,
    read(children) {
      const at = children.at(name);
      return shape.read(children.maybe(name) ?? reject('fieldMissing', 'an element is missing', at), at);
    },
  };
}

/** A child of an optional member. */
export function maybe<T>(name: string, shape: Shape<T>): Part<T | undefined> {
  const part = one(name, shape);
  return {
    write: (value) => (value === undefined ? '' : part.write(value)),
    read(children) {
      const child = children.maybe(name);
      return child === null ? undefined : shape.read(child, children.at(name));
    },
  };
}

/** A child of a member that can be null. */
export function nullable<T>(name: string, shape: Shape<T>): Part<T | null> {
  const part = maybe(name, shape);
  return { write: (value) => part.write(value ?? undefined), read: (children) => part.read(children) ?? null };
}

/** A child for each item. */
export function many<T>(name: string, shape: Shape<T>): Part<readonly T[]> {
  const part = one(name, shape);
  return {
    write: (values) => values.map((value) => part.write(value)).join(''),
    read: (children) => children.many(name).map((child) => shape.read(child, children.at(name))),
  };
}

/** A list as an element of its own, so that an empty list differs from none. */
export function list<T>(name: string, shape: Shape<T>): Shape<readonly T[]> {
  const part = many(name, shape);
  return {
    write: (values) => part.write(values),
    read(tree, at) {
      const children = new Children(tree, at);
      const values = part.read(children);
      children.done();
      return values;
    },
  };
}
