import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { showOnly } from '../gate/kept.ts';
import type { TestBrowser } from '../testing/browser.ts';
import { stopAll } from '../testing/server.ts';
import { ownerRole, type Townsman } from '../testing/town.ts';
import { licence, photo, startChangeTown, washington, type ChangeTown } from '../testing/changeTown.ts';

let town: ChangeTown;
let author: Townsman;
let ann: TestBrowser;
let paul: TestBrowser;
let priya: TestBrowser;
let olga: TestBrowser;
let privacy: Townsman;
const base = '/desk/WA/changes';

beforeAll(async () => {
  town = await startChangeTown();
  author = await town.person('Ann Harrow', [ownerRole('policyAuthor')]);
  privacy = await town.person('Priya Lund', [ownerRole('privacyApprover')]);
  ann = await town.enter(author);
  paul = await town.enter(await town.person('Paul Verey', [ownerRole('policyApprover')]));
  priya = await town.enter(privacy);
  olga = await town.enter(await town.person('Olga Smee', [ownerRole('ownerOfficial')]));
});
afterAll(async () => {
  await stopAll();
  await town.stop();
});

const inForce = async (): Promise<number> => (await town.sql<{ version: number }[]>`select max(version) as version from policy_version where owner = 'WA'`)[0]?.version ?? 0;
const locationOf = (answer: { readonly headers: { readonly location?: string | undefined } }): string => answer.headers.location ?? '';
const hidden = (body: string, name: string): string => new RegExp(`name="${name}" value="([^"]*)"`).exec(body)?.[1] ?? '';

/** From nothing to a draft with this text, saved and checked: its address. */
async function drafted(browser: TestBrowser, text: string): Promise<string> {
  const draft = locationOf(await browser.post(`${base}/drafts`, { title: 'A change', text }));
  const page = await browser.get(draft);
  expect((await browser.post(draft, { title: 'A change', text, etag: hidden(page.body, 'etag'), do: 'check' })).status).toBe(303);
  return draft;
}

async function proposed(browser: TestBrowser, text: string, reason = 'The law asks for it'): Promise<string> {
  const draft = await drafted(browser, text);
  const page = await browser.get(`${draft}/propose`);
  const made = await browser.post(`${draft}/propose`, { etag: hidden(page.body, 'etag'), reason, startsAt: '', endsAt: '' });
  expect([made.status, made.status === 303 ? '' : made.body]).toEqual([303, '']);
  return locationOf(made);
}

async function decide(browser: TestBrowser, proposal: string, decision: string, reason = 'Read, and right'): Promise<number> {
  const page = await browser.get(proposal);
  return (await browser.post(`${proposal}/decision`, { hash: hidden(page.body, 'hash'), decision, reason })).status;
}

describe('a change that widens, from its draft to its certificate', () => {
  it('is drafted, checked, proposed, approved by two, one of them of the privacy office, and in force', async () => {
    const version = await inForce() + 1;
    const draft = await drafted(ann, washington(version, licence, photo));
    const checked = await ann.get(draft);
    expect(checked.body).toContain('It was checked and may be proposed. It widens');
    expect(checked.body).toContain('<code>WA-2</code>');
    expect(checked.body).toMatch(/it would have given data newly to/);
    expect(checked.body).not.toContain('<script');
    expect(checked.headers['content-security-policy']).toContain("default-src 'none'");
    expect((await ann.get(`${draft}/propose`)).body).toContain('needs 2 approvals');
    const proposal = await proposed(ann, washington(version, licence, photo), 'Photos <b>help</b>');
    const page = await paul.get(proposal);
    // What it does stands first.
    expect(page.body.indexOf(`This puts version ${version} of the policy of WA in force. It widens`)).toBeGreaterThan(0);
    expect(page.body.indexOf('This puts version')).toBeLessThan(page.body.indexOf('Proposed by'));
    expect(page.body).toContain('Photos &lt;b&gt;help&lt;/b&gt;');
    expect(page.body).toContain('<code>WA-2</code> is new');
    expect(page.body).toContain('Missing: 2 approvals, one of them by the privacy or legal office.');
    // No answer is chosen for anybody, and the hash is bound.
    expect(page.body.match(/type="radio"/g)).toHaveLength(3);
    expect(page.body).not.toContain('checked');
    expect(hidden(page.body, 'hash')).toMatch(/^[0-9a-f]{64}$/);
    expect(page.body).toMatch(/<code>(?:[0-9a-f]{8} ){7}[0-9a-f]{8}<\/code>/);
    expect(await decide(paul, proposal, 'approve')).toBe(303);
    const given = (await paul.get(proposal)).body;
    expect([given.includes('You have decided already'), given.includes('type="radio"'), given.includes('To your decision')]).toEqual([true, false, false]);
    expect((await priya.get(proposal)).body).toContain('Missing: 1 more approval by the privacy or legal office.');
    expect(await inForce()).toBe(version - 1);
    expect(await decide(priya, proposal, 'approve')).toBe(303);
    expect(await inForce()).toBe(version);
    const done = await ann.get(proposal);
    expect(done.body).toContain(`Policy, version ${version}: in force`);
    expect(done.body).toContain('certificate.pdf');
    const id = proposal.split('/').at(-1) ?? '';
    const certificate = await ann.json('GET', `/v1/owners/WA/changes/proposals/${id}/certificate`);
    expect(certificate.value).toMatchObject({ weir: 'approval/v1', proposal: id, version, effect: 'widening', approvals: [{ name: 'Paul Verey', deputyOf: null, anchor: null }, { name: 'Priya Lund', role: 'privacyApprover' }] });
    const pdf = await ann.get(`/v1/owners/WA/changes/proposals/${id}/certificate.pdf`);
    expect([pdf.status, pdf.headers['content-type'], pdf.body.slice(0, 5)]).toEqual([200, 'application/pdf', '%PDF-']);
    expect((await ann.get(base)).body).toContain(`Policy, version ${version}</a></th><td role="cell" data-label="State">in force`);
  });

  it('is not approved by its author, nor twice, nor by another hash, and the page says why', async () => {
    const both = await town.person('Bea Both', [ownerRole('policyAuthor'), ownerRole('policyApprover')]);
    const bea = await town.enter(both);
    const proposal = await proposed(bea, washington(await inForce() + 1, licence));
    expect((await bea.get(proposal)).body).toContain('It is your own proposal');
    const hash = hidden((await paul.get(proposal)).body, 'hash');
    const own = await bea.post(`${proposal}/decision`, { hash, decision: 'approve', reason: 'mine' });
    expect(own.status).toBe(403);
    expect(own.body).toContain('This was not done');
    expect((await paul.post(`${proposal}/decision`, { hash: 'a'.repeat(64), decision: 'approve', reason: 'x' })).status).toBe(412);
    const nothing = await paul.post(`${proposal}/decision`, { hash, reason: 'a reason that is kept' });
    expect(nothing.status).toBe(422);
    expect(nothing.body).toContain('a reason that is kept</textarea>');
    expect((await paul.post(`${proposal}/decision`, { hash, decision: 'approve', reason: '' })).status).toBe(422);
    expect((await bea.post(`${proposal}/withdrawal`, { reason: 'a mistake' })).status).toBe(303);
    expect((await paul.post(`${proposal}/decision`, { hash, decision: 'approve', reason: 'too late' })).status).toBe(409);
    expect((await paul.get(proposal)).body).toContain('withdrawn');
  });

  it('asks for all factors again where they were shown too long ago, and shows the decision again as it was filled in', async () => {
    const proposal = await proposed(ann, washington(await inForce() + 1, licence));
    const late = await town.enter(privacy);
    await town.sql`update session set shown_at = now() - interval '1 hour' where account = ${privacy.account}`;
    const page = await late.get(proposal);
    const filled = { hash: hidden(page.body, 'hash'), round: hidden(page.body, 'round'), decision: 'return', reason: 'The notice to residents is missing' };
    const sent = await late.post(`${proposal}/decision`, filled);
    expect([sent.status, locationOf(sent)]).toEqual([303, expect.stringMatching(/^\/again\?to=%2Fkept%2F[0-9a-f]{32}$/)]);
    await town.sql`update session set shown_at = now() where account = ${privacy.account}`;
    const kept = await late.get(decodeURIComponent(locationOf(sent).replace('/again?to=', '')));
    expect(kept.body).toContain(`action="${proposal}/decision"`);
    const shown = await late.post(`${proposal}/decision`, { ...filled, [showOnly]: 'yes' });
    expect(shown.status).toBe(200);
    for (const text of ['nothing was done yet', 'value="return" required checked', '>The notice to residents is missing</textarea>', 'Nobody has decided yet.']) expect(shown.body).toContain(text);
    expect(await decide(late, proposal, 'return', 'Say more')).toBe(303);
    expect((await ann.get(proposal)).body).toContain('returned it to its author');
  });
});

describe('a form that comes back from a sign-in', () => {
  it('is shown as it was filled in, whichever it is, and nothing is done', async () => {
    const version = await inForce();
    const text = washington(version + 1, licence);
    const proposal = await proposed(ann, text, 'A change to talk about');
    const draft = await drafted(ann, text);
    const before = [(await ann.get(base)).body, (await ann.get(draft)).body, (await ann.get(proposal)).body];
    const forms: readonly (readonly [TestBrowser, string, Record<string, string>, readonly string[]])[] = [
      [ann, `${base}/drafts`, { title: 'Begun', text: 'policy: WA # begun' }, ['value="Begun"', 'policy: WA # begun']],
      [ann, draft, { title: 'Saved', text: 'policy: WA # saved', etag: '1', do: 'check' }, ['value="Saved"', 'policy: WA # saved', 'The text as it is saved']],
      [ann, `${draft}/comments`, { rule: 'WA-1', text: 'About this rule' }, ['value="WA-1" selected', '>About this rule</textarea>']],
      [ann, `${draft}/drop`, { sure: 'yes' }, ['Drop the draft']],
      [ann, `${draft}/propose`, { etag: '2', reason: 'A law', startsAt: '2030-01-02T03:04', endsAt: '' }, ['>A law</textarea>', 'value="2030-01-02T03:04"']],
      [ann, `${proposal}/withdrawal`, { reason: 'A mistake' }, ['>A mistake</textarea>']],
      [paul, `${proposal}/comments`, { rule: '', text: 'On the whole' }, ['>On the whole</textarea>']],
      [ann, `${base}/rule`, { widening: '3', narrowing: '1', lapsesAfterDays: '9', emergencyHours: '8', reason: 'More eyes' }, ['value="3"', 'value="9"', '>More eyes</textarea>']],
      [ann, `${base}/step-back`, { reason: 'It was wrong' }, ['>It was wrong</textarea>']],
      [paul, `${base}/deputies`, { to: privacy.account, role: 'policyApprover', until: '2030-01-02', reason: 'On leave' }, [`value="${privacy.account}" selected`, 'value="policyApprover" selected', 'value="2030-01-02"', '>On leave</textarea>']],
      [olga, `${base}/emergency`, { text, reason: 'It is urgent', hours: '5', sure: 'yes', do: 'begin' }, ['value="5"', '>It is urgent</textarea>', 'name="sure" value="yes" required>']],
    ];
    for (const [who, path, fields, texts] of forms) {
      const shown = await who.post(path, { ...fields, [showOnly]: 'yes' });
      expect([path, shown.status]).toEqual([path, 200]);
      for (const words of ['nothing was done yet', ...texts]) expect(shown.body).toContain(words);
    }
    expect([(await ann.get(base)).body, (await ann.get(draft)).body, (await ann.get(proposal)).body]).toEqual(before);
    expect(await inForce()).toBe(version);
  });
});

describe('a draft', () => {
  it('is not saved over another\'s words, and loses none of one\'s own', async () => {
    const draft = await drafted(ann, washington(await inForce() + 1, licence));
    const page = await ann.get(draft);
    const etag = hidden(page.body, 'etag');
    expect((await olga.post(draft, { title: 'Hers', text: 'policy: WA # hers', etag, do: 'save' })).status).toBe(303);
    const mine = await ann.post(draft, { title: 'Mine', text: 'policy: WA # mine </textarea><script>', etag, do: 'save' });
    expect(mine.status).toBe(412);
    expect(mine.body).toContain('# mine &lt;/textarea&gt;&lt;script&gt;</textarea>');
    expect(mine.body).toContain('The text as it is saved');
    expect(mine.body).toContain('# hers');
    expect(hidden(mine.body, 'etag')).not.toBe(etag);
    expect((await ann.post(draft, { title: 'Mine', text: 'policy: WA # mine', etag: hidden(mine.body, 'etag'), do: 'save' })).status).toBe(303);
    expect((await ann.get(draft)).body).toContain('It was not checked yet.');
  });

  it('tells what is wrong by line, and cannot be proposed then', async () => {
    const draft = await drafted(ann, 'policy: WA\nversion: 99\neffective: 2026-01-01\nrules:\n  - { id: WA-1, release: { data: phto } }\n');
    const page = await ann.get(draft);
    expect(page.body).toContain('<strong>Line 5</strong>, error: ');
    expect(page.body).toContain('may not be proposed as it is');
    expect((await ann.get(`${draft}/propose`)).body).toContain('cannot be proposed before its checks have passed');
    expect((await ann.post(`${draft}/propose`, { etag: hidden(page.body, 'etag'), reason: 'x' })).status).toBe(422);
  });

  it('takes comments on a rule, and is dropped where the box is ticked', async () => {
    const draft = await drafted(ann, washington(await inForce() + 1, licence));
    expect((await paul.post(`${draft}/comments`, { rule: 'WA-1', text: '<img src=x>' })).status).toBe(303);
    const page = await ann.get(draft);
    expect(page.body).toContain('&lt;img src=x&gt;');
    expect((await paul.post(`${draft}/comments`, { rule: '', text: '' })).status).toBe(422);
    expect((await ann.post(`${draft}/drop`, {})).status).toBe(422);
    expect((await ann.post(`${draft}/drop`, { sure: 'yes' })).status).toBe(303);
    expect((await ann.get(draft)).status).toBe(404);
  });

  it('is read, and not written, by approvers; not seen by others', async () => {
    const draft = await drafted(ann, washington(await inForce() + 1, licence));
    const page = await paul.get(draft);
    expect(page.body).not.toContain('<textarea class="code"');
    expect((await paul.post(draft, { title: 'x', text: 'y', etag: '1' })).status).toBe(403);
    const reviewer = await town.enter(await town.person('Rhea Ward', [ownerRole('reviewer')]));
    const oregon = await town.enter(await town.person('Orin Pike', [ownerRole('policyAuthor', 'OR')]));
    for (const path of [base, draft, `${base}/rule`]) for (const browser of [reviewer, oregon]) expect((await browser.get(path)).status).toBe(403);
    // Nor under an address of their own.
    expect((await oregon.get(draft.replace('/WA/', '/OR/'))).status).toBe(404);
  });
});

describe('the rule of approval, a step back and an emergency', () => {
  it('proposes another rule, under the rule in force', async () => {
    const made = await ann.post(`${base}/rule`, { widening: '3', narrowing: '2', lapsesAfterDays: '7', emergencyHours: '24', reason: 'More eyes' });
    expect(made.status).toBe(303);
    const page = await paul.get(locationOf(made));
    expect(page.body).toContain('A change that widens anything needs 3 approvals');
    expect(page.body).toContain('It narrows');
    expect(await decide(paul, locationOf(made), 'approve')).toBe(303);
    expect((await ann.get(`${base}/rule`)).body).toContain('needs 3 approvals');
    const back = await ann.post(`${base}/rule`, { widening: '2', narrowing: '1', lapsesAfterDays: '14', emergencyHours: '72', reason: 'Too slow' });
    expect(await decide(paul, locationOf(back), 'approve')).toBe(303);
    expect((await ann.get(`${base}/rule`)).body).toContain('needs 3 approvals');
    expect(await decide(priya, locationOf(back), 'approve')).toBe(303);
  });

  it.each([['0', '1', '14', '72'], ['2', '6', '14', '72'], ['2', '1', '', '72'], ['2', '1', '14', '73'], ['many', '1', '14', '72']])('takes no rule of %s, %s, %s, %s', async (widening, narrowing, lapsesAfterDays, emergencyHours) => {
    expect((await ann.post(`${base}/rule`, { widening, narrowing, lapsesAfterDays, emergencyHours, reason: 'x' })).status).toBe(422);
  });

  it('names a deputy for oneself', async () => {
    const page = await paul.get(`${base}/rule`);
    expect(page.body).toContain(`Priya Lund (${privacy.account})`);
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    expect((await paul.post(`${base}/deputies`, { to: privacy.account, role: 'policyApprover', until: tomorrow, reason: 'Leave' })).status).toBe(303);
    expect((await paul.post(`${base}/deputies`, { to: privacy.account, role: 'policyApprover', until: 'x', reason: 'Leave' })).status).toBe(422);
    expect((await paul.post(`${base}/deputies`, { to: privacy.account, role: 'all', until: tomorrow, reason: 'Leave' })).status).toBe(422);
    expect((await paul.post(`${base}/deputies`, { to: author.account, role: 'policyApprover', until: '2020-01-01', reason: 'Leave' })).status).toBe(422);
  });

  it('goes one version back as a proposal', async () => {
    expect((await ann.post(`${base}/step-back`, { reason: '' })).status).toBe(422);
    const made = await ann.post(`${base}/step-back`, { reason: 'It went wrong' });
    expect(made.status).toBe(303);
    expect((await paul.get(locationOf(made))).body).toContain('This goes back to the version before the one in force');
    expect((await ann.post(`${locationOf(made)}/withdrawal`, { reason: 'a test' })).status).toBe(303);
  });

  it('shows what an emergency change does, as a count, and how it ends, before the button', async () => {
    const version = await inForce() + 1;
    const text = washington(version, licence, '{ id: WA-9, deny: { data: all } }');
    expect((await olga.get(`${base}/emergency`)).body).toContain('version:');
    const looked = await olga.post(`${base}/emergency`, { text, do: 'look' });
    expect(looked.status).toBe(200);
    const button = looked.body.indexOf('Put it in force now</button>');
    expect(button).toBeGreaterThan(0);
    for (const words of ['It narrows', 'ends by itself after 72 hours', 'refused ']) expect(looked.body.indexOf(words)).toBeLessThan(button);
    expect(await inForce()).toBe(version - 1);
    const sent = { text, do: 'begin', hours: '2', reason: 'A leak of photos', sure: 'yes' };
    expect((await olga.post(`${base}/emergency`, { ...sent, sure: '' })).status).toBe(422);
    expect((await olga.post(`${base}/emergency`, { ...sent, hours: '100' })).status).toBe(422);
    expect((await olga.post(`${base}/emergency`, { ...sent, reason: '' })).status).toBe(422);
    expect((await ann.post(`${base}/emergency`, sent)).status).toBe(403);
    const begun = await olga.post(`${base}/emergency`, sent);
    expect([begun.status, begun.status === 303 ? '' : begun.body]).toEqual([303, '']);
    expect(await inForce()).toBe(version);
    expect((await olga.get(locationOf(begun))).body).toContain('This is an emergency change');
  });
});

describe('what comes in from outside', () => {
  it.each([`${base}/drafts/D-none`, `${base}/drafts/..%2Fx`, `${base}/drafts/%00`, `${base}/proposals/P-none`, `${base}/proposals/%00`, `${base}/drafts/D-none/propose`])('%s is not there', async (path) => {
    expect((await ann.get(path)).status).toBe(404);
  });

  it.each([['drafts/D-none', { title: 'x', text: 'y', etag: '1', do: 'save' }], ['drafts/D-none/comments', { text: 'x' }], ['drafts/D-none/drop', { sure: 'yes' }], ['drafts/D-none/propose', { etag: '1', reason: 'x' }], ['proposals/P-none/withdrawal', { reason: 'x' }], ['proposals/P-none/comments', { text: 'x' }]])('a form to %s is answered as not there', async (path, fields) => {
    expect((await ann.post(`${base}/${path}`, fields as unknown as Record<string, string>)).status).toBe(404);
  });

  it('a NUL, long words and a text that is too large do no harm', async () => {
    expect((await ann.post(`${base}/drafts`, { title: 'a\u0000b', text: 'x\u0000y' })).status).toBe(303);
    expect((await ann.post(`${base}/drafts`, { title: 'x'.repeat(5_000), text: '' })).status).toBe(303);
    expect((await ann.post(`${base}/drafts`, { title: 'x', text: 'y'.repeat(1_100_000) })).status).toBe(422);
    expect((await ann.post(`${base}/drafts`, { title: 'x', text: 'y'.repeat(5_000_000) })).status).toBe(413);
    expect((await ann.post(`${base}/drafts`, { title: '', text: '' })).status).toBe(422);
  });

  it('a form of another site is refused, and recorded', async () => {
    expect((await ann.post(`${base}/drafts`, { title: 'x', text: '' }, { origin: 'https://other.example.org' })).status).toBe(403);
    expect((await ann.post(`${base}/drafts`, { title: 'x', text: '' }, {})).status).toBe(403);
  });
});
