/** Text that is already HTML. Only `html` makes it. */
export class Html {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

type Part = Html | string | number | null | readonly Part[];

/** HTML with every value escaped, in text and in quoted attributes alike. Lists are joined; null is nothing. */
export function html(literals: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(literals.reduce((text, literal, i) => text + partOf(parts[i - 1] ?? null) + literal));
}

function partOf(part: Part): string {
  if (part === null) return '';
  if (part instanceof Html) return part.toString();
  if (typeof part === 'string' || typeof part === 'number') return escape(String(part));
  return part.map(partOf).join('');
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Marks that turn the direction of a line are shown as what cannot be shown: with them a text could read as another. Nothing written from right to left needs them. */
function escape(text: string): string {
  return text.replace(/[&<>"'\u202a-\u202e\u2066-\u2069]/g, (character) => entities[character] ?? '\ufffd');
}
