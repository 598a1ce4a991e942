import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ImportReport } from '../../insight/imports/index.ts';
import { openLedgerForReading } from '../ledger/folder.ts';
import { withRegistry } from '../registry/withRegistry.ts';
import { importContent } from '../../registry/index.ts';
import { testRegistry } from '../../insight/imports/cases.ts';
import { addImport } from './index.ts';

const sample = (name: string): string => fileURLToPath(new URL(`../../../samples/imports/${name}`, import.meta.url));
let data: string;
beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'weir-import-cli-'));
  await withRegistry({ data, quiet: true }, (sql) => importContent(sql, testRegistry.content, 'test'));
});
afterAll(() => {
  rmSync(data, { recursive: true, force: true });
  process.exitCode = undefined;
});

async function weir(...words: string[]): Promise<{ out: string; err: string; exit: unknown }> {
  let [out, err] = ['', ''];
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => { out += String(text); return true; }), vi.spyOn(process.stderr, 'write').mockImplementation((text) => { err += String(text); return true; }),
  ];
  try {
    process.exitCode = undefined;
    const program = new Command('weir').option('--data <dir>').option('--json').option('--quiet');
    addImport(program);
    await program.parseAsync(['--data', data, 'import', ...words], { from: 'user' });
    return { out, err, exit: process.exitCode };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
const log = (...words: string[]): ReturnType<typeof weir> => weir('log', sample('table.csv'), '--map', sample('table.yaml'), '--owner', 'wa', ...words);

describe('weir import', () => {
  it('tries, imports, lists, records and forgets', async () => {
    const report = join(data, 'report.json');
    const tried = await log('--name', 'sample', '--dry-run', '--tolerate', '50');
    expect([tried.exit, tried.out.split('\n')[0]]).toEqual([0, 'Nothing was written. Of 12 lines, 5 would be in the archive (41.7 %): 3 are no entries, 1 is a duplicate, 3 were refused.']);
    expect((await weir('list')).out).toContain('No log was imported');
    const done = await log('--name', 'sample', '--by', 'Records office', '--report', report, '--rejected', join(data, 'rejected.jsonl'));
    expect(done.err).toBe('');
    expect(done.exit).toBe(1);
    expect((JSON.parse(readFileSync(report, 'utf8')) as ImportReport).lines).toMatchObject({ archived: 5, duplicates: 1, refused: 3 });
    expect(readFileSync(join(data, 'rejected.jsonl'), 'utf8').trim().split('\n').map((line) => (JSON.parse(line) as { reason: string }).reason)).toEqual(['duplicate', 'wrongOwner', 'timeInGap', 'missingOri']);
    const again = await log('--name', 'sample', '--tolerate', '50');
    expect([again.exit, again.err.includes('imported before')]).toEqual([0, true]);
    const listed = JSON.parse((await weir('--json', 'list')).out) as (ImportReport & { label: string })[];
    expect(listed).toMatchObject([{ dataset: 'sample', owner: 'WA', by: 'Records office', lines: { archived: 5 } }]);
    expect(listed[0]?.label).toContain('Invented');
    expect((await weir('forget', 'sample')).out).toContain('Nothing was removed');
    expect((await weir('forget', 'sample', '--yes')).exit).toBe(0);
    expect((await weir('--json', 'list')).out.trim()).toBe('[]');
    const { reader, keys } = await openLedgerForReading({ data });
    const events: unknown[] = [];
    for await (const { entry } of reader.entries(0)) if (entry.type === 'system' && entry.event === 'logImported') events.push([entry.subject, entry.hash?.length ?? null, entry.detail]);
    await keys.close();
    expect(events).toMatchObject([['WA sample', 64, { files: 1, archived: 5, refused: 3, duplicates: 1 }], ['WA sample', null, { forgotten: 'sample' }]]);
  });

  it.each([
    [['--name', 'Sample'], 2], [['--name', 'ledger'], 2], [['--name', 'x', '--by', 'a\nb'], 2], [['--name', 'x', '--tail', '--dry-run'], 2], [['--name', 'x', '--listed', '-1'], 2], [['--name', 'x', '--tolerate', 'much'], 2],
  ])('%s is a fault of usage', async (words, exit) => {
    expect((await log(...words)).exit).toBe(exit);
  });

  it('says where a mapping is wrong', async () => {
    const path = join(data, 'bad.yaml');
    writeFileSync(path, 'log: 1\nformat: csv\ntime: { columns: [A], form: YYYY }\nori: B\nkey: { column: C, values: { X: ZZ } }\nsujbect: []\n');
    const { err, exit } = await weir('log', sample('table.csv'), '--map', path, '--owner', 'WA', '--name', 'x');
    expect(exit).toBe(2);
    expect(err).toContain('bad.yaml:6:1');
    expect((await weir('log', sample('table.csv'), '--map', join(data, 'no.yaml'), '--owner', 'WA', '--name', 'x')).exit).toBe(2);
    expect((await weir('log', join(data, 'no.csv'), '--map', sample('table.yaml'), '--owner', 'WA', '--name', 'x')).exit).toBe(2);
    expect((await weir('forget', '../x', '--yes')).exit).toBe(2);
    expect((await weir('forget', 'nothing', '--yes')).exit).toBe(2);
  });

  it('prints the schema, and a proposal', async () => {
    expect(JSON.parse((await weir('schema')).out)).toMatchObject({ $id: 'weir:logMapping:1' });
    expect((await weir('sketch', sample('table.csv'))).out).toContain('format: csv');
  });
});
