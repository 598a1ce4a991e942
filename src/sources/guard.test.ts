import { afterEach, describe, expect, it, vi } from 'vitest';
import type { SourceResult } from '../exchange/ports.ts';
import { breaker } from './breaker.ts';
import { licence, question } from './cases.ts';
import type { Call } from './connector.ts';
import { SourceFault } from './fault.ts';
import { guard, type Guard } from './guard.ts';

const found: SourceResult = { status: 'found', records: [], more: false };
const query = question(licence('X'));
const down = (): SourceFault => new SourceFault('down', 'gone', { counts: true });

let now = 0;
const options = { timeoutMs: 1000, concurrent: 2, queue: 2, breaker: { failures: 3, minMs: 100, maxMs: 400, random: () => 0.5, now: () => now } };

interface Asked {
  readonly call: Call;
  resolve(result: SourceResult): void;
  reject(error: unknown): void;
}

/** A guard around a source that answers when the test says so. */
function held(concurrent = options.concurrent): { readonly guard: Guard; readonly asked: Asked[] } {
  const asked: Asked[] = [];
  return { asked, guard: guard((_owner, _query, call) => new Promise((resolve, reject) => asked.push({ call, resolve, reject })), { ...options, concurrent }) };
}

it('turns away however many wait when the breaker opens', async () => {
  const asked: Asked[] = [];
  const g = guard((_owner, _query, call) => new Promise((resolve, reject) => asked.push({ call, resolve, reject })), {
    ...options, timeoutMs: 60_000, concurrent: 1, queue: 50_000, breaker: { ...options.breaker, failures: 1 },
  });
  const results = Array.from({ length: 50_001 }, () => g.lookup('WA', query));
  asked[0]?.reject(down());
  const why = new Map<string, number>();
  for (const result of await Promise.all(results)) if (result.status === 'unavailable') why.set(result.why, (why.get(result.why) ?? 0) + 1);
  expect([...why]).toEqual([['down', 1], ['open', 50_000]]);
  expect(g.state).toMatchObject({ inFlight: 0, queued: 0 });
});

afterEach(() => {
  vi.useRealTimers();
  now = 0;
});

describe('guard', () => {
  it('lets so many through, makes so many wait, and turns the rest away at once', async () => {
    const { guard: g, asked } = held();
    const results = Array.from({ length: 5 }, () => g.lookup('WA', query));
    expect(asked).toHaveLength(2);
    expect(g.state).toMatchObject({ inFlight: 2, queued: 2 });
    expect(await results[4]).toEqual({ status: 'unavailable', why: 'overloaded' });
    asked[0]?.resolve(found);
    expect(await results[0]).toEqual(found);
    expect(asked).toHaveLength(3);
    asked[1]?.resolve({ status: 'none' });
    asked[2]?.resolve(found);
    expect(await Promise.all([results[1], results[2]])).toEqual([{ status: 'none' }, found]);
    asked[3]?.resolve(found);
    await results[3];
    expect(g.state).toMatchObject({ inFlight: 0, queued: 0 });
  });

  it('gives up after the time-out, tells the connector, and takes no late answer', async () => {
    vi.useFakeTimers();
    const { guard: g, asked } = held();
    const result = g.lookup('WA', query);
    const told = vi.fn();
    asked[0]!.call.onGone = told;
    vi.advanceTimersByTime(1000);
    expect(await result).toEqual({ status: 'unavailable', why: 'timeout' });
    expect(told).toHaveBeenCalledOnce();
    expect(asked[0]!.call.gone).toBe(true);
    asked[0]!.resolve(found);
    await Promise.resolve();
    expect(g.state).toMatchObject({ inFlight: 0, failures: 1 });
  });

  it('says overloaded of a look-up that waited out its time without being asked', async () => {
    vi.useFakeTimers();
    const { guard: g, asked } = held(1);
    const results = Array.from({ length: 3 }, () => g.lookup('WA', query));
    vi.advanceTimersByTime(1000); // the first times out, the second has its turn, the third has waited as long
    expect(await results[2]).toEqual({ status: 'unavailable', why: 'overloaded' });
    expect(asked).toHaveLength(2);
    asked[1]!.resolve(found);
    expect(await results[1]).toEqual(found);
    expect(g.state).toMatchObject({ queued: 0, inFlight: 0, failures: 0 });
  });

  it('never rejects and never says none, whatever the connector does', async () => {
    const errors: unknown[] = [down(), new Error('x'), 'text', null, undefined, new SourceFault('misconfigured', 'x')];
    for (const error of errors) {
      const g = guard(async () => { await Promise.resolve(); throw error as Error; }, options);
      expect(await g.lookup('WA', query)).toMatchObject({ status: 'unavailable' });
      const thrown = guard(() => { throw error as Error; }, options);
      expect(await thrown.lookup('WA', query)).toMatchObject({ status: 'unavailable' });
    }
  });

  it('opens after failures in a row, and asks nothing while open', async () => {
    const { guard: g, asked } = held();
    for (let i = 0; i < 3; i += 1) {
      const result = g.lookup('WA', query);
      asked[i]?.reject(down());
      expect(await result).toEqual({ status: 'unavailable', why: 'down' });
    }
    expect(g.state.breaker).toBe('open');
    expect(await g.lookup('WA', query)).toEqual({ status: 'unavailable', why: 'open' });
    expect(asked).toHaveLength(3);
  });

  it('closes by itself when a probe comes back', async () => {
    const { guard: g, asked } = held();
    for (let i = 0; i < 3; i += 1) {
      const result = g.lookup('WA', query);
      asked[i]?.reject(down());
      await result;
    }
    now = 100;
    expect(g.state.breaker).toBe('halfOpen');
    const probe = g.lookup('WA', query);
    expect(await g.lookup('WA', query)).toEqual({ status: 'unavailable', why: 'open' });
    asked[3]?.resolve(found);
    expect(await probe).toEqual(found);
    expect(g.state).toMatchObject({ breaker: 'closed', failures: 0 });
  });

  it('counts one fault that many look-ups share only once, and a fault of the mapping not at all', async () => {
    const shared = down();
    const many = guard(() => Promise.reject(shared), { ...options, concurrent: 10 });
    await Promise.all(Array.from({ length: 10 }, () => many.lookup('WA', query)));
    expect(many.state).toMatchObject({ breaker: 'closed', failures: 1 });
    const wrong = guard(() => Promise.reject(new SourceFault('misconfigured', 'x')), options);
    for (let i = 0; i < 10; i += 1) await wrong.lookup('WA', query);
    expect(wrong.state).toMatchObject({ breaker: 'closed', failures: 0, failed: { misconfigured: 10 } });
  });
});

describe('breaker', () => {
  it('waits twice as long after each probe that fails, up to a limit, and spreads the waits', () => {
    let random = 0.5;
    const b = breaker({ ...options.breaker, random: () => random });
    for (let i = 0; i < 3; i += 1) {
      expect(b.pass()).toBe('go');
      b.failed(false);
    }
    for (const wait of [100, 200, 400, 400]) {
      now += wait - 1;
      expect(b.pass()).toBe('no');
      now += 1;
      expect(b.pass()).toBe('probe');
      expect(b.pass()).toBe('no');
      b.failed(true);
    }
    random = 1;
    now += 400;
    expect(b.pass()).toBe('probe');
    b.failed(true);
    now += 499;
    expect(b.pass()).toBe('no');
  });

  it('lets another probe through where the first says nothing', () => {
    const b = breaker(options.breaker);
    for (let i = 0; i < 3; i += 1) b.failed(false);
    now = 100;
    expect(b.pass()).toBe('probe');
    b.undecided(true);
    expect(b.pass()).toBe('probe');
    b.succeeded(true);
    expect(b.state).toBe('closed');
  });

  it('a success in between starts the count again', () => {
    const b = breaker(options.breaker);
    b.failed(false);
    b.failed(false);
    b.succeeded(false);
    b.failed(false);
    b.failed(false);
    expect(b.state).toBe('closed');
  });
});
