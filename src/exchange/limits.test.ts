import { describe, expect, it } from 'vitest';
import type { DataClass } from '../vocabulary/index.ts';
import { emptyExtension, type DecisionEntry, type DecisionInput, type Inquiry } from '../model/index.ts';
import type { LimitRule } from '../policy/index.ts';
import { encodeInquiry } from '../wire/index.ts';
import { brokenJournal, immigration, inquiry, memoryLimits, police, policyOf, world, type World } from '../../test/exchangeParts.ts';
import { createExchange, type ExchangeParts, type Limits, type Outgoing } from './index.ts';

const day = '2026-11-22';
const limit = (over: Partial<LimitRule> = {}): LimitRule => ({
  id: 'ZY-40', title: null, cites: [], effective: null, expires: null, data: ['photo'], per: 'agency', max: { count: 2, per: 'day' }, beyond: 'hold', review: null, ...over,
});
/** All owners release everything, with these limits. */
const limited = (limits: readonly LimitRule[] | ((input: DecisionInput) => readonly LimitRule[]), outcome: Parameters<typeof policyOf>[1] = () => ({})): Partial<ExchangeParts> => ({
  policies: { owners: ['ZW', 'ZX', 'ZY'], of: (owner) => ({ ...policyOf(owner, outcome), limitsFor: typeof limits === 'function' ? limits : () => limits }) },
});
const ask = async (parts: ExchangeParts, over: Partial<Inquiry> = {}, idempotencyKey: string | null = null): Promise<Outgoing> =>
  createExchange(parts).handle({ body: Buffer.from(encodeInquiry('json', inquiry(over))), format: 'json', credential: { fingerprint: null, oris: null }, idempotencyKey });
interface JsonAnswer { answers: { status: string; records: Partial<Record<DataClass, unknown>>[]; reasons: string[]; ticket: { id: string } | null }[] }
const answer = (outgoing: Outgoing): JsonAnswer['answers'][number] => {
  const [first] = (JSON.parse(typeof outgoing.body === 'string' ? outgoing.body : Buffer.from(outgoing.body).toString()) as JsonAnswer).answers;
  if (first === undefined) throw new Error('no answer');
  return first;
};
const decisions = (w: World): DecisionEntry[] => w.entries.filter((e): e is DecisionEntry => e.type === 'decision');
const withLimits = (bend: Partial<ExchangeParts>, source?: Parameters<typeof world>[1]): { w: World; taken: Map<string, number> } => {
  const limits = memoryLimits();
  return { w: world({ limits, ...bend }, source), taken: limits.taken };
};
const open = { [`ZY ZY-40 ${police.toLowerCase()} ${day}`]: 0 };

describe('a limit', () => {
  it('lets its number through, then holds what it counts and gives the rest', async () => {
    const { w } = withLimits(limited([limit()]));
    const answers = [answer(await ask(w.parts)), answer(await ask(w.parts)), answer(await ask(w.parts))];
    expect(answers.map(({ status, ticket }) => [status, ticket !== null])).toEqual([['answered', false], ['answered', false], ['answeredInPart', true]]);
    expect(answers.map(({ records }) => Object.keys(records[0] ?? {}).includes('photo'))).toEqual([true, true, false]);
    expect(answers[2]?.reasons).toEqual([`photo held for review (ZY-40: the words of ZY-40, and 2 of 2 are used in ${day} (UTC))`]);
    expect(w.queries[2]?.classes).not.toContain('photo');
    const key = police.toLowerCase();
    expect(decisions(w).map(({ limits }) => limits)).toEqual([
      [{ rule: 'ZY-40', key, window: day, used: 0, max: 2, counted: true }], [{ rule: 'ZY-40', key, window: day, used: 1, max: 2, counted: true }], [{ rule: 'ZY-40', key, window: day, used: 2, max: 2, counted: false }],
    ]);
    expect(decisions(w)[2]?.decisions.find(({ dataClass }) => dataClass === 'photo')).toEqual({ dataClass: 'photo', outcome: 'hold', rules: ['ZY-40'], treatment: null, review: { by: 'owner', withinSeconds: 86_400, onTimeout: 'deny' } });
  });

  it('counts nothing where the rules give nothing that it names', async () => {
    const { w, taken } = withLimits(limited([limit()], (_input, dataClass) => (dataClass === 'photo' ? { outcome: 'deny' } : {})));
    await ask(w.parts);
    await ask(w.parts, { image: null });
    expect(taken.size).toBe(0);
    expect(decisions(w).map(({ limits }) => limits)).toEqual([[], []]);
  });

  it('counts an organisation and not its offices, and an owner by one counter', async () => {
    const registry = world().parts.registry.current();
    const offices: Partial<ExchangeParts> = { registry: { current: () => ({ ...registry, requester: (ori) => { const one = registry.requester(ori); return one === null ? null : { ...one, organisation: 'one-body' }; } }) } };
    const agency = withLimits({ ...limited([limit({ max: { count: 1, per: 'day' } })]), ...offices });
    const owner = withLimits(limited([limit({ per: 'owner', max: { count: 1, per: 'day' }, beyond: 'deny' })]));
    for (const { w } of [agency, owner]) {
      expect(answer(await ask(w.parts)).status).toBe('answered');
      expect(answer(await ask(w.parts, { requester: immigration })).status).toBe('answeredInPart');
    }
    expect([...agency.taken]).toEqual([[`ZY ZY-40 one-body ${day}`, 1]]);
    expect([...owner.taken]).toEqual([[`ZY ZY-40 * ${day}`, 1]]);
  });

  it('is taken for both where one asks on behalf of the other, and either can be used up', async () => {
    const { w, taken } = withLimits(limited(({ requester }) => (requester.level === 'federal' ? [limit({ max: { count: 1, per: 'day' } })] : [limit()])));
    const forIce: Partial<Inquiry> = { extension: { ...emptyExtension, onBehalfOf: immigration } };
    expect(answer(await ask(w.parts, forIce)).status).toBe('answered');
    expect([...taken]).toEqual([[`ZY ZY-40 ${police.toLowerCase()} ${day}`, 1], [`ZY ZY-40 ${immigration.toLowerCase()} ${day}`, 1]]);
    expect(answer(await ask(w.parts, forIce)).reasons.join()).toContain('1 of 1');
    expect(answer(await ask(w.parts, { requester: immigration })).status).toBe('answeredInPart');
    expect([...taken.values()]).toEqual([1, 1]);
  });

  it('counts all organisations that the registry does not know as one', async () => {
    const { w, taken } = withLimits(limited([limit()]));
    await ask(w.parts, { extension: { ...emptyExtension, onBehalfOf: 'ZX8888888' } });
    await ask(w.parts, { extension: { ...emptyExtension, onBehalfOf: 'ZX7777777' } });
    expect(taken.get(`ZY ZY-40 ? ${day}`)).toBe(2);
  });

  it('begins anew in the next window', async () => {
    const { w } = withLimits(limited([limit({ max: { count: 1, per: 'hour' } })]));
    const at = (text: string): Promise<Outgoing> => ask({ ...w.parts, clock: { now: () => Date.parse(text) } });
    const statuses = [];
    for (const text of ['2026-11-22T12:00:00.000Z', '2026-11-22T12:59:59.999Z', '2026-11-22T13:00:00.000Z', '2026-11-22T13:00:00.001Z']) statuses.push(answer(await at(text)).status);
    expect(statuses).toEqual(['answered', 'answeredInPart', 'answered', 'answeredInPart']);
  });

  it('is not taken by a redelivery', async () => {
    const { w, taken } = withLimits(limited([limit()]));
    for (let i = 0; i < 3; i += 1) expect(answer(await ask(w.parts, {}, 'k-1')).status).toBe('answered');
    expect([...taken.values()]).toEqual([1]);
  });

  it('is not passed by 64 at once', async () => {
    const { w } = withLimits(limited([limit({ max: { count: 10, per: 'day' } }), limit({ id: 'ZY-41', per: 'owner', data: ['photo', 'address'], max: { count: 30, per: 'day' }, beyond: 'deny' })]));
    const answers = await Promise.all(Array.from({ length: 64 }, async () => answer(await ask(w.parts))));
    expect(answers.filter(({ records }) => records[0]?.photo !== undefined)).toHaveLength(10);
    expect(answers.filter(({ records }) => records[0]?.address !== undefined)).toHaveLength(30);
    const counted = (rule: string) => decisions(w).flatMap(({ limits }) => limits).filter((one) => one.rule === rule && one.counted).map(({ used }) => used);
    expect(counted('ZY-40')).toEqual(Array.from({ length: 10 }, (_one, n) => n));
    expect(counted('ZY-41')).toEqual(Array.from({ length: 30 }, (_one, n) => n));
  });
});

describe('what was taken is given back', () => {
  it.each([
    ['there is no record', () => Promise.resolve({ status: 'none' } as const), 'noRecord'],
    ['the records cannot be reached', () => Promise.reject(new Error('down')), 'unavailable'],
  ])('where %s', async (_name, lookup, status) => {
    const { w, taken } = withLimits(limited([limit()]), { lookup });
    expect(answer(await ask(w.parts)).status).toBe(status);
    expect(Object.fromEntries(taken)).toEqual(open);
    expect(decisions(w)[0]?.limits).toMatchObject([{ used: 0, counted: false }]);
  });

  it('where the entry cannot be made durable', async () => {
    const { w, taken } = withLimits({ ...limited([limit()]), journal: brokenJournal });
    expect((await ask(w.parts)).status).toBe(503);
    expect(Object.fromEntries(taken)).toEqual(open);
    expect((await ask(w.parts, { destinations: ['NL'] })).status).toBe(503);
    expect([...taken.values()]).toEqual([0, 0, 0]);
  });

  it('where an answer fails on the way, that of another owner included', async () => {
    const fault = { tag: (owner: string): string => { if (owner === 'ZY') throw new Error('a bug'); return ''; }, seal: () => '' };
    const { w, taken } = withLimits({ ...limited([limit()]), sealer: fault });
    expect((await ask(w.parts)).status).toBe(500);
    expect((await ask(w.parts, { destinations: ['NL'] })).status).toBe(500);
    expect([...taken.values()]).toEqual([0, 0, 0]);
  });
});

describe('counters that cannot be reached', () => {
  const lost: Limits = { take: () => Promise.reject(new Error('the database is away')), giveBack: () => { throw new Error('not to be called'); } };

  it('count as used up: what is limited is withheld, the rest is given, and the record says why', async () => {
    const w = world({ ...limited([limit(), limit({ id: 'ZY-41', data: ['address'], beyond: 'deny' })]), limits: lost });
    const given = answer(await ask(w.parts));
    expect(given.status).toBe('answeredInPart');
    expect(given.ticket).not.toBeNull();
    expect(Object.keys(given.records[0] ?? {})).toEqual(['licenceStatus', 'licenceNumber', 'name', 'birthDate', 'description']);
    expect(given.reasons.join('\n')).toMatch(/address refused \(ZY-41: .*its counter cannot be read now\)/);
    expect(decisions(w)[0]?.limits.map(({ used, counted }) => [used, counted])).toEqual([[null, false], [null, false]]);
    expect(w.faults).toHaveLength(1);
  });

  it('are not asked where no limit concerns the answer', async () => {
    const w = world({ ...limited([limit({ data: ['ssn'] })], (_input, dataClass) => (dataClass === 'ssn' ? { outcome: 'deny' } : {})), limits: lost });
    expect(answer(await ask(w.parts)).status).toBe('answered');
    expect(w.faults).toEqual([]);
  });
});
