import { describe, expect, it } from 'vitest';
import { count, counted } from './counts.ts';

describe('counts in words', () => {
  it('are whole, in groups of three', () => {
    expect([0, 1, 999, 1_000, 5_204_331, 2.4, 2.5].map(count)).toEqual(['0', '1', '999', '1,000', '5,204,331', '2', '3']);
  });

  it('are of one or of many', () => {
    expect([0, 1, 1.2, 2, 12_000].map((n) => counted(n, 'request'))).toEqual(['0 requests', '1 request', '1 request', '2 requests', '12,000 requests']);
    expect([counted(1, 'body', 'bodies'), counted(3, 'body', 'bodies')]).toEqual(['1 body', '3 bodies']);
  });
});
