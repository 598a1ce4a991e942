import { count } from '../../vocabulary/counts.ts';

/** `46 %`, `0.4 %`, `less than 0.01 %`. */
export function percent(share: number): string {
  const value = share * 100;
  if (value === 0) return '0 %';
  if (value < 0.01) return 'less than 0.01 %';
  return `${value >= 10 ? Math.round(value) : Number(value.toPrecision(2))} %`;
}

/** A number that may be small: `12`, `3.4`, `0.02`. */
export function about(value: number): string {
  if (value >= 10) return count(value);
  if (value < 0.01) return value === 0 ? '0' : 'less than 0.01';
  return String(Number(value.toPrecision(2)));
}

/** `3 March 2026`. */
export function dayWords(at: number): string {
  return new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
}

export function isoDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** How rare, for people: `about 1 in 3,000`. `lnP` is the logarithm of a chance. */
export function rarity(lnP: number): string {
  const zeros = -lnP / Math.LN10;
  if (zeros < 0.7) return 'quite likely';
  if (zeros > 12) return 'less than 1 in a trillion';
  if (zeros > 9) return 'less than 1 in a billion';
  if (zeros > 6) return 'less than 1 in a million';
  const one = 10 ** zeros;
  return `about 1 in ${count(Number(one.toPrecision(one < 100 ? 1 : 2)))}`;
}

/** The tag of a person as it is shown: 16 hexadecimal digits. */
export function hexTag(tag: bigint): string {
  return BigInt.asUintN(64, tag).toString(16).padStart(16, '0');
}

/** A tag as SQL writes it. */
export function sqlTag(tag: bigint): string {
  return `${BigInt.asUintN(64, tag).toString()}::UBIGINT`;
}
