import { randomOf } from '../random.ts';

/** A scribble that looks like a signature and spells nothing. */
export function signatureSvg(seed: number, id: number): string {
  const random = randomOf(seed, 'signature', id);
  let x = 14;
  let path = `M${x} ${random.between(40, 56)}`;
  const strokes = random.between(6, 11);
  for (let i = 0; i < strokes; i++) {
    const tall = i === 0 || random.chance(0.25);
    const step = random.between(12, 20);
    const up = tall ? random.between(8, 22) : random.between(30, 40);
    path += ` C${x + step * 0.2} ${up} ${x + step * 0.7} ${up - 4} ${x + step * 0.6} ${random.between(44, 52)} S${x + step} ${random.between(40, 60)} ${x + step} ${random.between(38, 50)}`;
    x += step;
  }
  const flourish = random.chance(0.6) ? `M${random.between(16, 40)} ${random.between(60, 66)} Q${x / 2} ${random.between(52, 70)} ${x + random.between(4, 20)} ${random.between(54, 62)}` : '';
  return `<svg xmlns="http://www.w3.org/2000/svg" width="240" height="80" viewBox="0 0 240 80"><rect width="240" height="80" fill="#ffffff"/><path d="${path} ${flourish}" fill="none" stroke="#1c2a55" stroke-width="${random.between(16, 26) / 10}" stroke-linecap="round" stroke-linejoin="round"/></svg>`;
}
