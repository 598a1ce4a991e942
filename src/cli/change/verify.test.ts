import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runVerbs, type VerbRun } from '../../../test/runVerbs.ts';
import { noteKey, writeLog } from '../../../test/tinyLog.ts';
import type { Certificate, ChangeActor } from '../../approvals/index.ts';
import type { Entry } from '../../model/index.ts';
import { drainOutbox } from '../../store/outbox.ts';
import { licence, photo, startChangeTown, washington, type ChangeTown } from '../../server/testing/changeTown.ts';
import { stopAll } from '../../server/testing/server.ts';
import { ownerRole } from '../../server/testing/town.ts';
import { addChange } from './index.ts';

const origin = 'test.weir.example';
const key = noteKey(`${origin}/log/anchor`);

let town: ChangeTown;
let folder: string;
let certificate: Certificate;
let leaves: readonly Entry[];

/** A change that was approved by two, and the anchor log that the outbox made of it. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-change-verify-'));
  town = await startChangeTown();
  const act = async (name: string, role: 'policyAuthor' | 'policyApprover' | 'privacyApprover'): Promise<ChangeActor> => {
    const { account } = await town.person(name, [ownerRole(role)]);
    const person = (await town.accounts.account(account))?.person ?? '';
    return { account, person, name, role };
  };
  const [author, paul, priya] = [await act('Ann Harrow', 'policyAuthor'), await act('Paul Verey', 'policyApprover'), await act('Priya Lund', 'privacyApprover')];
  const { changes } = town;
  const draft = await changes.begin('WA', { title: 'Photos', text: washington(2, licence, photo) }, author);
  await changes.check('WA', draft.id, author);
  const { id, hash } = await changes.propose('WA', { draft: draft.id, etag: draft.etag, reason: 'The law', startsAt: null, endsAt: null }, author);
  for (const actor of [paul, priya]) await changes.decide('WA', id, { hash, decision: 'approve', reason: 'Lawful' }, actor);
  const anchor: Entry[] = [];
  await drainOutbox(town.sql, (entries) => Promise.resolve(entries.map((entry) => {
    if (entry.type !== 'system') return { id: '', receipt: null } as never;
    anchor.push(entry);
    return { id: entry.id, receipt: { index: anchor.length - 1 } } as never;
  })));
  leaves = anchor;
  const made = await changes.certificate('WA', id, author);
  if (made === null) throw new Error('there is no certificate');
  certificate = made;
});
afterAll(async () => {
  process.exitCode = 0;
  await stopAll();
  await town.stop();
  await rm(folder, { recursive: true, force: true });
});

let count = 0;
async function verify(change: { readonly certificate?: unknown; readonly leaves?: readonly Entry[]; readonly after?: (log: string) => Promise<void>; readonly key?: ReturnType<typeof noteKey> } = {}): Promise<VerbRun> {
  const log = join(folder, `log${(count += 1)}`);
  writeLog(log, key, (change.leaves ?? leaves).map((entry) => Buffer.from(JSON.stringify(entry))));
  await change.after?.(log);
  const file = join(folder, `certificate${count}.json`);
  await writeFile(file, JSON.stringify(change.certificate ?? certificate));
  return runVerbs([addChange], ['change', 'verify', file, '--log', log, '--key', (change.key ?? key).vkey, '--origin', origin]);
}

describe('weir change verify', () => {
  it('finds every approval in the anchor log, without the exchange', async () => {
    const { out, exit, error } = await verify();
    expect([exit, error]).toEqual([0, '']);
    expect(out).toMatch(/^GOOD {2}/);
    expect(out).toContain(certificate.hash);
    expect(certificate.approvals.map(({ anchor }) => typeof anchor)).toEqual(['number', 'number']);
  });

  it('is not good where a word of the certificate is another', async () => {
    const [first, second] = certificate.approvals;
    for (const changed of [{ ...certificate, hash: 'a'.repeat(64) }, { ...certificate, effect: 'narrowing' }, { ...certificate, approvals: [second] }, { ...certificate, approvals: [{ ...first, reason: 'another' }, second] }, { ...certificate, approvals: [{ ...first, account: certificate.author.account }, second] }]) {
      const ran = await verify({ certificate: changed });
      expect([ran.exit, ran.out.startsWith('NOT GOOD')]).toEqual([1, true]);
    }
  });

  it('is not good where the log lacks an approval, or says that it was withdrawn', async () => {
    const approvals = leaves.filter((entry) => entry.type === 'system' && entry.event === 'policyApproved');
    expect((await verify({ leaves: leaves.filter((entry) => entry !== approvals[0]) })).exit).toBe(1);
    const { subject, hash } = approvals[0] as Extract<Entry, { type: 'system' }>;
    const withdrawn = { ...approvals[0], event: 'policyWithdrawn', subject, hash } as Entry;
    expect((await verify({ leaves: [...leaves, withdrawn] })).exit).toBe(1);
  });

  it('trusts no log that was changed, cut, or signed by another', async () => {
    const entries = (log: string): string => join(log, 'tile', 'entries', `000.p`, String(leaves.length));
    const changed = await verify({ after: async (log) => {
      const bytes = await readFile(entries(log));
      bytes.write('X', bytes.indexOf('policyApproved'));
      await writeFile(entries(log), bytes);
    } });
    expect([changed.exit, changed.out.startsWith('GOOD')]).toEqual([1, false]);
    expect((await verify({ after: (log) => rm(entries(log)) })).exit).toBe(6);
    expect((await verify({ after: (log) => rm(join(log, 'checkpoint')) })).exit).toBe(6);
    expect((await verify({ key: noteKey(`${origin}/log/anchor`) })).exit).toBe(4);
  });

  it.each([['no JSON', 'x'], ['a list', '[]'], ['another thing', '{"weir":"opening/v1"}'], ['a number that is none', '{"proposal":"../x"}']])('takes no %s for a certificate', async (_what, text) => {
    const file = join(folder, 'no.json');
    await writeFile(file, text);
    expect((await runVerbs([addChange], ['change', 'verify', file, '--log', folder, '--key', key.vkey, '--origin', origin])).exit).toBe(2);
  });

  it('says that a PDF is for reading', async () => {
    const file = join(folder, 'approval.pdf');
    await writeFile(file, Buffer.concat([Buffer.from('%PDF-1.7\n%'), Buffer.from([0xe2, 0xe3, 0xcf, 0xd3])]));
    const { exit, error } = await runVerbs([addChange], ['change', 'verify', file, '--log', folder, '--key', key.vkey, '--origin', origin]);
    expect([exit, error.includes('PDF')]).toEqual([2, true]);
  });

  it('needs to be told whom to trust, and where the log is', async () => {
    const file = join(folder, 'certificate1.json');
    expect((await runVerbs([addChange], ['change', 'verify', file, '--log', join(folder, 'log1')])).exit).toBe(2);
    expect((await runVerbs([addChange], ['change', 'verify', file, '--log', join(folder, 'none'), '--key', key.vkey, '--origin', origin])).exit).toBe(3);
    expect((await runVerbs([addChange], ['change', 'verify', join(folder, 'none.json'), '--log', join(folder, 'log1'), '--key', key.vkey, '--origin', origin])).exit).toBe(3);
  });
});
