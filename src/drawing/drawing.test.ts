import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allJurisdictions } from '../vocabulary/index.ts';
import { drawChart, twinOf } from './charts/index.ts';
import { exact, short } from './charts/numbers.ts';
import { sampleBars, sampleCharts, sampleLine, sampleStack, sampleTiles } from './charts/samples.ts';
import { limitsOf, stepOf, tilePlaces } from './charts/tileMap.ts';
import type { Chart } from './charts/types.ts';
import { figureHtml } from './figure.ts';
import { allInks, dark, inkStyle, light, type Ink } from './inks.ts';
import { hatched, type Hatch, type Mark } from './scene.ts';
import { sheetStyle } from './sheet.ts';
import { svg } from './svg.ts';
import { twinHtml, twinMarkdown, twinText } from './twin.ts';
import { winAnsi } from './winAnsi.ts';

describe('a picture', () => {
  it.each(sampleCharts.map((chart) => [chart.chart, chart] as const))('of %s is read aloud, holds no script and no style, and stays inside its frame', (_, chart) => {
    for (const width of [300, 680]) {
      const scene = drawChart(chart, width);
      const text = svg(scene, { id: 'a' }).toString();
      expect(text).toMatch(/^<svg class="picture" role="img" aria-labelledby="a-t a-d"/);
      expect(text).toContain(`<desc id="a-d">${chart.description}</desc>`);
      expect(text).not.toMatch(/<script|style=|href|NaN|Infinity|undefined|-0"/);
      for (const mark of flat(scene.marks)) for (const [x, y] of cornersOf(mark)) {
        expect(x).toBeGreaterThanOrEqual(-1);
        expect(x).toBeLessThanOrEqual(scene.width + 1);
        expect(y).toBeGreaterThanOrEqual(-1);
        expect(y).toBeLessThanOrEqual(scene.height + 1);
      }
    }
  });

  it('escapes what it is given', () => {
    expect(svg(drawChart(sampleBars, 680), { id: 'a' }).toString()).toContain('Juniper County Sheriff &lt;with &quot;marks&quot;');
  });

  it('of any numbers has neither NaN nor endless lengths', () => {
    const value = fc.oneof(fc.constant(null), fc.nat(), fc.integer({ min: 0, max: 300_000_000 }));
    fc.assert(fc.property(fc.array(value, { maxLength: 30 }), fc.array(value, { maxLength: 30 }), fc.integer({ min: 200, max: 900 }), (a, b, width) => {
      const points = a.map((_, i) => new Date(Date.UTC(2024, i, 1)).toISOString().slice(0, 7));
      const charts: readonly Chart[] = [
        { ...sampleLine, points, series: [{ name: 'a', values: a }, { name: 'b', values: points.map((_, i) => b[i] ?? null) }] },
        { ...sampleBars, rows: a.map((one, i) => ({ label: `row ${i}`, value: one })) },
        { ...sampleStack, rows: [{ label: 'all', values: sampleStack.parts.map((_, i) => a[i] ?? 0) }, { label: 'none', values: sampleStack.parts.map(() => 0) }] },
        { chart: 'multiples', title: 't', description: 'd', unit: 'u', points, marks: sampleLine.marks, panels: [{ label: 'a', values: a }] },
        { ...sampleTiles, values: Object.fromEntries(allJurisdictions.map((code, i) => [code, a[i] ?? null])) },
      ];
      for (const chart of charts) expect(svg(drawChart(chart, width), { id: 'x' }).toString()).not.toMatch(/NaN|Infinity|undefined/);
    }), { numRuns: 60 });
  });
});

describe('the twin', () => {
  it.each(sampleCharts.map((chart) => [chart.chart, chart] as const))('of %s has every number of the picture', (_, chart) => {
    const cells = twinOf(chart).rows.flat();
    const values = chart.chart === 'line' ? chart.series.flatMap((one) => one.values) : chart.chart === 'bars' ? chart.rows.map((row) => row.value)
      : chart.chart === 'stack' ? chart.rows.flatMap((row) => row.values) : chart.chart === 'multiples' ? chart.panels.flatMap((panel) => panel.values) : Object.values(chart.values);
    for (const value of values) expect(cells).toContain(value);
  });

  it('never shows what is not said as a blank or as zero', () => {
    const twin = { caption: 'c', columns: ['who', 'n'], rows: [['a | b', null], ['<c>', 1200]] } as const;
    expect(twinMarkdown(twin)).toBe('| who | n |\n| --- | ---: |\n| a \\| b | not known |\n| <c> | 1,200 |');
    expect(twinHtml(twin, '1 to 10, hidden').toString()).toContain('<td>1 to 10, hidden</td>');
    expect(twinHtml(twin).toString()).toContain('<th scope="row">&lt;c&gt;</th><td class="number">1,200</td>');
    expect(twinText(twin).split('\n')).toEqual(['who            n', 'a | b  not known', '<c>        1,200']);
  });

  it('comes before the picture on a page', () => {
    const text = figureHtml(sampleBars, { id: 'f' }).toString();
    expect(text.indexOf('<table>')).toBeLessThan(text.indexOf('<svg'));
    expect(text).toContain('id="f-wide-t"');
    expect(text).toContain('id="f-narrow-t"');
  });
});

describe('the tile map', () => {
  it('has one place for each of the 56, and no two on one', () => {
    expect([...tilePlaces.keys()].sort()).toEqual([...allJurisdictions].sort());
    expect(new Set([...tilePlaces.values()].map(({ column, row }) => `${column} ${row}`)).size).toBe(56);
  });

  it('shades by limits that rise, zero apart', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 100_000_000 }), { maxLength: 56 }), (values) => {
      const limits = limitsOf(values);
      expect([...limits]).toEqual([...new Set(limits)].sort((a, b) => a - b));
      for (const value of values) expect(stepOf(value, limits) === 0).toBe(value === 0);
    }));
    expect(limitsOf([1, 2, 3, 40, 500, 6_000, 70_000, 800_000, 9_000_000, 10_000_000])).toEqual([3, 500, 70_000, 9_000_000]);
  });
});

describe('numbers', () => {
  it.each([[0, '0'], [950, '950'], [999.7, '1k'], [1_200, '1.2k'], [9_960, '10k'], [34_400, '34k'], [999_600, '1M'], [5_204_331, '5.2M'], [290_000_000, '290M']])('%d is short as %s', (value, text) => {
    expect(short(value)).toBe(text);
  });
  it('are exact with commas', () => { expect(exact(5_204_331)).toBe('5,204,331'); });
});

describe('colours', () => {
  const words: readonly Ink[] = ['text', 'quiet', 'accent', 'refused'];
  const drawn: readonly Ink[] = ['line', 'first', 'second', 'third', 'fourth', 'answered', 'inPart', 'held', 'refused', 'noRecord', 'unavailable'];
  it.each([['light', light], ['dark', dark]] as const)('%s: words have 4.5 to 1, what is drawn 3 to 1', (_, scheme) => {
    for (const ink of words) for (const on of ['ground', 'soft'] as const) expect(contrast(scheme[ink], scheme[on]), `${ink} on ${on}`).toBeGreaterThanOrEqual(4.5);
    for (const ink of drawn) expect(contrast(scheme[ink], scheme.ground), ink).toBeGreaterThanOrEqual(3);
    for (const step of [0, 1, 2, 3, 4, 5] as const) expect(contrast(scheme[`step${step}`], scheme[step < 4 ? 'onLow' : 'onHigh']), `step ${step}`).toBeGreaterThanOrEqual(4.5);
  });

  it('are all set in the sheet, which fetches nothing', () => {
    for (const ink of allInks) expect(inkStyle()).toContain(`--${ink}: `);
    expect(sheetStyle()).not.toMatch(/url\(|@import|https?:/);
  });
});

describe('a hatched box', () => {
  it.each(['plain', 'rising', 'falling', 'level', 'dots', 'open'] satisfies Hatch[])('%s stays inside itself', (hatch) => {
    for (const [width, height] of [[1.5, 24], [200, 24], [12, 12], [3, 1]] as const) {
      for (const mark of hatched({ x: 10, y: 20, width, height }, 'held', hatch)) for (const [x, y] of cornersOf(mark)) {
        expect(x).toBeGreaterThanOrEqual(9.9);
        expect(x).toBeLessThanOrEqual(10.1 + width);
        expect(y).toBeGreaterThanOrEqual(19.9);
        expect(y).toBeLessThanOrEqual(20.1 + height);
      }
    }
    expect(hatched({ x: 0, y: 0, width: 0, height: 5 }, 'held', hatch)).toEqual([]);
  });
});

describe('the standard faces of PDF', () => {
  it('write what they can, plain letters for marked ones they lack, and a question mark for the rest', () => {
    expect(winAnsi('Peñasco – “quoted” … €5 ≤ 10 → Łódź ქ')).toBe('Peñasco – “quoted” … €5 <= 10 -> Lódz ?');
    expect(winAnsi('a\u0000b\u202ec')).toBe('a?b?c');
  });
});

function flat(marks: readonly Mark[]): readonly Mark[] {
  return marks.flatMap((mark) => (mark.mark === 'group' ? flat(mark.marks) : [mark]));
}

function cornersOf(mark: Mark): readonly (readonly [number, number])[] {
  switch (mark.mark) {
    case 'rect': return [[mark.x, mark.y], [mark.x + mark.width, mark.y + mark.height]];
    case 'line': return [[mark.x1, mark.y1], [mark.x2, mark.y2]];
    case 'circle': return [[mark.x, mark.y]];
    case 'text': return [[mark.x, mark.y]];
    case 'path': case 'group': return [];
  }
}

function contrast(a: string, b: string): number {
  const [x = 0, y = 0] = [luminance(a), luminance(b)].sort((p, q) => q - p);
  return (x + 0.05) / (y + 0.05);
}

/** Relative luminance as in WCAG 2. */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
