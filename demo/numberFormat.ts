import { permutationOf } from './permutation.ts';
import { mix } from './random.ts';

/**
 * The form of a licence number or plate, one character a position:
 * `#` a digit, `A` a letter, `X` a letter or digit, `S` the first letter of the surname, and a lower-case letter or
 * anything else stands for itself, in upper case. `wdlXXXXXXXXX` is twelve characters that begin with WDL.
 */
export interface NumberFormat {
  readonly pattern: string;
  /** How many numbers can be told apart: values run from 0 to `capacity - 1`. */
  readonly capacity: number;
  /** The number with this value. Different values give different numbers, whatever the surname. */
  write(value: number, surname: string): string;
  /** The value that `write` was given, for keeping a fixed number out of the run. */
  valueOf(number: string): number;
  /** Matches every number of this form. */
  readonly shape: RegExp;
}

/** Letters that cannot spell a word and cannot be taken for a digit. */
const letters = 'BCDFGHJKLMNPRSTVWXYZ';
const lettersAndDigits = `0123456789${letters}`;
const alphabets: Readonly<Record<string, string>> = { '#': '0123456789', A: letters, X: lettersAndDigits };
const most = 2 ** 40;

export function numberFormat(pattern: string): NumberFormat {
  const alphabetAt = Array.from(pattern, (mark) => alphabets[mark] ?? null);
  // From the right, as many positions as fit carry the value; those further left follow from a hash of it.
  const carries: boolean[] = alphabetAt.map(() => false);
  let capacity = 1;
  for (let i = pattern.length - 1; i >= 0; i--) {
    const alphabet = alphabetAt[i];
    if (alphabet === null || alphabet === undefined || capacity * alphabet.length > most) continue;
    capacity *= alphabet.length;
    carries[i] = true;
  }
  const write = (value: number, surname: string): string => {
    let rest = value;
    let filler = mix(value % 4294967291);
    let out = '';
    for (let i = pattern.length - 1; i >= 0; i--) {
      const alphabet = alphabetAt[i] ?? null;
      if (alphabet === null) {
        out = (pattern[i] === 'S' ? initial(surname) : (pattern[i] ?? '').toUpperCase()) + out;
      } else if (carries[i] === true) {
        out = (alphabet[rest % alphabet.length] ?? '') + out;
        rest = Math.floor(rest / alphabet.length);
      } else {
        out = (alphabet[filler % alphabet.length] ?? '') + out;
        filler = mix(filler);
      }
    }
    return out;
  };
  const valueOf = (number: string): number => {
    let value = 0;
    for (let i = 0; i < pattern.length; i++) {
      if (carries[i] === true) value = value * (alphabetAt[i] ?? '').length + (alphabetAt[i] ?? '').indexOf(number[i] ?? '');
    }
    return value;
  };
  return { pattern, capacity, write, valueOf, shape: shapeOf(pattern) };
}

/** The numbers of one form in an order that the key decides, each once, and never one of those that are kept for others. */
export function numberRun(pattern: string, key: number, kept: readonly string[]): (index: number, surname: string) => string {
  const format = numberFormat(pattern);
  const values = kept.map((number) => format.valueOf(number)).sort((a, b) => a - b);
  const order = permutationOf(key, format.capacity);
  return (index, surname) => {
    // Start at the index-th value that is not kept, and walk along the permutation past those that are: so different
    // indices end apart. (Starting at a kept value would not do: its successor is another's end.)
    let start = index;
    for (const value of values) if (start >= value) start++;
    let value = order(start);
    while (values.includes(value)) value = order(value);
    return format.write(value, surname);
  };
}

function initial(surname: string): string {
  return /^[A-Z]/.test(surname) ? surname.slice(0, 1) : 'X';
}

function shapeOf(pattern: string): RegExp {
  const parts: Readonly<Record<string, string>> = { '#': '[0-9]', A: `[${letters}]`, X: `[${lettersAndDigits}]`, S: '[A-Z]' };
  return new RegExp(`^${Array.from(pattern, (mark) => parts[mark] ?? mark.toUpperCase()).join('')}$`);
}
