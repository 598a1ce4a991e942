import { AxeBuilder } from '@axe-core/playwright';
import fc from 'fast-check';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, startChromium, type TestChromium } from '../../../test/chromium.ts';
import { briefingOf } from './briefingOf.ts';
import { ownerInputs } from './cases.ts';
import { briefingHtml } from './html.ts';

describe.skipIf(!hasChromium)('the briefing, in a browser', () => {
  let folder: string;
  let browser: TestChromium;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'weir-briefing-page-'));
    const [input] = fc.sample(ownerInputs, { seed: 11, numRuns: 1 });
    if (input === undefined) throw new Error('no sample');
    await writeFile(join(folder, 'brief.html'), briefingHtml(briefingOf(input)));
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  });

  // 320 pixels are 1280 at 400 per cent.
  it.each([{ width: 1280 }, { width: 320, colorScheme: 'dark' as const }])('%o: readable by all, nothing from outside, no sideways scrolling', async ({ width, ...rest }) => {
    const context = await browser.newContext({ viewport: { width, height: 800 }, ...rest });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('request', (request) => { if (!request.url().startsWith('file:')) complaints.push(request.url()); });
    page.on('console', (message) => complaints.push(message.text()));
    await page.goto(`file://${join(folder, 'brief.html')}`);
    await page.evaluate('document.querySelectorAll("details").forEach((one) => one.setAttribute("open", ""))');
    const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
    expect(violations.map((one) => `${one.id}: ${one.nodes[0]?.html ?? ''}`)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth')).toBe(true);
    expect(complaints).toEqual([]);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement?.textContent')).toBe('Skip to the content');
    await context.close();
  });
});
