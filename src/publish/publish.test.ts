import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildSite, canonicalJson, checkSite, PublishError, readAggregate, readApproval, releaseFiles, sha256, type Aggregate, type PublishErrorCode } from './index.ts';
import { followingSample, sampleAggregate, sampleApproval } from './samples.ts';

let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'weir-publish-')); });
afterEach(async () => { await rm(folder, { recursive: true, force: true }); });

const text = (value: unknown): string => `${canonicalJson(value)}\n`;
const build = (aggregate: Aggregate, approval = sampleApproval(aggregate)): ReturnType<typeof buildSite> => buildSite(text(aggregate), text(approval), folder);
const requests = (change: Partial<Aggregate['tables'][number]>): Aggregate => ({ ...sampleAggregate, tables: sampleAggregate.tables.map((table) => (table.id === 'requests' ? { ...table, ...change } : table)) });

function codeOf(work: () => unknown): PublishErrorCode | null {
  try {
    work();
    return null;
  } catch (error) {
    if (error instanceof PublishError) return error.code;
    throw error;
  }
}

describe('what may be published', () => {
  it('is read back as it was written', () => {
    expect(readAggregate(text(sampleAggregate))).toEqual({ aggregate: sampleAggregate, hash: sha256(canonicalJson(sampleAggregate)) });
  });

  it('is refused with a small number, a sum that does not agree, another shape, or a changed byte', () => {
    expect(codeOf(() => readAggregate(text(requests({ columnTotals: [12_090, 200, 170, 7] }))))).toBe('PUBLISH_SMALL');
    expect(codeOf(() => readAggregate(text(requests({ total: 12_801 }))))).toBe('PUBLISH_FORMAT');
    expect(codeOf(() => readAggregate(text(requests({ columnTotals: [12_090, 150, 170, 340] }))))).toBe('PUBLISH_FORMAT');
    expect(codeOf(() => readAggregate(text(requests({ cells: [] }))))).toBe('PUBLISH_FORMAT');
    expect(codeOf(() => readAggregate(text({ ...sampleAggregate, threshold: 9 })))).toBe('PUBLISH_FORMAT');
    expect(codeOf(() => readAggregate(JSON.stringify(sampleAggregate)))).toBe('PUBLISH_FORMAT');
    expect(codeOf(() => readAggregate('not JSON'))).toBe('PUBLISH_FORMAT');
    expect(codeOf(() => readAggregate(text(requests({ cells: [[{ hidden: 'small', value: 3 } as never, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]] }))))).toBe('PUBLISH_FORMAT');
  });

  it('whatever is taken away or put in its place, it is read or refused, and nothing else', () => {
    const names = Object.keys(sampleAggregate);
    fc.assert(fc.property(fc.constantFrom(...names), fc.option(fc.jsonValue(), { nil: undefined }), (name, value) => {
      const code = codeOf(() => readAggregate(text({ ...sampleAggregate, [name]: value })));
      expect([null, 'PUBLISH_FORMAT', 'PUBLISH_SMALL']).toContain(code);
    }), { numRuns: 400 });
  });

  it('needs the approval of another office, for just this', () => {
    const { aggregate, hash } = readAggregate(text(sampleAggregate));
    const code = (changes: object): PublishErrorCode | null => codeOf(() => readApproval(text(sampleApproval(aggregate, changes)), aggregate, hash));
    expect(code({})).toBeNull();
    expect(code({ by: ' privacy  OFFICE. ' })).toBe('PUBLISH_APPROVAL');
    expect(code({ aggregate: 'b'.repeat(64) })).toBe('PUBLISH_APPROVAL');
    expect(code({ version: 2 })).toBe('PUBLISH_APPROVAL');
    expect(code({ by: '' })).toBe('PUBLISH_FORMAT');
  });
});

describe('a site', () => {
  it('holds versions that follow each other, and is found sound', async () => {
    await build(sampleAggregate);
    await build(followingSample(sampleAggregate));
    expect(await checkSite(folder, '0.1.0')).toMatchObject({ findings: [], releases: [{ version: 1 }, { version: 2 }] });
    expect(await readFile(join(folder, 'v1/index.html'), 'utf8')).toContain('1 to 10, hidden to protect people');
  });

  it('never changes a version, and takes none that was not checked against what is there', async () => {
    const frozen = async (aggregate: Aggregate): Promise<unknown> => build(aggregate).catch((error: unknown) => (error as PublishError).code);
    await build(sampleAggregate);
    const before = await readFile(join(folder, 'v1/index.html'), 'utf8');
    expect(await frozen({ ...sampleAggregate, review: 'Another.' })).toBe('PUBLISH_FROZEN');
    expect(await frozen(followingSample(sampleAggregate, { earlier: [] }))).toBe('PUBLISH_FROZEN');
    expect(await frozen(followingSample(sampleAggregate, { earlier: [{ version: 1, hash: 'c'.repeat(64) }] }))).toBe('PUBLISH_FROZEN');
    expect(await frozen(followingSample(sampleAggregate, { owner: 'OR' }))).toBe('PUBLISH_FROZEN');
    expect(await frozen(followingSample(sampleAggregate, { dataset: { ...sampleAggregate.dataset, kind: 'ledger' } }))).toBe('PUBLISH_FROZEN');
    expect(await readFile(join(folder, 'v1/index.html'), 'utf8')).toBe(before);
    expect((await readdir(folder)).sort()).toEqual(['index.html', 'releases.json', 'v1']);
  });

  it('is whole after an end half-way', async () => {
    await build(sampleAggregate);
    for (const path of ['releases.json', 'index.html']) await rm(join(folder, path));
    await writeFile(join(folder, '.making-v1'), 'left over');
    await build(sampleAggregate);
    await rm(join(folder, '.making-v1'), { force: true });
    expect((await checkSite(folder, '0.1.0')).findings).toEqual([]);
  });

  it.each([
    ['a page that was changed', 'v1/2026-10.html', ' '],
    ['open data that were changed', 'v1/data/requests.csv', 'WA,invented,1,2026-10,tribal,answered,3,\r\n'],
    ['a changed list of versions', 'releases.json', ' '],
    ['a file that belongs to no version', 'v1/notes.txt', 'x'],
    ['a changed aggregate', 'v1/aggregate.json', ' x'],
  ])('is found to have %s', async (_, path, more) => {
    await build(sampleAggregate);
    await appendFile(join(folder, path), more);
    expect((await checkSite(folder, '0.1.0').then(({ findings }) => findings.length, () => 1))).toBeGreaterThan(0);
  });

  it('makes pages without script, each below 100 kB, and the same bytes each time', () => {
    const hash = sha256(canonicalJson(sampleAggregate));
    const files = releaseFiles(sampleAggregate, hash, sampleApproval(sampleAggregate));
    expect([...files]).toEqual([...releaseFiles(sampleAggregate, hash, sampleApproval(sampleAggregate))]);
    for (const [path, content] of files) {
      expect(Buffer.byteLength(content), path).toBeLessThan(100_000);
      if (path.endsWith('.html')) expect(content).not.toMatch(/<script|javascript:|\son\w+="|url\(|\ssrc=/);
    }
    expect(files.get('rules.html')).toContain('Refuse &lt;photo&gt; to &quot;anyone&quot; &amp; all.');
    expect(files.get('data/requests.csv')).toContain('WA,invented,1,2026-10,immigration,held,,small\r\n');
  });
});
