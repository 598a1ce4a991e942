import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, startChromium, type TestChromium } from '../../../test/chromium.ts';

import { stopAll } from '../testing/server.ts';
import { ownerRole, type Townsman } from '../testing/town.ts';
import { licence, photo, startChangeTown, washington, type ChangeTown } from '../testing/changeTown.ts';

/** Where pictures of the pages are put, for whoever wants to look at them. */
const pictures = process.env['WEIR_TEST_PICTURES'];

describe.skipIf(!hasChromium)('the pages of changes, in a browser', () => {
  let town: ChangeTown;
  let browser: TestChromium;
  let people: Readonly<Record<'author' | 'approver' | 'official', Townsman>>;
  let addresses: Readonly<Record<string, readonly [keyof typeof people, string]>>;

  beforeAll(async () => {
    town = await startChangeTown();
    people = { author: await town.person('Ann Harrow', [ownerRole('policyAuthor')]), approver: await town.person('Priya Lund', [ownerRole('privacyApprover'), ownerRole('policyApprover')]), official: await town.person('Olga Smee', [ownerRole('ownerOfficial')]) };
    const ann = await town.enter(people.author);
    const begin = async (text: string): Promise<{ readonly id: string; readonly etag: number }> => {
      const draft = (await ann.json('POST', '/v1/owners/WA/changes/drafts', { title: 'Photos for officers', text })).value as { id: string; etag: number };
      await ann.json('POST', `/v1/owners/WA/changes/drafts/${draft.id}/check`);
      await ann.json('POST', `/v1/owners/WA/changes/drafts/${draft.id}/comments`, { rule: 'WA-2', text: 'For every purpose?' });
      return draft;
    };
    const wide = `${washington(2, licence, photo)}claims:\n  - { id: WA-C1, never: { to: { component: ICE }, data: ssn, by: anyPath } }\n`;
    const [draft, bad, other] = [await begin(wide), await begin('policy: WA\nversion: 1\nrules: [\n'), await begin(wide)];
    const proposal = (await ann.json('POST', '/v1/owners/WA/changes/proposals', { kind: 'policy', draft: other.id, etag: other.etag, reason: 'Officers at the roadside need to see who stands before them.' })).value['id'] as string;
    const base = '/desk/WA/changes';
    addresses = {
      list: ['author', base], draft: ['author', `${base}/drafts/${draft.id}`], bad: ['author', `${base}/drafts/${bad.id}`], new: ['author', `${base}/new`], propose: ['author', `${base}/drafts/${draft.id}/propose`],
      proposal: ['approver', `${base}/proposals/${proposal}`], rule: ['approver', `${base}/rule`], ruleOfAuthor: ['author', `${base}/rule`], back: ['author', `${base}/step-back`], emergency: ['official', `${base}/emergency`],
    };
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser.close();
    await stopAll();
    await town.stop();
  });

  const views = [{ width: 1280, height: 900, colorScheme: 'light' }, { width: 320, height: 700, colorScheme: 'light' }, { width: 1280, height: 900, colorScheme: 'dark' }] as const;
  const names = ['list', 'draft', 'bad', 'new', 'propose', 'proposal', 'rule', 'ruleOfAuthor', 'back', 'emergency'];

  it.each(names.flatMap((name) => views.map((view) => [name, view] as const)))('%s at %o: readable by all, nothing from outside, no sideways scrolling', async (name, { colorScheme, ...viewport }) => {
    const [who, path] = addresses[name] ?? ['author', '/'];
    const { cookies } = await town.enter(people[who]);
    const context = await browser.newContext({ viewport, colorScheme });
    await context.addCookies([{ name: 'weir', value: cookies.get('weir') ?? '', url: town.url }]);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('request', (request) => { if (!request.url().startsWith(town.url) && !request.url().startsWith('data:')) complaints.push(`asks ${request.url()}`); });
    page.on('console', (message) => { if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text()); });
    const answer = await page.goto(`${town.url}${path}`);
    expect(answer?.status()).toBe(200);
    if (name === 'emergency') {
      await page.getByLabel('The policy for that time').fill(washington(2, licence, '{ id: WA-9, deny: { data: all } }'));
      await page.getByRole('button', { name: 'See what it does' }).click();
      await page.getByRole('button', { name: 'Put it in force now' }).waitFor();
    }
    if (pictures !== undefined) await page.screenshot({ path: `${pictures}/changes-${name}-${viewport.width}-${colorScheme}.png`, fullPage: true });
    const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze();
    expect(violations.map((v) => `${v.id}: ${v.nodes[0]?.html ?? ''}`)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth')).toBe(true);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
