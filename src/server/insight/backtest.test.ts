import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestPostgres, type TestPostgres } from '../../../test/postgres.ts';
import { sampleArchive } from '../../insight/archive/sample.ts';
import { washingtonRows } from '../../insight/backtest/washingtonSample.ts';
import { activatePolicy } from '../../store/policies.ts';
import { backtestDraft } from './backtest.ts';
import { runJob } from './jobs.ts';

const template = (name: string): string => readFileSync(new URL(`../../../templates/${name}.yaml`, import.meta.url), 'utf8');
const block = template('washington-block');

let folder: string;
let postgres: TestPostgres;
const archive = (name: string): string => join(folder, name);
const draft = (text: string, where = 'year') => backtestDraft({ owner: 'WA', draft: text }, archive(where), postgres.sql);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-draft-backtest-'));
  postgres = await startTestPostgres({ migrate: true });
  await activatePolicy(postgres.sql, template('washington-2019'), { author: 'test', at: new Date() });
  await sampleArchive(archive('year'), washingtonRows);
  // Of the ledger: one request long before, which 90 days do not reach.
  await sampleArchive(archive('ledger'), [{ at: '2025-06-01', ori: 'WAICEE01Z', times: 3 }, ...washingtonRows], { name: 'ledger', kind: 'ledger', label: 'The ledger of a test.' });
});

afterAll(async () => {
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('the backtest of a draft', () => {
  it('counts what would newly be given, held and refused, with what is given first', async () => {
    const found = await draft(block);
    expect(found).toMatchObject({ newlyReleased: 0, newlyHeld: 0, newlyRefused: 10, period: '2025-04..2026-03' });
    expect(found?.hash).toMatch(/^[0-9a-f]{64}$/);
    const text = found?.text ?? [];
    expect(text[0]).toMatch(/^INVENTED DATA/);
    expect(text[1]).toContain('66 requests were decided');
    const place = (start: string): number => text.findIndex((sentence) => sentence.startsWith(start));
    expect(place('Newly given: none')).toBe(2);
    expect(place('Newly refused: 10')).toBeGreaterThan(2);
    expect(place('What this cannot know: ')).toBeGreaterThan(2);
    expect(text.some((sentence) => sentence.startsWith('Which rules'))).toBe(false);
  });

  it('counts what would newly be given', async () => {
    const found = await draft('policy: WA\nversion: 9\neffective: 2026-01-01\nrules:\n  - { id: WA-1, release: { data: all } }\n');
    // Two requests for civil immigration were refused by the act.
    expect(found).toMatchObject({ newlyReleased: 2, newlyHeld: 0, newlyRefused: 0 });
    expect(found?.text[2]).toMatch(/^Newly given: 2\. 2 requests would get data that was kept back\./);
    expect(found?.hash).not.toBe((await draft(block))?.hash);
  });

  it('says the same of the same twice', async () => {
    expect(await draft(block)).toEqual(await draft(block));
  });

  it('reads the last 90 days of the ledger, by the day of UTC', async () => {
    const found = await draft(block, 'ledger');
    expect(found).toMatchObject({ period: '2025-12-04..2026-03-03' });
    expect(found?.text.join(' ')).not.toContain('INVENTED');
  });

  it.each([
    ['no archive', block, 'nowhere'], ['a text that is no policy', 'policy: WA\nversion: x\n', 'year'], ['nothing', '', 'year'],
    ['another owner', 'policy: OR\nversion: 1\neffective: 2026-01-01\nrules:\n  - { id: OR-1, deny: { data: all } }\n', 'year'],
  ])('is null with %s', async (_what, text, where) => {
    expect(await draft(text, where)).toBeNull();
  });

  it('is null for an owner of whom nothing was asked', async () => {
    const text = 'policy: OR\nversion: 1\neffective: 2026-01-01\nrules:\n  - { id: OR-1, deny: { data: all } }\n';
    expect(await backtestDraft({ owner: 'OR', draft: text }, archive('year'), postgres.sql)).toBeNull();
  });

  it('fails where the archive is damaged, and does not call it nothing', async () => {
    const broken = await sampleArchive(archive('broken'), washingtonRows);
    await writeFile(join(broken, 'owner=WA', 'manifest.json'), '{');
    await expect(draft(block, 'broken')).rejects.toThrow();
  });

  it('is a job of the process that reads', async () => {
    const places = { url: postgres.url, archive: archive('year'), ledger: { journal: '', ledger: '', keys: '' }, settings: {}, invented: true };
    expect(await runJob({ kind: 'backtest', owner: 'WA', draft: block }, places, postgres.sql)).toMatchObject({ kind: 'backtest', result: { newlyRefused: 10 } });
  });
});
