import { scaleLinear } from 'd3-scale';
import { line as lineOf } from 'd3-shape';
import { cutTo, type Mark, type Scene } from '../scene.ts';
import type { Twin } from '../twin.ts';
import { acrossOf, highest, marksIn, type Box } from './line.ts';
import { monthLong, monthShort, short } from './numbers.ts';
import type { MultiplesChart } from './types.ts';

/** One small line for each, on a scale of its own that is written beside it: shapes can be compared, heights cannot. */
export function drawMultiples(chart: MultiplesChart, width: number): Scene {
  const size = 10;
  const columns = width < 420 ? 1 : width < 640 ? 2 : 3;
  const [wide, tall] = [(width - (columns - 1) * 14) / columns, 92];
  const key = keyMarks(chart, width, size);
  return {
    width, height: key.height + Math.ceil(Math.max(1, chart.panels.length) / columns) * tall, title: chart.title, description: chart.description,
    marks: [...key.marks, ...chart.panels.map((panel, place): Mark => {
      const [left, top] = [(place % columns) * (wide + 14), key.height + Math.floor(place / columns) * tall];
      return { mark: 'group', title: panel.label, marks: panelMarks(chart, panel, { left, right: left + wide, top: top + 24, bottom: top + tall - 24 }, size) };
    })],
  };
}

export function twinOfMultiples(chart: MultiplesChart): Twin {
  return {
    caption: `${chart.title} (${chart.unit})`, columns: ['month', ...chart.panels.map(({ label }) => label), ...(chart.marks.length > 0 ? ['what changed'] : [])],
    rows: chart.points.map((point, place) => [monthLong(point), ...chart.panels.map(({ values }) => values[place] ?? null), ...(chart.marks.length > 0 ? [marksIn(chart.marks, place)] : [])]),
  };
}

/** What the dashed lines are. */
function keyMarks({ marks }: MultiplesChart, width: number, size: number): { readonly marks: readonly Mark[]; readonly height: number } {
  if (marks.length === 0) return { marks: [], height: 0 };
  const text = `dashed: ${marks.map(({ label }) => label).join(', ')}`;
  return { marks: [{ mark: 'line', x1: 6, x2: 6, y1: 1, y2: 15, stroke: 'refused', thick: 1.2, dash: [4, 3] }, { mark: 'text', x: 14, y: 12, text: cutTo(text, size, width - 16), size, ink: 'text' }], height: 20 };
}

function panelMarks(chart: MultiplesChart, { label, values }: MultiplesChart['panels'][number], box: Box, size: number): readonly Mark[] {
  const top = highest(values);
  const y = scaleLinear().domain([0, top]).range([box.bottom, box.top]);
  const x = acrossOf(chart.points.length, { ...box, left: box.left + 30 });
  const d = lineOf<number | null>().defined((value) => value !== null).x((_, at) => x(at)).y((value) => y(value ?? 0))([...values]);
  const [first, last] = [chart.points[0], chart.points.at(-1)];
  return [
    { mark: 'text', x: box.left, y: box.top - 10, text: cutTo(label, size + 1, box.right - box.left), size: size + 1, ink: 'text', bold: true },
    { mark: 'line', x1: box.left + 30, x2: box.right, y1: box.bottom, y2: box.bottom, stroke: 'quiet' },
    { mark: 'text', x: box.left + 26, y: box.top + 8, text: short(top), size, ink: 'quiet', anchor: 'end' },
    { mark: 'text', x: box.left + 26, y: box.bottom + 3, text: '0', size, ink: 'quiet', anchor: 'end' },
    ...chart.marks.map(({ at }): Mark => ({ mark: 'line', x1: x(at - 0.5), x2: x(at - 0.5), y1: box.top, y2: box.bottom, stroke: 'refused', thick: 1.2, dash: [4, 3] })),
    ...(d === null ? [] : [{ mark: 'path', d, fill: null, stroke: 'first', thick: 2 } as const]),
    ...values.flatMap((value, at): readonly Mark[] => (value === null ? [] : [{ mark: 'circle', x: x(at), y: y(value), r: 1.8, fill: 'first' }])),
    ...(first === undefined ? [] : [{ mark: 'text', x: box.left + 30, y: box.bottom + 13, text: monthShort(first, true), size, ink: 'quiet' } as const]),
    ...(last === undefined || last === first ? [] : [{ mark: 'text', x: box.right, y: box.bottom + 13, text: monthShort(last, true), size, ink: 'quiet', anchor: 'end' } as const]),
  ];
}
