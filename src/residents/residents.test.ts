import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestPostgres, type TestPostgres } from '../../test/postgres.ts';
import { JournalError } from '../exchange/index.ts';
import { openActs } from '../people/acts/index.ts';
import type { Report } from '../verify/report.ts';
import { openResidents, programStep, ResidentError, type Residents, type ResidentsParts } from './index.ts';
import { builtInSteps } from './steps.ts';

const day = 86_400_000;
const start = Date.UTC(2026, 10, 22, 12);
const official = { account: 'A-000000000001', role: 'ownerOfficial' as const };
const given = { licences: ['ZYL0000001'], plates: [], vins: [], people: [{ name: { surname: 'MARROWBY', given: 'TESSA', middle: '' }, birthDate: '1984-02-29' }] };
const period = { from: '2026-01-01', to: '2026-11-20' };
const report = { weir: 'report/v1', owner: 'ZY', origin: 'test.weir.example/log/zy', from: '2026-01-01', to: '2026-11-20', who: 'R-1', made: '2026-11-22T12:00:00.000Z', subjects: [], log: '', anchor: '', epochs: [], entries: [], withheld: [], erased: [], erasures: [], record: {} } as unknown as Report;

describe('requests of residents', () => {
  let postgres: TestPostgres;
  let now: number;
  let asked: unknown[];
  beforeAll(async () => { postgres = await startTestPostgres({ migrate: true }); });
  afterAll(() => postgres.stop());
  beforeEach(async () => {
    now = start;
    asked = [];
    await postgres.sql`truncate resident_request, act, ledger_outbox`;
  });

  function open(over: Partial<ResidentsParts> = {}): Residents {
    const { sql } = postgres;
    const seal = (owner: string, plain: string): string => Buffer.from(JSON.stringify([owner, plain])).toString('base64');
    const acts = openActs({ sql, sealer: { seal }, journal: null, now: () => now });
    return openResidents({
      sql, acts, seal, isOwner: (owner) => owner === 'ZY' || owner === 'ZX', agencyName: () => null, now: () => now,
      unseal: (owner, sealed) => {
        const [of, plain] = JSON.parse(Buffer.from(sealed, 'base64').toString()) as [string, string];
        if (of !== owner) throw new Error('another owner\'s key');
        return plain;
      },
      plugs: builtInSteps((_owner, one) => Promise.resolve(one.licences[0] === 'ZYL0000001')), stepsOf: () => ['recordMatch', 'letterCode', 'inPerson'], lastClosed: () => Promise.resolve('2026-11-21'),
      report: (...args) => { asked.push(args); return Promise.resolve(report); },
      ...over,
    });
  }
  const actsOf = async (): Promise<readonly string[]> => (await postgres.sql<{ act: string }[]>`select entry->>'act' as act from ledger_outbox where entry->>'type' = 'act' order by id`).map(({ act }) => act);
  const codeOf = (work: Promise<unknown>): Promise<string> => work.then(() => 'nothing', (error: unknown) => (error instanceof ResidentError ? error.code : String(error)));

  it('goes through each step to the report, and every act is on the record', async () => {
    const residents = open();
    const { request, secret } = await residents.ask('ZY', given, period, 'by mail');
    const { number } = request;
    expect(request.state).toBe('proofing');
    await residents.doStep(number, secret, 'recordMatch', '');
    const { code } = await residents.open('ZY', number, official);
    expect(await codeOf(residents.doStep(number, secret, 'letterCode', '0000'))).toBe('RESIDENT_PROOF');
    await residents.doStep(number, secret, 'letterCode', ` ${(code ?? '').toLowerCase()} `);
    expect(await codeOf(residents.make('ZY', number, official))).toBe('RESIDENT_STATE');
    expect((await residents.confirmStep('ZY', number, 'inPerson', { confirmed: true, note: 'passport seen' }, official)).state).toBe('ready');
    expect((await residents.make('ZY', number, official)).state).toBe('made');
    expect(asked).toEqual([['ZY', expect.objectContaining({ licences: ['ZYL0000001'] }), '2026-01-01', '2026-11-20', number]]);
    for (const form of ['page', 'letter', 'json'] as const) expect((await residents.report(number, secret, form)).body.length).toBeGreaterThan(50);
    expect(await actsOf()).toEqual(['residentAsked', 'identityStep', 'identityStep', 'identityRefused', 'identityStep', 'identityProofed', 'residentReportMade', 'residentReportRead', 'residentReportRead', 'residentReportRead']);
    const [row] = await postgres.sql<{ given: string | null }[]>`select given from resident_request where number = ${number}`;
    expect(row?.given).toBeNull();
    expect(await residents.own(number, secret)).toMatchObject({ state: 'delivered', readUntil: '2026-12-22T12:00:00.000Z' });
  });

  it('tells a resident what was done with the request and by whom in kind, and nobody else', async () => {
    const residents = open({ stepsOf: () => ['letterCode', 'inPerson'] });
    const { request: { number }, secret } = await residents.ask('ZY', given, period, null);
    const other = await residents.ask('ZY', given, period, null);
    const works = [
      () => residents.open('ZY', number, official), () => codeOf(residents.doStep(number, secret, 'letterCode', '0000')), async () => residents.doStep(number, secret, 'letterCode', (await residents.open('ZY', number, official)).code ?? ''),
      () => residents.confirmStep('ZY', number, 'inPerson', { confirmed: true, note: 'passport seen' }, official), () => residents.make('ZY', number, official), () => residents.report(number, secret, 'letter'),
    ];
    for (const work of works) {
      now += 1_000;
      await work();
    }
    const office = { by: 'office', role: 'ownerOfficial' };
    const holder = { by: 'holder', role: null };
    const history = await residents.history(number, secret);
    expect(history.map(({ at: _at, ...event }) => event)).toEqual(expect.arrayContaining([
      { what: 'residentReportRead', ...holder, detail: 'letter' }, { what: 'residentReportMade', ...office, detail: null }, { what: 'identityProofed', ...office, detail: 'inPerson' }, { what: 'identityStep', ...holder, detail: 'letterCode' },
      { what: 'opened', ...office, detail: null }, { what: 'identityRefused', ...holder, detail: 'letterCode' }, { what: 'residentAsked', ...holder, detail: null },
    ]));
    expect(history).toHaveLength(8);
    expect(history.map(({ at }) => at)).toEqual(history.map(({ at }) => at).toSorted().toReversed());
    expect(JSON.stringify(history)).not.toMatch(/A-000000000001|passport/);
    expect(await codeOf(residents.history(number, 'wrong'))).toBe('RESIDENT_UNKNOWN');
    expect((await residents.history(other.request.number, other.secret)).map(({ what }) => what)).toEqual(['residentAsked']);
    now = start + 30 * day;
    await residents.tick(now);
    expect((await residents.history(other.request.number, other.secret))[0]).toMatchObject({ what: 'lapsed', by: 'clock' });
  });

  it('looks at ten answers of a step at most, however many come at once, and a step that is done gives none back', async () => {
    let looked = 0;
    const plugs = [...builtInSteps(() => Promise.resolve(true)), { id: 'pin', plain: 'a number of four digits', by: 'resident' as const, check: async ({ answer }: { readonly answer: string }) => {
      looked += 1;
      await new Promise((go) => setTimeout(go, 5));
      return answer === '7777';
    } }];
    const residents = open({ plugs, stepsOf: () => ['recordMatch', 'pin'] });
    const { request: { number }, secret } = await residents.ask('ZY', given, period, null);
    await residents.doStep(number, secret, 'recordMatch', '');
    const guesses = await Promise.all(Array.from({ length: 64 }, (_, n) => codeOf(residents.doStep(number, secret, 'pin', String(n).padStart(4, '0')))));
    expect(looked).toBe(10);
    expect(guesses.filter((one) => one === 'RESIDENT_MANY').length).toBe(54);
    now += 3_600_001;
    for (let n = 0; n < 9; n += 1) await codeOf(residents.doStep(number, secret, 'pin', '0000'));
    await residents.doStep(number, secret, 'recordMatch', '');
    expect(await codeOf(residents.doStep(number, secret, 'pin', '0000'))).toBe('RESIDENT_PROOF');
    expect(await codeOf(residents.doStep(number, secret, 'pin', '7777'))).toBe('RESIDENT_MANY');
    now += 3_600_001;
    expect((await residents.doStep(number, secret, 'pin', '7777')).state).toBe('ready');
  });

  it('says the same for a wrong number and a wrong secret, and no more after ten tries', async () => {
    const residents = open();
    const { request: { number }, secret } = await residents.ask('ZY', given, period, null);
    expect(await codeOf(residents.own('R-0000000000', secret))).toBe('RESIDENT_UNKNOWN');
    for (let i = 0; i < 10; i += 1) expect(await codeOf(residents.own(number, `wrong${i}`))).toBe('RESIDENT_UNKNOWN');
    expect(await codeOf(residents.own(number, secret))).toBe('RESIDENT_MANY');
    now += 3_600_001;
    expect((await residents.own(number, secret)).number).toBe(number);
  });

  it('shows an owner only its own', async () => {
    const residents = open();
    const { request: { number } } = await residents.ask('ZY', given, period, null);
    expect(await residents.list('ZX')).toEqual([]);
    for (const work of [() => residents.open('ZX', number, official), () => residents.make('ZX', number, official), () => residents.confirmStep('ZX', number, 'inPerson', { confirmed: true, note: 'x' }, official)]) expect(await codeOf(work())).toBe('RESIDENT_UNKNOWN');
  });

  it('makes one report of 64 attempts at once', async () => {
    const residents = open({ stepsOf: () => ['recordMatch'] });
    const { request: { number }, secret } = await residents.ask('ZY', given, period, null);
    await residents.doStep(number, secret, 'recordMatch', '');
    const ends = await Promise.all(Array.from({ length: 64 }, () => codeOf(residents.make('ZY', number, official))));
    expect(ends.filter((end) => end === 'nothing')).toHaveLength(1);
    expect((await actsOf()).filter((act) => act === 'residentReportMade')).toHaveLength(1);
  });

  it('opens nothing, and shows no report, that cannot be recorded', async () => {
    const broken = { append: () => Promise.reject(new JournalError('JOURNAL_WRITE', 'the disk is full')) } as never;
    const { request: { number }, secret } = await open().ask('ZY', given, period, null);
    const acts = openActs({ sql: postgres.sql, sealer: { seal: (_o, p) => p }, journal: broken });
    expect(await codeOf(open({ acts }).open('ZY', number, official))).toBe('RESIDENT_LEDGER');
    const residents = open({ stepsOf: () => ['recordMatch'] });
    const other = await residents.ask('ZY', given, period, null);
    await residents.doStep(other.request.number, other.secret, 'recordMatch', '');
    await residents.make('ZY', other.request.number, official);
    expect(await codeOf(open({ acts }).report(other.request.number, other.secret, 'json'))).toBe('RESIDENT_LEDGER');
    expect(secret).toHaveLength(32);
  });

  it('lapses what is not finished in thirty days, and erases a report thirty days after it was made', async () => {
    const residents = open({ stepsOf: () => ['recordMatch'] });
    const left = await residents.ask('ZY', given, period, 'by mail');
    const done = await residents.ask('ZY', given, period, null);
    await residents.doStep(done.request.number, done.secret, 'recordMatch', '');
    await residents.make('ZY', done.request.number, official);
    expect(await residents.tick(now + 30 * day - 1)).toBe(0);
    now += 30 * day;
    expect(await residents.tick(now)).toBe(2);
    expect((await residents.own(left.request.number, left.secret)).state).toBe('lapsed');
    expect(await codeOf(residents.report(done.request.number, done.secret, 'json'))).toBe('RESIDENT_STATE');
    const [row] = await postgres.sql<{ given: string | null; contact: string | null }[]>`select given, contact from resident_request where number = ${left.request.number}`;
    expect(row).toEqual({ given: null, contact: null });
  });

  it.each<[string, unknown, { from: string; to: string }]>([
    ['nothing to look for', { licences: [], plates: [], vins: [], people: [] }, period], ['no list', { licences: 'x' }, period], ['a long text', { ...given, licences: ['x'.repeat(41)] }, period],
    ['control characters', { ...given, licences: ['a\u0000b'] }, period], ['six of a kind', { ...given, licences: ['1', '2', '3', '4', '5', '6'] }, period], ...['1984-02-30', '0000-00-00', '1984-2-9'].map((birthDate) => [`the birth date ${birthDate}`, { ...given, people: [{ ...given.people[0], birthDate }] }, period] as [string, unknown, typeof period]),
    ['no day', given, { from: '2026-02-30', to: '2026-03-01' }],
    ['backwards', given, { from: '2026-03-02', to: '2026-03-01' }], ['the future', given, { from: '2027-01-01', to: '2027-01-02' }], ['a century', given, { from: '1926-01-01', to: '2026-01-01' }], ['null', null, period],
  ])('refuses %s', async (_name, what, when) => {
    expect(await codeOf(open().ask('ZY', what as never, when, null))).toBe('RESIDENT_FIELD');
    expect(await actsOf()).toEqual([]);
  });

  it('asks a program of the owner, which says yes, no, or that it cannot tell', async () => {
    const step = (script: string) => programStep('counter', 'the counter says so', [process.execPath, '-e', script], 60_000);
    const question = { owner: 'ZY', number: 'R-0000000000', given, answer: 'x', code: null };
    const reading = 'let t="";process.stdin.on("data",(c)=>t+=c).on("end",()=>process.exit(JSON.parse(t).given.licences[0]==="ZYL0000001"?0:1))';
    expect(await step(reading).check?.(question)).toBe(true);
    expect(await step(reading).check?.({ ...question, given: { ...given, licences: ['OTHER'] } })).toBe(false);
    await expect(step('process.exit(3)').check?.(question)).rejects.toThrow();
  });
});
