import { allJurisdictions, jurisdictionName, type Jurisdiction } from '../../vocabulary/index.ts';
import type { Ink } from '../inks.ts';
import { textWidth, type Mark, type Scene } from '../scene.ts';
import type { Twin } from '../twin.ts';
import { exact, short } from './numbers.ts';
import type { TileChart } from './types.ts';

/** Where each tile stands: about as the states lie, Pacific territories under Hawaii and those of the Caribbean off Florida. */
const rows: readonly string[] = [
  'AK .. .. .. .. .. .. .. .. VT NH ME',
  'WA ID MT ND MN WI MI .. NY MA RI ..',
  'OR NV WY SD IA IL IN OH PA NJ CT ..',
  'CA UT CO NE MO KY WV VA MD DE .. ..',
  '.. AZ NM KS AR TN NC SC DC .. .. ..',
  '.. .. .. OK LA MS AL GA .. .. .. ..',
  'HI .. .. TX .. .. .. .. FL .. PR VI',
  'GU MP AS .. .. .. .. .. .. .. .. ..',
];

/** The place of each jurisdiction on the grid, from the upper left. */
export const tilePlaces: ReadonlyMap<Jurisdiction, { readonly column: number; readonly row: number }> = new Map(rows.flatMap((text, row) =>
  text.split(' ').flatMap((code, column) => (code === '..' ? [] : [[code as Jurisdiction, { column, row }] as const]))));

/**
 * Equal tiles, so that small states are seen as well as large ones. The shade says about how many, and so do the dots under the letters,
 * for who does not see shades; wide pictures have the numbers too.
 */
export function drawTiles(chart: TileChart, width: number): Scene {
  const gap = width < 420 ? 2 : 4;
  const side = (width - 11 * gap) / 12;
  const limits = limitsOf(Object.values(chart.values).flatMap((value) => (value === null ? [] : [value])));
  const bottom = rows.length * (side + gap);
  return {
    width, height: bottom + 20 * Math.ceil((limits.length + 2) / (width < 420 ? 3 : 7)), title: chart.title, description: chart.description,
    marks: [
      ...[...tilePlaces].map(([code, { column, row }]) => tile(chart, code, { x: column * (side + gap), y: row * (side + gap), side }, limits)),
      ...legend(limits, width, bottom + 6),
    ],
  };
}

export function twinOfTiles({ title, unit, values }: TileChart): Twin {
  return { caption: title, columns: ['state or territory', unit], rows: allJurisdictions.map((code): [string, number | null] => [jurisdictionName(code), values[code] ?? null]).sort((a, b) => (b[1] ?? -1) - (a[1] ?? -1) || (a[0] < b[0] ? -1 : 1)) };
}

function tile(chart: TileChart, code: Jurisdiction, { x, y, side }: { readonly x: number; readonly y: number; readonly side: number }, limits: readonly number[]): Mark {
  const value = chart.values[code] ?? null;
  const step = value === null ? null : stepOf(value, limits);
  const ink: Ink = step === null || step < 4 ? 'onLow' : 'onHigh';
  const own = chart.own === code;
  const large = side >= 34;
  const name = Math.max(8, Math.min(13, side * 0.34));
  return {
    mark: 'group', title: `${jurisdictionName(code)}: ${value === null ? 'not known' : `${exact(value)} ${chart.unit}`}`,
    marks: [
      { mark: 'rect', x: x + 0.5, y: y + 0.5, width: side - 1, height: side - 1, fill: step === null ? 'ground' : `step${step}`, stroke: own ? 'text' : 'line', radius: 2 },
      ...(own ? [{ mark: 'rect', x: x + 2, y: y + 2, width: side - 4, height: side - 4, fill: null, stroke: 'refused', radius: 2 } as const] : []),
      { mark: 'text', x: x + side / 2, y: y + (large ? side * 0.38 : side * 0.52), text: code, size: name, ink, anchor: 'middle', bold: true },
      ...(large ? [{ mark: 'text', x: x + side / 2, y: y + side * 0.68, text: value === null ? '?' : short(value), size: Math.min(10, side * 0.26), ink, anchor: 'middle' } as const] : []),
      ...dots(step ?? 0, x + side / 2, y + side - Math.max(4, side * 0.14), ink, side),
    ],
  };
}

function dots(step: number, x: number, y: number, ink: Ink, side: number): readonly Mark[] {
  const r = Math.max(1, side * 0.035);
  return Array.from({ length: step }, (_, i): Mark => ({ mark: 'circle', x: x + (i - (step - 1) / 2) * r * 3.2, y, r, fill: ink }));
}

/** Up to four limits between five shades, each a round number, so that each shade has about as many tiles. Zero has a shade of its own. */
export function limitsOf(values: readonly number[]): readonly number[] {
  const sorted = values.filter((value) => value > 0).sort((a, b) => a - b);
  const limits = [0.2, 0.4, 0.6, 0.8].map((part) => roundUp(sorted[Math.floor(part * sorted.length)] ?? 1));
  return [...new Set(limits)].filter((limit) => limit > (sorted[0] ?? 0));
}

/** 0 for none, else 1 to 5. */
export function stepOf(value: number, limits: readonly number[]): 0 | 1 | 2 | 3 | 4 | 5 {
  if (value <= 0) return 0;
  return Math.min(5, 1 + limits.filter((limit) => value >= limit).length) as 1 | 2 | 3 | 4 | 5;
}

/** To two digits: 1,234 is 1,300. */
function roundUp(value: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, value))) - 1);
  return Math.ceil(value / unit) * unit;
}

function legend(limits: readonly number[], width: number, top: number): readonly Mark[] {
  const steps = ['none', ...Array.from({ length: limits.length + 1 }, (_, i) => {
    const [from, below] = [limits[i - 1], limits[i]];
    if (from === undefined) return below === undefined ? 'some' : `under ${short(below)}`;
    return below === undefined ? `${short(from)} or more` : `${short(from)}–${short(below)}`;
  })];
  let [x, y] = [0, top];
  return steps.flatMap((text, step): readonly Mark[] => {
    const wide = 20 + textWidth(text, 10) + 8;
    if (x > 0 && x + wide > width) [x, y] = [0, y + 20];
    const at = x;
    x += wide;
    const ink: Ink = step < 4 ? 'onLow' : 'onHigh';
    return [{ mark: 'rect', x: at + 0.5, y: y + 0.5, width: 15, height: 13, fill: `step${Math.min(5, step) as 0 | 1 | 2 | 3 | 4 | 5}`, stroke: 'line' }, ...dots(Math.min(5, step), at + 8, y + 9, ink, 20), { mark: 'text', x: at + 20, y: y + 11, text, size: 10, ink: 'text' }];
  });
}
