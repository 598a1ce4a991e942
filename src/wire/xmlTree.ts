import { ParseOption, XmlAttribute, XmlCData, XmlComment, XmlDocument, XmlElement, XmlText, type XmlTreeNode } from 'libxml2-wasm';
import { reject } from './reject.ts';
import { prefixOf } from './xmlNames.ts';

/** An element with what counts of it. `name` has the prefix of its namespace in this program, whatever the document calls it. */
export interface XmlTree {
  readonly name: string;
  readonly children: readonly XmlTree[];
  /** The text, as it stands; only white space where there are children. */
  readonly text: string;
}

/**
 * Parses a document from outside. No document type, no processing instruction, no entity but the five of XML, nothing is
 * loaded; depth and the count of elements and attributes are limited. The memory of libxml2 is freed before this returns.
 * @throws Reject `malformed` or `tooLarge`.
 */
export function parseXml(text: string, limits: { readonly maxDepth: number; readonly maxFields: number }): XmlTree {
  const body = withoutDeclaration(text);
  // Whatever stands in a comment or a CDATA section counts too: no honest message has these.
  if (body.includes('<!DOCTYPE') || body.includes('<!ENTITY')) reject('malformed', 'a document type is not allowed', null);
  if (body.includes('<?')) reject('malformed', 'a processing instruction is not allowed', null);
  let document: XmlDocument;
  try {
    document = XmlDocument.fromString(body, { encoding: 'utf-8', option: options });
  } catch {
    return reject('malformed', 'the message is not well-formed XML', null);
  }
  try {
    const counter = { left: limits.maxFields, maxDepth: limits.maxDepth };
    return treeOf(document.root, 1, counter);
  } finally {
    document.dispose();
  }
}

const options: ParseOption =
  ParseOption.XML_PARSE_NO_XXE | ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_NO_SYS_CATALOG | ParseOption.XML_PARSE_NOCDATA;

/** The text was decoded as UTF-8 already, so a declaration must not say something else. */
function withoutDeclaration(text: string): string {
  const start = text.startsWith('\ufeff') ? 1 : 0;
  if (!text.startsWith('<?xml', start)) return start === 0 ? text : text.slice(1);
  const end = text.indexOf('?>', start);
  const declaration = text.slice(start, end + 2);
  if (end < 0 || !wellDeclared.test(declaration)) reject('malformed', 'the XML declaration is not that of XML 1.0 in UTF-8', null);
  return text.slice(end + 2);
}

const wellDeclared = /^<\?xml[ \t\r\n]+version=(?:"1\.0"|'1\.0')(?:[ \t\r\n]+encoding=(?:"(?:utf-8|us-ascii)"|'(?:utf-8|us-ascii)'))?(?:[ \t\r\n]+standalone=(?:"yes"|'yes'|"no"|'no'))?[ \t\r\n]*\?>$/i;

interface Counter {
  left: number;
  readonly maxDepth: number;
}

function treeOf(element: XmlElement, depth: number, counter: Counter): XmlTree {
  if (depth > counter.maxDepth) reject('tooLarge', 'the XML is nested too deeply', null);
  const name = `${prefixOf(element.namespaceUri)}:${element.name}`;
  const { attrs } = element;
  counter.left -= 1 + attrs.length;
  if (counter.left < 0) reject('tooLarge', 'the XML has too many elements', null);
  attrs.forEach((attribute) => checkAttribute(attribute, name));
  const children: XmlTree[] = [];
  let text = '';
  for (let node: XmlTreeNode | null = element.firstChild; node !== null; node = node.next) {
    if (node instanceof XmlElement) children.push(treeOf(node, depth + 1, counter));
    else if (node instanceof XmlText || node instanceof XmlCData) text += node.content;
    else if (!(node instanceof XmlComment)) reject('malformed', 'the XML holds something else than elements and text', name);
  }
  if (children.length > 0 && /[^ \t\r\n]/.test(text)) reject('malformed', 'text stands between elements', name);
  return { name, children, text };
}

/** Published attributes, and the schema hints that every XML tool writes. Another could change what an element means. */
function checkAttribute(attribute: XmlAttribute, element: string): void {
  const prefix = attribute.namespaceUri === '' ? '' : prefixOf(attribute.namespaceUri);
  if (prefix === 'xsi') return;
  if ((prefix === 'n2' || prefix === '') && (attribute.name === 'version' || attribute.name === 'key')) return;
  reject('malformed', 'this attribute is not known here', element);
}

/** The children of one element, taken by name; what is left over at the end is an error. */
export class Children {
  private readonly path: string;
  private readonly byName = new Map<string, XmlTree[]>();

  constructor(tree: XmlTree, path: string) {
    this.path = path;
    if (tree.children.length === 0 && /[^ \t\r\n]/.test(tree.text)) reject('malformed', 'text stands where elements belong', path);
    for (const child of tree.children) {
      const same = this.byName.get(child.name);
      if (same === undefined) this.byName.set(child.name, [child]);
      else same.push(child);
    }
  }

  /** Where a child of that name stands, for a fault. */
  at(name: string): string {
    return this.path === '' ? name : `${this.path}/${name}`;
  }

  maybe(name: string): XmlTree | null {
    const [first, second] = this.many(name);
    if (second !== undefined) reject('malformed', 'this element is given twice', this.at(name));
    return first ?? null;
  }

  many(name: string): readonly XmlTree[] {
    const found = this.byName.get(name) ?? [];
    this.byName.delete(name);
    return found;
  }

  /** The text of a child without elements, trimmed of white space; null where there is no such child. */
  text(name: string): string | null {
    const child = this.maybe(name);
    return child === null ? null : leafText(child, this.at(name));
  }

  done(): void {
    for (const name of this.byName.keys()) reject('malformed', 'this element is not known here', this.at(name));
  }
}

/** Trimmed of the four white-space characters of XML: printers of XML add those, and no value of an inquiry has them. */
export function leafText(tree: XmlTree, at: string): string {
  if (tree.children.length > 0) reject('malformed', 'elements stand where text belongs', at);
  let from = 0;
  let to = tree.text.length;
  while (from < to && isSpace(tree.text.charCodeAt(from))) from += 1;
  while (to > from && isSpace(tree.text.charCodeAt(to - 1))) to -= 1;
  return tree.text.slice(from, to);
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
