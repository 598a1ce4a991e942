import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Called } from '../testing/call.ts';
import { problemIn, type TestBrowser } from '../testing/browser.ts';
import { stopAll } from '../testing/server.ts';
import { ownerRole, startTown, type Town, type Townsman } from '../testing/town.ts';
import { KeptForms, keptFor, showOnly } from './kept.ts';

const ada = { account: 'A-ADA', session: 'S-1' };

describe('forms that are kept', () => {
  it('are found by the session that sent them, and by nobody else', () => {
    const kept = new KeptForms();
    const id = kept.put(ada, { url: '/desk/WA/x', body: 'a=1' }) ?? '';
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(kept.find(ada, id)).toEqual({ url: '/desk/WA/x', body: 'a=1' });
    expect(kept.find({ ...ada, session: 'S-2' }, id)).toBeNull();
    expect(kept.find({ ...ada, account: 'A-EVE' }, id)).toBeNull();
    expect(kept.find(ada, `${id.slice(0, -1)}x`)).toBeNull();
  });

  it('are one for each session, and end with their time', () => {
    let now = 0;
    const kept = new KeptForms(() => now);
    const first = kept.put(ada, { url: '/x', body: 'a=1' }) ?? '';
    const second = kept.put(ada, { url: '/x', body: 'a=2' }) ?? '';
    expect(kept.find(ada, first)).toBeNull();
    now = keptFor - 1;
    expect(kept.find(ada, second)?.body).toBe('a=2');
    now = keptFor;
    expect(kept.find(ada, second)).toBeNull();
  });

  it('are no more than fit: what is too long is not kept, and the oldest go', () => {
    const kept = new KeptForms();
    expect(kept.put(ada, { url: '/x', body: 'x'.repeat(8_000_001) })).toBeNull();
    const long = 'x'.repeat(8_000_000);
    const senders = ['1', '2', '3', '4', '5'].map((session) => ({ account: 'A-ADA', session }));
    const ids = senders.map((sender) => kept.put(sender, { url: '/x', body: long }) ?? '');
    expect(senders.map((sender, n) => kept.find(sender, ids[n] ?? '') !== null)).toEqual([false, true, true, true, true]);
  });
});

describe('a form that was sent too late', () => {
  let town: Town;
  let una: Townsman;
  const people = '/desk/WA/people';
  const invitation = { name: 'Nell "Ness" <Hathersage>', email: 'nell@example.org', login: 'nell.hathersage', employer: '', number: '', role: 'auditor', desks: '' };
  beforeAll(async () => {
    town = await startTown();
    una = await town.person('Una Marchbanks', [ownerRole('ownerOfficial')]);
  }, 120_000);
  afterAll(async () => {
    await stopAll();
    await town.stop();
  });

  const stale = () => town.sql`update session set shown_at = now() - interval '301 seconds' where account = ${una.account}`;
  const invited = async (): Promise<number> => (await town.accounts.list({ kind: 'owner', owner: 'WA' })).length - 1;
  const placeOf = ({ headers }: Called): string => headers.location ?? '';
  const again = async (browser: TestBrowser, path: '/again' | '/unlock', led: Called): Promise<Called> => {
    const to = new URL(placeOf(led), town.url).searchParams.get('to') ?? '';
    return await browser.post(path, { password: una.password, code: town.code(una.key), to });
  };
  /** The form of the page that leads back to what was filled in. */
  const formOf = ({ body }: Called): { readonly action: string; readonly fields: [string, string][] } => {
    const [, action = '', inner = ''] = /<form method="post" action="(\/desk[^"]*)">(.*?)<\/form>/s.exec(body) ?? [];
    const plain = (text: string): string => text.replaceAll('&quot;', '"').replaceAll('&#34;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
    return { action, fields: [...inner.matchAll(/name="([^"]*)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [plain(name), plain(value)]) };
  };

  it.each(['/again', '/unlock'] as const)('comes back filled in by way of %s, and is done only when it is sent once more', async (way) => {
    const browser = await town.enter(una);
    const before = await invited();
    if (way === '/again') await stale();
    else await browser.post('/lock', {});
    const led = await browser.post(people, invitation);
    expect([led.status, placeOf(led)]).toEqual([303, expect.stringMatching(new RegExp(`^${way}\\?to=%2Fkept%2F[0-9a-f]{32}$`))]);
    expect((await browser.get(placeOf(led))).body).toContain('What you filled in is kept');
    const kept = await again(browser, way, led);
    const page = await browser.get(placeOf(kept));
    const { action, fields } = formOf(page);
    expect([page.status, action]).toEqual([200, people]);
    expect(fields).toEqual([...Object.entries(invitation), [showOnly, 'yes']]);
    const shown = await browser.post(action, fields);
    expect(shown.status).toBe(200);
    expect(shown.body).toContain('nothing was done yet');
    expect(shown.body).toContain('value="nell.hathersage"');
    expect(shown.body).toContain('value="auditor" required checked');
    expect(await invited()).toBe(before);
    const login = way === '/again' ? 'nell.one' : 'nell.two';
    expect((await browser.post(people, { ...invitation, login, email: '' })).body).toContain('The invitation');
    expect(await invited()).toBe(before + 1);
  });

  it('does nothing and shows nothing before all factors were shown', async () => {
    const browser = await town.enter(una);
    const before = await invited();
    await stale();
    const led = await browser.post(people, { ...invitation, login: 'nell.early', [showOnly]: 'yes' });
    expect(placeOf(led)).toMatch(/^\/again/);
    await browser.post('/lock', {});
    const kept = new URL(placeOf(led), town.url).searchParams.get('to') ?? '';
    expect(placeOf(await browser.get(kept))).toMatch(/^\/unlock/);
    expect(await invited()).toBe(before);
  });

  it('is shown to nobody else, and not in another session of the same person', async () => {
    const [browser, other] = [await town.enter(una), await town.enter(una)];
    const milo = await town.enter(await town.person('Milo Farthing', [ownerRole('ownerOfficial')]));
    await stale();
    const to = new URL(placeOf(await browser.post(people, invitation)), town.url).searchParams.get('to') ?? '';
    for (const [who, status] of [[browser, 200], [other, 404], [milo, 404]] as const) {
      const page = await who.get(to);
      expect([page.status, page.body.includes('nell.hathersage')]).toEqual([status, status === 200]);
    }
  });

  it('is not kept from another site, nor for a program, nor where it is no form that can be shown again', async () => {
    const browser = await town.enter(una);
    await stale();
    expect(problemIn(await browser.post(people, invitation, { origin: 'https://evil.example.org' }))).toBe('foreignOrigin');
    expect(problemIn(await browser.post(people, invitation, { origin: town.url, accept: 'application/json' }))).toBe('freshSignInNeeded');
    const led = await browser.post('/account/tokens', { name: 'x' }, { origin: town.url, referer: `${town.url}/account` });
    expect(placeOf(led)).toBe('/again?to=%2Faccount&lost=yes');
    expect((await browser.get(placeOf(led))).body).toContain('is not kept');
  });
});
