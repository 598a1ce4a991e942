import { availableParallelism } from 'node:os';
import sharp from 'sharp';
import { faceSvg, height, width } from './portraits/face.ts';
import { signatureSvg } from './portraits/signature.ts';
import { firstSignature, portraitCount, signatureCount, traitsOf } from './portraits/traits.ts';
import { randomOf } from './random.ts';

/** One picture of the record store. */
export interface DemoPicture {
  readonly id: number;
  readonly mediaType: 'image/png';
  readonly bytes: Buffer;
}

/**
 * Draws all portraits (240 by 300, about 10 to 30 kB each) and signatures as PNG, the same for the same seed.
 * `onProgress` hears of each picture done.
 */
export async function inventPictures(seed: number, onProgress: (done: number, total: number) => void = () => undefined): Promise<readonly DemoPicture[]> {
  const grain = grainOf(seed);
  const portraits = Array.from({ length: portraitCount }, (_, i) => async () => picture(i + 1, await drawPortrait(seed, i + 1, grain)));
  const signatures = Array.from({ length: signatureCount }, (_, i) => async () => picture(firstSignature + i, await drawSignature(seed, firstSignature + i)));
  const jobs = [...portraits, ...signatures];
  const done: DemoPicture[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let job = jobs[next++]; job !== undefined; job = jobs[next++]) {
      done.push(await job());
      onProgress(done.length, jobs.length);
    }
  };
  await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, worker));
  return done.sort((a, b) => a.id - b.id);
}

/** One portrait as PNG bytes. */
export async function drawPortrait(seed: number, id: number, grain: Buffer = grainOf(seed)): Promise<Buffer> {
  return sharp(Buffer.from(faceSvg(seed, traitsOf(id))))
    .composite([{ input: grain, raw: { width, height, channels: 4 }, blend: 'over' }])
    .removeAlpha()
    .png({ compressionLevel: 6 })
    .toBuffer();
}

async function drawSignature(seed: number, id: number): Promise<Buffer> {
  return sharp(Buffer.from(signatureSvg(seed, id))).greyscale().png({ compressionLevel: 9 }).toBuffer();
}

/** A faint grain over every drawing, like that of a camera: it gives a drawing the size of a small photo. */
function grainOf(seed: number): Buffer {
  const random = randomOf(seed, 'grain');
  const pixels = Buffer.alloc(width * height * 4);
  for (let i = 0; i < width * height; i++) {
    const x = random.next();
    const light = (x & 1) * 255;
    pixels[i * 4] = light;
    pixels[i * 4 + 1] = light;
    pixels[i * 4 + 2] = light;
    pixels[i * 4 + 3] = x % 100 < 1 ? 5 : 0;
  }
  return pixels;
}

function picture(id: number, bytes: Buffer): DemoPicture {
  return { id, mediaType: 'image/png', bytes };
}
