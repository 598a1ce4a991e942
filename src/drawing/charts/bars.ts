import { scaleLinear } from 'd3-scale';
import { cutTo, textWidth, type Mark, type Scene } from '../scene.ts';
import type { Twin } from '../twin.ts';
import { highest } from './line.ts';
import { exact } from './numbers.ts';
import type { BarChart } from './types.ts';

/** Horizontal bars from zero, with their numbers. Names stand beside them, or above where the picture is narrow. */
export function drawBars(chart: BarChart, width: number, missing = 'not known'): Scene {
  const size = 11;
  const above = width < 420;
  const longest = Math.max(0, ...chart.rows.map(({ label }) => textWidth(label, size)));
  const left = above ? 0 : Math.min(longest + 8, width * 0.45);
  const number = Math.max(...chart.rows.map((row) => textWidth(said(row, missing), size)), 20);
  const step = above ? 32 : 20;
  const x = scaleLinear().domain([0, highest(chart.rows.map(({ value }) => value))]).range([0, Math.max(10, width - left - number - 8)]);
  return {
    width, height: Math.max(1, chart.rows.length) * step + 4, title: chart.title, description: chart.description,
    marks: chart.rows.map((row, place): Mark => {
      const top = place * step;
      const bar = above ? top + 15 : top + 3;
      const long = row.value === null ? 0 : Math.max(row.value > 0 ? 1.5 : 0, x(row.value));
      return {
        mark: 'group', title: `${row.label}: ${said(row, missing)}`,
        marks: [
          { mark: 'text', x: above ? 0 : left - 6, y: above ? top + 11 : top + 15, text: cutTo(row.label, size, above ? width : left - 6), size, ink: 'text', ...(above ? {} : { anchor: 'end' as const }) },
          { mark: 'line', x1: left, x2: left, y1: bar - 2, y2: bar + 15, stroke: 'quiet' },
          ...(long === 0 ? [] : [{ mark: 'rect', x: left, y: bar, width: long, height: 13, fill: 'first' } as const]),
          { mark: 'text', x: left + long + 5, y: bar + 11, text: said(row, missing), size, ink: row.value === null ? 'quiet' : 'text' },
        ],
      };
    }),
  };
}

export function twinOfBars(chart: BarChart): Twin {
  const notes = chart.rows.some(({ note }) => note !== undefined);
  return { caption: chart.title, columns: ['what', chart.unit, ...(notes ? ['note'] : [])], rows: chart.rows.map(({ label, value, note }) => [label, value, ...(notes ? [note ?? ''] : [])]) };
}

function said({ value, note }: BarChart['rows'][number], missing: string): string {
  return `${value === null ? missing : exact(value)}${note === undefined ? '' : ` (${note})`}`;
}
