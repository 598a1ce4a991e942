import type { OwnerFiles } from './ownerFiles.ts';
import type { SegmentPlace } from './segmentFiles.ts';

export async function compactOwner(_files: OwnerFiles, _place: SegmentPlace, _now: number): Promise<void> {
  await Promise.resolve();
}
