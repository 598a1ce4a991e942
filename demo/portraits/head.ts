import type { Random } from '../random.ts';
import type { Traits } from './traits.ts';

/** What the parts of a face share. */
export interface Head {
  readonly traits: Traits;
  readonly random: Random;
  /** Middle of the face, and half its width and height. */
  readonly x: number;
  readonly y: number;
  readonly rx: number;
  readonly ry: number;
  readonly skin: readonly [base: string, shade: string, lip: string];
  readonly hair: readonly [base: string, shade: string];
}
