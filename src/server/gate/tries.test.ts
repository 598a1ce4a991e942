import { describe, expect, it } from 'vitest';

import { networkOf, tries } from './tries.ts';

describe('tries', () => {
  it('are so many within the time, of each key alone', () => {
    const counted = tries(2, 1_000);
    const take = (key: string, at: number): number | null => counted.take(key, at);
    expect([take('a', 0), take('a', 1), take('a', 2), take('b', 2), take('a', 1_001)]).toEqual([null, null, 1, null, null]);
  });
});

describe('whom an address is counted as', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1'], ['203.0.113.7', '203.0.113.7'], ['::ffff:203.0.113.7', '::ffff:203.0.113.7'], ['::1', '0:0:0:0'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'], ['2001:db8:1:2::9', '2001:db8:1:2'], ['2001:db8::9', '2001:db8:0:0'], ['fe80::1%eth0', 'fe80:0:0:0'],
  ])('%s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
