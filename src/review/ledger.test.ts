import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openBenchLedger } from '../../bench/ledgerFolder.ts';
import { openKeys, openReader } from '../ledger/index.ts';
import type { Entry, VerdictEntry } from '../model/index.ts';
import { postgresTickets } from '../store/tickets.ts';
import { asked, asker, codeOf, held, heldWorld, holdPhoto, hour, refuse, releaseAll, reviewer, type HeldWorld } from './cases.ts';

let w: HeldWorld;
beforeAll(async () => { w = await heldWorld(); });
afterAll(() => w.stop());
beforeEach(() => Object.assign(w, { at: asked, decide: holdPhoto, source: null }));

const pdf = Buffer.from('%PDF-1.7\nan order\n%%EOF\n');

/** The rows as they stand, without what only the database knows. */
async function rows(): Promise<unknown> {
  return w.sql`select t.id, t.owner, t.requester, t.inquiry, t.deadline, t.on_timeout, t.by, t.classes, t.document, t.kind, t.state, t.harm, t.due_hour::int, t.purpose, t.verdict, t.reason, t.decided_by, t.decided_at,
    t.verdict_id, t.verdict_document, t.overdue_at,
    (select json_agg(json_build_array(q.id, q.at, q.answered_at) order by q.id) from held_question q where q.ticket = t.id) as questions,
    (select json_agg(json_build_array(p.id, p.hash, p.bytes) order by p.id) from held_paper p where p.ticket = t.id) as papers from ticket t order by t.id`;
}

describe('the ledger is the truth (invariant 10)', () => {
  it('brings everything back from an empty database', async () => {
    const waiting = await w.hold();
    const escalated = await w.hold();
    await w.review.escalate('ZY', escalated, 'for all desks', reviewer);
    const released = await w.hold();
    const question = await w.review.ask('ZY', released, 'which order is it', reviewer);
    await w.review.reply(released, question.id, 'the one of May', asker);
    const paper = await w.review.addPaper(released, pdf, asker);
    await w.review.decide('ZY', released, releaseAll, reviewer);
    const asking = await w.hold();
    await w.review.ask('ZY', asking, 'for whom', reviewer);
    w.decide = (_i, dataClass) => (dataClass === 'photo' ? { outcome: 'release', review: { by: 'privacyDesk', withinSeconds: 60, onTimeout: 'deny' } } : {});
    const emergency = await w.hold({ extension: { purpose: 'emergency', warrant: null, caseNumber: null, user: 'JANE DOE', wants: null, onBehalfOf: null } });
    w.decide = holdPhoto;
    w.at = asked + hour;
    await w.review.tick(w.at);
    await w.drain();
    const before = await rows();
    await w.forget();
    expect(await w.review.ticket(released, asker)).toBeNull();
    await w.review.tick(w.at);
    expect(await rows()).toEqual(before);
    expect((await w.review.list('ZY', { limit: 50, all: true }, reviewer)).map(({ ticket, state }) => [ticket, state]).sort()).toEqual(
      [[waiting, 'waiting'], [escalated, 'escalated'], [released, 'decided'], [asking, 'asked'], [emergency, 'waiting']].sort());
    expect((await w.review.detail('ZY', released, reviewer))?.questionList).toMatchObject([{ text: 'which order is it', answer: 'the one of May' }]);
    expect((await w.review.detail('ZY', released, reviewer))?.decided).toMatchObject({ by: reviewer.account, reason: releaseAll.reason, released: ['address', 'photo'] });
    expect((await w.review.detail('ZY', waiting, reviewer))?.decided).toBeNull();
    expect(Buffer.from(await w.review.paper('ZY', released, paper.id, reviewer))).toEqual(pdf);
  });

  it('gives a late answer that was lost again, where it is still what the verdict says, and not otherwise', async () => {
    const ticket = await w.hold();
    await w.review.decide('ZY', ticket, releaseAll, reviewer);
    await w.drain();
    await w.forget();
    await w.review.tick(w.at);
    w.source = () => Promise.resolve({ status: 'found', records: [{ photo: { mediaType: 'image/png', bytes: Buffer.from('another picture') } }], more: false });
    expect(await w.review.answer(ticket, asker)).toBeNull();
    w.source = () => Promise.resolve({ status: 'unavailable', why: 'down' });
    expect(await w.review.answer(ticket, asker)).toBeNull();
    w.source = null;
    expect(Buffer.from((await w.review.answer(ticket, asker))?.body ?? []).toString()).toContain(Buffer.from('portrait-marker').toString('base64'));
    expect(w.entries().verdicts.filter((one) => one.ticket === ticket).length).toBe(1);
  });

  it('does not decide again what the ledger decided while the database was away', async () => {
    const ticket = await w.hold();
    await w.review.decide('ZY', ticket, refuse, reviewer);
    await w.drain();
    // A copy of the database from before the verdict.
    await w.sql`update ticket set state = 'waiting', verdict = null, verdict_id = null, verdict_sequence = null, verdict_document = null, outbox = null, decided_at = null where id = ${ticket}`;
    await w.sql`delete from late_answer`;
    await w.sql`update projection set watermark = 0`;
    w.at = asked + 4 * hour;
    await w.review.tick(w.at);
    await w.drain();
    expect(await w.review.ticket(ticket, asker)).toMatchObject({ status: 'refused' });
    expect(w.entries().verdicts.filter((one) => one.ticket === ticket).length).toBe(1);
  });

  it.each([['one after the other', true], ['both at once', false]])('goes by the first verdict in the ledger, read %s, whatever the row says, and drops what another would have given', async (_name, between) => {
    const ticket = await w.hold();
    await w.review.decide('ZY', ticket, releaseAll, reviewer);
    // Another process recorded a refusal first; the release is in the row and on its way.
    const decision = w.entries().decisions.find((one) => one.ticket?.id === ticket)!;
    const first: VerdictEntry = {
      type: 'verdict', v: 1, id: `first-${ticket}`, at: new Date(asked).toISOString(), inquiry: decision.inquiry, ticket, entry: decision.id, requester: decision.requester.ori, verdict: 'refused', who: 'A-ANOTHER00001',
      role: 'reviewer', reason: 'noWarrant', decisions: [], released: [], records: 0, releasedHash: null, policyVersion: 3, policyHash: null, subjectTag: null, recordTags: [], sealed: null, owner: 'ZY',
    };
    await w.world.parts.journal.append([first]);
    if (between) await w.review.tick(w.at);
    await w.drain();
    await w.review.tick(w.at);
    expect((await w.sql`select verdict, verdict_id from ticket where id = ${ticket}`)[0]).toMatchObject({ verdict: 'refused', verdict_id: first.id });
    expect(await w.review.ticket(ticket, asker)).toMatchObject({ status: 'refused' });
    // What the asker gets is the refusal, made anew: nothing of the record.
    const late = Buffer.from((await w.review.answer(ticket, asker))?.body ?? []).toString();
    expect(late).toContain('"refused"');
    expect(late).not.toContain('MARROWBY');
  });

  it('believes the ledger that a verdict is recorded where the outbox was not told', async () => {
    const ticket = await w.hold();
    await w.review.decide('ZY', ticket, releaseAll, reviewer);
    const waiting = await w.sql<{ entry: Entry }[]>`select entry from ledger_outbox where recorded_at is null order by id`;
    // The process ended between the two.
    await w.world.parts.journal.append(waiting.map(({ entry }) => entry));
    expect(await w.review.answer(ticket, asker)).toBeNull();
    await w.review.tick(w.at);
    expect(await w.review.answer(ticket, asker)).not.toBeNull();
    // And it is recorded again, as a fact may be: nothing changes by that.
    await w.drain();
    await w.review.tick(w.at);
    expect(await w.review.ticket(ticket, asker)).toMatchObject({ status: 'released' });
  });

  it('gives a row from before documents were kept its own, and decides it', async () => {
    const ticket = await w.hold();
    await w.sql`update ticket set document = null, due_hour = 0 where id = ${ticket}`;
    await w.sql`update projection set watermark = 0`;
    await w.review.tick(w.at);
    expect((await w.review.decide('ZY', ticket, releaseAll, reviewer)).verdict).toBe('released');
  });

  it('refuses at its deadline what nothing is known of any more', async () => {
    w.decide = (_i, dataClass) => (dataClass === 'photo' ? held({ onTimeout: 'release' }) : {});
    const ticket = await w.hold();
    await w.review.tick(w.at);
    await w.sql`update ticket set document = null where id = ${ticket}`;
    expect(await codeOf(w.review.decide('ZY', ticket, releaseAll, reviewer))).toBe('HELD_UNKNOWN');
    w.at = asked + 4 * hour;
    await w.review.tick(w.at);
    await w.drain();
    expect(w.entries().verdicts.find((one) => one.ticket === ticket)).toMatchObject({ verdict: 'refused', who: 'clock' });
  });

  it('reads the same from the files of a real ledger', async () => {
    await w.forget();
    const folder = mkdtempSync(join(tmpdir(), 'weir-held-ledger-'));
    try {
      const { ledger, close } = await openBenchLedger(folder, { publishMs: 20, anchorMs: 3_600_000 });
      for (let at = 0; at < w.world.entries.length; at += 50) await ledger.append(w.world.entries.slice(at, at + 50));
      await close();
      const keys = await openKeys(join(folder, 'keys'), []);
      const reader = openReader({ journal: join(folder, 'journal'), place: join(folder, 'ledger'), days: keys.days });
      await postgresTickets(w.sql).catchUp({
        size: w.world.entries.length,
        async* read(from, { end, where }) { for await (const { sequence, entry } of reader.entries(from, { end, where })) yield { index: sequence, entry }; },
      });
      const fromFiles = await rows();
      await w.forget();
      await w.review.tick(w.at);
      expect(fromFiles).toEqual(await rows());
      expect((fromFiles as unknown[]).length).toBeGreaterThan(5);
      await keys.close();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
