/** A whole number as people write it: `5,204,331`. What is not whole is rounded. */
export function count(n: number): string {
  return Math.round(n).toLocaleString('en-US');
}

/** `1 request`, `5,204,331 requests`. */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${Math.round(n) === 1 ? one : many}`;
}
