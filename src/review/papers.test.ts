import { readFileSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { immigration } from '../../test/exchangeParts.ts';
import { asked, asker, codeOf, heldWorld, holdPhoto, hour, refuse, reviewer, type HeldWorld } from './cases.ts';
import { mostPaperBytes, wrongPaper } from './papers.ts';

let w: HeldWorld;
beforeAll(async () => { w = await heldWorld(); });
afterAll(() => w.stop());
beforeEach(() => Object.assign(w, { at: asked, decide: holdPhoto, source: null }));

const pdf = (text = 'WARRANT-MARKER'): Buffer => Buffer.from(`%PDF-1.7\n${text}\n%%EOF\n`);
const files = (): string[] => readdirSync(w.parts.papersFolder, { recursive: true, encoding: 'utf8' }).map((name) => join(w.parts.papersFolder, name)).filter((name) => statSync(name).isFile());

describe('a paper', () => {
  it('is kept encrypted, its hash is in the ledger, and reading it is recorded first', async () => {
    const ticket = await w.hold();
    const paper = await w.review.addPaper(ticket, pdf(), asker);
    expect(paper).toMatchObject({ bytes: pdf().length, mediaType: 'application/pdf', hash: createHash('sha256').update(pdf()).digest('hex') });
    await w.drain();
    expect(w.entries().acts.find(({ act, on }) => act === 'paperReceived' && on === ticket)).toMatchObject({ who: asker.who, hash: paper.hash, detail: { paper: paper.id } });
    const file = files().find((name) => name.endsWith(paper.id))!;
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'latin1')).not.toMatch(/WARRANT-MARKER|%PDF/);
    const before = w.entries().acts.length;
    expect(Buffer.from(await w.review.paper('ZY', ticket, paper.id, reviewer))).toEqual(pdf());
    expect(w.entries().acts.slice(before).map(({ act, on, hash }) => [act, on, hash])).toEqual([['paperOpened', ticket, paper.hash]]);
    expect((await w.review.ticket(ticket, asker))?.papers).toEqual([paper]);
    expect((await w.review.detail('ZY', ticket, reviewer))).toMatchObject({ papers: 1, paperList: [paper] });
  });

  it('is not given to whom it does not concern', async () => {
    const [ticket, other] = [await w.hold(), await w.hold()];
    const paper = await w.review.addPaper(ticket, pdf(), asker);
    expect(await codeOf(w.review.paper('ZX', ticket, paper.id, reviewer))).toBe('HELD_UNKNOWN');
    expect(await codeOf(w.review.paper('ZY', other, paper.id, reviewer))).toBe('HELD_UNKNOWN');
    expect(await codeOf(w.review.paper('ZY', ticket, '../../keys', reviewer))).toBe('HELD_UNKNOWN');
    expect(await codeOf(w.review.paper('ZY', ticket, paper.id, { ...reviewer, role: 'auditor' }))).toBe('HELD_DESK');
    expect(await codeOf(w.review.addPaper(ticket, pdf(), { ...asker, oris: new Set([immigration]) }))).toBe('HELD_UNKNOWN');
    expect(await codeOf(w.review.addPaper('../x', pdf(), asker))).toBe('HELD_UNKNOWN');
  });

  it('is refused where it was altered on the disk, or another put in its place', async () => {
    const ticket = await w.hold();
    const [one, two] = [await w.review.addPaper(ticket, pdf('one'), asker), await w.review.addPaper(ticket, pdf('two'), asker)];
    const [first, second] = [one, two].map(({ id }) => files().find((name) => name.endsWith(id))!) as [string, string];
    const kept = readFileSync(first);
    writeFileSync(first, readFileSync(second));
    expect(await codeOf(w.review.paper('ZY', ticket, one.id, reviewer))).toBe('HELD_PAPER');
    kept[kept.length - 20]! ^= 1;
    writeFileSync(first, kept);
    expect(await codeOf(w.review.paper('ZY', ticket, one.id, reviewer))).toBe('HELD_PAPER');
    writeFileSync(first, '');
    expect(await codeOf(w.review.paper('ZY', ticket, one.id, reviewer))).toBe('HELD_PAPER');
  });

  it.each<[string, Uint8Array]>([
    ['nothing', Buffer.alloc(0)], ['a picture', Buffer.from('\x89PNG\r\n\x1a\n%%EOF', 'latin1')], ['an archive', Buffer.concat([Buffer.from('PK\x03\x04'), pdf()])], ['a page', Buffer.from('<html>%PDF-1.7 %%EOF')],
    ['a beginning alone', Buffer.from('%PDF-1.7\n')], ['a version that there is not', Buffer.from('%PDF-3.0\n%%EOF')], ['an end far before the end', Buffer.concat([pdf(), Buffer.alloc(5_000)])],
    ['one byte too much', Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(mostPaperBytes), Buffer.from('%%EOF')])],
  ])('is not taken where it is %s, which is recorded, and nothing is left on the disk', async (_what, bytes) => {
    const ticket = await w.hold();
    const before = files().length;
    expect(await codeOf(w.review.addPaper(ticket, bytes, asker))).toBe('HELD_PAPER');
    await w.drain();
    expect(w.entries().acts.filter(({ act, on }) => act === 'paperRefused' && on === ticket).map(({ result, detail }) => [result, detail])).toEqual([['refused', { code: 'HELD_PAPER', bytes: bytes.length }]]);
    expect(files().length).toBe(before);
  });

  it('is taken up to the limit', () => {
    const most = Buffer.concat([Buffer.from('%PDF-2.0\n'), Buffer.alloc(mostPaperBytes - 14), Buffer.from('%%EOF')]);
    expect(most.length).toBe(mostPaperBytes);
    expect(wrongPaper(most)).toBeNull();
  });

  it('is one of ten at most, however many come at once', async () => {
    const ticket = await w.hold();
    const before = files().length;
    const codes = await Promise.all(Array.from({ length: 30 }, (_, i) => codeOf(w.review.addPaper(ticket, pdf(String(i)), asker))));
    expect(codes.filter((one) => one === 'none').length).toBe(10);
    expect(codes.filter((one) => one === 'HELD_PAPER').length).toBe(20);
    expect(files().length).toBe(before + 10);
  });

  it('is not taken once it is decided, or past its deadline', async () => {
    const [decided, late] = [await w.hold(), await w.hold()];
    await w.review.decide('ZY', decided, refuse, reviewer);
    expect(await codeOf(w.review.addPaper(decided, pdf(), asker))).toBe('HELD_STATE');
    w.at = asked + 4 * hour;
    expect(await codeOf(w.review.addPaper(late, pdf(), asker))).toBe('HELD_STATE');
  });

  it('leaves no row where the process ends after the file, and the file goes after a day', async () => {
    const ticket = await w.hold();
    const before = files().length;
    const broken = w.bent({ acts: { ...w.parts.acts, put: () => Promise.reject(new Error('ended')) }, papersFolder: w.parts.papersFolder });
    await expect(broken.addPaper(ticket, pdf(), asker)).rejects.toThrow('ended');
    expect(files().length).toBe(before);
    expect((await w.review.ticket(ticket, asker))?.papers).toEqual([]);
    const orphan = join(w.parts.papersFolder, 'ZY', 'P-ORPHAN');
    writeFileSync(orphan, 'x');
    await w.bent({}).tick(asked);
    expect(files()).toContain(orphan);
    utimesSync(orphan, new Date(asked - 25 * hour), new Date(asked - 25 * hour));
    await w.bent({}).tick(asked);
    expect(files()).not.toContain(orphan);
  });

  it('is deleted thirty days after the verdict, unless somebody keeps it', async () => {
    const ticket = await w.hold();
    const [gone, kept] = [await w.review.addPaper(ticket, pdf('gone'), asker), await w.review.addPaper(ticket, pdf('kept'), asker)];
    await w.review.decide('ZY', ticket, refuse, reviewer);
    await w.sql`update held_paper set kept = true where id = ${kept.id}`;
    w.at = asked + 31 * 24 * hour;
    await w.review.tick(w.at);
    const names = files().map((name) => name.split('/').at(-1));
    expect([names.includes(gone.id), names.includes(kept.id)]).toEqual([false, true]);
    expect((await w.sql`select key from held_paper where id = ${gone.id}`)[0]).toEqual({ key: '' });
  });
});
