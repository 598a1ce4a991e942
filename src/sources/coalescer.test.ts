import { describe, expect, it } from 'vitest';
import type { SourceResult } from '../exchange/ports.ts';
import { licence, question } from './cases.ts';
import { openLane, type Lane, type Slot } from './coalescer.ts';
import type { Call } from './connector.ts';
import { SourceFault } from './fault.ts';
import type { Row } from './layout.ts';
import type { Parameter, Shape } from './shape.ts';

interface Sent {
  readonly statement: string;
  readonly parameters: readonly Parameter[];
  answer(rows: readonly Row[]): void;
  fail(fault: SourceFault): void;
}

/** A lane over slots that answer when the test says so; each parameter is one look-up. */
function lane(slots = 1, timeoutMs = 60_000): { readonly lane: Lane; readonly sent: Sent[]; readonly opened: () => number; readonly destroyed: () => number } {
  const sent: Sent[] = [];
  let opened = 0;
  let destroyed = 0;
  const open = (): Slot => {
    opened += 1;
    return {
      run: (statement, parameters) => new Promise((resolve, reject) => sent.push({ statement, parameters, answer: resolve, fail: reject })),
      destroy: () => { destroyed += 1; },
      close: () => Promise.resolve(),
    };
  };
  return { lane: openLane(open, { slots, batch: 4, timeoutMs }), sent, opened: () => opened, destroyed: () => destroyed };
}

function shape(name: string): Shape {
  return {
    limit: 1,
    parameters: (subject, owner) => [`${owner}-${subject.kind === 'licence' ? subject.number : ''}`],
    statement: size => `${name}×${size}`,
    read: ([, value], owner) => {
      if (value === 'nonsense') throw new SourceFault('misconfigured', 'nonsense');
      return { ssn: `${owner}:${String(value)}` };
    },
  };
}

const turn = (): Promise<void> => new Promise(resolve => setImmediate(() => setImmediate(resolve)));
const asks = (l: Lane, s: Shape, number: string, owner = 'WA', call: Call = { gone: false, onGone: null }): Promise<SourceResult> => l.lookup(s, owner, question(licence(number)), call);
const ssn = (text: string): SourceResult => ({ status: 'found', more: false, records: [{ ssn: text }] });

describe('the coalescer', () => {
  it('sends look-ups of one turn together, padded with nulls, and gives each its own', async () => {
    const { lane: l, sent } = lane();
    const s = shape('a');
    const results = [asks(l, s, '1'), asks(l, s, '2'), asks(l, s, '1', 'OR')];
    await turn();
    expect(sent.map(one => [one.statement, one.parameters])).toEqual([['a×4', ['WA-1', 'WA-2', 'OR-1', null]]]);
    sent[0]!.answer([[2, 'c'], [0, 'a']]);
    expect(await Promise.all(results)).toEqual([ssn('WA:a'), { status: 'none' }, ssn('OR:c')]);
  });

  it('asks equal look-ups of one batch once, and of the next batch again', async () => {
    const { lane: l, sent } = lane();
    const s = shape('a');
    const first = [asks(l, s, '1'), asks(l, s, '1')];
    await turn();
    expect(sent[0]?.parameters).toEqual(['WA-1']);
    const later = asks(l, s, '1');
    sent[0]!.answer([[0, 'old']]);
    await Promise.all(first);
    await turn();
    sent[1]!.answer([[0, 'new']]);
    expect(await later).toEqual(ssn('WA:new'));
  });

  it('gathers what comes while the slots are busy, shape by shape, none starving another', async () => {
    const { lane: l, sent } = lane();
    const [a, b] = [shape('a'), shape('b')];
    void asks(l, a, '0');
    await turn();
    for (let i = 1; i <= 6; i += 1) void asks(l, a, String(i));
    void asks(l, b, '7');
    for (let i = 0; i < 4; i += 1) {
      await turn();
      sent[i]?.answer([]);
    }
    expect(sent.map(one => one.statement)).toEqual(['a×1', 'a×4', 'b×1', 'a×2']);
  });

  it('leaves out look-ups that nobody waits for any more', async () => {
    const { lane: l, sent } = lane();
    const s = shape('a');
    const call: Call = { gone: false, onGone: null };
    void asks(l, s, '1');
    await turn();
    void asks(l, s, '2', 'WA', call);
    void asks(l, s, '3');
    call.gone = true;
    sent[0]!.answer([]);
    await turn();
    expect(sent[1]?.parameters).toEqual(['WA-3']);
  });

  it('fails only the look-up whose record cannot be read', async () => {
    const { lane: l, sent } = lane();
    const s = shape('a');
    const bad = expect(asks(l, s, '1')).rejects.toMatchObject({ code: 'misconfigured' });
    const good = asks(l, s, '2');
    await turn();
    sent[0]!.answer([[0, 'nonsense'], [1, 'fine']]);
    await bad;
    expect(await good).toEqual(ssn('WA:fine'));
  });

  it('asks one by one where the database refuses a value, so that one asker cannot spoil the others\' answers', async () => {
    const { lane: l, sent } = lane();
    const s = shape('a');
    const refused = new SourceFault('misconfigured', 'value', { data: true });
    const bad = expect(asks(l, s, '1')).rejects.toBe(refused);
    const good = asks(l, s, '2');
    await turn();
    sent[0]!.fail(refused);
    await turn();
    sent[1]!.fail(refused);
    await turn();
    sent[2]!.answer([[0, 'fine']]);
    await bad;
    expect(await good).toEqual(ssn('WA:fine'));
  });

  it('takes no row for an answer that bears a place nobody asked from', async () => {
    const { lane: l, sent } = lane();
    const result = expect(asks(l, shape('a'), '1')).rejects.toMatchObject({ code: 'misconfigured' });
    await turn();
    sent[0]!.answer([[1, 'stranger']]);
    await result;
  });

  it('cuts a silent connection and goes on with a new one', async () => {
    const { lane: l, sent, opened, destroyed } = lane(1, 20);
    const s = shape('a');
    await expect(asks(l, s, '1')).rejects.toMatchObject({ code: 'timeout', lost: true });
    expect([opened(), destroyed()]).toEqual([2, 1]);
    const next = asks(l, s, '2');
    await turn();
    sent[1]!.answer([[0, 'back']]);
    expect(await next).toEqual(ssn('WA:back'));
  });

  it('rejects what waits when it is closed, and what comes after', async () => {
    const { lane: l } = lane(0);
    const waiting = asks(l, shape('a'), '1');
    await Promise.all([expect(waiting).rejects.toMatchObject({ code: 'down' }), l.close()]);
    await expect(asks(l, shape('a'), '2')).rejects.toMatchObject({ code: 'down' });
  });
});
