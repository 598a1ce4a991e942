import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { drawPortrait, inventPictures } from './portraits.ts';
import { portraitCount, signatureCount, traitsOf } from './portraits/traits.ts';
import { residents } from './residents.ts';

describe('the invented pictures', () => {
  it('are as many as documented, of the sizes of small photos, each different', async () => {
    let heard = 0;
    const all = await inventPictures(56, (done) => (heard = done));
    expect(heard).toBe(portraitCount + signatureCount);
    const portraits = all.filter((p) => p.id <= portraitCount);
    expect(portraits.map((p) => p.id)).toEqual(Array.from({ length: portraitCount }, (_, i) => i + 1));
    const sizes = portraits.map((p) => p.bytes.length);
    expect(Math.min(...sizes)).toBeGreaterThan(10_000);
    expect(Math.max(...sizes)).toBeLessThan(31_000);
    expect(new Set(all.map((p) => p.bytes.toString('base64'))).size).toBe(all.length);
    expect(await sharp(portraits[0]?.bytes).metadata()).toMatchObject({ format: 'png', width: 240, height: 300 });
    expect(all.filter((p) => p.id > portraitCount && p.bytes.length > 8_000)).toEqual([]);
  });

  it('are the same for the same seed, and others for another', async () => {
    const once = await drawPortrait(3, 17);
    expect((await drawPortrait(3, 17)).equals(once)).toBe(true);
    expect((await drawPortrait(4, 17)).equals(once)).toBe(false);
  });

  it('agree with the description of the residents who get them', () => {
    const wrong = [...residents({ seed: 3, count: 5_000 })].filter((r) => {
      const traits = traitsOf(r.portrait);
      return traits.hair !== r.hair || traits.eyes !== r.eyes || ((r.sex === 'M' || r.sex === 'F') && traits.look !== r.sex);
    });
    expect(wrong).toEqual([]);
  });
});
