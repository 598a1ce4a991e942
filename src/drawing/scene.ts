import type { Ink } from './inks.ts';

/** A picture as plain data, in units that a renderer may scale. It says nothing of SVG or PDF, so that both draw the same. */
export interface Scene {
  readonly width: number;
  readonly height: number;
  /** What it is, in a few words. */
  readonly title: string;
  /** What a reader would see in it, in a sentence or two: read aloud in place of the picture. */
  readonly description: string;
  readonly marks: readonly Mark[];
}

export type Mark =
  | { readonly mark: 'rect'; readonly x: number; readonly y: number; readonly width: number; readonly height: number; readonly fill: Ink | null; readonly stroke?: Ink; readonly radius?: number }
  | { readonly mark: 'line'; readonly x1: number; readonly y1: number; readonly x2: number; readonly y2: number; readonly stroke: Ink; readonly thick?: number; readonly dash?: Dash }
  | { readonly mark: 'path'; readonly d: string; readonly fill: Ink | null; readonly stroke: Ink | null; readonly thick?: number; readonly dash?: Dash }
  | { readonly mark: 'circle'; readonly x: number; readonly y: number; readonly r: number; readonly fill: Ink | null; readonly stroke?: Ink; readonly thick?: number }
  | TextMark
  | { readonly mark: 'group'; readonly title: string; readonly marks: readonly Mark[] };

/** `y` is the line on which the letters stand. */
export interface TextMark {
  readonly mark: 'text';
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly size: number;
  readonly ink: Ink;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly bold?: boolean;
}

/** Lengths of strokes and gaps. */
export type Dash = readonly number[];

/** Fillings that can be told apart without colour. */
export type Hatch = 'plain' | 'rising' | 'falling' | 'level' | 'dots' | 'open';

/** A box filled in a way that can be told from others in one colour: hatched by lines of the ground, so that a renderer needs no patterns of its own. */
export function hatched(box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }, fill: Ink, hatch: Hatch): readonly Mark[] {
  if (box.width <= 0 || box.height <= 0) return [];
  const face: Mark = { mark: 'rect', ...box, fill: hatch === 'open' ? 'ground' : fill, stroke: fill };
  switch (hatch) {
    case 'plain': case 'open': return [face];
    case 'rising': case 'falling': return [face, ...slanted(box, hatch === 'rising')];
    case 'level': return [face, ...steps(box.height, 5).map((at): Mark => ({ mark: 'line', x1: box.x, x2: box.x + box.width, y1: box.y + at, y2: box.y + at, stroke: 'ground' }))];
    case 'dots': return [face, ...steps(box.height, 6).flatMap((dy) => steps(box.width, 6).map((dx): Mark => ({ mark: 'circle', x: box.x + dx, y: box.y + dy, r: 1, fill: 'ground' })))];
  }
}

/** About how wide a text is, in units: half the size a letter, for a sans-serif face. Errs on the wide side. */
export function textWidth(text: string, size: number, bold = false): number {
  return text.length * size * (bold ? 0.6 : 0.55);
}

/** A text cut to a width, with an ellipsis where something is missing. */
export function cutTo(text: string, size: number, width: number): string {
  const most = Math.max(1, Math.floor(width / (size * 0.55)));
  return text.length <= most ? text : `${text.slice(0, Math.max(1, most - 1)).trimEnd()}…`;
}

/** Points inside a length, a gap apart, half a gap from the beginning. */
function steps(length: number, gap: number): readonly number[] {
  return Array.from({ length: Math.floor((length + gap / 2) / gap) }, (_, i) => gap / 2 + i * gap).filter((at) => at < length);
}

/** Lines at 45 degrees, each cut where it leaves the box. */
function slanted({ x, y, width, height }: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }, rising: boolean): readonly Mark[] {
  return steps(width + height, 6).map((at): Mark => {
    const [from, to] = [Math.max(0, at - height), Math.min(width, at)];
    const down = (across: number): number => (rising ? at - across : height - (at - across));
    return { mark: 'line', x1: x + from, y1: y + down(from), x2: x + to, y2: y + down(to), stroke: 'ground', thick: 1.5 };
  });
}
