import { expect, it } from 'vitest';
import sharp from 'sharp';
import { pictureReducer } from './reduce.ts';

const colourful = (width: number, height: number): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background: { r: 200, g: 40, b: 10 } } }).withExif({ IFD0: { Copyright: 'marker' } }).png().toBuffer();

it('makes a small grey picture without metadata', async () => {
  const small = await pictureReducer().reduce(await colourful(240, 300));
  const meta = await sharp(small).metadata();
  expect([meta.width, meta.height, meta.format]).toEqual([72, 90, 'png']);
  expect(meta.exif).toBeUndefined();
  const { channels } = await sharp(small).stats();
  expect(channels.slice(0, 3).every((c) => c.mean === channels[0]!.mean)).toBe(true);
});

it('does not enlarge', async () => {
  expect((await sharp(await pictureReducer().reduce(await colourful(40, 50))).metadata()).width).toBe(40);
});

it('refuses what is no picture, and what would unpack too large', async () => {
  await expect(pictureReducer().reduce(Buffer.from('not a picture'))).rejects.toThrow();
  await expect(pictureReducer({ width: 72, maxPixels: 100 }).reduce(await colourful(40, 50))).rejects.toThrow();
});
