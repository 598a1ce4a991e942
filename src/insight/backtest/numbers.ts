/** `0.3 %`; a small share is never written as none, nor a large one as all. */
export function share(part: number, whole: number): string {
  if (whole === 0 || part === 0) return '0 %';
  const percent = (100 * part) / whole;
  if (percent < 0.1) return 'less than 0.1 %';
  if (percent > 99.9 && part < whole) return 'more than 99.9 %';
  return `${percent.toFixed(percent === 100 ? 0 : 1)} %`;
}

/** The first letter large, as at the beginning of a sentence. */
export function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
