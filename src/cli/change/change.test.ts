import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runVerbs, type VerbRun } from '../../../test/runVerbs.ts';
import type { Action } from '../../people/roles/index.ts';
import { licence, photo, startChangeTown, washington, type ChangeTown } from '../../server/testing/changeTown.ts';
import { stopAll } from '../../server/testing/server.ts';
import { ownerRole, type Townsman } from '../../server/testing/town.ts';
import { addChange } from './index.ts';

const stranger = '{ id: WA-9, release: { data: photo, to: { mission: immigrationEnforcement } } }';

let town: ChangeTown;
let folder: string;
let author: Townsman;
let paul: Townsman;
let priya: Townsman;
const file = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-change-cli-'));
  town = await startChangeTown();
  author = await town.person('Ann Harrow', [ownerRole('policyAuthor')]);
  paul = await town.person('Paul Verey', [ownerRole('policyApprover')]);
  priya = await town.person('Priya Lund', [ownerRole('privacyApprover')]);
  await token('token.txt', author, ['change.read', 'change.draft', 'change.propose']);
  await token('reader.txt', author, ['change.read']);
  await mkdir(file('policies'));
});
afterAll(async () => {
  process.exitCode = 0;
  await stopAll();
  await town.stop();
  await rm(folder, { recursive: true, force: true });
});

async function token(name: string, person: Townsman, actions: readonly Action[]): Promise<void> {
  const { secret } = await town.accounts.makeToken(person.account, { name, actions, days: 1 }, { who: person.account, role: null });
  await writeFile(file(name), `${secret}\n`);
}

async function policy(name: string, ...rules: readonly string[]): Promise<string> {
  await writeFile(file(name), washington(...(rules.length === 0 ? [1, licence] as const : [await newest() + 1, ...rules] as const)));
  return file(name);
}

const newest = async (): Promise<number> => (await town.sql<{ version: number }[]>`select max(version) as version from policy_version where owner = 'WA'`)[0]?.version ?? 0;
const run = (...args: readonly string[]): Promise<VerbRun> => runVerbs([addChange], ['--data', file('data'), 'change', ...args, '--server', town.url]);
const asAuthor = (...args: readonly string[]): Promise<VerbRun> => run(...args, '--token-file', file('token.txt'));
const json = async <T>(...args: readonly string[]): Promise<T> => JSON.parse((await runVerbs([addChange], ['--data', file('data'), '--json', 'change', ...args, '--server', town.url, '--token-file', file('token.txt')])).out) as T;
const drafts = async (): Promise<number> => (await town.changes.drafts('WA')).length;

/** Signs in with the factors on standard input. */
async function as(person: Townsman, code: string, ...args: readonly string[]): Promise<VerbRun> {
  const stdin = vi.spyOn(process, 'stdin', 'get').mockReturnValue(Readable.from([`${person.password}\n${code}\n`]) as unknown as typeof process.stdin);
  try {
    return await run(...args, '--login', person.login);
  } finally {
    stdin.mockRestore();
  }
}
const decide = (person: Townsman, ...args: readonly string[]): Promise<VerbRun> => as(person, town.code(person.key), ...args, '--owner', 'WA', '--accept-notice');

describe('weir change, from a file to its certificate', () => {
  it('checks a file, and leaves nothing behind', async () => {
    const before = await drafts();
    const { out, exit } = await asAuthor('check', await policy('wa.yaml', licence, photo));
    expect(exit).toBe(0);
    for (const words of ['Effect       it WIDENS', 'Compared     with version 1 in force', 'Difference\n  - ', 'Backtest     ', 'It may be proposed.']) expect(out).toContain(words);
    expect(await drafts()).toBe(before);
  });

  it('proposes it once, however often it is applied, and others approve it', async () => {
    const wa = await policy('policies/wa.yaml', licence, photo);
    const dry = await asAuthor('apply', file('policies'), '--dry-run');
    expect([dry.exit, dry.out.includes('It would be proposed.')]).toEqual([0, true]);
    expect(await town.changes.proposals('WA', null)).toEqual([]);
    const [first] = await json<readonly { outcome: string; proposal: string; hash: string }[]>('apply', file('policies'), '--reason', 'commit 1');
    expect(first).toMatchObject({ outcome: 'proposed', proposal: expect.stringMatching(/^P-/) as string });
    const id = first?.proposal ?? '';
    expect(await json('apply', wa, '--reason', 'commit 1')).toMatchObject([{ outcome: 'waits', proposal: id }]);
    // Comments and spaces make no other policy.
    await writeFile(file('same.yaml'), `# the same\n${await readFile(wa, 'utf8')}`);
    expect(await json('apply', file('same.yaml'), '--reason', 'commit 2')).toMatchObject([{ outcome: 'waits', proposal: id }]);
    expect(await town.changes.proposals('WA', null)).toHaveLength(1);
    expect(await newest()).toBe(1);
    expect((await asAuthor('list', 'WA', '--state', 'open')).out).toMatch(new RegExp(`^${id}  WA  policy 2  open  widening  by Ann Harrow; waits for 2 approvals, 1 by the privacy or legal office`));
    const shown = await asAuthor('show', id, '--owner', 'WA');
    expect(shown.out).toContain(`Hash         ${first?.hash ?? ''}`);
    expect((await asAuthor('show', id, '--owner', 'WA', '--text')).out).toContain('policy: WA\nversion: 2');
    const hash = first?.hash ?? '';
    // No token can approve.
    await token('approver.txt', paul, ['change.read']);
    const byToken = await run('approve', id, '--owner', 'WA', '--hash', hash, '--reason', 'x', '--token-file', file('approver.txt'));
    expect([byToken.exit, await newest()]).toEqual([3, 1]);
    expect((await decide(paul, 'approve', id, '--hash', 'a'.repeat(64), '--reason', 'x')).exit).toBe(1);
    expect((await decide(paul, 'approve', id, '--hash', hash, '--reason', 'x', '--round', '7')).exit).toBe(1);
    const approved = await decide(paul, 'approve', id, '--hash', hash, '--reason', 'read with counsel');
    expect([approved.exit, approved.error]).toEqual([0, '']);
    expect((await decide(priya, 'approve', id, '--hash', hash, '--reason', 'lawful', '--round', '1')).out).toContain('inForce');
    expect(await newest()).toBe(2);
    expect(await json('apply', wa, '--reason', 'commit 1')).toMatchObject([{ outcome: 'inForce', proposal: id }]);
    // The session of each ended with the command.
    expect(await town.sql`select 1 from session where ended_at is null`).toHaveLength(0);
    const out = file('approval.json');
    expect((await asAuthor('certificate', id, '--owner', 'WA', '--out', out)).exit).toBe(3);
    await token('token.txt', author, ['change.read', 'change.draft', 'change.propose', 'change.certificate']);
    expect((await asAuthor('certificate', id, '--owner', 'WA', '--out', out)).exit).toBe(0);
    expect(JSON.parse(await readFile(out, 'utf8'))).toMatchObject({ weir: 'approval/v1', proposal: id, hash, approvals: [{}, {}] });
    expect((await asAuthor('certificate', id, '--owner', 'WA', '--out', out)).exit).toBe(2);
    expect((await asAuthor('certificate', id, '--owner', 'WA', '--out', file('approval.pdf'), '--pdf')).exit).toBe(0);
    expect((await readFile(file('approval.pdf'))).subarray(0, 5).toString()).toBe('%PDF-');
  });

  it('knows the policy in force that never was a proposal, and does not propose again what was decided against', async () => {
    const text = await policy('again.yaml', licence);
    const [made] = await json<readonly { proposal: string; hash: string }[]>('apply', text, '--reason', 'less');
    expect((await decide(paul, 'return', made?.proposal ?? '', '--hash', made?.hash ?? '', '--reason', 'say why')).exit).toBe(0);
    const again = await asAuthor('apply', text, '--reason', 'less');
    expect([again.exit, again.out.includes('returned before') && again.out.includes('say why')]).toEqual([1, true]);
    const [once] = await json<readonly { outcome: string; proposal: string }[]>('apply', text, '--reason', 'less, as the law says', '--again');
    expect(once?.outcome).toBe('proposed');
    expect((await asAuthor('withdraw', once?.proposal ?? '', '--owner', 'WA', '--reason', 'a test')).out).toContain('withdrawn');
  });

  it('exits with 1 where a claim fails, and keeps no draft', async () => {
    const before = await drafts();
    await writeFile(file('claim.yaml'), `${washington(await newest() + 1, licence, stranger)}claims:\n  - { id: WA-C1, never: { to: { mission: immigrationEnforcement }, data: photo, by: anyPath, domain: schema } }\n`);
    const checked = await asAuthor('check', file('claim.yaml'));
    expect([checked.exit, checked.out]).toEqual([1, expect.stringMatching(/WA-C1 FAILS[\s\S]*It may NOT be proposed\./)]);
    expect(await json('apply', file('claim.yaml'), '--reason', 'x')).toMatchObject([{ outcome: 'notAllowed' }]);
    expect(await drafts()).toBe(before);
  });
});

describe('weir change refuses', () => {
  it.each([
    ['no file', ['check', 'none.yaml'], 2], ['a policy with errors', ['check', 'bad.yaml'], 1], ['no reason', ['apply', 'wa.yaml'], 2], ['a folder without policies', ['apply', 'empty', '--reason', 'x'], 2], ['two policies of one owner', ['apply', 'two', '--reason', 'x'], 2],
    ['no owner', ['list', 'Washington'], 2], ['no such state', ['list', 'WA', '--state', 'gone'], 2], ['another owner', ['list', 'OR'], 3], ['no such proposal', ['show', 'P-NONE', '--owner', 'WA'], 1], ['a number that is none', ['show', '../x', '--owner', 'WA'], 2],
    ['a hash that is none', ['approve', 'P-NONE', '--owner', 'WA', '--hash', 'abc', '--reason', 'x'], 2],
  ])('%s, with a sentence', async (_what, args, exit) => {
    await writeFile(file('bad.yaml'), 'policy: WA\nversion: x\n');
    await mkdir(file('empty'), { recursive: true });
    await mkdir(file('two'), { recursive: true });
    for (const name of ['two/a.yaml', 'two/b.yaml']) await writeFile(file(name), washington(9, licence));
    const ran = await asAuthor(...args.map((arg) => (/\.yaml$|^empty$|^two$/.test(arg) ? file(arg) : arg)));
    expect([ran.exit, ran.out]).toEqual([exit, '']);
    expect(ran.error).toMatch(/^weir: \S/);
    expect(ran.error).not.toMatch(/ {4}at /);
  });

  it('without a token, with a bad one, with one that is not for it, where nothing answers', async () => {
    vi.stubEnv('WEIR_TOKEN', '');
    expect((await run('list', 'WA')).exit).toBe(2);
    await writeFile(file('bad.txt'), 'weir_unknown-unknown-unknown-unknown\n');
    expect((await run('list', 'WA', '--token-file', file('bad.txt'))).exit).toBe(3);
    expect((await run('check', await policy('reader.yaml', licence), '--token-file', file('reader.txt'))).exit).toBe(3);
    vi.stubEnv('WEIR_TOKEN', (await readFile(file('token.txt'), 'utf8')).trim());
    expect((await run('list', 'WA')).exit).toBe(0);
    vi.unstubAllEnvs();
    expect((await runVerbs([addChange], ['change', 'list', 'WA', '--token-file', file('token.txt'), '--server', 'http://127.0.0.1:9'])).exit).toBe(3);
    expect((await runVerbs([addChange], ['change', 'list', 'WA', '--token-file', file('token.txt'), '--server', 'ftp://x'])).exit).toBe(2);
    expect((await runVerbs([addChange], ['--data', file('nothing'), 'change', 'list', 'WA', '--token-file', file('token.txt')])).exit).toBe(3);
  });

  it('a sign-in with a wrong password or code, or without the notice', async () => {
    const args = ['approve', 'P-NONE', '--owner', 'WA', '--hash', 'a'.repeat(64), '--reason', 'x'];
    expect((await as(paul, '000000', ...args, '--accept-notice')).exit).toBe(3);
    expect((await as({ ...paul, password: 'wrong' }, town.code(paul.key), ...args, '--accept-notice')).exit).toBe(3);
    const noNotice = await as(paul, town.code(paul.key), ...args);
    expect([noNotice.exit, noNotice.error.includes('notice')]).toEqual([2, true]);
    expect(await town.sql`select 1 from session where ended_at is null`).toHaveLength(0);
  });
});
