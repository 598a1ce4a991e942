import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { runVerbs, type VerbRun } from '../../../test/runVerbs.ts';
import { demoPolicies } from '../../../demo/policies/index.ts';
import { checkPolicy, sentencesOf } from '../../policy/index.ts';
import { addRead } from './read.ts';

let folder: string;
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'weir-read-cli-')); });
afterEach(() => { process.exitCode = 0; });
afterAll(async () => { await rm(folder, { recursive: true, force: true }); });

const run = (...args: readonly string[]): Promise<VerbRun> => runVerbs([addRead], args);

describe('weir policy read', () => {
  it('gives the YAML of the item', async () => {
    expect(await run('read', 'Refuse photos to federal agencies, unless a court confirms a warrant.', '--id', 'ZY-7')).toEqual({
      out: 'rules:\n  - id: ZY-7\n    deny:\n      data: photo\n      to:\n        level: federal\n      unless:\n        warrant: courtConfirmed\n', error: '', exit: 0,
    });
  });

  it('shows the place of a fault, and what could stand there', async () => {
    expect(await run('read', 'Refuse home adresses to anyone who asks.')).toEqual({
      out: '1:13: error: `adresses` cannot stand here [unexpected]\n    Refuse home adresses to anyone who asks.\n                ^\n    did you mean `addresses`?\n', error: '', exit: 1,
    });
    const json = JSON.parse((await run('--json', 'read', 'Refuse photos to')).out) as { faults: { code: string; expected: string[] }[] };
    expect(json.faults).toMatchObject([{ code: 'unfinished', expected: expect.arrayContaining(['anyone who asks']) as string[] }]);
  });

  it('reads a file of sentences with their ids, and says the line of a fault', async () => {
    const file = join(folder, 'sentences.txt');
    await writeFile(file, '# a comment\n\nZY-1  Give photos to anyone who asks.\r\nRefuse  photos to federal agencies.\nZY-50: Tell the owner within 1 day of any request\nZY-9  Refuse phtos to anyone who asks.\n');
    const { out, exit } = await run('read', '--file', file, '--id', 'ZY-1');
    expect(exit).toBe(1);
    expect(out).toContain(`${file}:6:14: error: \`phtos\` cannot stand here [unexpected]\n    ZY-9  Refuse phtos to anyone who asks.\n                 ^\n`);
    expect([...out.matchAll(/- id: (\S+)/g)].map(([, id]) => id)).toEqual(['ZY-1', 'ZY-4', 'ZY-50']);
    expect(out).toContain('notify:\n  - id: ZY-50');
  });

  it('reads every sentence of the demonstration back to a sound policy with the same sentences', async () => {
    const file = join(folder, 'demonstration.txt');
    for (const owner of ['NY', 'WA']) {
      const source = checkPolicy(demoPolicies().find((one) => one.owner === owner)?.text ?? '');
      if (!source.ok) throw new Error(owner);
      const lines = sentencesOf(source.document).map(({ item, sentence }) => `${item.id}  ${sentence}`);
      await writeFile(file, lines.join('\n'));
      const again = checkPolicy(`policy: ZY\nversion: 1\neffective: 2026-01-01\n${(await run('read', '--file', file)).out}`);
      expect(again.ok && sentencesOf(again.document).map(({ item, sentence }) => `${item.id}  ${sentence}`)).toEqual(lines);
    }
  });

  it('asks for a sentence or a file, and for an id that may be one', async () => {
    expect((await run('read')).exit).toBe(2);
    expect((await run('read', 'x', '--file', 'y')).exit).toBe(2);
    expect((await run('read', 'x', '--id', 'a b')).exit).toBe(2);
    expect((await run('read', '--file', join(folder, 'absent.txt'))).exit).toBe(2);
  });
});
