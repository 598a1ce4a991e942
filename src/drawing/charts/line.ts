import { scaleLinear } from 'd3-scale';
import { line as lineOf } from 'd3-shape';
import type { Ink } from '../inks.ts';
import { cutTo, textWidth, type Dash, type Mark, type Scene } from '../scene.ts';
import type { Twin } from '../twin.ts';
import { monthLong, monthShort, short } from './numbers.ts';
import type { ChartMark, LineChart } from './types.ts';

/** Lines over time, told apart by dashes and by the shape at each point as well as by colour, with their names at their ends. */
export function drawLine(chart: LineChart, width: number): Scene {
  const size = 11;
  const height = width < 420 ? 190 : 220;
  const names = chart.series.length > 1;
  const legend = names ? chart.series.length * (size + 5) + 4 : 0;
  const box: Box = { left: 42, right: width - 12, top: legend + (chart.marks.length > 0 ? 22 : 8), bottom: legend + height - 24 };
  const y = scaleLinear().domain([0, highest(chart.series.flatMap(({ values }) => values))]).nice(4).range([box.bottom, box.top]);
  const x = acrossOf(chart.points.length, box);
  return {
    width, height: height + legend, title: chart.title, description: chart.description,
    marks: [
      ...(names ? chart.series.flatMap(({ name }, place) => nameMarks(name, place, width, size)) : []),
      ...y.ticks(4).flatMap((tick): readonly Mark[] => [
        { mark: 'line', x1: box.left, x2: box.right, y1: y(tick), y2: y(tick), stroke: tick === 0 ? 'quiet' : 'soft' },
        { mark: 'text', x: box.left - 5, y: y(tick) + 4, text: short(tick), size, ink: 'quiet', anchor: 'end' },
      ]),
      ...timeAxis(chart.points, box, x, size),
      ...changeMarks(chart.marks, box, x, size),
      ...chart.series.flatMap(({ values }, place) => seriesMarks(values, place, x, y)),
    ],
  };
}

export function twinOfLine(chart: LineChart): Twin {
  return {
    caption: `${chart.title} (${chart.unit})`, columns: ['month', ...chart.series.map(({ name }) => name), ...(chart.marks.length > 0 ? ['what changed'] : [])],
    rows: chart.points.map((point, place) => [monthLong(point), ...chart.series.map(({ values }) => values[place] ?? null), ...(chart.marks.length > 0 ? [marksIn(chart.marks, place)] : [])]),
  };
}

export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Of a point, and of places within one, where it stands: points in the middle of equal stretches. */
export function acrossOf(points: number, { left, right }: Box): (place: number) => number {
  const step = (right - left) / Math.max(1, points);
  return (place) => left + (place + 0.5) * step;
}

export function highest(values: readonly (number | null)[]): number {
  return Math.max(1, ...values.map((value) => value ?? 0));
}

/** Names under the points, as many as there is room for. */
export function timeAxis(points: readonly string[], box: Box, x: (place: number) => number, size: number): readonly Mark[] {
  const every = Math.max(1, Math.ceil((points.length * textWidth('Sep 2026', size)) / Math.max(1, box.right - box.left)));
  return points.flatMap((point, place): readonly Mark[] => (place % every !== 0 ? [] : [
    { mark: 'line', x1: x(place), x2: x(place), y1: box.bottom, y2: box.bottom + 4, stroke: 'quiet' },
    { mark: 'text', x: x(place), y: box.bottom + 16, text: monthShort(point, place === 0 || point.endsWith('-01') || every > 6), size, ink: 'quiet', anchor: 'middle' },
  ]));
}

/** A dashed line down for each change, with its name on top where it does not run into the one before. */
export function changeMarks(marks: readonly ChartMark[], box: Box, x: (place: number) => number, size: number): readonly Mark[] {
  let free = box.left;
  return [...marks].sort((a, b) => a.at - b.at).flatMap(({ at, label }): readonly Mark[] => {
    const where = Math.min(box.right, Math.max(box.left, x(at - 0.5)));
    const text = cutTo(label, size - 1, box.right - box.left);
    const wide = textWidth(text, size - 1);
    const start = Math.max(box.left, Math.min(where + 3, box.right - wide));
    const named = start >= free;
    if (named) free = start + wide + 6;
    return [
      { mark: 'line', x1: where, x2: where, y1: box.top - 8, y2: box.bottom, stroke: 'refused', thick: 1.5, dash: [4, 3] },
      ...(named ? [{ mark: 'text', x: start, y: box.top - 10, text, size: size - 1, ink: 'refused' } as const] : []),
    ];
  });
}

/** What happened at a point, for a table. */
export function marksIn(marks: readonly ChartMark[], place: number): string {
  return marks.filter(({ at }) => Math.floor(at) === place).map(({ label }) => label).join(', ');
}

const looks: readonly { readonly ink: Ink; readonly dash?: Dash; readonly shape: 'circle' | 'square' | 'triangle' | 'diamond' }[] = [
  { ink: 'first', shape: 'circle' }, { ink: 'second', dash: [7, 3], shape: 'square' }, { ink: 'third', dash: [2, 3], shape: 'triangle' }, { ink: 'fourth', dash: [8, 3, 2, 3], shape: 'diamond' },
];

function lookOf(place: number): (typeof looks)[number] {
  return looks[place % looks.length] as (typeof looks)[number];
}

function seriesMarks(values: readonly (number | null)[], place: number, x: (place: number) => number, y: (value: number) => number): readonly Mark[] {
  const { ink, dash, shape } = lookOf(place);
  const d = lineOf<number | null>().defined((value) => value !== null).x((_, at) => x(at)).y((value) => y(value ?? 0))([...values]);
  return [
    ...(d === null ? [] : [{ mark: 'path', d, fill: null, stroke: ink, thick: 2, ...(dash === undefined ? {} : { dash }) } as const]),
    ...values.flatMap((value, at) => (value === null ? [] : [pointMark(shape, x(at), y(value), ink)])),
  ];
}

function nameMarks(name: string, place: number, width: number, size: number): readonly Mark[] {
  const { ink, dash, shape } = lookOf(place);
  const y = place * (size + 5) + size;
  return [
    { mark: 'line', x1: 2, x2: 30, y1: y - 4, y2: y - 4, stroke: ink, thick: 2, ...(dash === undefined ? {} : { dash }) },
    pointMark(shape, 16, y - 4, ink),
    { mark: 'text', x: 36, y, text: cutTo(name, size, width - 40), size, ink: 'text' },
  ];
}

function pointMark(shape: (typeof looks)[number]['shape'], x: number, y: number, ink: Ink): Mark {
  switch (shape) {
    case 'circle': return { mark: 'circle', x, y, r: 2.8, fill: ink };
    case 'square': return { mark: 'rect', x: x - 2.6, y: y - 2.6, width: 5.2, height: 5.2, fill: ink };
    case 'triangle': return { mark: 'path', d: `M${x},${y - 3.4}L${x + 3.2},${y + 2.6}L${x - 3.2},${y + 2.6}Z`, fill: ink, stroke: null };
    case 'diamond': return { mark: 'path', d: `M${x},${y - 3.6}L${x + 3.6},${y}L${x},${y + 3.6}L${x - 3.6},${y}Z`, fill: ink, stroke: null };
  }
}
