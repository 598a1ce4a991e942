import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allDataClasses, outcomeOrder, treatmentsOf, type DataClass, type Outcome } from '../vocabulary/index.ts';
import { emptyExtension, type DecisionEntry, type Inquiry, type RecordData, type WireFormat } from '../model/index.ts';
import { encodeInquiry } from '../wire/index.ts';
import { brokenJournal, immigration, inquiry, police, policyOf, record, world, type World } from '../../test/exchangeParts.ts';
import { createExchange, JournalError, type ExchangeParts, type Incoming, type Outgoing } from './index.ts';

const demo = { fingerprint: null, oris: null };
const incoming = (asked: Inquiry, over: Partial<Incoming> = {}): Incoming => ({
  body: Buffer.from(encodeInquiry(over.format ?? 'json', asked)), format: 'json', credential: demo, idempotencyKey: null, ...over,
});
const send = (w: World, asked: Inquiry, over: Partial<Incoming> = {}): Promise<Outgoing> => createExchange(w.parts).handle(incoming(asked, over));
const text = (outgoing: Outgoing): string => (typeof outgoing.body === 'string' ? outgoing.body : Buffer.from(outgoing.body).toString());
interface JsonAnswer { code?: string; answers: { status: string; records: RecordData[]; reasons: string[]; ticket: { id: string } | null }[]; summary: Record<string, number> }
const json = (outgoing: Outgoing): JsonAnswer => JSON.parse(text(outgoing)) as JsonAnswer;
const policies = (decide: Parameters<typeof policyOf>[1]): Partial<ExchangeParts> => ({
  policies: { owners: ['ZW', 'ZX', 'ZY'], of: (owner) => (owner.startsWith('Z') ? policyOf(owner, decide) : null) },
});
const decisions = (w: World): DecisionEntry[] => w.entries.filter((e): e is DecisionEntry => e.type === 'decision');

describe('invariant 1: no entry, no release', () => {
  it('answers only after the entry is durable', async () => {
    const w = world();
    const outgoing = await send(w, inquiry());
    w.log.push('answered');
    expect(outgoing.status).toBe(200);
    expect(w.log).toEqual(['fetch', 'record', 'durable', 'answered']);
  });

  it.each(['json', 'niem', 'legacy'] as WireFormat[])('gives nothing of the record where the journal fails (%s)', async (format) => {
    const w = world({ journal: brokenJournal });
    const outgoing = await send(w, inquiry(), { format });
    expect(outgoing.status).toBe(503);
    expect(outgoing.outcome).toBe('faultLedgerUnavailable');
    for (const marker of ['TESSA', 'EXAMPLE RD', '1984-02-29', '19840229', '02291984', Buffer.from('portrait-marker').toString('base64')]) expect(text(outgoing)).not.toContain(marker);
  });

  it('does not even ask the source where the journal is known to be down', async () => {
    const w = world({ journal: { ...brokenJournal, healthy: false } });
    expect((await send(w, inquiry())).status).toBe(503);
    expect(w.queries).toEqual([]);
  });

  it('writes one entry per owner, refusals and holds included', async () => {
    const w = world(policies((_i, c) => ({ outcome: c === 'photo' ? 'deny' : 'hold', review: { by: 'desk', withinSeconds: 60, onTimeout: 'deny' } })));
    await send(w, inquiry({ destinations: ['ZW', 'ZX', 'ZY'] }));
    expect(decisions(w).map((e) => [e.owner, e.status])).toEqual([['ZW', 'held'], ['ZX', 'held'], ['ZY', 'held']]);
  });
});

describe('invariant 3: default deny', () => {
  it('refuses and fetches nothing where no rule matches', async () => {
    const w = world(policies(() => ({ outcome: 'deny', rules: [] })));
    const answer = json(await send(w, inquiry()));
    expect(answer.answers[0]?.status).toBe('refused');
    expect(answer.answers[0]?.reasons.length).toBeGreaterThan(0);
    expect(w.queries).toEqual([]);
  });

  it('never fetches a class that is withheld', async () => {
    const w = world(policies((_i, c) => ({ outcome: c === 'photo' ? 'deny' : c === 'address' ? 'hold' : 'release', review: c === 'address' ? { by: 'd', withinSeconds: 9, onTimeout: 'deny' } : null })));
    await send(w, inquiry());
    expect(w.queries[0]?.classes).not.toContain('photo');
    expect(w.queries[0]?.classes).not.toContain('address');
    expect(w.queries[0]?.classes).toContain('name');
  });

  it('releases exactly what is decided, for any decision and whatever the source returns', async () => {
    const generous: RecordData = { ...record, medical: ['marker'], vehicleRegistration: { plate: 'MARKER' }, driverHistory: [] };
    const outcomeFor = fc.constantFrom<Outcome>(...outcomeOrder);
    await fc.assert(fc.asyncProperty(fc.tuple(...allDataClasses.map(() => outcomeFor)), async (chosen) => {
      const byClass = new Map(allDataClasses.map((c, i) => [c, chosen[i] ?? 'deny'] as const));
      const w = world(
        policies((_i, c) => ({ outcome: byClass.get(c as DataClass) ?? 'deny', treatment: treatmentsOf[c as DataClass]?.[0] ?? null, review: byClass.get(c as DataClass) === 'hold' ? { by: 'd', withinSeconds: 9, onTimeout: 'deny' } : null })),
        { lookup: () => Promise.resolve({ status: 'found', records: [generous], more: false }) },
      );
      const answer = json(await send(w, inquiry()));
      const out = answer.answers[0]?.records[0] ?? {};
      for (const dataClass of Object.keys(out) as DataClass[]) {
        const outcome = byClass.get(dataClass);
        expect(outcome === 'release' || outcome === 'redact').toBe(true);
        if (outcome === 'redact' && dataClass !== 'licenceStatus') expect(JSON.stringify(out[dataClass])).not.toBe(JSON.stringify(generous[dataClass]));
      }
      expect(Object.keys(out)).not.toContain('medical');
      expect(Object.keys(out)).not.toContain('vehicleRegistration');
    }), { numRuns: 200 });
  });
});

describe('invariant 4: attributes come from the registry', () => {
  it('refuses an ORI that the certificate may not speak for', async () => {
    const w = world();
    const outgoing = await send(w, inquiry({ requester: immigration }), { credential: { fingerprint: 'f', oris: new Set([police]) } });
    expect([outgoing.status, outgoing.outcome]).toEqual([403, 'faultNotAuthorised']);
    expect(w.queries).toEqual([]);
  });

  it('refuses an ORI that the registry does not know', async () => {
    expect((await send(world(), inquiry({ requester: 'ZX9999999' }))).outcome).toBe('faultUnknownRequester');
  });

  it('decides by the registry, and records the attributes that it used', async () => {
    const w = world(policies((i) => ({ outcome: i.requester.mission.includes('immigrationEnforcement') ? 'deny' : 'release' })));
    expect(json(await send(w, inquiry({ requester: immigration }))).answers[0]?.status).toBe('refused');
    expect(json(await send(w, inquiry())).answers[0]?.status).toBe('answered');
    expect(decisions(w)[0]?.requester.attributes.mission).toEqual(['immigrationEnforcement']);
  });

  it('takes the stricter of the asker and the one it asks for, in either direction', async () => {
    const w = world(policies((i) => ({ outcome: i.requester.mission.includes('immigrationEnforcement') ? 'deny' : 'release' })));
    const forIce = inquiry({ extension: { ...emptyExtension, onBehalfOf: immigration } });
    const forPolice = inquiry({ requester: immigration, extension: { ...emptyExtension, onBehalfOf: police } });
    expect(json(await send(w, forIce)).answers[0]?.status).toBe('refused');
    expect(json(await send(w, forPolice)).answers[0]?.status).toBe('refused');
    expect(decisions(w).map((e) => e.delegated)).toEqual([true, false]);
  });

  it('decides for an unknown organisation as undeclared', async () => {
    const w = world(policies((i) => ({ outcome: i.requester.level === 'undeclared' ? 'deny' : 'release' })));
    const asked = inquiry({ extension: { ...emptyExtension, onBehalfOf: 'ZX8888888' } });
    expect(json(await send(w, asked)).answers[0]?.status).toBe('refused');
  });
});

describe('invariant 5: a refusal is a value', () => {
  it('is an answer with status 200 that names its rule in words', async () => {
    const outgoing = await send(world(policies(() => ({ outcome: 'deny' }))), inquiry());
    expect(outgoing.status).toBe(200);
    expect(json(outgoing).answers[0]?.reasons.join()).toContain('the words of RULE-photo');
  });

  it('is never dressed as no record, and no record never as a refusal', async () => {
    const denied = json(await send(world(policies(() => ({ outcome: 'deny' }))), inquiry({ destinations: ['NL'] })));
    expect(denied.summary).toMatchObject({ asked: 3, hit: 0, noHit: 0, refused: 3, held: 0, silent: 0 });
    const none = json(await send(world({}, { lookup: () => Promise.resolve({ status: 'none' }) }), inquiry({ destinations: ['NL'] })));
    expect(none.summary).toMatchObject({ asked: 3, noHit: 3, refused: 0 });
  });

  it('says unavailable where a source is down, slow or breaks its promise', async () => {
    for (const lookup of [
      () => Promise.resolve({ status: 'unavailable', why: 'timeout' } as const),
      () => Promise.reject(new Error('a bug in a connector')),
    ]) {
      const w = world({}, { lookup });
      expect(json(await send(w, inquiry())).answers[0]?.status).toBe('unavailable');
      expect(decisions(w)[0]).toMatchObject({ status: 'unavailable', records: 0, releasedHash: null });
    }
  });
});

describe('invariant 7: no personal data outside the sealed part', () => {
  it('keeps the subject, the user, the case and the warrant out of the open fields', async () => {
    const w = world();
    const markers = { caseNumber: 'CASE-MARKER', user: 'OFFICER-MARKER', warrant: { number: 'WARRANT-MARKER', documentHash: null, court: 'stateCourt' } } as const;
    await send(w, inquiry({ control: 'CONTROLXY', extension: { ...emptyExtension, ...markers } }));
    const open = JSON.stringify(w.entries);
    for (const marker of ['Q4471180023', 'MARROWBY', 'MARKER', 'CONTROLXY', 'EXAMPLE RD']) expect(open).not.toContain(marker);
    expect(decisions(w)[0]?.evidence).toEqual({ warrant: 'numbered', court: 'stateCourt', caseNumber: 'numbered' });
  });
});

describe('evidence', () => {
  it('is court-confirmed only by the owner, whatever the asker states', async () => {
    const w = world();
    const asking = (number: string): Inquiry => inquiry({ extension: { ...emptyExtension, warrant: { number, documentHash: 'a'.repeat(64), court: 'administrative' } } });
    await send(w, asking('CONFIRMED-1'));
    await send(w, asking('OTHER'));
    expect(decisions(w).map((e) => [e.evidence.warrant, e.evidence.court])).toEqual([['courtConfirmed', 'articleThree'], ['documentHash', 'administrative']]);
  });
});

describe('a class that waits for witnesses', () => {
  const settings = { ...world().parts.settings, witnessed: { ZY: ['photo' as const] } };

  it('leaves only after a quorum has seen the entry, and other data without that wait', async () => {
    const w = world({ settings });
    expect((await send(w, inquiry())).status).toBe(200);
    expect(w.log).toEqual(['fetch', 'record', 'durable', 'witnessed']);
    await send(w, inquiry({ image: false }));
    await send(w, inquiry({ destinations: ['ZX'] }));
    expect(w.log.filter((one) => one === 'witnessed')).toHaveLength(1);
  });

  it('does not leave where the witnesses are late; the entry stays', async () => {
    const base = world({ settings });
    const late = { ...base.parts.journal, witnessed: () => Promise.reject(new JournalError('JOURNAL_WITNESS', 'late')) };
    const w = world({ settings, journal: late });
    const out = await send(w, inquiry({ destinations: ['ZY', 'ZX'] }));
    expect([out.status, out.outcome, text(out).includes('TESSA')]).toEqual([503, 'faultLedgerUnavailable', false]);
    expect(base.entries).toHaveLength(2);
    expect((await send(w, inquiry({ image: false }))).status).toBe(200);
  });

  it('does not wait where a photo was asked for and is not given', async () => {
    const w = world({ settings, ...policies((_i, c) => (c === 'photo' ? { outcome: 'deny' } : {})) });
    expect((await send(w, inquiry())).status).toBe(200);
    expect(w.log).not.toContain('witnessed');
  });
});

describe('holds', () => {
  it('give a ticket with the earliest deadline, and deny at its end if any class says so', async () => {
    const w = world(policies((_i, c) => (c === 'photo' || c === 'address'
      ? { outcome: 'hold', review: { by: 'desk', withinSeconds: c === 'photo' ? 60 : 3600, onTimeout: c === 'photo' ? 'release' : 'deny' } } : {})));
    const answer = json(await send(w, inquiry())).answers[0];
    expect(answer?.status).toBe('answeredInPart');
    expect(answer?.ticket).toMatchObject({ deadline: '2026-11-22T12:01:00.000Z', onTimeout: 'deny' });
    expect(decisions(w)[0]?.ticket?.id).toBe(answer?.ticket?.id);
  });

  it('still answer where the projection of tickets is down', async () => {
    const w = world({ ...policies(() => ({ outcome: 'hold', review: { by: 'd', withinSeconds: 9, onTimeout: 'deny' } })), tickets: { note: () => Promise.reject(new Error('down')) } });
    expect(json(await send(w, inquiry())).answers[0]?.status).toBe('held');
    expect(w.faults.length).toBe(1);
  });
});

describe('back pressure', () => {
  it('answers busy at once past its capacity, and works again after', async () => {
    let open: () => void = () => undefined;
    const gate = new Promise<void>((done) => (open = done));
    const w = world({}, { lookup: async () => { await gate; return { status: 'none' }; } });
    const exchange = createExchange({ ...w.parts, settings: { ...w.parts.settings, capacity: 5 } });
    const waiting = Array.from({ length: 5 }, () => exchange.handle(incoming(inquiry())));
    const busy = await exchange.handle(incoming(inquiry()));
    expect([busy.status, busy.outcome, busy.retryAfter]).toEqual([503, 'faultBusy', 1]);
    open();
    expect((await Promise.all(waiting)).map((o) => o.status)).toEqual([200, 200, 200, 200, 200]);
    expect(exchange.capacity.inHand).toBe(0);
    expect((await exchange.handle(incoming(inquiry()))).status).toBe(200);
  });

  it('counts a fan-out once per owner', async () => {
    const w = world();
    const exchange = createExchange({ ...w.parts, settings: { ...w.parts.settings, capacity: 4 } });
    const all = await Promise.all([exchange.handle(incoming(inquiry({ destinations: ['NL'] }))), exchange.handle(incoming(inquiry({ destinations: ['NL'] })))]);
    expect(all.map((o) => o.status).sort()).toEqual([200, 503]);
  });
});

describe('idempotency', () => {
  it('decides once, gives the same answer again, and records that it did', async () => {
    const w = world();
    const exchange = createExchange(w.parts);
    const first = await exchange.handle(incoming(inquiry(), { idempotencyKey: 'k1' }));
    const again = await exchange.handle(incoming(inquiry(), { idempotencyKey: 'k1' }));
    expect(text(again)).toBe(text(first));
    expect(w.entries.map((e) => e.type)).toEqual(['decision', 'redelivery']);
  });

  it('tells each owner that had answered, and gives nothing where none is known', async () => {
    const w = world();
    const exchange = createExchange(w.parts);
    const both = inquiry({ destinations: ['ZY', 'ZX'] });
    for (let i = 0; i < 2; i += 1) await exchange.handle(incoming(both, { idempotencyKey: 'k1' }));
    expect(w.entries.flatMap((e) => (e.type === 'redelivery' ? [e.owner] : []))).toEqual(['ZY', 'ZX']);
    const claim = () => Promise.resolve({ state: 'done' as const, answer: { inquiry: 'i', owners: [], status: 200, contentType: 'text/plain', body: Buffer.from('TESSA') } });
    const again = await createExchange({ ...w.parts, idempotency: { ...w.parts.idempotency, claim } }).handle(incoming(both, { idempotencyKey: 'k1' }));
    expect([again.status, text(again).includes('TESSA')]).toEqual([503, false]);
  });

  it('gives nothing again where the journal cannot record it', async () => {
    const w = world();
    await createExchange(w.parts).handle(incoming(inquiry(), { idempotencyKey: 'k1' }));
    const again = await createExchange({ ...w.parts, journal: brokenJournal }).handle(incoming(inquiry(), { idempotencyKey: 'k1' }));
    expect([again.status, text(again).includes('TESSA')]).toEqual([503, false]);
  });

  it('refuses another message under the same key, and one that is still at work', async () => {
    const w = world();
    const exchange = createExchange(w.parts);
    const both = await Promise.all([exchange.handle(incoming(inquiry(), { idempotencyKey: 'k1' })), exchange.handle(incoming(inquiry(), { idempotencyKey: 'k1' }))]);
    expect(both.map((o) => o.status).sort()).toEqual([200, 503]);
    expect((await exchange.handle(incoming(inquiry({ control: 'OTHER' }), { idempotencyKey: 'k1' }))).status).toBe(422);
  });

  it('lets a caller try again after a fault', async () => {
    const w = world();
    expect((await createExchange({ ...w.parts, journal: brokenJournal }).handle(incoming(inquiry(), { idempotencyKey: 'k2' }))).status).toBe(503);
    expect((await createExchange(w.parts).handle(incoming(inquiry(), { idempotencyKey: 'k2' }))).status).toBe(200);
  });

  it("does not give one agency's kept answer to another", async () => {
    const w = world();
    await createExchange(w.parts).handle(incoming(inquiry(), { idempotencyKey: 'k1' }));
    const thief = await createExchange(w.parts).handle(incoming(inquiry(), { idempotencyKey: 'k1', credential: { fingerprint: 'x', oris: new Set([immigration]) } }));
    expect([thief.status, text(thief).includes('TESSA')]).toEqual([403, false]);
  });
});

describe('addressing', () => {
  it('knows no owner under an unknown code', async () => {
    expect((await send(world(), inquiry({ destinations: ['ZQ'] }))).outcome).toBe('faultBadDestination');
  });

  it('refuses a class that the key cannot carry', async () => {
    expect((await send(world(), inquiry({ extension: { ...emptyExtension, wants: ['vehicleRegistration'] } }))).outcome).toBe('faultBadCombination');
  });
});
