import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stopAll } from '../src/server/testing/server.ts';
import { agencyRole, ownerRole, startTown, type Town, type Townsman } from '../src/server/testing/town.ts';
import { hasChromium, startChromium, type TestChromium } from './chromium.ts';

describe.skipIf(!hasChromium)('the pages for people, in a browser', () => {
  const origins: string[] = [];
  const views = [{ width: 1280, height: 900, colorScheme: 'light' as const }, { width: 320, height: 640, colorScheme: 'dark' as const }];
  let town: Town;
  let url: string;
  let una: Townsman;
  let milo: Townsman;
  let browser: TestChromium;
  beforeAll(async () => {
    town = await startTown({}, { origins });
    // Passkeys are bound to a name; an address in figures is none.
    url = town.url.replace('127.0.0.1', 'localhost');
    origins.push(url);
    una = await town.person('Una Marchbanks', [ownerRole('ownerOfficial'), agencyRole('agencyCoordinator')]);
    milo = await town.person('Milo Farthing', [ownerRole('auditor')]);
    await town.persona('Petra Quimby', [{ role: 'operator', scope: { kind: 'machine' }, desks: [] }]);
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser.close();
    await stopAll();
    await town.stop();
  });

  /** Readable by all: no fault that axe knows, and no sideways scrolling, wide and light as well as narrow and dark. */
  async function readable(page: Page): Promise<void> {
    for (const { colorScheme, ...size } of views) {
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme });
      const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze();
      expect(violations.map((v) => `${page.url()} ${v.id}: ${v.nodes[0]?.html ?? ''}`)).toEqual([]);
      expect([page.url(), await page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth')]).toEqual([page.url(), true]);
    }
  }

  it('leads a person by the keyboard alone from the desk through sign-in and notice back to it, without a script', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${url}/desk`);
    await page.getByLabel('Login').fill(una.login);
    await page.getByLabel('Password').fill(una.password);
    await page.keyboard.press('Enter');
    await page.getByLabel(/One-time code/).fill(town.code(una.key));
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'I accept' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(`${url}/desk`);
    expect(await page.textContent('main')).toContain('official of the owner, Washington');
    await context.close();
  });

  it('takes a passkey, and lets it unlock the screen and sign in; every page is readable by all', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('request', (request) => { if (!request.url().startsWith(url) && !request.url().startsWith('data:')) complaints.push(`asks ${request.url()}`); });
    page.on('console', (message) => { if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text()); });
    page.on('pageerror', (error) => complaints.push(error.message));
    const devtools = await context.newCDPSession(page);
    await devtools.send('WebAuthn.enable');
    await devtools.send('WebAuthn.addVirtualAuthenticator', { options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true } });
    await page.goto(`${url}/sign-in`);
    await readable(page);
    await page.getByLabel('Login').fill(una.login);
    await page.getByLabel('Password').fill(una.password);
    await loaded(page, () => page.getByRole('button', { name: 'Go on' }).click());
    await readable(page);
    await page.getByLabel(/One-time code/).fill(town.code(una.key));
    await loaded(page, () => page.getByRole('button', { name: 'Sign in' }).click());
    await readable(page);
    await loaded(page, () => page.getByRole('button', { name: 'I accept' }).click());
    for (const path of ['/desk', '/account', '/account/tokens', '/desk/WA/people', `/desk/WA/people/${milo.account}`, '/agency/ZZ0000101/people', '/desk/WA/acts']) {
      await page.goto(`${url}${path}`);
      await readable(page);
    }
    await loaded(page, () => page.locator('tbody a').first().click());
    await readable(page);
    await page.goto(`${url}/account/passkeys`);
    await page.getByLabel(/Name of the passkey/).fill('key ring');
    await readable(page);
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await page.waitForURL(`${url}/account`);
    expect(await page.textContent('main')).toContain('key ring');
    await loaded(page, () => page.getByRole('button', { name: 'Lock' }).click());
    await readable(page);
    await page.getByRole('button', { name: 'Show a passkey' }).click();
    await page.waitForURL(`${url}/desk`);
    await loaded(page, () => page.getByRole('button', { name: 'Sign out' }).click());
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.waitForURL(/\/notice/);
    await loaded(page, () => page.getByRole('button', { name: 'I accept' }).click());
    expect(complaints).toEqual([]);
    await page.goto(`${url}/desk/OR/people`);
    expect(await page.textContent('h1')).toBe('No role of yours allows this here');
    await readable(page);
    await context.close();
  });

  it('brings back what was filled in when all factors had to be shown first, and does nothing before it is sent once more', async () => {
    const ula = await town.person('Ula Thornbury', [ownerRole('ownerOfficial')]);
    const context = await browser.newContext();
    const page = await context.newPage();
    await context.addCookies([{ name: 'weir', value: (await town.enter(ula)).cookies.get('weir') ?? '', url }]);
    await page.goto(`${url}/desk/WA/people`);
    await page.locator('#name').fill('Perrin "Pip" Ashdown');
    await page.locator('#login').fill('perrin.ashdown');
    await page.getByRole('radio', { name: /^auditor/ }).check();
    await town.sql`update session set shown_at = now() - interval '1 hour' where account = ${ula.account}`;
    await loaded(page, () => page.getByRole('button', { name: 'Make the invitation' }).click());
    expect(await page.textContent('main')).toContain('What you filled in is kept');
    await page.getByLabel('Password').fill(ula.password);
    await page.getByLabel(/One-time code/).fill(town.code(ula.key));
    await loaded(page, () => page.getByRole('button', { name: 'Go on' }).click());
    await readable(page);
    await loaded(page, () => page.getByRole('button', { name: 'Go back to the form' }).click());
    expect([await page.inputValue('#name'), await page.inputValue('#login'), await page.getByRole('radio', { name: /^auditor/ }).isChecked()]).toEqual(['Perrin "Pip" Ashdown', 'perrin.ashdown', true]);
    expect((await town.accounts.list({ kind: 'owner', owner: 'WA' })).map(({ name }) => name)).not.toContain('Perrin "Pip" Ashdown');
    // However long the looking took.
    await town.sql`update session set shown_at = now() where account = ${ula.account}`;
    await loaded(page, () => page.getByRole('button', { name: 'Make the invitation' }).click());
    expect(await page.textContent('h1')).toBe('The invitation');
    await context.close();
  });

  it('takes up an invitation, and is an invented person with one click', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const invited = await town.accounts.invite({ name: 'Nell Hathersage', email: null, employer: null, employeeNumber: null }, 'nell', { who: 'operator', role: null });
    await page.goto(`${url}/invitation`);
    await page.getByLabel(/The invitation/).fill(`${url}/invitation/${invited.secret}`);
    await page.keyboard.press('Enter');
    await page.waitForSelector('input[name=key]', { state: 'attached' });
    await readable(page);
    const key = await page.getAttribute('input[name=key]', 'value');
    await page.getByLabel('Password', { exact: true }).fill('ospreys mind the kettle');
    await page.getByLabel('The password again').fill('ospreys mind the kettle');
    await page.getByLabel(/The code that it shows/).fill(town.code(key ?? ''));
    await page.keyboard.press('Enter');
    await page.waitForSelector('h1:has-text("ready")');
    await page.goto(`${url}/sign-in?to=/machine/people`);
    await page.getByRole('button', { name: 'Petra Quimby' }).click();
    await page.getByRole('button', { name: 'I accept' }).click();
    await page.waitForURL(`${url}/machine/people`);
    await readable(page);
    await context.close();
  });
});

/** What leads to another page, until that is there: Chromium is still on this one when the step is done. */
async function loaded(page: Page, step: () => Promise<void>): Promise<void> {
  await Promise.all([page.waitForEvent('load'), step()]);
}
