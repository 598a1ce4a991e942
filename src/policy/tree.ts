import { CST, isAlias, isMap, isScalar, isSeq, Lexer, parseDocument, type Node } from 'yaml';
import { caps } from './document.ts';
import { quote, type Findings } from './findings.ts';

/** YAML as maps, lists and scalars, each with its offset in the text: nothing else of YAML gets past here. */
export type Tree = MapTree | ListTree | ScalarTree;

export interface MapTree {
  readonly kind: 'map';
  readonly at: number;
  readonly members: ReadonlyMap<string, Member>;
}

export interface Member {
  readonly keyAt: number;
  readonly value: Tree;
}

export interface ListTree {
  readonly kind: 'list';
  readonly at: number;
  readonly items: readonly Tree[];
}

export interface ScalarTree {
  readonly kind: 'scalar';
  readonly at: number;
  readonly value: string | number | boolean | null;
  /** As it stands in the text, for messages. */
  readonly text: string;
}

/** Reads an author's YAML. Null where there is no tree at all; the findings then say why. Never throws. */
export function readTree(text: string, findings: Findings): Tree | null {
  if (!withinReason(text, findings)) return null;
  try {
    // Duplicate keys are ours to find: the library compares each key with every other.
    const document = parseDocument(text, { schema: 'core', version: '1.2', merge: false, uniqueKeys: false, prettyErrors: false, stringKeys: false });
    for (const error of document.errors) findings.add('malformed', error.pos[0], sentence(error.message));
    if (findings.hasErrors) return null;
    if (document.contents === null) {
      findings.add('missingKey', 0, 'the document is empty', 'begin with `policy:`, `version:`, `effective:` and `rules:`');
      return null;
    }
    return build(document.contents, findings);
  } catch {
    // The library recurses; the guard above keeps it shallow, and this keeps a slip in the guard from being a crash.
    findings.add('malformed', 0, 'the text cannot be read as YAML');
    return null;
  }
}

/**
 * A pass over the tokens before the parser sees them: the parser recurses, and near the end of the stack
 * a regular expression in it ends the whole process, which no `try` catches.
 */
function withinReason(text: string, findings: Findings): boolean {
  let depth = 0;
  let onLine = 0;
  let tokens = 0;
  let lines = 0;
  let offset = 0;
  let scalar = false;
  for (const token of new Lexer().lex(text)) {
    tokens += 1;
    // What follows the mark of a scalar is text, also where it begins with a space: the lines of a `>-` block are one token.
    const kind = scalar ? null : CST.tokenType(token);
    scalar = token === CST.SCALAR;
    switch (kind) {
      case 'flow-seq-start': case 'flow-map-start': depth += 1; break;
      case 'flow-seq-end': case 'flow-map-end': depth -= 1; break;
      case 'seq-item-ind': case 'explicit-key-ind': case 'map-value-ind': onLine += depth > 0 ? 0 : 1; break;
      case 'newline': onLine = 0; lines += 1; break;
      case 'space': if (token.length > 5 * caps.depth) return refuse('tooDeep', `a line is indented by more than ${5 * caps.depth} spaces`); break;
      case 'anchor': case 'alias': return refuse('anchor', `${quote(token)} is an anchor or alias, which policies may not use`, 'write the value out');
      case 'tag': return refuse('tag', `${quote(token)} is a YAML tag, which policies may not use`, 'leave it out');
      case 'directive-line': return refuse('directive', `${quote(token)} is a YAML directive, which policies may not use`, 'leave it out');
      default: lines += token.length > 200 ? countLines(token) : 0;
    }
    if (depth > caps.depth || onLine > caps.depth / 2) return refuse('tooDeep', 'lists and maps lie too deep in each other');
    if (tokens > caps.tokens || lines > caps.lines) return refuse('tooLarge', `the text has more than ${caps.lines} lines or ${caps.tokens} parts`);
    // The lexer marks the start of a document and of a scalar with one character that is not in the text.
    if (token !== CST.DOCUMENT && token !== CST.SCALAR && token !== CST.FLOW_END) offset += token.length;
  }
  return true;

  function refuse(code: 'tooDeep' | 'tooLarge' | 'anchor' | 'tag' | 'directive', message: string, mend: string | null = null): false {
    findings.add(code, Math.min(offset, text.length), message, mend);
    return false;
  }
}

function build(node: Node, findings: Findings): Tree {
  const at = node.range?.[0] ?? 0;
  if (isMap(node)) return { kind: 'map', at, members: members(node.items, findings) };
  if (isSeq(node)) return { kind: 'list', at, items: node.items.map((item) => build(item as Node, findings)) };
  if (isScalar(node)) {
    const text = node.source ?? '';
    const { value } = node;
    const known = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
    return { kind: 'scalar', at, value: known, text };
  }
  if (isAlias(node)) findings.add('anchor', at, 'an alias is used, which policies may not', 'write the value out');
  return { kind: 'scalar', at, value: null, text: '' };
}

function members(pairs: readonly { key: unknown; value: unknown }[], findings: Findings): ReadonlyMap<string, Member> {
  const found = new Map<string, Member>();
  for (const pair of pairs) {
    const key = pair.key as Node | null;
    const keyAt = key?.range?.[0] ?? 0;
    if (!isScalar(key)) {
      findings.add('wrongType', keyAt, 'a key is a list or a map', 'write one word');
      continue;
    }
    const name = typeof key.value === 'string' ? key.value : (key.source ?? '');
    if (found.has(name)) {
      findings.add('duplicateKey', keyAt, `the key ${quote(name)} stands twice`, 'keep one of the two');
      continue;
    }
    const value: Tree = pair.value === null ? { kind: 'scalar', at: keyAt, value: null, text: '' } : build(pair.value as Node, findings);
    found.set(name, { keyAt, value });
  }
  return found;
}

function countLines(token: string): number {
  let count = 0;
  for (let at = token.indexOf('\n'); at !== -1; at = token.indexOf('\n', at + 1)) count += 1;
  return count;
}

/** The library's message in our manner: one line, lower case, no final period, no quoted source. */
function sentence(message: string): string {
  const line = (message.split('\n')[0] ?? '').replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '?').slice(0, 160).replace(/[.:]$/, '');
  return line.charAt(0).toLowerCase() + line.slice(1);
}
