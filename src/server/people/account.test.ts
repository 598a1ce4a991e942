import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { testBrowser, type TestBrowser } from '../testing/browser.ts';
import { stopAll } from '../testing/server.ts';
import { ownerRole, startTown, type Town, type Townsman } from '../testing/town.ts';

describe('the pages of one\'s own account', () => {
  let town: Town;
  let una: Townsman;
  let browser: TestBrowser;
  beforeAll(async () => {
    town = await startTown();
    una = await town.person('Una Marchbanks', [ownerRole('auditor')]);
    browser = await town.enter(una);
  });
  afterAll(async () => {
    await stopAll();
    await town.stop();
  });

  it('loses nothing of a token that was not made', async () => {
    const { status, body } = await browser.post('/account/tokens', [['name', 'a "nightly" <report>'], ['days', '900'], ['action', 'act.search'], ['action', 'people.manage']]);
    expect(status).toBe(422);
    for (const kept of ['value="a &quot;nightly&quot; &lt;report&gt;"', 'value="900"', 'value="act.search" checked']) expect(body).toContain(kept);
    expect(body.match(/ checked/g)).toHaveLength(1);
    expect((await browser.get('/account/tokens')).body).not.toContain(' checked');
  });

  it('keeps the login that was typed, and never the password', async () => {
    const { status, body } = await testBrowser(town.url).post('/sign-in', { login: 'una "typed" <this>', password: 'kettles mind ospreys' });
    expect(status).toBe(401);
    expect(body).toContain('value="una &quot;typed&quot; &lt;this&gt;"');
    expect(body).not.toContain('kettles');
  });

  it('names the browser of a session and what was shown, in words', async () => {
    const { body } = await browser.get('/account');
    expect(body).toContain('by password and one-time code');
    expect(body).toContain('this one');
  });
});
