import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { demoPolicies } from '../../../demo/policies/index.ts';
import { checkPolicy } from '../check.ts';
import { sentencesOf } from '../words.ts';
import { readingLevel, syllablesOf } from './readingLevel.ts';

/** About eighth grade. */
const limit = 9;

describe('the counter', () => {
  it('counts syllables as a person does', () => {
    const counted: Readonly<Record<string, number>> = {
      a: 1, the: 1, data: 2, agencies: 3, criminal: 3, justice: 2, enforce: 2, enforcement: 3, immigration: 4, federal: 3, judge: 1, confirms: 2, warrant: 2, signed: 1,
      state: 1, stated: 2, states: 1, purposes: 3, vehicle: 3, vehicles: 3, licence: 2, licences: 3, driving: 2, histories: 3, addresses: 3, owners: 2, photos: 2, notes: 1,
      unless: 2, decides: 2, refuse: 2, refused: 2, hours: 1, apply: 2, applies: 2, request: 2, directly: 3, county: 2, people: 2, obtained: 2, officer: 3, safety: 2,
      ICE: 1, ORI: 3, CBP: 3, '287(g)': 4, '2026': 4,
    };
    expect(Object.fromEntries(Object.keys(counted).map((word) => [word, syllablesOf(word)]))).toEqual(counted);
  });

  it('grades texts of a known level', () => {
    expect(readingLevel('The cat sat on the mat. The dog ran to the cat.').grade).toBeLessThan(1);
    expect(readingLevel('Notwithstanding any provision to the contrary, dissemination of personally identifiable information to federal immigration authorities is prohibited absent judicial authorisation.').grade).toBeGreaterThan(20);
    expect(readingLevel('One two three. Four five six.')).toMatchObject({ sentences: 2, words: 6, syllables: 6 });
    expect(readingLevel('The privacyDesk decides.')).toMatchObject({ sentences: 1, words: 4, syllables: 7 });
    expect(readingLevel('').grade).toBe(0);
  });
});

describe('the reading level', () => {
  const templates = new URL('../../../templates/', import.meta.url);
  const files = existsSync(templates) ? readdirSync(templates).filter((name) => name.endsWith('.yaml')) : [];
  const sources: readonly (readonly [string, () => readonly string[]])[] = [
    ['the policies of the demonstration', () => demoPolicies().map(({ text }) => text)],
    ['the templates', () => files.map((name) => readFileSync(new URL(name, templates), 'utf8'))],
  ];

  it.each(sources)('of titles and sentences in %s is about eighth grade in the middle', (name, texts) => {
    const graded = said(texts()).map((text) => ({ text, grade: readingLevel(text).grade })).sort((a, b) => a.grade - b.grade);
    const middle = graded[Math.floor(graded.length / 2)]?.grade ?? 0;
    const outliers = graded.filter(({ grade }) => grade > 2 * limit).map(({ text, grade }) => `  ${grade.toFixed(1)} ${text}`);
    console.log(`${name}: ${graded.length} texts, median ${middle.toFixed(1)}, above grade ${2 * limit}:${outliers.length === 0 ? ' none' : `\n${outliers.join('\n')}`}`);
    expect(graded.length).toBeGreaterThan(30);
    expect(middle).toBeLessThanOrEqual(limit);
  });
});

/** Every title and every sentence, once. */
function said(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.flatMap((text) => {
    const result = checkPolicy(text);
    if (!result.ok) throw new Error(JSON.stringify(result.findings[0]));
    return sentencesOf(result.document).flatMap(({ item, sentence }) => (item.title === null ? [sentence] : [item.title, sentence]));
  }))];
}
