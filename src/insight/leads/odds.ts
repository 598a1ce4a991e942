/**
 * Tails of the distributions that the detectors use, as natural logarithms of probabilities, so that the very improbable stays comparable.
 * Each is the chance of `k` or more. All are exact sums, to a relative 1e-10, or until what is left cannot matter.
 */

/** ln Γ(x) for x > 0: Lanczos' series with g = 7, n = 9. Error below 1e-13 of the value. */
export function lnGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - lnGamma(1 - x);
  const z = x - 1;
  let sum = lanczos[0] ?? 0;
  for (let i = 1; i < lanczos.length; i += 1) sum += (lanczos[i] ?? 0) / (z + i);
  const t = z + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum);
}

/** Poisson: so many or more events where `mean` are expected. */
export function poissonTail(k: number, mean: number): number {
  if (k <= 0) return 0;
  if (mean <= 0) return -Infinity;
  return upper(k, k * Math.log(mean) - mean - lnGamma(k + 1), (i) => mean / (i + 1), Infinity);
}

/** Negative binomial with variance `mean + mean² / size`: counts that scatter more than by chance. As `size` grows it is Poisson's. */
export function negativeBinomialTail(k: number, mean: number, size: number): number {
  if (k <= 0) return 0;
  if (mean <= 0) return -Infinity;
  if (size > 1e7) return poissonTail(k, mean);
  const q = mean / (mean + size);
  const first = lnGamma(k + size) - lnGamma(size) - lnGamma(k + 1) + k * Math.log(q) + size * Math.log1p(-q);
  return upper(k, first, (i) => (q * (i + size)) / (i + 1), Infinity);
}

/**
 * Beta-binomial: `k` or more of `n`, where the share differs from one to the next with mean `share` and concentration `steady`
 * (correlation 1 / (steady + 1)). As `steady` grows it is the binomial.
 */
export function shareTail(k: number, n: number, share: number, steady: number): number {
  if (k <= 0) return 0;
  if (k > n || share <= 0) return -Infinity;
  if (share >= 1) return 0;
  const a = share * steady;
  const b = (1 - share) * steady;
  const choose = lnGamma(n + 1) - lnGamma(k + 1) - lnGamma(n - k + 1);
  if (steady > 1e7) return upper(k, choose + k * Math.log(share) + (n - k) * Math.log1p(-share), (i) => ((n - i) / (i + 1)) * (share / (1 - share)), n);
  const first = choose + lnGamma(k + a) + lnGamma(n - k + b) - lnGamma(n + a + b) - (lnGamma(a) + lnGamma(b) - lnGamma(a + b));
  return upper(k, first, (i) => ((n - i) * (i + a)) / ((i + 1) * (n - i - 1 + b)), n);
}

/** The normal distribution: `z` or more standard deviations above. */
export function normalTail(z: number): number {
  if (z < 5) return Math.log(0.5 * erfc(z / Math.SQRT2));
  // Mills' ratio as a continued fraction.
  let fraction = 0;
  for (let i = 60; i > 0; i -= 1) fraction = i / (z + fraction);
  return -0.5 * z * z - 0.5 * Math.log(2 * Math.PI) - Math.log(z + fraction);
}

/**
 * Benjamini and Hochberg (1995): which of `looked` tests stand, so that of those that stand at most the share `rate` is expected to be chance.
 * `tails` holds the least of them (at least all that could stand), in any order; the limit is returned, as a logarithm: what is not above it stands.
 */
export function falseDiscoveryLimit(tails: readonly number[], looked: number, rate: number): number {
  const sorted = [...tails].sort((a, b) => a - b);
  for (let i = sorted.length; i > 0; i -= 1) {
    const limit = Math.log(rate) + Math.log(i) - Math.log(Math.max(looked, 1));
    if ((sorted[i - 1] ?? 0) <= limit) return limit;
  }
  return -Infinity;
}

/** The `q`-th quantile of numbers in ascending order, between neighbours in proportion (R's type 7). NaN where there is none. */
export function quantile(sorted: ArrayLike<number>, q: number): number {
  if (sorted.length === 0) return NaN;
  const place = q * (sorted.length - 1);
  const low = Math.floor(place);
  const from = sorted[low] ?? NaN;
  return from + (place - low) * ((sorted[Math.min(low + 1, sorted.length - 1)] ?? NaN) - from);
}

export function median(values: Iterable<number>): number {
  return quantile(Float64Array.from(values).sort(), 0.5);
}

const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905, -0.13857109526572012,
  9.9843695780195716e-6, 1.5056327351493116e-7,
];

/**
 * ln of the sum of terms from `k` on. `first` is ln of the term at k; `ratio(i)` leads from the term at i to the next. Where k lies below the peak
 * the terms first grow, which is why the sum is kept relative to the greatest so far.
 */
function upper(k: number, first: number, ratio: (i: number) => number, last: number): number {
  let sum = 1;
  let term = 1;
  let scale = first;
  for (let i = k; i < last; i += 1) {
    const step = ratio(i);
    term *= step;
    sum += term;
    if (step < 1 && term * step < sum * 1e-11 * (1 - step)) break;
    if (sum > 1e200) {
      scale += Math.log(sum);
      term /= sum;
      sum = 1;
    }
  }
  return Math.min(0, scale + Math.log(sum));
}

/** Complementary error function by a Chebyshev fit, with an error below 1.2e-7 of the value. */
function erfc(x: number): number {
  const z = Math.abs(x);
  const t = 1 / (1 + 0.5 * z);
  let sum = 0;
  for (let i = chebyshev.length - 1; i >= 0; i -= 1) sum = sum * t + (chebyshev[i] ?? 0);
  const value = t * Math.exp(-z * z + sum);
  return x >= 0 ? value : 2 - value;
}

const chebyshev = [-1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223, 0.17087277];
