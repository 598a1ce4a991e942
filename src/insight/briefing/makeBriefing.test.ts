import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { landmarkOris } from '../../../demo/landmarks.ts';
import { sampleArchive, sampleSession, type SampleRow } from '../archive/sample.ts';
import type { ArchiveSession } from '../archive/types.ts';
import { readPeriod } from '../period.ts';
import { readBy, readConditions } from '../statistics/conditions.ts';
import { tabulate } from '../statistics/tabulate.ts';
import type { InsightWorld } from '../world.ts';
import { caseEvents, caseRows, caseWorld } from './gather/cases.ts';
import { briefingHtml } from './html.ts';
import { makeBriefing } from './makeBriefing.ts';
import { briefingMarkdown } from './markdown.ts';
import { briefingPdf } from './pdf.ts';
import { isQuantity, plainOf } from './say.ts';
import { briefingText, rowsText } from './text.ts';
import type { Briefing } from './types.ts';

let folder: string;
let world: InsightWorld;
let session: ArchiveSession;
let briefing: Briefing;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-briefing-'));
  world = caseWorld();
  const data = await sampleArchive(folder, caseRows(), { events: caseEvents, compactAt: Date.UTC(2026, 9, 5) });
  session = await sampleSession(data, readPeriod('2025-10..2026-09', 0), ['WA']);
  briefing = await makeBriefing(session, world, { owner: 'WA' });
  const out = process.env['WEIR_BRIEFING_OUT'];
  if (out !== undefined) {
    await writeFile(join(out, 'brief.html'), briefingHtml(briefing));
    await writeFile(join(out, 'brief.pdf'), await briefingPdf(briefing));
    await writeFile(join(out, 'brief.md'), briefingMarkdown(briefing));
    await writeFile(join(out, 'brief.txt'), briefingText(briefing));
    await writeFile(join(out, 'brief.json'), JSON.stringify(briefing, null, 2));
    await writeFile(join(out, 'all.html'), briefingHtml(await makeBriefing(session, world, { owner: 'all' })));
  }
});
afterAll(async () => {
  await session.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the briefing of an archive', () => {
  it('counts what was written', () => {
    const rows = caseRows().filter(({ at }) => at >= '2025-10').reduce((sum, { times = 1 }) => sum + times, 0);
    expect(briefing.opening.flat().filter(isQuantity).map(({ value }) => value)).toContain(rows);
    const ice = caseRows().filter(({ at, ori }) => at >= '2025-10' && ori === landmarkOris.iceEro).reduce((sum, { times = 1 }) => sum + times, 0);
    expect(textOf('who')).toContain(`ICE's enforcement arm asked ${ice} times`);
  });

  it('names every number\'s command, and the command gives the table again', async () => {
    const stats = briefing.behind.filter(({ command, id }) => command.startsWith('weir stats') && id !== 'versions');
    expect(stats.length).toBeGreaterThan(7);
    for (const { command, table } of stats) {
      const words = [...command.matchAll(/--(\w+)(?: ('[^']*'|[^-]\S*))?/g)].map(([, name = '', value = '']): [string, string] => [name, value.replaceAll('\'', '')]);
      const by = words.find(([name]) => name === 'by')?.[1] ?? '';
      const found = await tabulate(session, { by: readBy(by), where: readConditions(words.filter(([name]) => name === 'where').map(([, value]) => value)).where, compare: false, limit: null }, { names: world.names });
      expect(table.rows.at(-1)?.[readBy(by).length]).toBe(found.total.n);
      for (const row of table.rows.slice(0, -1)) expect(found.rows.filter(({ words: said, n }) => said.every((one, place) => one === row[place]) && n === row[readBy(by).length]).length + (row[readBy(by).length] === 0 ? 1 : 0), command).toBeGreaterThan(0);
    }
  });

  it('shows attempts that went on after the block, and whose requests rose beside them', () => {
    const said = textOf('changes');
    expect(said).toContain('Version 2 of the policy took effect on 15 March 2026.');
    const refused = caseRows().filter(({ at, status, ori }) => at >= '2026-03-15' && status === 'refused' && (ori === landmarkOris.iceEro || ori === landmarkOris.hsi));
    // What the act itself refused, civil immigration work, is not a consequence of the block.
    const counted = refused.filter(({ purpose }) => purpose !== 'civilImmigration').reduce((sum, { times = 1 }) => sum + times, 0);
    expect(said).toContain(`Version 2 refused ${counted} requests of a sort that was answered before.`);
    const table = briefing.behind.find(({ id }) => id === 'blocked')?.table.rows ?? [];
    expect(table.reduce((sum, row) => sum + Number(row[3]), 0)).toBe(counted);
    expect(rowsText(briefing, 'blocked')).toContain('ICE (with HSI)');
    expect(rowsText(briefing, 'nothing')).toBeNull();
    expect(said).toMatch(/CBP went from about \d+ to \d+ requests a month/);
    expect(briefing.decisions.map(({ id }) => id)).toEqual(expect.arrayContaining(['aroundBlock', 'afterBlock', 'noReason', 'newFederal', 'unusedAccess']));
  });

  it('tells which claims hold, and who could ask and never did', () => {
    expect(textOf('claims')).toMatch(/\d+ of \d+ claims hold|All \d+ claims hold/);
    expect(textOf('unused')).toMatch(/bodies can get photos in some case, and [\d,]+ of them never asked/);
    const table = briefing.behind.find(({ id }) => id === 'access-photo');
    expect(table?.table.rows.length).toBeGreaterThan(2);
  });

  it('says when it was, and that it is invented', () => {
    expect(briefing.invented).toBe(true);
    expect(briefing.basis).toMatchObject({ period: { from: '2025-10-01', to: '2026-09-30' }, newest: expect.stringMatching(/^2026-09-18/) as string, policy: { version: 2 }, entries: { last: expect.any(Number) as number } });
  });

  it('compares with the year before, and not with a time that the archive does not have', async () => {
    expect(briefing.opening.map(plainOf).join(' ')).toMatch(/Against the year before, requests (?:rose|fell) by/);
    const earlier = await session.over(readPeriod('2024-10..2025-09', 0));
    expect((await makeBriefing(earlier, world, { owner: 'WA' })).opening.map(plainOf)).toContain('There is no earlier time on file to compare with.');
  });

  it('is made of a time without entries, and of an owner without a policy', async () => {
    const empty = await makeBriefing(await session.over(readPeriod('2027-01', 0)), caseWorld([]), { owner: 'WA' });
    expect(plainOf(empty.opening[0] ?? [])).toContain('Nobody asked');
    expect(empty.decisions[0]?.id).toBe('noPolicy');
    for (const text of [briefingHtml(empty), briefingMarkdown(empty), briefingText(empty)]) expect(text).not.toMatch(/NaN|undefined/);
    expect((await briefingPdf(empty)).length).toBeGreaterThan(1_000);
  });

  it('counts held requests whose time is not over, and names the first that lapses', async () => {
    const held = (at: string, hours: number) => ({ at, status: 'held', held: true, decisions: [{ dataClass: 'photo', outcome: 'hold', rules: ['WA-9'], treatment: null, review: { by: 'desk', withinSeconds: hours * 3_600, onTimeout: 'deny' } }], released: [] }) as const;
    const data = await sampleArchive(folder, [held('2026-09-01T08:00:00Z', 4), held('2026-09-01T10:30:00Z', 4), held('2026-09-01T11:00:00Z', 1), { at: '2026-09-01T12:30:00Z' }], { name: 'held' });
    const some = await sampleSession(data, readPeriod('2026-09', 0), ['WA']);
    try {
      const { decisions: needed, basis } = await makeBriefing(some, world, { owner: 'WA' });
      expect(basis.entries).toEqual({ first: 0, last: 3 });
      expect(needed.find(({ id }) => id === 'waiting')?.what.map((span) => (isQuantity(span) ? span.value : span))).toEqual([1, ' held request may still wait for a person. The first lapses on ', { name: '1 September 2026, 14:30 UTC' }, '.']);
    } finally {
      await some.close();
    }
  });

  it('says how held requests ended, how fast, and what was given after review', async () => {
    const held = (at: string, review?: SampleRow['review'], released: SampleRow['released'] = []): SampleRow => ({ at, held: true, status: released.length === 0 ? 'held' : 'answeredInPart', released, ...(review === undefined ? {} : { review }) });
    const data = await sampleArchive(folder, [
      held('2026-09-01T08:00:00Z', { verdict: 'released', after: 1_200, released: ['photo', 'address'] }), held('2026-09-02T08:00:00Z', { verdict: 'releasedInPart', after: 7_000, released: ['name', 'photo'] }, ['name']),
      held('2026-09-03T08:00:00Z', { verdict: 'refused', after: 300_000 }), held('2026-09-04T08:00:00Z', { verdict: 'refused', after: 86_400, decidedBy: 'clock' }), held('2026-09-05T08:00:00Z'), { at: '2026-09-06T12:30:00Z' },
    ], { name: 'reviewed' });
    const some = await sampleSession(data, readPeriod('2026-09', 0), ['WA']);
    try {
      const made = await makeBriefing(some, world, { owner: 'WA' });
      const text = (id: string): string => made.sections.find((section) => section.id === id)?.sentences.map(plainOf).join(' ') ?? '';
      expect(text('reviews')).toBe('5 requests were held for a person. 1 was released, 1 was released in part and 2 were refused. For 1 of them nobody decided in time, so the clock did. 1 has no decision on file. '
        + 'People took 2 hours or less for half of theirs, and 4 days or less for 95%. After review, photos went out 2 times. After review, home addresses went out 1 time. Where this page says that somebody got something, it was given at once.');
      const all = await makeBriefing(some, world, { owner: 'all' });
      expect(all.sections.map(({ id }) => id)).toEqual(['owners', 'who', 'what', 'reviews']);
      expect(all.sections.at(-1)?.sentences.map(plainOf).join(' ')).toBe(text('reviews'));
      expect(all.behind.find(({ id }) => id === 'reviews')?.command).toMatch(/^weir brief all --rows reviews /);
      expect(text('claims')).toContain('After review, people or the clock gave data to 2 held requests.');
      expect(text('what')).toMatch(/Photos went out [23] times/);
      expect(made.behind.find(({ id }) => id === 'reviews')?.table.rows).toContainEqual(['half within', '2 hours']);
    } finally {
      await some.close();
    }
  });

  it('of the whole network is a short form', async () => {
    const all = await makeBriefing(session, world, { owner: 'all' });
    expect(all.sections.map(({ id }) => id)).toEqual(['owners', 'who', 'what']);
    expect(plainOf(all.opening[0] ?? [])).toMatch(/^1 state was asked [\d,]+ times/);
  });
});

function textOf(id: string): string {
  return briefing.sections.find((section) => section.id === id)?.sentences.map(plainOf).join(' ') ?? '';
}
