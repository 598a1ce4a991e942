import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readingLevel } from '../../policy/sentence/readingLevel.ts';
import { sampleArchive, sampleSession } from '../archive/sample.ts';
import { readPeriod } from '../period.ts';
import { backtestPage, ownersPage, sideBySidePage, type Page } from './page.ts';
import { pageHtml, pageMarkdown, pageText } from './render.ts';
import { backtest, type BacktestAnswer } from './run.ts';
import { sampleQuestion, sampleWorld } from './samples.ts';
import { policyOf, washingtonRows } from './washingtonSample.ts';

let folder: string;
let answer: BacktestAnswer;
let pages: readonly Page[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-backtest-'));
  const session = await sampleSession(await sampleArchive(folder, washingtonRows), readPeriod('2026', 0));
  try {
    answer = await backtest(session, sampleWorld(), sampleQuestion([policyOf('washington-block'), policyOf('washington-border')]));
    const [first, second] = answer.drafts;
    if (first === undefined || second === undefined || answer.between === null) throw new Error('two drafts were asked for');
    pages = [backtestPage(first), backtestPage(second), sideBySidePage(first, second, answer.between), ownersPage(answer.drafts)];
  } finally {
    await session.close();
  }
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a page', () => {
  it('says what was newly given first, and that nothing was', () => {
    expect(pages[0]?.blocks[0]).toEqual({ block: 'heading', text: 'Newly given: none' });
  });

  it('is labelled as invented in every form', () => {
    for (const page of pages) for (const text of [pageText(page), pageMarkdown(page), pageHtml(page)]) expect(text).toContain('INVENTED DATA');
  });

  it('has no holes and no slips of grammar', () => {
    for (const page of pages) {
      const text = pageText(page);
      expect(text).not.toMatch(/NaN|undefined|\bnull\b|Infinity|\b1 (?:requests|answers|people|others|were)\b| {2,}[.,]|\.\.(?!\d)\s/);
      expect(text).not.toMatch(/\(\)|: \.|, and \./);
    }
  });

  it('is read by a ninth grader', () => {
    for (const { lead, blocks } of pages) {
      for (const text of [lead, ...blocks.flatMap((block) => (block.block === 'text' ? [block.text] : block.block === 'list' ? block.items.filter((item) => !/Under the draft|^[A-Z]{2}-/.test(item)) : []))]) {
        // A number is read digit by digit, and an ORI letter by letter: neither is for the writer to simplify.
        expect(readingLevel(text.replaceAll(/[\d,.%]*\d[\d,.%]*/g, 'ten')).grade, text).toBeLessThanOrEqual(9.5);
      }
    }
  });

  it('escapes what others wrote', () => {
    const [page] = pages;
    const planted: Page = { ...(page as Page), title: '<script>alert(1)</script>', lead: 'a <b> & [c](d)', blocks: [{ block: 'table', table: { caption: '<i>', columns: ['<u>', 'n'], rows: [['<s> | t', 1]] } }] };
    expect(pageHtml(planted)).not.toMatch(/<script>|<b>|<i>|<u>|<s>/);
    expect(pageMarkdown(planted)).not.toMatch(/<script>|<b>|<i>|<u>|<s>|[^\\]\[c/);
  });

  it('is one file without a script or an outside address', () => {
    for (const page of pages) expect(pageHtml(page)).not.toMatch(/<script|<link|https?:\/\/|url\(|@import/);
  });
});
