import sharp from 'sharp';
import type { Reducer } from '../exchange/ports.ts';

/** How small a reduced picture is: enough to compare with a face in front of you, too little to search by. */
export interface ReduceSettings {
  /** Pixels; the height follows. */
  readonly width: number;
  /** Pictures of more pixels than this are refused, so that a small file cannot unpack into a large one. */
  readonly maxPixels: number;
}

export const defaultReduceSettings: ReduceSettings = { width: 72, maxPixels: 16_000_000 };

/** Grey, small, PNG, without any metadata. Rejects where the bytes are no picture: then nothing is released. */
export function pictureReducer(settings: ReduceSettings = defaultReduceSettings): Reducer {
  return {
    async reduce(picture) {
      const { width, maxPixels } = settings;
      return sharp(picture, { limitInputPixels: maxPixels, failOn: 'error' }).resize({ width, withoutEnlargement: true }).grayscale().png().toBuffer();
    },
  };
}
