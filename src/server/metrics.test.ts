import { describe, expect, it } from 'vitest';

import { createMetrics } from './metrics.ts';

describe('counters', () => {
  it('add up however often they are read', async () => {
    const metrics = createMetrics({ process: false });
    metrics.ownerAnswer('DQ', 'WA', 'refused');
    metrics.ownerAnswer('DQ', 'WA', 'refused');
    await metrics.registry.metrics();
    metrics.ownerAnswer('DQ', 'WA', 'refused');
    expect(await metrics.registry.metrics()).toContain('weir_owner_answers_total{key="DQ",owner="WA",status="refused"} 3');
  });

  it('put outcomes that are no plain word, or too many, under one label', async () => {
    const metrics = createMetrics({ process: false });
    metrics.inquiry('json', 'WDL1234 SAMPLE', 200, 0.001);
    for (let i = 0; i < 500; i += 1) metrics.inquiry('json', `word${'abcdefghij'[i % 10] ?? ''}${'abcdefghij'[Math.floor(i / 10) % 10] ?? ''}${'abcde'[Math.floor(i / 100)] ?? ''}`, 200, 0.001);
    const text = await metrics.registry.metrics();
    expect(text).not.toContain('SAMPLE');
    expect(text.match(/^weir_inquiries_total\{/gm)?.length).toBeLessThan(70);
    const total = [...text.matchAll(/^weir_inquiries_total\{.*\} (\d+)$/gm)].reduce((sum, [, count]) => sum + Number(count), 0);
    expect(total).toBe(501);
  });

  it('show the journal, the breakers and what is under way as they are when read', async () => {
    const metrics = createMetrics({ process: false });
    let queue = 3;
    metrics.watch({ journalQueue: () => queue, journalHealthy: () => false, inFlight: () => 2, breakers: () => [{ owner: 'WA', state: 'open' }, { owner: 'OR', state: 'closed' }] });
    expect(await metrics.registry.metrics()).toContain('weir_journal_queue 3');
    queue = 0;
    const text = await metrics.registry.metrics();
    for (const line of ['weir_journal_queue 0', 'weir_journal_healthy 0', 'weir_inquiries_in_flight 2', 'weir_source_breaker{owner="WA"} 2', 'weir_source_breaker{owner="OR"} 0']) expect(text).toContain(line);
  });

  it('have those of the process where asked for', async () => {
    expect(await createMetrics().registry.metrics()).toContain('process_cpu_seconds_total');
  });
});
