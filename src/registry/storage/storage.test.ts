import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startTestPostgres, type TestPostgres } from '../../../test/postgres.ts';
import { rollback, migrate } from '../../store/migrate.ts';
import { affiliation, certification, office, organisation, smallContent, soundContent, withRows } from '../cases.ts';
import { hashContent } from '../hash.ts';
import type { RegistryContent } from '../model.ts';
import { emptyContent } from '../rows.ts';
import { openRegistry } from './live.ts';
import { listVersions, readContent } from './read.ts';
import { changeContent, importContent } from './write.ts';

let postgres: TestPostgres;
beforeAll(async () => { postgres = await startTestPostgres({ migrate: true }); });
afterAll(async () => postgres.stop());
beforeEach(async () => {
  await postgres.sql`truncate registry_version, registry_organisation, registry_office, registry_affiliation, registry_certification`;
});

const full: RegistryContent = withRows({
  organisations: [...smallContent.organisations, organisation('odd', { name: 'Tab\\t "quoted" {braces}, O\u2019Fallon \u00e9 \\N', missions: [] })],
  affiliations: [affiliation('program287g', 'co/juniper', 'us/dhs/ice', { detail: 'jail', until: '2026-01-31' })],
  certifications: [certification('us/dhs/ice')],
});

describe('versions', () => {
  it('a version read back is what was imported', async () => {
    const stored = await importContent(postgres.sql, full, 'first');
    expect(stored).toMatchObject({ version: 1, changed: true, hash: hashContent(full) });
    const back = await readContent(postgres.sql);
    expect(hashContent(back)).toBe(hashContent(full));
    expect(back.organisations.find(({ id }) => id === 'odd')).toEqual(full.organisations.at(-1));
    expect(back.affiliations).toEqual(full.affiliations);
    expect(back.certifications).toEqual(full.certifications);
  });

  it('every version can be read back, whatever came after', async () => {
    await fc.assert(fc.asyncProperty(fc.array(soundContent, { minLength: 1, maxLength: 4 }), async (contents) => {
      await postgres.sql`truncate registry_version, registry_organisation, registry_office, registry_affiliation, registry_certification`;
      const stored = [];
      for (const content of contents) stored.push(await importContent(postgres.sql, content, 'step'));
      for (const [step, { version }] of stored.entries()) {
        const back = await readContent(postgres.sql, version);
        expect(hashContent(back)).toBe(hashContent(contents[step] ?? emptyContent));
      }
      for (const row of await listVersions(postgres.sql)) expect(row.hash).toBe(hashContent(await readContent(postgres.sql, row.version)));
    }), { numRuns: 15 });
  });

  it('the same rows make no new version', async () => {
    await importContent(postgres.sql, full, 'first');
    const again = await importContent(postgres.sql, { ...full, offices: full.offices.toReversed() }, 'again');
    expect(again).toMatchObject({ version: 1, changed: false });
    expect(await listVersions(postgres.sql)).toHaveLength(1);
  });

  it('a change of one row writes one row', async () => {
    await importContent(postgres.sql, full, 'first');
    const before = await countRows();
    await changeContent(postgres.sql, 'one', (current) => ({ ...current, offices: current.offices.map((row) => (row.ori === 'COZZ00100' ? { ...row, name: 'New name' } : row)) }));
    expect(await countRows()).toBe(before + 1);
    expect(await listVersions(postgres.sql)).toMatchObject([
      { version: 2, parent: 1, note: 'one', counts: { offices: full.offices.length } }, { version: 1, parent: null, note: 'first' },
    ]);
  });

  it('a fault keeps everything as it was', async () => {
    await importContent(postgres.sql, full, 'first');
    const bad = withRows({ offices: [office('COZZ00100', 'nobody')] });
    await expect(importContent(postgres.sql, bad, 'bad')).rejects.toMatchObject({ code: 'badContent', faults: [{ code: 'unknownOrganisation' }] });
    await expect(changeContent(postgres.sql, 'thrown', () => { throw new Error('no'); })).rejects.toThrow();
    expect(hashContent(await readContent(postgres.sql))).toBe(hashContent(full));
    expect(await listVersions(postgres.sql)).toHaveLength(1);
  });

  it('changes at the same time are all kept', async () => {
    await importContent(postgres.sql, smallContent, 'first');
    const names = Array.from({ length: 8 }, (_, i) => `x${i}`);
    await Promise.all(names.map(async (id) => changeContent(postgres.sql, id, (current) => ({ ...current, organisations: [...current.organisations, organisation(id)] }))));
    const ids = (await readContent(postgres.sql)).organisations.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(names));
    expect(await listVersions(postgres.sql)).toHaveLength(9);
  });

  it('an unknown version is an error, and no version at all is an empty registry', async () => {
    await expect(readContent(postgres.sql, 7)).rejects.toMatchObject({ code: 'noVersion' });
    await expect(readContent(postgres.sql, 1.5)).rejects.toMatchObject({ code: 'noVersion' });
    expect(await readContent(postgres.sql)).toEqual(emptyContent);
  });

  it('the schema can be taken back and made again', async () => {
    const other = await startTestPostgres({ migrate: true });
    try {
      await rollback(other.sql, 1);
      await migrate(other.sql);
      expect(await listVersions(other.sql)).toEqual([]);
    } finally {
      await other.stop();
    }
  });
});

describe('the live registry', () => {
  it('starts empty, follows new versions, and keeps the last after it is closed', async () => {
    const switched: number[] = [];
    const live = await openRegistry(postgres.sql, { onSwitch: ({ version }) => switched.push(version) });
    const empty = live.current();
    expect(empty).toMatchObject({ version: 0, hash: hashContent(emptyContent) });
    await importContent(postgres.sql, smallContent, 'first');
    await vi.waitFor(() => expect(live.current().version).toBe(1), { timeout: 60_000 });
    expect(live.current().requester('COZZ00100')?.organisation).toBe('co/springfield');
    expect(empty.requester('COZZ00100')).toBeNull();
    await live.close();
    await importContent(postgres.sql, full, 'second');
    expect(live.current().version).toBe(1);
    expect(await live.refresh()).toBe(true);
    expect(await live.refresh()).toBe(false);
    expect(live.current()).toMatchObject({ version: 2, hash: hashContent(full) });
    expect(switched).toEqual([1, 2]);
  });

  it('refreshes that meet end at the newest version', async () => {
    await importContent(postgres.sql, smallContent, 'first');
    const live = await openRegistry(postgres.sql);
    await Promise.all([importContent(postgres.sql, full, 'second'), live.refresh(), live.refresh()]);
    await Promise.all([live.refresh(), live.refresh(), live.refresh()]);
    expect(live.current().version).toBe(2);
    await live.close();
  });

  it('keeps the old snapshot where the database fails, and says so', async () => {
    const other = await startTestPostgres({ migrate: true });
    try {
      await importContent(other.sql, smallContent, 'first');
      const faults: unknown[] = [];
      const live = await openRegistry(other.sql, { onFault: (error) => faults.push(error) });
      await other.sql`alter table registry_office rename to registry_office_gone`;
      await other.sql`insert into registry_version values (2, ${'0'.repeat(64)}, 1, 'told', 0, 0, 0, 0)`;
      await other.sql`select pg_notify('weir_registry', '2')`;
      await vi.waitFor(() => expect(faults).toHaveLength(1), { timeout: 60_000 });
      expect(live.current().version).toBe(1);
      await expect(live.refresh()).rejects.toThrow();
      await other.sql`alter table registry_office_gone rename to registry_office`;
      expect(await live.refresh()).toBe(true);
      await live.close();
    } finally {
      await other.stop();
    }
  });
});

async function countRows(): Promise<number> {
  const [row] = await postgres.sql<{ n: number }[]>`
    select ((select count(*) from registry_organisation) + (select count(*) from registry_office)
      + (select count(*) from registry_affiliation) + (select count(*) from registry_certification))::int as n`;
  return row?.n ?? 0;
}
