import { AxeBuilder } from '@axe-core/playwright';
import { rm } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProcess, temporaryFolder, type WeirProcess } from '../bench/weirProcess.ts';
import { landmarkOris, people } from '../demo/landmarks.ts';
import { hasChromium, startChromium, type TestChromium } from './chromium.ts';
import { patientSettings } from './patient.ts';

describe.skipIf(!hasChromium)('the pages, in a browser', () => {
  let folder: string;
  let weir: WeirProcess;
  let browser: TestChromium;
  beforeAll(async () => {
    folder = await temporaryFolder();
    await patientSettings(`${folder}/data`);
    weir = await startProcess({ data: `${folder}/data`, residents: 2_000, agencies: 3_500 });
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser.close();
    await weir.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** A page that notes what it asks for elsewhere, and what the browser complains of. */
  async function open(path: string, view: { width: number; height: number; colorScheme?: 'light' | 'dark' }): Promise<{ page: Page; complaints: string[] }> {
    const { colorScheme = 'light', ...viewport } = view;
    const context = await browser.newContext({ viewport, colorScheme });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('request', (request) => { if (!request.url().startsWith(weir.http) && !request.url().startsWith('data:')) complaints.push(`asks ${request.url()}`); });
    page.on('console', (message) => { if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text()); });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`${weir.http}${path}`);
    return { page, complaints };
  }

  const views = [{ width: 1280, height: 900 }, { width: 375, height: 800 }, { width: 320, height: 600, colorScheme: 'dark' as const }];

  it.each(['/', '/try', '/try?about=person', '/try?about=plate'].flatMap((path) => views.map((view) => [path, view] as const)))('%s at %o: readable by all, nothing from outside, no sideways scrolling', async (path, view) => {
    const { page, complaints } = await open(path, view);
    const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze();
    expect(violations.map((v) => `${v.id}: ${v.nodes[0]?.html ?? ''}`)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth')).toBe(true);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('answers an officer who asks by hand', async () => {
    const { page, complaints } = await open('/try', views[0] ?? { width: 1280, height: 900 });
    await page.getByLabel(/ORI/).fill(landmarkOris.cityPolice);
    await page.getByLabel(/Ask whom/).selectOption('WA');
    await page.getByLabel(/Licence number/).fill(people.tessa.licenceNumber);
    await page.getByLabel(/picture/i).setChecked(true);
    await page.getByLabel(/Licence number/).press('Enter');
    await page.waitForSelector('h1:has-text("answer")');
    expect(await page.textContent('main')).toContain('MARROWBY');
    expect(await page.locator('main img').count()).toBe(1);
    const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa']).analyze();
    expect(violations.map((v) => v.id)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('shows the interface without asking anybody else', async () => {
    const { page, complaints } = await open('/docs', views[0] ?? { width: 1280, height: 900 });
    await page.waitForSelector('.opblock');
    expect(await page.locator('.opblock').count()).toBeGreaterThan(5);
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});
