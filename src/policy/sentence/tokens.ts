/** A word, a mark, or a name in quotes. `at` and `end` are offsets in the text. */
export interface Token {
  readonly kind: 'word' | 'mark' | 'quoted';
  /** What was written; of a name in quotes, the name. A word has straight apostrophes. */
  readonly text: string;
  readonly at: number;
  readonly end: number;
  /** False for a quote that nothing closes. */
  readonly closed: boolean;
}

/** Splits a sentence into words and marks. White space says nothing but inside quotes, where `""` stands for one quote. Linear in the text. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = skipSpace(text, 0); at < text.length;) {
    const token = text[at] === '"' ? quoted(text, at) : plain(text, at);
    tokens.push(token);
    at = skipSpace(text, token.end);
  }
  return tokens;
}

// Both are sticky: where they look is set before each use.
const space = /\s*/y;
const word = /[^\s,;.()"]+/y;

function skipSpace(text: string, from: number): number {
  space.lastIndex = from;
  space.test(text);
  return space.lastIndex;
}

function plain(text: string, at: number): Token {
  word.lastIndex = at;
  const found = word.exec(text)?.[0];
  if (found === undefined) return { kind: 'mark', text: text.charAt(at), at, end: at + 1, closed: true };
  return { kind: 'word', text: found.replaceAll('\u2019', "'"), at, end: at + found.length, closed: true };
}

function quoted(text: string, at: number): Token {
  let name = '';
  for (let from = at + 1; ;) {
    const next = text.indexOf('"', from);
    if (next === -1) return { kind: 'quoted', text: name + text.slice(from), at, end: text.length, closed: false };
    name += text.slice(from, next);
    if (text[next + 1] !== '"') return { kind: 'quoted', text: name, at, end: next + 1, closed: true };
    name += '"';
    from = next + 2;
  }
}
