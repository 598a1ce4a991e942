import type { Name, Quantity, Sentence, Span } from './types.ts';

/** Whatever can stand in a template: nothing, a piece, or pieces. */
export type Said = Span | readonly Span[] | null;

/** A sentence whose first letter is a capital one, whatever it begins with. */
export function capital([first, ...rest]: Sentence): Sentence {
  if (first === undefined) return [];
  const up = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
  return [typeof first === 'string' ? up(first) : isQuantity(first) ? { ...first, text: up(first.text) } : first, ...rest];
}

/** A sentence, or a part of one: `say`${many(n, 'agency')} asked.``. */
export function say(literals: TemplateStringsArray, ...parts: readonly Said[]): Sentence {
  const spans: Span[] = [];
  const add = (span: Span): void => {
    const last = spans.at(-1);
    if (span === '') return;
    if (typeof span === 'string' && typeof last === 'string') spans[spans.length - 1] = last + span;
    else spans.push(span);
  };
  literals.forEach((literal, i) => {
    add(literal);
    const part = parts[i] ?? null;
    if (part === null) return;
    if (Array.isArray(part)) (part as readonly Span[]).forEach(add);
    else add(part as Span);
  });
  return spans;
}

/** `1 agency`, `5,204,331 agencies`. The noun in the singular, or both forms. */
export function many(quantity: Quantity, noun: string, plural = pluralOf(noun)): readonly Span[] {
  return [quantity, ` ${quantity.value === 1 ? noun : plural}`];
}

/** `once`, `twice`, `31 times`. */
export function times(quantity: Quantity): readonly Span[] {
  return [quantity, quantity.value === 1 ? ' time' : ' times'];
}

/** Pieces joined by commas and `and`; nothing where there is nothing. */
export function listed(parts: readonly (readonly Span[])[]): readonly Span[] {
  return parts.flatMap((part, place) => (place === 0 ? part : [place === parts.length - 1 ? ' and ' : ', ', ...part]));
}

/** A name, cut where it is longer than a line of print has room for. */
export function nameOf(text: string, most = 60): Name {
  const clean = text.trim().replaceAll(/\s+/g, ' ');
  return { name: clean.length <= most ? clean : `${clean.slice(0, most - 1).trimEnd()}…` };
}

export function isQuantity(span: Span): span is Quantity {
  return typeof span === 'object' && 'value' in span;
}

/** As it is read: without marks for what is behind it. */
export function plainOf(sentence: Sentence): string {
  return sentence.map((span) => (typeof span === 'string' ? span : isQuantity(span) ? span.text : span.name)).join('');
}

/** `88%`, `3.2%`, `0.31%`: as many places as tell something, and never 0% of what is there or 100% of what is not all. */
export function shareText(part: number, whole: number): string {
  if (whole <= 0 || part <= 0) return '0%';
  if (part >= whole) return '100%';
  const percent = (100 * part) / whole;
  if (percent < 0.01) return 'under 0.01%';
  if (percent > 99.9) return 'over 99.9%';
  const text = percent.toFixed(percent >= 10 && percent < 99.5 ? 0 : percent >= 1 ? 1 : 2);
  return `${text.includes('.') ? text.replace(/\.?0+$/, '') : text}%`;
}

function pluralOf(noun: string): string {
  return /[^aeiou]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : `${noun}s`;
}
