import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { falseDiscoveryLimit, lnGamma, median, negativeBinomialTail, normalTail, poissonTail, quantile, shareTail } from './odds.ts';

const near = (value: number, wanted: number, relative = 1e-6): void => expect(Math.abs(value - wanted) / Math.max(Math.abs(wanted), 1e-300)).toBeLessThan(relative);

describe('tails', () => {
  it('agree with published values', () => {
    near(lnGamma(10), Math.log(362_880), 1e-12);
    near(lnGamma(0.5), 0.5 * Math.log(Math.PI), 1e-12);
    near(Math.exp(poissonTail(5, 2)), 0.052653017, 1e-7);
    near(Math.exp(poissonTail(3, 2e-4)), 1.3331333e-12, 1e-4);
    near(Math.exp(shareTail(8, 10, 0.5, Infinity)), 56 / 1024, 1e-9);
    near(Math.exp(negativeBinomialTail(1, 2, 1)), 2 / 3, 1e-9);
    near(Math.exp(normalTail(1.959963985)), 0.025, 1e-5);
    near(normalTail(10), Math.log(7.61985e-24), 1e-6);
  });

  it('the beta-binomial with a = b = 1 is even', () => {
    for (let k = 0; k <= 20; k += 1) near(Math.exp(shareTail(k, 20, 0.5, 2)), (21 - k) / 21, 1e-9);
  });

  it('never rise with k, lie between 0 and 1, and end where the sum over all begins', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 400 }), fc.double({ min: 0.001, max: 0.999, noNaN: true }), fc.double({ min: 0.5, max: 1e5, noNaN: true }), (n, share, steady) => {
      let before = 0;
      for (let k = 0; k <= n; k += Math.max(1, Math.floor(n / 12))) {
        for (const value of [shareTail(k, n, share, steady), poissonTail(k, n * share), negativeBinomialTail(k, n * share, steady)]) expect(value).toBeLessThanOrEqual(0);
        const value = shareTail(k, n, share, steady);
        expect(value).toBeLessThanOrEqual(before + 1e-9);
        before = value;
      }
      near(Math.exp(shareTail(0, n, share, steady)), 1);
      near(Math.exp(shareTail(1, n, share, 1e12)), -Math.expm1(n * Math.log1p(-share)), 1e-6);
      near(Math.exp(poissonTail(1, n * share)), -Math.expm1(-n * share), 1e-9);
    }));
  });

  it('scatter makes much more probable', () => {
    expect(shareTail(30, 40, 0.3, 10)).toBeGreaterThan(shareTail(30, 40, 0.3, 1e9));
    expect(negativeBinomialTail(30, 5, 2)).toBeGreaterThan(poissonTail(30, 5));
  });
});

describe('falseDiscoveryLimit', () => {
  /** The example of the paper: 15 p-values, of which four stand at 5 %. */
  it('is the step-up rule', () => {
    const tails = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1].map(Math.log);
    const limit = falseDiscoveryLimit(tails, 15, 0.05);
    expect(tails.filter((tail) => tail <= limit)).toHaveLength(4);
  });

  it('lets nothing through where nothing is there', () => {
    expect(falseDiscoveryLimit([], 10, 0.05)).toBe(-Infinity);
    expect(falseDiscoveryLimit([Math.log(0.04)], 10, 0.05)).toBe(-Infinity);
  });

  it('of even chances, lets at most its rate through', () => {
    let passed = 0;
    let seed = 7;
    const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    for (let round = 0; round < 400; round += 1) {
      const tails = Array.from({ length: 200 }, () => Math.log(random()));
      const limit = falseDiscoveryLimit(tails, 200, 0.05);
      if (tails.some((tail) => tail <= limit)) passed += 1;
    }
    expect(passed).toBeLessThan(400 * 0.09);
  });
});

describe('quantiles', () => {
  it('lie between neighbours', () => {
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
    expect(median([9, 1, 5])).toBe(5);
    expect(quantile([], 0.5)).toBeNaN();
  });
});
