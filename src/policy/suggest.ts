import { quote } from './findings.ts';

/** Advice for a word that is not known: the nearest known one, or all of them where there are few. */
export function didYouMean(input: string, known: readonly string[]): string | null {
  const near = nearest(input, known);
  if (near !== null) return `did you mean \`${near}\`?`;
  return known.length > 0 && known.length <= 25 ? `use one of ${known.map(quote).join(', ')}` : null;
}

/** The known word with the fewest slips between it and the input: two, or a third of its length for long words. */
export function nearest(input: string, known: readonly string[]): string | null {
  if (input.length > 60) return null;
  let best: string | null = null;
  let fewest = Infinity;
  for (const word of known) {
    const slips = distance(input.toLowerCase(), word.toLowerCase());
    if (slips < fewest) [best, fewest] = [word, slips];
  }
  return best !== null && fewest <= Math.max(2, Math.floor(best.length / 3)) && fewest < best.length ? best : null;
}

/** Edit distance that counts a swap of neighbours as one slip (optimal string alignment). */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, (before[j - 2] ?? 0) + 1);
      row.push(least);
    }
    [before, last] = [last, row];
  }
  return last[b.length] ?? 0;
}
