import { createHash } from 'node:crypto';
import type { PolicyDocument } from './document.ts';
import { toSource, type Source } from './print.ts';

/** SHA-256 of the canonical JSON, hexadecimal: the name of this document wherever it decides. Comments and layout do not change it. */
export function hashPolicy(document: PolicyDocument): string {
  return createHash('sha256').update(canonicalPolicy(document), 'utf8').digest('hex');
}

/** The document as JSON by RFC 8785: keys in the order of their UTF-16 code units, no white space. It is itself a valid policy text. */
export function canonicalPolicy(document: PolicyDocument): string {
  return canonical(toSource(document));
}

function canonical(value: Source): string {
  if (typeof value === 'string' || typeof value === 'number') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonical).join(',')}]`;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(',')}}`;
}

function isList(value: Source): value is readonly Source[] {
  return Array.isArray(value);
}
