import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { immigration, police } from '../../test/exchangeParts.ts';
import { emptyExtension, type ClassDecision } from '../model/index.ts';
import type { Purpose } from '../vocabulary/index.ts';
import { asked, asker, codeOf, held, heldWorld, holdPhoto, hour, refuse, releaseAll, reviewer, seat, type HeldWorld } from './cases.ts';
import type { Rota } from './types.ts';

let w: HeldWorld;
beforeAll(async () => { w = await heldWorld(); });
afterAll(() => w.stop());
beforeEach(async () => {
  await w.drain();
  await w.sql`truncate held_rota, held_deputy`;
  Object.assign(w, { at: asked, decide: holdPhoto, source: null });
});

const stated = { ...emptyExtension, user: 'SGT JANE DOE', caseNumber: 'CASE-MARKER-7' };
const nell = { kind: 'person' as const, name: { surname: 'HARROWGATE', given: 'NELL', middle: '' }, birthDate: '1991-04-05', sex: 'F' as const };
const time = (hours: number): string => new Date(asked + hours * hour).toISOString();

describe('the resident\'s data', () => {
  it('is nowhere before it is opened, and the opening is in the ledger before it is shown', async () => {
    const ticket = await w.hold({ subject: nell, extension: stated });
    const shown = JSON.stringify([await w.review.list('ZY', { limit: 200 }, reviewer), await w.review.detail('ZY', ticket, reviewer)]);
    expect(shown).not.toMatch(/HARROWGATE|JANE DOE|CASE-MARKER/);
    const before = w.entries().acts.length;
    const opened = await w.review.open('ZY', ticket, reviewer);
    expect(opened).toEqual({ subject: nell, user: 'SGT JANE DOE', caseNumber: 'CASE-MARKER-7', warrant: null, attention: null });
    expect(w.entries().acts.slice(before).map(({ act, who, on }) => [act, who, on])).toEqual([['heldOpened', reviewer.account, ticket]]);
    expect((await w.review.detail('ZY', ticket, reviewer))?.openedBy).toEqual([{ account: reviewer.account, at: new Date(asked).toISOString() }]);
    expect(JSON.stringify(w.entries().acts)).not.toMatch(/HARROWGATE|JANE DOE|CASE-MARKER/);
  });

  it('is for reviewers alone, and a try of another is refused and recorded', async () => {
    const ticket = await w.hold();
    for (const role of ['ownerOfficial', 'auditor'] as const) {
      expect(await codeOf(w.review.open('ZY', ticket, { ...reviewer, role }))).toBe('HELD_DESK');
      expect(await codeOf(w.review.decide('ZY', ticket, releaseAll, { ...reviewer, role }))).toBe('HELD_DESK');
      expect((await w.review.detail('ZY', ticket, { ...reviewer, role }))?.conflict).toBe('notOnDesk');
    }
    await w.drain();
    expect(w.entries().acts.filter(({ act, on, result }) => act === 'heldOpened' && on === ticket && result === 'refused').length).toBe(2);
    expect((await w.review.detail('ZY', ticket, reviewer))?.openedBy).toEqual([]);
  });
});

describe('what a reviewer sees of a request', () => {
  it('says who asks and for whom, how verified, what is held by which rule, and what happens at zero', async () => {
    const ticket = await w.hold({ extension: { ...stated, onBehalfOf: immigration } });
    expect(await w.review.detail('ZY', ticket, reviewer)).toMatchObject({
      ticket, owner: 'ZY', kind: 'hold', state: 'waiting', onTimeout: 'deny', desk: 'privacyDesk', harm: 2, requester: { ori: police, name: `Office ${police}` }, onBehalfOf: { ori: immigration }, delegated: true,
      verified: 'demonstration', userNamed: true, evidence: { caseNumber: 'numbered' }, papers: 0, questions: 0, verdict: null, conflict: null,
      rules: [{ id: 'RULE-address', words: 'the words of RULE-address' }, { id: 'RULE-photo', words: 'the words of RULE-photo' }],
      now: [{ dataClass: 'address', outcome: 'hold', treatments: ['county', 'state'] }, { dataClass: 'photo', outcome: 'hold', treatments: ['reduced'] }],
      atZero: expect.stringContaining('refused') as string,
    });
  });

  it('shows the asker\'s record and what was decided before, of this owner alone', async () => {
    const owner = 'ZW';
    const hold = (): Promise<string> => w.hold({ destinations: [owner] });
    const [released, refused, lapsed] = [await hold(), await hold(), await hold()];
    await w.review.decide(owner, released, releaseAll, reviewer);
    await w.review.decide(owner, refused, refuse, reviewer);
    w.at = asked + 4 * hour;
    await w.review.tick(w.at);
    w.at = asked;
    const ticket = await hold();
    const detail = await w.review.detail(owner, ticket, reviewer);
    expect(detail?.askerRecord).toEqual({ days: 90, asked: 3, released: 1, refused: 1, lapsed: 1 });
    expect(detail?.similar.map((one) => [one.ticket, one.verdict, one.reason]).sort()).toEqual([[released, 'released', 'lawAllows'], [refused, 'refused', 'noLegalGround'], [lapsed, 'refused', 'clock']].sort());
  });
});

describe('a conflict', () => {
  const organisations = { current: () => ({ ...w.parts.registry.current(), requester: (ori: string) => ({ ori, organisation: of[ori] ?? ori.toLowerCase(), name: ori, attributes: (owner: string, at: Date) => w.parts.registry.current().requester(police)!.attributes(owner, at) }) }) };
  const of: Record<string, string> = { ZX0099900: 'zx/police', [police]: 'zx/police', ZX0088800: 'zx/sheriff', ZX0077700: 'zx', ZX0066600: 'zw/other' };
  const parentOf = (organisation: string): string | null => (organisation.includes('/') ? organisation.split('/')[0]! : null);
  const bent = (): ReturnType<HeldWorld['bent']> => w.bent({ registry: organisations, parentOf });

  it.each([
    ['the same office', police, 'HELD_CONFLICT'], ['another office of the same organisation', 'ZX0099900', 'HELD_CONFLICT'], ['one under the same whole', 'ZX0088800', 'HELD_CONFLICT'],
    ['the whole above it', 'ZX0077700', 'HELD_CONFLICT'], ['one that has nothing to do with it', 'ZX0066600', 'none'], ['no agency at all', null, 'none'],
  ])('of own agency: %s', async (_what, employer, code) => {
    const ticket = await w.hold();
    const own = { ...reviewer, employer };
    expect((await bent().detail('ZY', ticket, own))?.conflict).toBe(code === 'none' ? null : 'ownAgency');
    expect(await codeOf(bent().open('ZY', ticket, own))).toBe(code);
    expect(await codeOf(bent().ask('ZY', ticket, 'why', own))).toBe(code);
    expect(await codeOf(bent().decide('ZY', ticket, refuse, own))).toBe(code);
  });

  it('of own agency, where it is asked for that one', async () => {
    const ticket = await w.hold({ extension: { ...emptyExtension, onBehalfOf: immigration } });
    expect(await codeOf(w.review.decide('ZY', ticket, refuse, { ...reviewer, employer: immigration }))).toBe('HELD_CONFLICT');
  });

  it('of own agency, where the registry does not know it any more', async () => {
    const ticket = await w.hold();
    const gone = w.bent({ registry: { current: () => ({ ...w.parts.registry.current(), requester: () => null }) } });
    expect(await codeOf(gone.decide('ZY', ticket, refuse, { ...reviewer, employer: police }))).toBe('HELD_CONFLICT');
    expect(await codeOf(gone.decide('ZY', ticket, refuse, { ...reviewer, employer: 'ZX0066600' }))).toBe('none');
  });

  const person = async (id: string, name: string, facts: object): Promise<void> => {
    await w.sql`insert into person (id, name, facts) values (${id}, ${name}, ${w.sql.json(facts as never)})`;
  };

  it('of own agency, by a role there: of any account of theirs, and where nobody said who employs them', async () => {
    const [held, byHand] = [await w.hold(), await w.hold()];
    await w.sql`insert into person (id, name) values ('U-TWOROLES0001', 'Kim Two'), ('U-WASTHERE0001', 'Kim Was')`;
    await w.sql`insert into account (id, person, kind, login) values ('A-TWOROLES0001', 'U-TWOROLES0001', 'local', 'kim-two'), ('A-TWOROLES0002', 'U-TWOROLES0001', 'local', 'kim-other'), ('A-WASTHERE0001', 'U-WASTHERE0001', 'local', 'kim-was')`;
    await w.sql`insert into role_grant (account, role, scope, desks, source, given_by, ended_at) values
      ('A-TWOROLES0002', 'agencyUser', ${`agency ${police}`}, '{}', 'coordinator', 'operator', null), ('A-WASTHERE0001', 'agencyUser', ${`agency ${police}`}, '{}', 'coordinator', 'operator', now())`;
    const two = { ...reviewer, account: 'A-TWOROLES0001', person: 'U-TWOROLES0001' };
    const was = { ...reviewer, account: 'A-WASTHERE0001', person: 'U-WASTHERE0001' };
    expect((await w.review.detail('ZY', held, two))?.conflict).toBe('ownAgency');
    expect(await Promise.all([w.review.open('ZY', held, two), w.review.ask('ZY', held, 'why', two), w.review.decide('ZY', held, releaseAll, two)].map(codeOf))).toEqual(Array(3).fill('HELD_CONFLICT'));
    // Who asked by hand does not decide on it, though the role there is gone by now.
    await w.sql`update ticket set document = jsonb_set(document::jsonb, '{credential}', '"A-WASTHERE0001"')::json where id = ${byHand}`;
    expect(await codeOf(w.review.decide('ZY', byHand, releaseAll, was))).toBe('HELD_CONFLICT');
    expect(await codeOf(w.review.decide('ZY', held, refuse, was))).toBe('none');
  });

  it('of own record, by name, by licence, by what was given with the first answer, and by what is found', async () => {
    await person('U-SAMENAME0001', 'Tessa Marrowby', {});
    await person('U-SAMELICENCE1', 'Kim Other', { licence: 'q447 1180023' });
    await person('U-SAMEBIRTH001', 'Tessa Marrowby', { birthDate: '1984-02-29' });
    await person('U-NOBODYLIKE01', 'Kim Other', { licence: 'Q0000000000', birthDate: '1984-02-29' });
    const reviewerOf = (id: string) => ({ ...reviewer, person: id });
    const byName = await w.hold({ subject: { kind: 'person', name: { surname: 'MARROWBY', given: 'TESSA', middle: '' }, birthDate: '1984-02-29', sex: 'F' } });
    const byLicence = await w.hold();
    expect(await codeOf(w.review.decide('ZY', byName, refuse, reviewerOf('U-SAMENAME0001')))).toBe('HELD_CONFLICT');
    expect(await codeOf(w.review.open('ZY', byName, reviewerOf('U-SAMENAME0001')))).toBe('HELD_CONFLICT');
    expect(await codeOf(w.review.decide('ZY', byLicence, refuse, reviewerOf('U-SAMELICENCE1')))).toBe('HELD_CONFLICT');
    expect(await codeOf(w.review.decide('ZY', byLicence, refuse, reviewerOf('U-SAMENAME0001')))).toBe('HELD_CONFLICT');
    // Nothing was given at first, and it is asked by a plate: only what is found shows whose record it is.
    w.decide = (_i, dataClass) => (dataClass === 'ssn' ? { outcome: 'deny' } : held());
    const byPlate = await w.hold({ key: 'RQ', image: null, subject: { kind: 'plate', plate: 'ABC123', plateYear: null, plateType: null } });
    w.source = () => Promise.resolve({ status: 'found', records: [{ licenceNumber: { number: 'Q4471180023', jurisdiction: 'ZY' }, registeredOwner: { name: { surname: 'MARROWBY', given: 'TESSA', middle: '' } } }], more: false });
    expect((await w.review.detail('ZY', byPlate, reviewerOf('U-SAMENAME0001')))?.conflict).toBeNull();
    expect(await codeOf(w.review.decide('ZY', byPlate, releaseAll, reviewerOf('U-SAMENAME0001')))).toBe('none');
    w.source = null;
    expect(await codeOf(w.review.decide('ZY', byLicence, refuse, reviewerOf('U-NOBODYLIKE01')))).toBe('none');
    await w.drain();
    expect(w.entries().acts.filter(({ act, on, detail }) => act === 'verdictRefused' && on === byName && detail?.['code'] === 'HELD_CONFLICT').length).toBe(1);
  });
});

describe('desks and the rota', () => {
  const desk = 'privacyDesk';
  const on = { ...reviewer, account: 'A-ONDUTY000001', desks: [desk] };
  const off = { ...reviewer, account: 'A-OFFDUTY00001', desks: [desk] };
  const deputy = { ...reviewer, account: 'A-DEPUTY000001', desks: ['otherDesk'] };
  const official = { ...reviewer, role: 'ownerOfficial' as const, account: 'A-OFFICIAL0001' };

  const may = async (who: typeof reviewer): Promise<boolean> => (await w.review.detail('ZY', await w.hold(), who))?.conflict === null;

  it('lets those of the desk decide, and those of all desks', async () => {
    expect([await may(off), await may(reviewer), await may(deputy)]).toEqual([true, true, false]);
    expect(await codeOf(w.review.decide('ZY', await w.hold(), refuse, deputy))).toBe('HELD_DESK');
  });

  it('lets those on duty and who stands in for them decide, while a span covers now', async () => {
    await seat(w.sql, on.account, [desk]);
    await seat(w.sql, deputy.account, ['otherDesk']);
    const rota: Rota = { spans: [{ desk, account: on.account, from: time(0), to: time(2) }], deputies: [{ desk, account: on.account, deputy: deputy.account, until: time(1) }] };
    await w.review.setRota('ZY', rota, official);
    expect(await w.review.rota('ZY')).toEqual(rota);
    expect([await may(on), await may(off), await may(reviewer), await may(deputy)]).toEqual([true, false, false, true]);
    w.at = asked + hour;
    expect([await may(on), await may(deputy)]).toEqual([true, false]);
    w.at = asked + 2 * hour;
    expect([await may(on), await may(off), await may(reviewer)]).toEqual([true, true, true]);
    await w.drain();
    expect(w.entries().acts.filter(({ act }) => act === 'rotaChanged').at(-1)).toMatchObject({ who: official.account, detail: { spans: 1, deputies: 1 } });
  });

  it('lets a reviewer change the rota of their own desk alone', async () => {
    const span = { desk: 'otherDesk', account: on.account, from: time(0), to: time(1) };
    expect(await codeOf(w.review.setRota('ZY', { spans: [span], deputies: [] }, on))).toBe('HELD_DESK');
    expect(await codeOf(w.review.setRota('ZY', { spans: [], deputies: [{ desk: 'otherDesk', account: on.account, deputy: off.account, until: time(5) }] }, on))).toBe('HELD_DESK');
    await w.review.setRota('ZY', { spans: [span], deputies: [] }, official);
    expect(await codeOf(w.review.setRota('ZY', { spans: [], deputies: [] }, on))).toBe('HELD_DESK');
    expect(await codeOf(w.review.setRota('ZY', { spans: [span, { ...span, desk }], deputies: [] }, on))).toBe('none');
  });

  it.each<[string, unknown]>([
    ['nothing', null], ['no lists', {}], ['a row that is none', { spans: [1], deputies: [] }], ['no desk', { spans: [{ account: on.account, from: time(0), to: time(1) }], deputies: [] }],
    ['a desk with a line feed', { spans: [{ desk: 'a\nb', account: on.account, from: time(0), to: time(1) }], deputies: [] }], ['an account that is none', { spans: [{ desk, account: 'root', from: time(0), to: time(1) }], deputies: [] }],
    ['a time that is none', { spans: [{ desk, account: on.account, from: 'tomorrow', to: time(1) }], deputies: [] }], ['a time without a zone', { spans: [{ desk, account: on.account, from: '2026-11-22T12:00:00', to: time(1) }], deputies: [] }],
    ['an end before the beginning', { spans: [{ desk, account: on.account, from: time(1), to: time(1) }], deputies: [] }],
    ['one\'s own deputy', { spans: [], deputies: [{ desk, account: on.account, deputy: on.account, until: time(1) }] }], ['a thousand and one rows', { spans: Array.from({ length: 1_001 }, () => ({ desk, account: on.account, from: time(0), to: time(1) })), deputies: [] }],
  ])('refuses a rota with %s', async (_what, rota) => {
    expect(await codeOf(w.review.setRota('ZY', rota as Rota, official))).toBe('HELD_FIELD');
  });

  it('loses nothing where many set it at once', async () => {
    await Promise.all(Array.from({ length: 16 }, (_, i) => w.review.setRota('ZY', { spans: [{ desk, account: on.account, from: time(0), to: time(i + 1) }], deputies: [] }, official)));
    expect((await w.review.rota('ZY')).spans.length).toBe(1);
  });

  it('takes what was escalated from its desk to the reviewers of all', async () => {
    const ticket = await w.hold();
    expect((await w.review.escalate('ZY', ticket, 'a novel question of law', on)).state).toBe('escalated');
    expect(await codeOf(w.review.escalate('ZY', ticket, 'again', reviewer))).toBe('HELD_STATE');
    expect(await codeOf(w.review.decide('ZY', ticket, refuse, on))).toBe('HELD_DESK');
    expect((await w.review.decide('ZY', ticket, refuse, reviewer)).verdict).toBe('refused');
    expect(await codeOf(w.review.escalate('ZY', await w.hold(), ' ', on))).toBe('HELD_FIELD');
  });
});

describe('questions put back', () => {
  it('are answered by the asker, and the clock goes on', async () => {
    const ticket = await w.hold();
    const question = await w.review.ask('ZY', ticket, 'which case is it for?', reviewer);
    expect((await w.review.list('ZY', { limit: 200, state: 'asked' }, reviewer)).map((one) => one.ticket)).toContain(ticket);
    expect(await w.review.ticket(ticket, asker)).toMatchObject({ status: 'held', questions: [{ id: question.id, text: 'which case is it for?', answer: null }] });
    expect(await codeOf(w.review.reply(ticket, question.id, 'x', { ...asker, oris: new Set([immigration]) }))).toBe('HELD_UNKNOWN');
    expect(await codeOf(w.review.reply(ticket, 'Q-NONE', 'x', asker))).toBe('HELD_UNKNOWN');
    expect(await codeOf(w.review.reply(ticket, question.id, '', asker))).toBe('HELD_FIELD');
    await w.review.reply(ticket, question.id, 'for case 12', asker);
    expect(await codeOf(w.review.reply(ticket, question.id, 'for another', asker))).toBe('HELD_STATE');
    expect(await w.review.detail('ZY', ticket, reviewer)).toMatchObject({ state: 'waiting', questionList: [{ answer: 'for case 12' }] });
    const rows = await w.sql`select sealed, answer from held_question where ticket = ${ticket}`;
    expect(JSON.stringify(rows)).not.toMatch(/which case|case 12/);
    await w.drain();
    expect(w.entries().acts.filter(({ on }) => on === ticket).map(({ act, who }) => [act, who])).toEqual(expect.arrayContaining([['moreAsked', reviewer.account], ['moreAnswered', asker.who]]));
    w.at = asked + 4 * hour;
    expect(await codeOf(w.review.ask('ZY', ticket, 'more?', reviewer))).toBe('HELD_STATE');
    await w.review.tick(w.at);
    expect((await w.review.detail('ZY', ticket, reviewer))?.verdict).toBe('refused');
  });

  it('are at most twenty', async () => {
    const ticket = await w.hold();
    const codes = await Promise.all(Array.from({ length: 25 }, (_, i) => codeOf(w.review.ask('ZY', ticket, `question ${i}`, reviewer))));
    expect(codes.filter((one) => one === 'none').length).toBe(20);
  });
});

describe('the inbox', () => {
  it('is in order of the hour of the deadline, then harm, then the deadline, however it is paged', async () => {
    const purposes: readonly Purpose[] = ['emergency', 'missingPerson', 'violentCrime', 'domesticViolenceCourt', 'licensing', 'notStated'];
    const arbitrary = fc.array(fc.record({ seconds: fc.integer({ min: 60, max: 4 * 3_600 }), purpose: fc.constantFrom(...purposes) }), { minLength: 1, maxLength: 12 });
    await fc.assert(fc.asyncProperty(arbitrary, fc.integer({ min: 1, max: 5 }), async (requests, page) => {
      await w.drain();
      await w.sql`delete from ticket`;
      let seconds = 0;
      w.decide = (_i, dataClass): Partial<ClassDecision> => (dataClass === 'photo' ? held({ withinSeconds: seconds }) : {});
      for (const one of requests) {
        ({ seconds } = one);
        await w.hold({ extension: { ...emptyExtension, purpose: one.purpose } });
      }
      const found: { hour: number; harm: number; deadline: number; ticket: string }[] = [];
      for (let after: string | undefined; ;) {
        const items = await w.review.list('ZY', { limit: page, ...(after === undefined ? {} : { after }) }, reviewer);
        found.push(...items.map(({ ticket, harm, deadline }) => ({ hour: Math.floor(Date.parse(deadline) / hour), harm, deadline: Date.parse(deadline), ticket })));
        if (items.length < page) break;
        after = items.at(-1)?.ticket;
      }
      expect(found.length).toBe(requests.length);
      expect(new Set(found.map((one) => one.ticket)).size).toBe(found.length);
      const sorted = [...found].sort((a, b) => a.hour - b.hour || a.harm - b.harm || a.deadline - b.deadline || (a.ticket < b.ticket ? -1 : 1));
      expect(found.map((one) => one.ticket)).toEqual(sorted.map((one) => one.ticket));
    }), { numRuns: 20 });
  });

  it('shows neither what was decided nor what is past, unless all is asked for, and an owner only its own', async () => {
    await w.drain();
    await w.sql`delete from ticket`;
    const [done, waiting, other] = [await w.hold(), await w.hold(), await w.hold({ destinations: ['ZX'] })];
    await w.review.decide('ZY', done, refuse, reviewer);
    const tickets = async (query: Parameters<HeldWorld['review']['list']>[1], owner = 'ZY'): Promise<readonly string[]> => (await w.review.list(owner, query, reviewer)).map((one) => one.ticket).sort();
    expect(await tickets({ limit: 10 })).toEqual([waiting]);
    expect(await tickets({ limit: 10, all: true })).toEqual([done, waiting].sort());
    expect(await tickets({ limit: 10, desk: 'otherDesk' })).toEqual([]);
    expect(await tickets({ limit: 10, after: other })).toEqual([]);
    expect(await tickets({ limit: 10 }, 'ZX')).toEqual([other]);
    w.at = asked + 4 * hour;
    expect(await tickets({ limit: 10 })).toEqual([]);
    for (const limit of [0, -1, 201, 1.5, NaN]) expect(await codeOf(w.review.list('ZY', { limit }, reviewer))).toBe('HELD_FIELD');
  });
});
