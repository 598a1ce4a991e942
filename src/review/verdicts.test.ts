import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { immigration, police, policyOf } from '../../test/exchangeParts.ts';
import type { RecordData, WireFormat } from '../model/index.ts';
import { releasedHash } from '../exchange/releasedHash.ts';
import { decodeAnswer } from '../wire/index.ts';
import { asked, asker, codeOf, held, heldWorld, holdPhoto, hour, refuse, releaseAll, reviewer, type HeldWorld } from './cases.ts';
import type { Decide } from './types.ts';

let w: HeldWorld;
beforeAll(async () => { w = await heldWorld(); });
afterAll(() => w.stop());
beforeEach(() => Object.assign(w, { at: asked, decide: holdPhoto, source: null }));

const formats: readonly WireFormat[] = ['json', 'niem', 'legacy'];
const lessPhoto: Decide = { decision: 'releaseLess', classes: [{ dataClass: 'photo', treatment: 'reduced' }], reason: 'lessSuffices', note: '' };
const portrait = Buffer.from('portrait-marker').toString('base64');

async function taken(ticket: string): Promise<{ text: string; type: string }> {
  const late = await w.review.answer(ticket, asker);
  if (late === null) throw new Error('there is no late answer');
  return { text: Buffer.from(late.body).toString(), type: late.contentType };
}

async function end(format: WireFormat, decision: Decide): Promise<{ ticket: string; text: string; type: string }> {
  const ticket = await w.hold({ subject: { kind: 'licence', number: 'Q4471180023' } }, format);
  await w.review.decide('ZY', ticket, decision, reviewer);
  await w.drain();
  return { ticket, ...(await taken(ticket)) };
}

describe.each(formats)('a verdict in %s', (format) => {
  it('releases all that was held, with the control field, in the format of the question', async () => {
    const { ticket, text, type } = await end(format, releaseAll);
    expect(type).toMatch(format === 'legacy' ? /^text\/plain/ : format === 'niem' ? /xml/ : /json/);
    expect(text).toContain('A1B2C3D4');
    expect(text.replaceAll(/\s/g, '')).toContain(portrait);
    expect(text).toContain('EXAMPLE RD');
    expect(text).toContain(ticket);
    // Who it is about stands there again; what else the first answer gave does not.
    expect(text).toContain('MARROWBY');
    expect(text).not.toContain('1984-02-29');
    expect((await w.review.ticket(ticket, asker))?.status).toBe('released');
    expect(decodeAnswer(format, text).ok).toBe(true);
  });

  it('releases less, in the form that the reviewer chose', async () => {
    const { ticket, text } = await end(format, lessPhoto);
    expect(text.replaceAll(/\s/g, '')).toContain(Buffer.from('small').toString('base64'));
    expect(text.replaceAll(/\s/g, '')).not.toContain(portrait);
    expect(text).not.toContain('EXAMPLE RD');
    expect((await w.review.ticket(ticket, asker))?.status).toBe('releasedInPart');
  });

  it('refuses, and that is no "no record", and no record was fetched for it', async () => {
    const before = w.world.queries.length;
    const { ticket, text } = await end(format, refuse);
    expect(w.world.queries.slice(before).flatMap(({ classes }) => classes).filter((one) => one === 'photo' || one === 'address')).toEqual([]);
    expect(text).not.toMatch(/noRecord|NOT ON FILE/);
    expect(text).toMatch(/refused|REFUSED/);
    expect(text).not.toContain('MARROWBY');
    expect((await w.review.ticket(ticket, asker))?.status).toBe('refused');
  });

  it('says that there is no record where it was to be released and there is none', async () => {
    const ticket = await w.hold({}, format);
    w.source = () => Promise.resolve({ status: 'none' });
    await w.review.decide('ZY', ticket, releaseAll, reviewer);
    await w.drain();
    expect((await taken(ticket)).text).toMatch(/noRecord|NOT ON FILE/);
    expect((await w.review.ticket(ticket, asker))?.status).toBe('noRecord');
  });

  it('is refused by the clock where the policy says so, and told', async () => {
    const ticket = await w.hold({}, format);
    w.at = asked + 4 * hour - 1;
    expect(await w.review.tick(w.at)).toBe(0);
    w.at += 1;
    expect(await w.review.tick(w.at)).toBe(1);
    expect(await w.review.tick(w.at)).toBe(0);
    await w.drain();
    expect((await taken(ticket)).text).toMatch(/nobody decided in time/i);
    expect((await w.review.ticket(ticket, asker))?.status).toBe('expired');
    expect(w.entries().verdicts.filter((one) => one.ticket === ticket).map(({ who, verdict, reason }) => [who, verdict, reason])).toEqual([['clock', 'refused', 'clock']]);
  });

  it('is released by the clock where the policy says so', async () => {
    w.decide = (_i, dataClass) => (dataClass === 'photo' ? held({ onTimeout: 'release' }) : {});
    const ticket = await w.hold({}, format);
    w.at = asked + 4 * hour;
    expect(await w.review.tick(w.at)).toBe(1);
    await w.drain();
    expect((await taken(ticket)).text.replaceAll(/\s/g, '')).toContain(portrait);
    expect((await w.review.ticket(ticket, asker))?.status).toBe('released');
  });
});

describe('what the ledger says of a verdict', () => {
  it('names the entry, the classes with the rules that held them, and the hash of what was given', async () => {
    const ticket = await w.hold();
    await w.review.decide('ZY', ticket, releaseAll, reviewer);
    await w.drain();
    const { decisions, verdicts } = w.entries();
    const verdict = verdicts.find((one) => one.ticket === ticket);
    const entry = decisions.find((one) => one.ticket?.id === ticket);
    const given = JSON.parse((await taken(ticket)).text) as { id: string; control: string; answers: { records: (RecordData & { photo: { base64: string } })[]; receipt: { entry: string } }[] };
    expect(verdict).toMatchObject({ entry: entry?.id, inquiry: entry?.inquiry, requester: police, verdict: 'released', who: reviewer.account, role: 'reviewer', reason: 'lawAllows', records: 1, policyVersion: 3, subjectTag: entry?.subjectTag });
    expect(verdict?.decisions).toEqual([
      { dataClass: 'address', outcome: 'release', rules: ['RULE-address'], treatment: null, review: null }, { dataClass: 'photo', outcome: 'release', rules: ['RULE-photo'], treatment: null, review: null },
    ]);
    expect([...(verdict?.released ?? [])].sort()).toEqual(['address', 'licenceNumber', 'name', 'photo']);
    const records = given.answers[0]?.records.map(({ photo, ...rest }) => ({ ...rest, photo: { mediaType: photo.mediaType, bytes: Buffer.from(photo.base64, 'base64') } })) ?? [];
    expect(verdict?.releasedHash).toBe(releasedHash(records));
    expect(given.id).toBe(entry?.inquiry);
    expect(given.answers[0]?.receipt.entry).toBe(verdict?.id);
    // Nothing in the open fields names anybody (invariant 7): the note is sealed.
    expect(JSON.stringify({ ...verdict, sealed: null })).not.toMatch(/MARROWBY|order was read/);
    expect(w.parts.sealer.unseal('ZY', verdict?.sealed ?? '')).toContain('order was read');
  });

  it('gives nothing before its entry is in the ledger, and the asker still sees it held', async () => {
    const ticket = await w.hold();
    await w.review.decide('ZY', ticket, releaseAll, reviewer);
    expect(await w.review.answer(ticket, asker)).toBeNull();
    expect(await w.review.late(ticket)).toBeNull();
    expect(await w.review.ticket(ticket, asker)).toMatchObject({ status: 'held', answer: false });
    await w.drain();
    expect(await w.review.ticket(ticket, asker)).toMatchObject({ status: 'released', answer: true });
    expect(await w.review.answer(ticket, asker)).not.toBeNull();
  });

  it('records each taking before a byte is given, and gives it to nobody else and not for ever', async () => {
    const { ticket } = await end('json', releaseAll);
    const count = (): number => w.entries().acts.filter(({ act, on }) => act === 'lateAnswerTaken' && on === ticket).length;
    expect(count()).toBe(1);
    const { journal } = w.world.parts;
    const broken = w.bent({ acts: { ...w.parts.acts, record: () => journal.append([]).then(() => { throw new (class extends Error { override name = 'JournalError'; })('full'); }) } });
    await expect(broken.answer(ticket, asker)).rejects.toThrow();
    expect(await w.review.answer(ticket, { ...asker, oris: new Set([immigration]) })).toBeNull();
    expect(await w.review.ticket(ticket, { ...asker, oris: new Set([immigration]) })).toBeNull();
    expect(count()).toBe(1);
    w.at = asked + 7 * 24 * hour;
    expect(await w.review.answer(ticket, asker)).toBeNull();
    expect((await w.review.ticket(ticket, asker))?.answer).toBe(false);
  });
});

describe('the policy in force at the verdict', () => {
  it('denies what it denies by now, and the ticket stays open', async () => {
    const ticket = await w.hold();
    w.decide = (_i, dataClass) => (dataClass === 'photo' ? { outcome: 'deny' } : {});
    expect(await codeOf(w.review.decide('ZY', ticket, releaseAll, reviewer))).toBe('HELD_RULE');
    expect(await codeOf(w.review.decide('ZY', ticket, lessPhoto, reviewer))).toBe('HELD_RULE');
    expect((await w.review.decide('ZY', ticket, { decision: 'releaseLess', classes: [{ dataClass: 'address', treatment: null }], reason: 'lessSuffices', note: '' }, reviewer)).verdict).toBe('releasedInPart');
  });

  it('gives nothing in a finer form than it does by now', async () => {
    const ticket = await w.hold();
    w.decide = (_i, dataClass) => (dataClass === 'address' ? { outcome: 'redact', treatment: 'state' } : {});
    expect((await w.review.decide('ZY', ticket, { ...releaseAll }, reviewer)).verdict).toBe('releasedInPart');
    await w.drain();
    expect((await taken(ticket)).text).not.toContain('EXAMPLE RD');
  });

  it('releases nothing at the end that it denies by now', async () => {
    w.decide = (_i, dataClass) => (dataClass === 'photo' ? held({ onTimeout: 'release' }) : {});
    const ticket = await w.hold();
    w.decide = () => ({ outcome: 'deny', rules: [] });
    w.at = asked + 4 * hour;
    await w.review.tick(w.at);
    await w.drain();
    expect(w.entries().verdicts.find((one) => one.ticket === ticket)?.verdict).toBe('refused');
  });

  it('releases nothing where there is no policy any more, or no such asker', async () => {
    const ticket = await w.hold();
    expect(await codeOf(w.bent({ policies: { owners: [], of: () => null } }).decide('ZY', ticket, releaseAll, reviewer))).toBe('HELD_RULE');
    const registry = w.parts.registry.current();
    expect(await codeOf(w.bent({ registry: { current: () => ({ ...registry, requester: () => null }) } }).decide('ZY', ticket, releaseAll, reviewer))).toBe('HELD_RULE');
    expect((await w.bent({ policies: { owners: [], of: () => null } }).decide('ZY', ticket, refuse, reviewer)).verdict).toBe('refused');
  });

  it('joins the decisions for asker and the one asked for, as the first time', async () => {
    const ticket = await w.hold({ extension: { purpose: null, warrant: null, caseNumber: null, user: null, wants: null, onBehalfOf: immigration } });
    const stricter = policyOf('ZY', ({ requester }, dataClass) => (requester.level === 'federal' && dataClass === 'photo' ? { outcome: 'deny' } : {}));
    expect(await codeOf(w.bent({ policies: { owners: ['ZY'], of: () => stricter } }).decide('ZY', ticket, releaseAll, reviewer))).toBe('HELD_RULE');
  });
});

describe('a decision that is none', () => {
  it.each<[string, unknown]>([
    ['an unknown word', { decision: 'release', reason: 'lawAllows', note: '' }],
    ['no reason of the list', { ...releaseAll, reason: 'because' }],
    ['a reason of every object', { ...releaseAll, reason: 'constructor' }],
    ['another reason without a note', { ...releaseAll, reason: 'other', note: ' ' }],
    ['a note that is too long', { ...releaseAll, note: 'x'.repeat(2_001) }],
    ['a note with a zero byte', { ...releaseAll, note: 'a\u0000b' }],
    ['a note that is no text', { ...releaseAll, note: 5 }],
    ['less, and nothing named', { ...lessPhoto, classes: [] }],
    ['less, and all named', { ...lessPhoto, classes: [{ dataClass: 'photo', treatment: null }, { dataClass: 'address', treatment: null }] }],
    ['a class that was not held', { ...lessPhoto, classes: [{ dataClass: 'ssn', treatment: null }] }],
    ['a class twice', { ...lessPhoto, classes: [{ dataClass: 'photo', treatment: 'reduced' }, { dataClass: 'photo', treatment: null }] }],
    ['a form that the class has not', { ...lessPhoto, classes: [{ dataClass: 'photo', treatment: 'county' }] }],
    ['classes with all', { ...releaseAll, classes: [{ dataClass: 'photo', treatment: null }] }],
    ['a word for emergencies', { ...releaseAll, decision: 'affirm' }],
  ])('refuses %s, and records that', async (_what, decision) => {
    const ticket = await w.hold();
    expect(await codeOf(w.review.decide('ZY', ticket, decision as Decide, reviewer))).toBe('HELD_FIELD');
    await w.drain();
    expect(w.entries().acts.filter(({ act, on }) => act === 'verdictRefused' && on === ticket).map(({ result, detail }) => [result, detail])).toEqual([['refused', { code: 'HELD_FIELD' }]]);
    expect(w.entries().verdicts.some((one) => one.ticket === ticket)).toBe(false);
  });

  it('knows nothing of another owner\'s ticket', async () => {
    const ticket = await w.hold();
    expect(await codeOf(w.review.decide('ZX', ticket, releaseAll, reviewer))).toBe('HELD_UNKNOWN');
    expect(await codeOf(w.review.open('ZX', ticket, reviewer))).toBe('HELD_UNKNOWN');
    expect(await w.review.detail('ZX', ticket, reviewer)).toBeNull();
    expect(await codeOf(w.review.decide('ZY', 'ZY-0000-0000-0000-0000', releaseAll, reviewer))).toBe('HELD_UNKNOWN');
  });
});

describe('an emergency that was answered at once', () => {
  const exigent: HeldWorld['decide'] = (_i, dataClass) => (dataClass === 'photo' ? { outcome: 'release', review: { by: 'privacyDesk', withinSeconds: 3_600, onTimeout: 'deny' } } : {});
  const named = { extension: { purpose: 'emergency' as const, warrant: null, caseNumber: null, user: 'SGT JANE DOE', wants: null, onBehalfOf: null } };

  it('is looked at afterwards, with no late answer', async () => {
    w.decide = exigent;
    const ticket = await w.hold(named);
    const [item] = await w.review.list('ZY', { limit: 1, state: 'waiting' }, reviewer);
    expect(item).toMatchObject({ ticket, kind: 'exigent', harm: 0, held: [{ dataClass: 'photo' }] });
    expect(await codeOf(w.review.decide('ZY', ticket, releaseAll, reviewer))).toBe('HELD_FIELD');
    expect((await w.review.decide('ZY', ticket, { decision: 'affirm', reason: 'emergencyReal', note: '' }, reviewer)).verdict).toBe('affirmed');
    await w.drain();
    expect(await w.review.answer(ticket, asker)).toBeNull();
    expect(await w.review.ticket(ticket, asker)).toMatchObject({ status: 'released', answer: false });
  });

  it('stays open past its deadline, marked once, and is never affirmed by itself', async () => {
    w.decide = exigent;
    const ticket = await w.hold(named);
    w.at = asked + hour;
    expect(await w.review.tick(w.at)).toBe(1);
    expect(await w.review.tick(w.at + hour)).toBe(0);
    await w.drain();
    expect(w.entries().acts.filter(({ act, on }) => act === 'heldLapsed' && on === ticket).length).toBe(1);
    expect((await w.review.list('ZY', { limit: 10 }, reviewer)).map((one) => [one.ticket, one.state])).toContainEqual([ticket, 'waiting']);
    expect((await w.review.decide('ZY', ticket, { decision: 'disapprove', reason: 'wrongAsker', note: '' }, reviewer)).verdict).toBe('disapproved');
  });
});
