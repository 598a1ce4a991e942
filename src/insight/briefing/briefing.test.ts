import fc from 'fast-check';
import PDFDocument from 'pdfkit';
import { describe, expect, it } from 'vitest';
import { readingLevel } from '../../policy/sentence/readingLevel.ts';
import { briefingOf } from './briefingOf.ts';
import { networkInputs, ownerInputs } from './cases.ts';
import { briefingHtml } from './html.ts';
import { briefingMarkdown } from './markdown.ts';
import { networkBriefing } from './networkBriefing.ts';
import { frontPage } from './pdf/front.ts';
import { briefingPdf } from './pdf.ts';
import { isQuantity, many, plainOf, say, shareText } from './say.ts';
import { briefingText, wrapped } from './text.ts';
import type { Briefing, Sentence } from './types.ts';

const runs = { numRuns: 60, seed: 20_261_001 };
const briefings: fc.Arbitrary<Briefing> = fc.oneof({ weight: 4, arbitrary: ownerInputs.map(briefingOf) }, networkInputs.map(networkBriefing));

describe('a sentence', () => {
  it('is made of words, numbers and names', () => {
    const quantity = (value: number) => ({ value, text: String(value), command: 'c', rows: 'r' });
    expect(plainOf(say`${many(quantity(1), 'agency')} asked ${{ name: 'WA' }}${null}.`)).toBe('1 agency asked WA.');
    expect(plainOf(say`${many(quantity(2), 'agency')}${say` and ${many(quantity(0), 'day')}`}`)).toBe('2 agencies and 0 days');
    expect(say`a${'b'}${say`c`}`).toEqual(['abc']);
  });

  it.each([[0, 100, '0%'], [1, 0, '0%'], [3_100, 1_000_000, '0.31%'], [1, 1_000_000, 'under 0.01%'], [999_999, 1_000_000, 'over 99.9%'], [100, 100, '100%'], [1, 3, '33%'], [995, 1_000, '99.5%'], [32, 1_000, '3.2%'], [20, 1_000, '2%'], [5, 5_000, '0.1%'], [10, 100, '10%']])('%d of %d is %s', (part, whole, text) => {
    expect(shareText(part, whole)).toBe(text);
  });
});

describe('a briefing of any counts', () => {
  it('is well-formed English: no gaps, no wrong plurals, no machine words', () => {
    fc.assert(fc.property(briefings, (briefing) => {
      for (const sentence of sentencesOf(briefing)) {
        const text = plainOf(sentence);
        expect(text).toMatch(/^[A-Z0-9]/);
        expect(text).toMatch(/[.]$/);
        expect(text).not.toMatch(/NaN|Infinity|undefined|null|\[object|\s{2}|\s[.,;)]|\(\)|, ?\.|\.\.|:\s*\.|notStated|notRecorded|…\)/);
        expect(text).not.toMatch(/(?<![\d,.])1 (?:agencies|requests|times|states|bodies|offices|claims|rules)\b/);
        expect(text).not.toMatch(/(?<![\d,.])(?:[02-9]|\d{2,}|\d,\d{3}) (?:agency|request|time|state|body|office|claim|rule)\b/);
      }
    }), runs);
  });

  it('has a question with an answer in each section, and says what it is about', () => {
    fc.assert(fc.property(briefings, ({ sections, opening, basis }) => {
      expect(opening.length).toBeGreaterThan(0);
      for (const { question, sentences } of sections) {
        expect(question).toMatch(/\?$/);
        expect(sentences.length).toBeGreaterThan(0);
      }
      expect(basis.timeZone).toBe('UTC');
    }), runs);
  });

  it('opens each number to rows and to a command', () => {
    fc.assert(fc.property(briefings, (briefing) => {
      const known = new Map(briefing.behind.map((one) => [one.id, one]));
      expect(known.size).toBe(briefing.behind.length);
      for (const span of sentencesOf(briefing).flat()) {
        if (!isQuantity(span)) continue;
        expect(known.get(span.rows)?.command).toBe(span.command);
        expect(span.command).toMatch(/^weir /);
        expect(Number.isFinite(span.value)).toBe(true);
      }
      for (const { table } of briefing.behind) for (const row of table.rows) expect(row.length).toBe(table.columns.length);
    }), runs);
  });

  it('brings the federal immigration agencies up, however few requests they made', () => {
    fc.assert(fc.property(ownerInputs, (input) => {
      const said = briefingOf(input).sections.find(({ id }) => id === 'who')?.sentences.map(plainOf).join(' ') ?? '';
      for (const name of ['ICE\'s enforcement arm', 'Homeland Security Investigations', 'Customs and Border Protection', '287(g)']) expect(said).toContain(name);
      const { n } = input.investigations.total;
      if (n > 0) expect(said).toContain(`Homeland Security Investigations, a part of ICE, asked ${n.toLocaleString('en-US')} time`);
    }), runs);
  });

  it('says what a log lacks, and shows nothing in its place', () => {
    fc.assert(fc.property(ownerInputs, (input) => {
      const briefing = briefingOf(input);
      const text = sentencesOf(briefing).map(plainOf).join(' ');
      const { lacks } = input.facts;
      if (lacks.includes('status')) {
        expect(briefing.outcomes).toBeNull();
        expect(text).not.toMatch(/We answered|We refused/);
      }
      if (lacks.includes('purpose') && input.reasons.total.n > 0) expect(text).toContain('The log does not say why anybody asked.');
      if (lacks.includes('decisions')) expect(text).toContain('The log does not say which rules decided.');
    }), runs);
  });

  it('is read at about ninth grade', () => {
    let [worst, worstText] = [0, ''];
    fc.assert(fc.property(briefings, (briefing) => {
      const grades = sentencesOf(briefing).map((sentence) => ({ text: plainOf(sentence), grade: readingLevel(ownWords(sentence)).grade }));
      for (const { text, grade } of grades) if (grade > worst) [worst, worstText] = [grade, text];
      expect(readingLevel(sentencesOf(briefing).map(ownWords).join(' ')).grade).toBeLessThanOrEqual(7.5);
    }), runs);
    expect(worst, worstText).toBeLessThanOrEqual(9.5);
  });

  it('is the same each time', () => {
    fc.assert(fc.property(ownerInputs, (input) => { expect(JSON.stringify(briefingOf(input))).toBe(JSON.stringify(briefingOf(input))); }), { numRuns: 20, seed: 1 });
  });
});

describe('every form of it', () => {
  it('says that it is invented, its period, time zone, newest entry and data set', () => {
    fc.assert(fc.property(briefings, (briefing) => {
      for (const text of [briefingHtml(briefing), briefingMarkdown(briefing), briefingText(briefing, 100_000)]) {
        expect(/invented\. all agencies/i.test(text)).toBe(briefing.invented);
        expect(text).toContain(`${briefing.basis.period.words}, UTC`);
        expect(text).toContain('Newest entry: ');
        expect(text).toContain('answers given again');
        expect(text).not.toMatch(/NaN|undefined|\[object/);
      }
    }), { ...runs, numRuns: 30 });
  });

  it('as HTML holds no script, asks for nothing, and each link leads somewhere', () => {
    fc.assert(fc.property(briefings, (briefing) => {
      const text = briefingHtml(briefing);
      expect(text).not.toMatch(/<script|javascript:|\son[a-z]+=|\ssrc=|<link|url\(/i);
      const ids = new Set([...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
      expect([...text.matchAll(/ id="([^"]+)"/g)].length).toBe(ids.size);
      for (const [, to] of text.matchAll(/href="#([^"]+)"/g)) expect(ids.has(to)).toBe(true);
    }), { ...runs, numRuns: 30 });
  });

  it('as Markdown has a footnote for each mark, and lets no name be markup', () => {
    fc.assert(fc.property(briefings, (briefing) => {
      const text = briefingMarkdown(briefing);
      const notes = new Set([...text.matchAll(/^\[\^(\d+)\]: /gm)].map(([, place]) => place));
      for (const [, place] of text.matchAll(/\[\^(\d+)\](?!:)/g)) expect(notes.has(place)).toBe(true);
    }), { ...runs, numRuns: 30 });
    const [input] = fc.sample(ownerInputs, { seed: 5, numRuns: 1 });
    if (input === undefined) throw new Error('no sample');
    const evil = { ...input, agencies: { ...input.agencies, rows: [{ keys: ['X'], words: ['<img src=x onerror=alert(1)> [a](b) `c`'], n: 9, records: 0, before: null, yearBefore: null }] } };
    expect(briefingMarkdown(briefingOf(evil))).toContain('\\<img src=x onerror=alert(1)\\>');
    expect(briefingHtml(briefingOf(evil))).not.toContain('<img');
  });

  it('as PDF is one page with nothing left out', () => {
    const doc = new PDFDocument({ autoFirstPage: false });
    fc.assert(fc.property(briefings, (briefing) => {
      const { placed, inside, whole } = frontPage(doc, briefing);
      expect({ inside, whole }).toEqual({ inside: true, whole: true });
      expect(placed.length).toBeGreaterThan(5);
    }), { ...runs, numRuns: 30 });
  });

  it('as PDF is tagged, and has a language, a title and the widths of its letters', async () => {
    await fc.assert(fc.asyncProperty(briefings, async (briefing) => {
      const text = Buffer.from(await briefingPdf(briefing)).toString('latin1');
      expect(text.startsWith('%PDF-1.7')).toBe(true);
      expect(text).toMatch(/\/Marked true/);
      expect(text).toMatch(/\/Lang \(en-US\)/);
      expect(text).toMatch(/\/S \/Figure|\/S \/H1/);
      expect(text).toMatch(/\/DisplayDocTitle true/);
      expect(text).toMatch(/\/Widths \[278 /);
    }), { numRuns: 12, seed: 3 });
  });

  it('on a terminal keeps to its width', () => {
    expect(wrapped('one two  three four', 9)).toEqual(['one two', 'three', 'four']);
    expect(wrapped('averylongword b', 4)).toEqual(['averylongword', 'b']);
  });
});

function sentencesOf({ opening, decisions, sections }: Briefing): readonly Sentence[] {
  return [...opening, ...decisions.map(({ what }) => what), ...sections.flatMap(({ sentences }) => sentences)];
}

/** Our own words: a number is read as one short word, and names of agencies, states and rules are not ours. */
function ownWords(sentence: Sentence): string {
  return sentence.map((span) => (typeof span === 'string' ? span : isQuantity(span) ? (span.text.endsWith('%') ? 'ten per cent' : 'ten') : 'Bob')).join('');
}
