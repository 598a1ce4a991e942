import { reject } from './reject.ts';

/** A JSON value as the strict reader gives it. Members are in a Map, so that no name can reach a prototype. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | ReadonlyMap<string, JsonValue>;

/**
 * Reads one JSON text (RFC 8259) more strictly than `JSON.parse`: a repeated name is an error, nesting and the count of
 * members and items are limited, and a string must be well-formed Unicode (RFC 7493). The sender controls the text.
 * @throws Reject `malformed`, with a JSON pointer to where it went wrong.
 */
export function parseJson(text: string, limits: { readonly maxDepth: number; readonly maxFields: number }): JsonValue {
  const reader = new Reader(text, limits.maxDepth, limits.maxFields);
  return reader.whole();
}

/** One step of a JSON pointer (RFC 6901). */
export function pointerStep(name: string): string {
  return `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

class Reader {
  private readonly text: string;
  private readonly maxDepth: number;
  private left: number;
  private at = 0;
  private depth = 0;
  private readonly path: string[] = [];

  constructor(text: string, maxDepth: number, maxFields: number) {
    this.text = text;
    this.maxDepth = maxDepth;
    this.left = maxFields;
  }

  whole(): JsonValue {
    const value = this.value();
    this.space();
    if (this.at < this.text.length) this.fail('something follows the JSON value');
    return value;
  }

  private value(): JsonValue {
    this.space();
    switch (this.text.charCodeAt(this.at)) {
      case 0x7b:
        return this.object();
      case 0x5b:
        return this.array();
      case 0x22:
        return this.string();
      case 0x74:
        return this.word('true', true);
      case 0x66:
        return this.word('false', false);
      case 0x6e:
        return this.word('null', null);
      default:
        return this.number();
    }
  }

  private object(): ReadonlyMap<string, JsonValue> {
    const members = new Map<string, JsonValue>();
    this.enter();
    if (this.next(0x7d)) return this.leave(members);
    do {
      this.space();
      if (this.text.charCodeAt(this.at) !== 0x22) this.fail('a member has no name');
      const name = this.string();
      this.path.push(name);
      if (members.has(name)) this.fail('this name is repeated');
      this.count();
      this.space();
      if (this.text.charCodeAt(this.at) !== 0x3a) this.fail('a colon is missing');
      this.at += 1;
      members.set(name, this.value());
      this.path.pop();
    } while (this.next(0x2c));
    if (!this.next(0x7d)) this.fail('an object does not end');
    return this.leave(members);
  }

  private array(): readonly JsonValue[] {
    const items: JsonValue[] = [];
    this.enter();
    if (this.next(0x5d)) return this.leave(items);
    do {
      this.path.push(String(items.length));
      this.count();
      items.push(this.value());
      this.path.pop();
    } while (this.next(0x2c));
    if (!this.next(0x5d)) this.fail('an array does not end');
    return this.leave(items);
  }

  private string(): string {
    const from = this.at + 1;
    let i = from;
    for (;;) {
      const code = this.text.charCodeAt(i);
      if (code === 0x22) break;
      if (code === 0x5c) return this.escaped(from, i);
      if (!(code >= 0x20)) this.fail('a string does not end or holds a control character'); // NaN past the end too
      i += 1;
    }
    this.at = i + 1;
    return this.text.slice(from, i);
  }

  private escaped(from: number, first: number): string {
    let out = this.text.slice(from, first);
    let i = first;
    for (;;) {
      const code = this.text.charCodeAt(i);
      if (code === 0x22) break;
      if (!(code >= 0x20)) this.fail('a string does not end or holds a control character');
      if (code !== 0x5c) {
        out += this.text.charAt(i);
        i += 1;
        continue;
      }
      const letter = this.text.charAt(i + 1);
      if (letter === 'u') {
        const hex = this.text.slice(i + 2, i + 6);
        if (!/^[0-9A-Fa-f]{4}$/.test(hex)) this.fail('an escape in a string is not complete');
        out += String.fromCharCode(Number.parseInt(hex, 16));
        i += 6;
      } else {
        const meant = escapes.get(letter);
        if (meant === undefined) this.fail('an escape in a string is unknown');
        out += meant;
        i += 2;
      }
    }
    if (/\p{Surrogate}/u.test(out)) this.fail('a string is not well-formed Unicode');
    this.at = i + 1;
    return out;
  }

  private number(): number {
    numeral.lastIndex = this.at;
    const found = numeral.exec(this.text);
    if (found === null) this.fail('this is no JSON value');
    const value = Number(found[0]);
    if (!Number.isFinite(value)) this.fail('a number is too large');
    this.at += found[0].length;
    return value;
  }

  private word<T extends boolean | null>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) this.fail('this is no JSON value');
    this.at += word.length;
    return value;
  }

  private next(code: number): boolean {
    this.space();
    if (this.text.charCodeAt(this.at) !== code) return false;
    this.at += 1;
    return true;
  }

  private space(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.at += 1;
    }
  }

  private enter(): void {
    this.at += 1;
    this.depth += 1;
    if (this.depth > this.maxDepth) reject('tooLarge', 'the JSON is nested too deeply', this.pointer());
  }

  private leave<T>(value: T): T {
    this.depth -= 1;
    return value;
  }

  private count(): void {
    this.left -= 1;
    if (this.left < 0) reject('tooLarge', 'the JSON has too many members and items', this.pointer());
  }

  private fail(message: string): never {
    reject('malformed', message, this.pointer());
  }

  private pointer(): string {
    return this.path.map(pointerStep).join('');
  }
}

const escapes = new Map([['"', '"'], ['\\', '\\'], ['/', '/'], ['b', '\b'], ['f', '\f'], ['n', '\n'], ['r', '\r'], ['t', '\t']]);
const numeral = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
