import { randomOf } from '../random.ts';
import { hairBack, hairFront } from './hair.ts';
import type { Head } from './head.ts';
import type { Traits } from './traits.ts';

export const width = 240;
export const height = 300;

const skins: readonly (readonly [base: string, shade: string, lip: string])[] = [
  ['#f6dcc8', '#e3b99c', '#c9786e'], ['#f1cfb2', '#d9a883', '#c0705f'], ['#e8bd98', '#cb956c', '#b4654f'], ['#d9a57b', '#b67f55', '#a35a48'],
  ['#c08a5e', '#9a673f', '#8f4d3f'], ['#a06d45', '#7c4f2e', '#7b4136'], ['#7f5334', '#5e3a22', '#6a3a33'], ['#5f3d28', '#442917', '#5a312c'],
];
const hairColours: Readonly<Record<Traits['hair'], readonly [base: string, shade: string]>> = {
  BLK: ['#2b2624', '#161312'], BRO: ['#5d3f2a', '#3d281a'], BLN: ['#d9b972', '#b3924e'], RED: ['#a4512b', '#7a3819'],
  GRY: ['#9b9a98', '#737270'], WHI: ['#e4e2de', '#bfbdb8'], SDY: ['#b0905f', '#866a41'], BLD: ['#00000000', '#00000000'],
};
const irises: Readonly<Record<Traits['eyes'], string>> = { BRO: '#5a3a22', BLU: '#4f7fae', GRN: '#54835a', HAZ: '#836437', GRY: '#76838c' };
const clothes = ['#37506b', '#6b3f4b', '#3f5f4c', '#54506e', '#7a6a4a', '#8a4f3d', '#2f3b45', '#a3a08f', '#486f86', '#5b5b5b', '#93626f', '#3b6266'];
const walls = [['#cfdbe6', '#a9bdd0'], ['#dcdfe2', '#b9c0c7'], ['#d5e0dc', '#aebfb9'], ['#e0dacf', '#c3b9a8'], ['#c9d6e8', '#9fb2ce']] as const;

/** An invented face as SVG: plain shapes, friendly and neutral, like nobody. */
export function faceSvg(seed: number, traits: Traits): string {
  const random = randomOf(seed, 'face', traits.id);
  const head: Head = {
    traits, random, x: 120 + random.between(-3, 3), y: 138 + random.between(-3, 3), rx: random.between(52, 58) + (traits.look === 'M' ? 2 : 0), ry: random.between(66, 73),
    skin: skins[traits.skin] ?? ['#d9a57b', '#b67f55', '#a35a48'], hair: hairColours[traits.hair],
  };
  const wall = random.pick(walls);
  const cloth = random.pick(clothes);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><defs>
<radialGradient id="wall" cx="50%" cy="38%" r="80%"><stop offset="0" stop-color="${wall[0]}"/><stop offset="1" stop-color="${wall[1]}"/></radialGradient>
<radialGradient id="skin" cx="44%" cy="36%" r="75%"><stop offset="0" stop-color="${head.skin[0]}"/><stop offset="0.62" stop-color="${head.skin[0]}"/><stop offset="1" stop-color="${head.skin[1]}"/></radialGradient>
<linearGradient id="neck" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${head.skin[1]}"/><stop offset="0.7" stop-color="${head.skin[0]}"/></linearGradient>
<linearGradient id="hair" x1="0.2" y1="0" x2="0.8" y2="1"><stop offset="0" stop-color="${head.hair[0]}"/><stop offset="1" stop-color="${head.hair[1]}"/></linearGradient>
<linearGradient id="cloth" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="${cloth}"/><stop offset="1" stop-color="#1d2228"/></linearGradient>
</defs><rect width="${width}" height="${height}" fill="url(#wall)"/>
${hairBack(head)}${body(head)}${ears(head)}${faceShape(head)}${ageLines(head)}${eyes(head)}${nose(head)}${mouth(head)}${beard(head)}${hairFront(head)}${glasses(head)}</svg>`;
}

function body({ x, y, ry, random, traits }: Head): string {
  const wide = traits.look === 'M' ? 104 : 90;
  const top = y + ry + 22;
  const collar = random.below(4);
  const neck = traits.look === 'M' ? 27 : 22;
  const shoulders = `<path d="M${x - wide} 302 C${x - wide} ${top + 22} ${x - 60} ${top + 6} ${x - neck - 4} ${top - 4} L${x + neck + 4} ${top - 4} C${x + 60} ${top + 6} ${x + wide} ${top + 22} ${x + wide} 302 Z" fill="url(#cloth)"/>`;
  const throat = `<path d="M${x - neck} ${y + ry - 22} L${x - neck} ${top - 6} Q${x} ${top + 22} ${x + neck} ${top - 6} L${x + neck} ${y + ry - 22} Z" fill="url(#neck)"/>`;
  const light = '#f3f1ea';
  const collars = [
    `<path d="M${x - neck - 5} ${top - 8} Q${x} ${top + 32} ${x + neck + 5} ${top - 8}" fill="none" stroke="#00000038" stroke-width="7"/>`,
    `<path d="M${x - neck - 2} ${top - 9} L${x - 40} ${top + 10} L${x - 16} ${top + 36} L${x} ${top + 14} L${x + 16} ${top + 36} L${x + 40} ${top + 10} L${x + neck + 2} ${top - 9} Q${x} ${top + 26} ${x - neck - 2} ${top - 9}" fill="${light}"/>`,
    `<path d="M${x - neck} ${top - 8} L${x} ${top + 48} L${x + neck} ${top - 8} Q${x} ${top + 24} ${x - neck} ${top - 8}" fill="url(#skin)"/><path d="M${x - neck - 3} ${top - 8} L${x} ${top + 50} L${x + neck + 3} ${top - 8}" fill="none" stroke="#ffffff30" stroke-width="5"/>`,
    `<path d="M${x - neck - 6} ${top - 12} Q${x} ${top + 26} ${x + neck + 6} ${top - 12} L${x + neck + 7} ${top + 2} Q${x} ${top + 42} ${x - neck - 7} ${top + 2} Z" fill="#ffffff2b"/>`,
  ];
  return shoulders + throat + (collars[collar] ?? '');
}

function ears({ x, y, rx, skin, traits, random }: Head): string {
  const ring = traits.look === 'F' && random.chance(0.4) ? [-1, 1].map((s) => `<circle cx="${x + s * (rx + 3)}" cy="${y + 24}" r="3" fill="#d8c37a"/>`).join('') : '';
  return [-1, 1].map((s) => `<ellipse cx="${x + s * (rx + 1)}" cy="${y + 4}" rx="9" ry="15" fill="${skin[1]}"/><ellipse cx="${x + s * (rx)}" cy="${y + 4}" rx="6" ry="11" fill="${skin[0]}"/>`).join('') + ring;
}

function faceShape({ x, y, rx, ry, random, traits }: Head): string {
  const jaw = traits.look === 'M' ? random.between(36, 43) : random.between(30, 37);
  const d = `M${x - rx} ${y - 8} C${x - rx} ${y - ry - 6} ${x + rx} ${y - ry - 6} ${x + rx} ${y - 8} C${x + rx} ${y + ry * 0.45} ${x + jaw} ${y + ry} ${x} ${y + ry} C${x - jaw} ${y + ry} ${x - rx} ${y + ry * 0.45} ${x - rx} ${y - 8} Z`;
  const blush = `<ellipse cx="${x - 33}" cy="${y + 25}" rx="13" ry="8" fill="#d9634f" opacity="0.13"/><ellipse cx="${x + 33}" cy="${y + 25}" rx="13" ry="8" fill="#d9634f" opacity="0.13"/>`;
  return `<path d="${d}" fill="url(#skin)"/>${blush}`;
}

function ageLines({ x, y, skin, traits, random }: Head): string {
  const freckles = traits.skin < 4 && traits.age === 'young' && random.chance(0.25)
    ? Array.from({ length: 14 }, (_, i) => `<circle cx="${x + (i % 2 === 0 ? -1 : 1) * random.between(16, 42)}" cy="${y + random.between(14, 30)}" r="1.3" fill="${skin[1]}"/>`).join('') : '';
  if (traits.age === 'young') return freckles;
  const strong = traits.age === 'old' ? 0.75 : 0.35;
  const line = (d: string): string => `<path d="${d}" fill="none" stroke="${skin[1]}" stroke-width="1.8" stroke-linecap="round" opacity="${strong}"/>`;
  const folds = [-1, 1].map((s) => line(`M${x + s * 15} ${y + 24} Q${x + s * 25} ${y + 32} ${x + s * 26} ${y + 44}`) + line(`M${x + s * 16} ${y + 9} Q${x + s * 25} ${y + 14} ${x + s * 34} ${y + 9}`)).join('');
  const brow = traits.age === 'old' ? line(`M${x - 26} ${y - 42} Q${x} ${y - 47} ${x + 26} ${y - 42}`) + line(`M${x - 21} ${y - 34} Q${x} ${y - 38} ${x + 21} ${y - 34}`) : '';
  return folds + brow;
}

function eyes({ x, y, hair, skin, traits, random }: Head): string {
  const apart = random.between(23, 26);
  const open = random.between(7, 9);
  const lift = random.between(16, 20);
  const browColour = traits.hair === 'BLD' ? '#6b5a4c' : traits.hair === 'WHI' ? '#b7b3ac' : hair[1];
  const thick = traits.look === 'M' ? random.between(4, 6) : random.between(2, 4);
  return [-1, 1].map((s) => {
    const ex = x + s * apart;
    const lid = `M${ex - 13} ${y + 1} Q${ex} ${y - open - 4} ${ex + 13} ${y + 1}`;
    return `<path d="${lid} Q${ex} ${y + open} ${ex - 13} ${y + 1} Z" fill="#fbfaf7"/>
<circle cx="${ex}" cy="${y - 0.5}" r="6.2" fill="${irises[traits.eyes]}"/><circle cx="${ex}" cy="${y - 0.5}" r="2.8" fill="#17110d"/><circle cx="${ex + 2}" cy="${y - 3}" r="1.5" fill="#ffffff"/>
<path d="${lid}" fill="none" stroke="#3a2a22" stroke-width="${traits.look === 'F' ? 2.8 : 2}" stroke-linecap="round"/>
<path d="M${ex - 10} ${y - open - 4} Q${ex} ${y - open - 8} ${ex + 10} ${y - open - 4}" fill="none" stroke="${skin[1]}" stroke-width="1.6" opacity="0.6"/>
<path d="M${ex - s * 13} ${y - lift + 2} Q${ex + s * 2} ${y - lift - 6} ${ex + s * 15} ${y - lift + 1}" fill="none" stroke="${browColour}" stroke-width="${thick}" stroke-linecap="round"/>`;
  }).join('');
}

function nose({ x, y, skin, random }: Head): string {
  const w = random.between(8, 12);
  const low = y + random.between(24, 28);
  return `<path d="M${x - 3} ${y + 2} Q${x - 6} ${low - 10} ${x - w} ${low - 2} Q${x} ${low + 7} ${x + w} ${low - 2}" fill="none" stroke="${skin[1]}" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round"/>
<ellipse cx="${x + 2}" cy="${low - 6}" rx="4" ry="3" fill="#ffffff" opacity="0.14"/>`;
}

function mouth({ x, y, skin, traits, random }: Head): string {
  const w = random.between(17, 23);
  const smile = random.between(3, 8);
  const my = y + 45;
  const fuller = traits.look === 'F' ? 1 : 0;
  return `<path d="M${x - w} ${my} Q${x - 8} ${my - 5 - fuller} ${x} ${my - 2} Q${x + 8} ${my - 5 - fuller} ${x + w} ${my} Q${x} ${my + smile + 7 + fuller} ${x - w} ${my} Z" fill="${skin[2]}"/>
<path d="M${x - w - 2} ${my - 1} Q${x} ${my + smile} ${x + w + 2} ${my - 1}" fill="none" stroke="#4d231f" stroke-width="1.7" stroke-linecap="round" opacity="0.75"/>`;
}

function beard({ x, y, rx, ry, traits, random }: Head): string {
  if (traits.look === 'F' || random.chance(0.58)) return '';
  const colour = traits.hair === 'BLD' ? '#6b5a4c' : 'url(#hair)';
  const moustache = `<path d="M${x - 24} ${y + 43} Q${x - 12} ${y + 31} ${x} ${y + 36} Q${x + 12} ${y + 31} ${x + 24} ${y + 43} Q${x + 10} ${y + 40} ${x} ${y + 41} Q${x - 10} ${y + 40} ${x - 24} ${y + 43} Z" fill="${colour}"/>`;
  if (random.chance(0.3)) return moustache;
  const edge = rx - 1;
  const full = `<path d="M${x - edge} ${y + 6} C${x - edge + 2} ${y + ry * 0.62} ${x - 36} ${y + ry + 7} ${x} ${y + ry + 8} C${x + 36} ${y + ry + 7} ${x + edge - 2} ${y + ry * 0.62} ${x + edge} ${y + 6} C${x + edge - 8} ${y + 34} ${x + 30} ${y + 34} ${x + 25} ${y + 42} Q${x + 22} ${y + 59} ${x} ${y + 60} Q${x - 22} ${y + 59} ${x - 25} ${y + 42} C${x - 30} ${y + 34} ${x - edge + 8} ${y + 34} ${x - edge} ${y + 6} Z" fill="${colour}" opacity="${random.chance(0.35) ? 0.35 : 0.95}"/>`;
  return full + (random.chance(0.8) ? moustache : '');
}

function glasses({ x, y, traits, random }: Head): string {
  if (!random.chance(traits.age === 'old' ? 0.45 : 0.2)) return '';
  const rim = random.pick(['#2a2a2e', '#5b4632', '#7d858c']);
  const lens = (ex: number): string => `<rect x="${ex - 19}" y="${y - 13}" width="38" height="29" rx="${random.chance(0.5) ? 13 : 7}" fill="#ffffff" fill-opacity="0.1" stroke="${rim}" stroke-width="3"/>`;
  return `${lens(x - 25)}${lens(x + 25)}<path d="M${x - 6} ${y - 1} Q${x} ${y - 5} ${x + 6} ${y - 1} M${x - 44} ${y - 3} L${x - 58} ${y - 6} M${x + 44} ${y - 3} L${x + 58} ${y - 6}" fill="none" stroke="${rim}" stroke-width="3"/>`;
}
