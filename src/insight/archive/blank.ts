import type { OwnerFiles } from './ownerFiles.ts';
import type { SegmentPlace } from './segmentFiles.ts';
import type { Erased } from './types.ts';

export async function blankRows(_files: OwnerFiles, _place: SegmentPlace, _what: readonly Erased[]): Promise<void> {
  await Promise.resolve();
}
