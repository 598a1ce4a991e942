/** One bit for each cell of a context space, 32 to a word, bits beyond the size always 0. */
export type Plane = Uint32Array;

export function emptyPlane(size: number): Plane {
  return new Uint32Array((size + 31) >>> 5);
}

export function fullPlane(size: number): Plane {
  const plane = emptyPlane(size).fill(0xffff_ffff);
  const rest = size & 31;
  if (rest !== 0 && plane.length > 0) plane[plane.length - 1] = 0xffff_ffff >>> (32 - rest);
  return plane;
}

export function setBit(plane: Plane, at: number): void {
  plane[at >>> 5] = (plane[at >>> 5] ?? 0) | (1 << (at & 31));
}

export function hasBit(plane: Plane, at: number): boolean {
  return (((plane[at >>> 5] ?? 0) >>> (at & 31)) & 1) === 1;
}

export function andPlanes(a: Plane, b: Plane): Plane {
  return a.map((word, i) => word & (b[i] ?? 0));
}

export function orPlanes(a: Plane, b: Plane): Plane {
  return a.map((word, i) => word | (b[i] ?? 0));
}

/** The bits of `a` that `b` does not have. */
export function withoutPlane(a: Plane, b: Plane): Plane {
  return a.map((word, i) => word & ~(b[i] ?? 0));
}

export function isEmptyPlane(plane: Plane): boolean {
  return plane.every((word) => word === 0);
}

/** True where the two have a bit in common. */
export function meet(a: Plane, b: Plane): boolean {
  return a.some((word, i) => (word & (b[i] ?? 0)) !== 0);
}

/** The lowest bit, or -1. */
export function firstBit(plane: Plane): number {
  for (let i = 0; i < plane.length; i += 1) {
    const word = plane[i] ?? 0;
    if (word !== 0) return i * 32 + (31 - Math.clz32(word & -word));
  }
  return -1;
}

/** The places of the bits, ascending. */
export function bitsOf(plane: Plane): number[] {
  const bits: number[] = [];
  plane.forEach((word, i) => {
    for (let rest = word; rest !== 0; rest &= rest - 1) bits.push(i * 32 + (31 - Math.clz32(rest & -rest)));
  });
  return bits;
}

/** Eight hexadecimal digits a word, the first word first. */
export function planeText(plane: Plane): string {
  return Array.from(plane, (word) => word.toString(16).padStart(8, '0')).join('');
}

export function planeOf(text: string): Plane {
  return Uint32Array.from({ length: text.length / 8 }, (_, i) => Number.parseInt(text.slice(i * 8, i * 8 + 8), 16));
}
