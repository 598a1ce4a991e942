/** What a text asks of its reader. */
export interface ReadingLevel {
  /** Flesch-Kincaid grade: the school year, in the United States, whose pupils read such a text. */
  readonly grade: number;
  readonly sentences: number;
  readonly words: number;
  readonly syllables: number;
}

/**
 * Flesch-Kincaid grade (Kincaid and others, 1975): 0.39 words a sentence + 11.8 syllables a word − 15.59.
 * A sentence ends with a period, question or exclamation mark, or with the text. Each part of a word with a hyphen counts, and of a name like
 * `privacyDesk`; a number is one word, read digit by digit. A text without words has grade 0.
 */
export function readingLevel(text: string): ReadingLevel {
  const words = text.replaceAll(/([a-z])([A-Z])/g, '$1 $2').match(/[A-Za-z0-9][A-Za-z0-9'()]*/g) ?? [];
  const sentences = Math.max(1, text.split(/[.?!]+(?:\s|$)/).filter((part) => /[A-Za-z0-9]/.test(part)).length);
  const syllables = words.reduce((sum, word) => sum + syllablesOf(word), 0);
  const grade = words.length === 0 ? 0 : 0.39 * (words.length / sentences) + 11.8 * (syllables / words.length) - 15.59;
  return { grade, sentences, words: words.length, syllables };
}

/** Endings before which a final e is not spoken. */
const suffix = /(?:ment|ments|ful|less|ly|ness|ty)$/;

/** Groups of vowels, without an e that is not spoken. Good to about one word in twenty; a test counts some by hand. */
export function syllablesOf(word: string): number {
  const digits = word.replaceAll(/\D/g, '').length;
  // Capitals are spelt out: ICE is an exception that people say as a word, ORI is not.
  const letters = word.replaceAll(/[^A-Za-z]/g, '');
  if (letters.length > 1 && letters === letters.toUpperCase() && letters !== 'ICE') return digits + letters.length;
  return Math.max(1, digits + (letters === '' ? 0 : spoken(letters.toLowerCase())));
}

function spoken(word: string): number {
  const stem = word.replace(suffix, '');
  const ending = word.slice(stem.length);
  const heard = quiet(stem) + (ending === '' ? '' : ending.replace(/^le?ss$/, 'los'));
  return Math.max(1, heard.match(/[aeiouy]+/g)?.length ?? 0);
}

/** Without the silent e of `state`, `states`, `used`; `-le`, `-ces`, `-ted` keep theirs. */
function quiet(word: string): string {
  if (/[aeiouy].*[^aeiouyl]e$/.test(word)) return word.slice(0, -1);
  if (/[aeiouy].*[^aeiouyscxzgl]es$/.test(word)) return word.slice(0, -2);
  if (/[aeiouy].*[^aeiouytdl]ed$/.test(word)) return word.slice(0, -2);
  return word;
}
